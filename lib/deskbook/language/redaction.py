"""Redact passwords and other secrets that somebody wrote. What is known of them stands in `secrets.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from deskbook.config.loader import Frozen, load

HIDDEN = "•••"
NEAR = 2  # lines after one that speaks of a password, in which it may stand too
TABLE = Path(__file__).with_name("secrets.yaml")


class Shape(Frozen):
    """A secret that is known by its form; `odd`: only where it looks like no word of a language."""

    name: str
    example: str
    pattern: str
    odd: bool = False


class Table(Frozen):
    shapes: tuple[Shape, ...]
    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    near: tuple[str, ...]
    owners: tuple[str, ...]
    kinds: tuple[str, ...]
    adverbs: tuple[str, ...]
    columns: tuple[str, ...]
    plain: str


@cache
def table() -> Table:
    return load(TABLE, Table)


_SAYS = f"(?:{'|'.join(table().nouns)})"
_NOUN = rf"(?<!\w){_SAYS}(?![\w-])"
_IS = rf"\b(?:{'|'.join(table().verbs)})\b"
_QUOTED = r"[\"'“‘«`][^\"'”’»`\n]{1,80}[\"'”’»`]"
_REST = r"[^\n,;|]{1,200}"  # a passphrase may have spaces
_WORD = (
    rf"{_QUOTED}|\w(?: \w){{3,40}}(?!\w)|\d{{2,6}}(?: \d{{2,6}}){{1,4}}(?![\w:/.-])|\S{{1,200}}"  # or its letters apart
)
_THE = rf"(?:(?:{'|'.join(table().owners)}) )?(?:(?:{'|'.join(table().kinds)}) )*"
_PLAIN = frozenset(table().plain.split())
_SINCE = r"(?: (?:(?:from|as of|since|until|till|ab|seit|bis|dès|depuis|desde|hasta) |à partir de |a partir del? )[^\s.,;:]{1,20}(?: on)?)"
_WHEN = r"(?:from|since|until|before|after|now|then|today|tomorrow|next|last|on)"

# Where the secret stands, beside the word for it: name, example, pattern. The secret of each example is Corals.
PLACES = (
    ("it is the password", "Corals is our new password", rf"(?P<head>(?<!\S))(?P<secret>{_WORD})(?= (?:is|was|should be|will be|as|=|ist|war|wird|est|était|sera|es|era|será|é|è|als|comme|como|come) {_THE}{_NOUN})"),
    ("is it the password", "Is Corals still the password?", rf"(?P<head>\bis )(?P<secret>{_WORD})(?<![,;])(?= (?:still |really |now )?{_THE}{_NOUN})"),
    ("in brackets it is called so", "we share Corals (the password)", rf"(?P<head>(?<!\S))(?P<secret>{_WORD})(?= \({_THE}{_NOUN}\))"),
    ("used as the password", "use Corals as the password", rf"(?P<head>\b(?:use|set|make|have|put|want|like)\b (?:it to )?)(?P<secret>{_WORD})(?= (?:as|for|to be) {_THE}{_NOUN})"),
    ("as the password, somebody wants", "As the password we would like Corals", rf"(?P<head>\bas {_THE}{_NOUN},? (?:we|i) (?:would like|want|suggest|propose|prefer|use|chose|choose)(?: to (?:use|have))? )(?P<secret>{_WORD})"),
    ("after a colon", "password for the hub: Corals", rf"(?P<head>{_NOUN}(?:[^\n.;:=]|:(?=//)|\.(?=\S)){{0,80}}?(?:(?:[:=：]|&(?:#58|#x3a|colon);)>?(?!//|\d\d\b)|[-=]?[→>])\s{{0,3}}(?:[-*•]\s|\d\.\s|[|]\s?)?[*_]{{0,2}}\s?)(?P<secret>{_QUOTED}|{_REST})"),
    ("after a verb and a colon", "The password is: Corals", rf"(?P<head>{_NOUN}[^\n.;:=]{{0,80}}?{_IS}[^\n.;:=]{{0,20}}?:\s{{0,3}})(?P<secret>{_QUOTED}|{_REST})"),
    ("a phrase", "The passphrase is Corals of the reef", rf"(?P<head>\bpass ?-?phrase[^\n.;:=]{{0,40}}?{_IS} )(?P<phrase>)(?P<secret>[^\n.,;|]{{1,200}})"),
    ("after a verb", "the password should be Corals", rf"(?P<head>{_NOUN}(?:[^\n.;:=]|:(?=//)|\.(?=\S)){{0,80}}?(?:{_IS}(?: (?:be|called|named|the following|{'|'.join(table().adverbs)}))?{_SINCE}?|\s[-–—]{{1,2}}>?(?=\s))\s{{1,3}})(?P<secret>{_WORD})"),
    ("on the next line", "Password\nCorals", rf"(?P<head>^[\s#*>]{{0,6}}(?:[^\W\d]{{1,20}} ){{0,2}}{_NOUN}[*\s]{{0,3}}\n(?:[-=]{{2,80}}\n)?\s{{0,3}})(?P<secret>{_REST})"),
    ("in the next cell", "| Password | Corals |", rf"(?P<head>\|\s{{0,3}}[*]{{0,2}}{_NOUN}[*]{{0,2}}\s{{0,3}}\|\s{{0,3}})(?P<secret>[^|\n]{{1,200}}?)(?=\s{{0,3}}\|)"),
    ("the very next word", "hub password Corals", rf"(?P<head>{_NOUN}(?:[ \t\xa0,(…]|\s[–—-](?=\s)){{1,3}})(?P<secret>{_QUOTED}|[^\s,;:()|]{{1,200}})"),
    ("from it to another", "the password changes from Corals to Old1", rf"(?P<head>{_NOUN}[^\n.;:]{{0,80}}? (?:from|von|de) )(?P<secret>{_WORD})(?= (?:to|into|in|auf|zu|à|en|a|para) )"),
    ("of another, after a colon", "Password of hub A: Old1, of hub B: Corals", rf"(?P<head>{HIDDEN}[,;]? (?:(?:and|und|et|y|e) )?(?:of|for|on|von|für|auf|pour|sur|de|para|en) [^\n:.;]{{1,40}}:\s{{0,3}})(?P<secret>{_WORD})"),
    ("in the next sentence", "I looked the password up. It is Corals.", rf"(?P<head>{_NOUN}[^\n.;:=?]{{0,80}}[.!]\s{{1,3}}(?:it|this|das|es|er|c'est|ce|il) ?(?:is|was|ist|lautet|heißt|est|es)? )(?P<secret>\S{{4,200}}?)(?=[.!]?\s{{0,3}}$)"),
    ("in place of the old one", "Statt Old1 soll das Passwort Corals heißen", rf"(?P<head>\b(?:instead of|rather than|statt|anstelle von|au lieu de|en vez de|en lugar de) )(?P<secret>{_WORD})(?=,? (?:(?:soll|wird|ist|lautet|heißt) )?{_THE}{_NOUN})"),
    ("below a question", "> Which password would you like?\nCorals", rf"(?P<head>^>[^\n]{{0,200}}?{_NOUN}[^\n]{{0,200}}\n\s{{0,3}})(?P<secret>[^\s>]{{4,200}})(?=[.!]?\s{{0,3}}$)"),
    ("from one to another", "change the password from Old1 to Corals", rf"(?P<head>{_NOUN}[^\n]{{0,120}}?(?:{HIDDEN}|\bfrom \S{{1,80}}|\bvon \S{{1,80}}),? (?:(?:[a-z]{{1,20}} )?(?:now )?it(?: is|'s) (?:now )?|(?:and|or|nor|to|by|with|into|instead of|rather than|not|no longer|auf|in|par|por|durch|und|oder|statt|nicht(?: mehr)?|et|ou|au lieu de|y|o|ya no|no|en vez de|en lugar de) )+)(?P<secret>{_WORD})"),
    ("in place of another", "take Corals instead of Old1 as the password", rf"(?P<head>(?<!\S))(?P<secret>{_WORD})(?= (?:instead of|rather than|statt|anstatt|au lieu de|en vez de|en lugar de) (?:{HIDDEN}|[^\n.]{{1,40}} (?:as|for|als|comme|como) {_THE}{_NOUN}))"),
    ("it is not, but", "the password is not Old1 but Corals", rf"(?P<head>{_NOUN}[^\n.;:=]{{0,80}}?{_IS} (?:not|no longer|nicht(?: mehr)?|pas|plus) )(?P<secret>{_WORD})(?=,? (?:but|any ?more|sondern|mais|sino)\b)"),
    ("but another", "the password is not Old1 but Corals", rf"(?P<head>{_NOUN}[^\n.]{{0,80}}?{_IS} (?:not|no longer|nicht(?: mehr)?|pas|plus|no) {HIDDEN},? (?:but|sondern|mais|sino) )(?P<secret>{_WORD})"),
    ("another works", "the password was Old1 but Corals works", rf"(?P<head>{_NOUN}[^\n.]{{0,120}}?{HIDDEN},? (?:but|aber|mais|pero) (?:also |auch |aussi |también )?)(?P<secret>{_WORD})(?= (?:works|worked|also|too|geht|funktioniert|marche|fonctionne|funciona)\b)"),
    ("at another time", "the password was Old1 and from Monday on it is Corals", rf"(?P<head>{_NOUN}[^\n.]{{0,120}}?{HIDDEN}[^\n.]{{0,40}}\b{_WHEN}\b[^\n.]{{0,30}} it (?:is|was|will be) (?:now )?)(?P<secret>{_WORD})"),
    ("changed into it", "cambiar la contraseña a Corals", rf"(?P<head>\b(?:cambi|chang|änder|ersetz|remplac|reemplaz|mett|pon|set|reset|switch|update)\w{{0,10}} [^\n.;:]{{0,30}}?{_NOUN} (?:a|en|in|to|into|par|por|durch|with|by) )(?P<secret>{_WORD})"),
    ("to be typed when it is asked for", "When it asks for the password, type Corals", rf"(?P<head>{_NOUN}[^\n.;:]{{0,40}}?,? (?:please |just |simply |bitte )?(?:type|enter|put|write|take|use|pick|try)(?: in)? )(?P<secret>{_WORD})"),
    ("typed where it is asked for", "Enter Corals when asked for a password", rf"(?P<head>\b(?:type|enter|put|write|fill in|saisi(?:r|ssez)|tape[rz]|introduzca|escriba)(?: in)? )(?P<secret>{_WORD})(?= (?:when|if|where|wherever|once|at|in|into|dans|quand|en|cuando)\b[^\n.]{{0,40}}?{_NOUN})"),
    ("a name and it", "Credentials are ada / Corals", rf"(?P<head>\b(?:{'|'.join(table().near)}|{_SAYS})(?:\s?[:=]| (?:are|is|sind|lauten|sont|son)(?::| )| )\s{{0,3}}[^\s/:,;<>]{{1,80}}\s?[/|]\s?)(?P<secret>{_WORD})"),
    ("a name and it, before", "ada / Corals (user and password)", rf"(?P<head>(?<!\S)[^\s/:,;<>]{{1,80}} ?/ ?)(?P<secret>[^\s/]{{1,200}})(?= \((?:[^\W\d]{{1,20}} (?:and|und|et|y|e|/) ){{0,2}}{_THE}{_NOUN}\))"),
    ("namely", "one password for all, namely Corals", rf"(?P<head>{_NOUN}[^\n.;:]{{0,40}}?,? (?:namely|viz\.?|i\.e\.|nämlich|und zwar|à savoir|a saber) )(?P<secret>{_WORD})"),
    ("of that name", "it needs the password of 'Corals'", rf"(?P<head>{_NOUN} (?:of|von|de) )(?P<secret>{_QUOTED})"),
    ("after a comma, and no more", "all share the same password, Corals.", rf"(?P<head>\b(?:same|shared|one|new|gemeinsames?|gleiche|neues?|même|nouveau|misma|nueva) {_NOUN}, )(?P<secret>\S{{3,200}}?)(?=[.!]?\s{{0,3}}$)"),
    ("what it should become", "Our password is old; change it to Corals", rf"(?P<head>\b(?:(?:change|set|make|reset|update|switch) it(?: to| into| be| as)?|it (?:should|must|can|could|will|may) (?:now )?be(?:come)?) )(?P<secret>{_WORD})"),
)  # fmt: skip

_SHAPES = tuple((shape, re.compile(shape.pattern, re.IGNORECASE | re.MULTILINE)) for shape in table().shapes)
# No secret that is known by its form does without one of these; most subjects do.
_SIGN = re.compile(r"[\d_:=/@!#$%^&*+~|\\<>-]|[?.]\w|\w{20}")
_SPOKEN = re.compile(rf"(?<!\w)(?:{_SAYS}(?![\w-])|(?:{'|'.join(table().near)})(?!\w))", re.IGNORECASE)
_SEVERAL = re.compile(rf"{HIDDEN}(?:(?:,|,? (?:and|or|und|oder|et|ou|y|o|e)) [^\s,;.]{{3,80}}){{1,9}}")
_PLURAL = re.compile(
    r"\b(?:pass ?words|pws|passw(?:ö|oe)rter|kennw(?:ö|oe)rter|mots de passe|contraseñas|senhas)\b", re.IGNORECASE
)
_UNSEEN = re.compile(r"[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LIKENESS = re.compile(r"[\uff10-\uff5a\U0001d400-\U0001d7ff]")
_HEADING = re.compile(rf"[\s*\"']{{0,4}}{_NOUN}[\s*\"']{{0,4}}", re.IGNORECASE)
_COLUMN = re.compile(rf"{_NOUN}|{'|'.join(table().columns)}", re.IGNORECASE)
_ALONE = re.compile(r"(?P<head>^|[:=]\s{0,3})(?P<secret>[^\W\d_]{4,200})$")  # all there is on a line
_LISTED = re.compile(r"(?P<head>^\s{0,6}(?:[-*•]|\d{1,2}[.)])\s{1,3})(?P<secret>\S{3,200})\s{0,3}$")
_LABELLED = re.compile(
    r"(?P<head>:\s{1,3})(?P<secret>[^\s,;:|]{3,200}-[^\s,;:|]{1,200}|[^\s,;:|]{1,80}_[^\s,;:|]{1,80})"
)
_NO_VALUE = re.compile(r"[*•xX.…_?-]{1,40}|[$%]?[{(<\[].{0,100}|[\w.]{1,80}\(.{0,80}|[-–—/&+=:→]{1,4}")
# What stands beside a number in dates, hours and amounts.
_MEASURES = frozenset(
    """
    am pm a p m st nd rd th h hr hrs min mins gb mb tb gib mib cpu cpus gpu gpus day days week weeks month months people users utc gmt t z x k
    cet cest est edt pst pdt jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september
    october november december mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday python
    """.split()  # noqa: SIM905 (a list would fill a screen)
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+|(?:[\w-]+\.){1,9}[A-Za-z]{2,}(?:[/:]\S*)?")
_VARIABLE = re.compile(r"[\w.]{0,80}?[A-Z]{2,80}(?:_[A-Z]{1,80})+")  # the name of a secret, such as HUB_PASSWORD
_EDGES = "\"'“‘«»”’`()[]<>,.;:?*_¿¡"


@cache
def _places() -> tuple[re.Pattern[str], ...]:
    """Ready to be looked for, which takes longer than all else here; few texts speak of a password."""
    return tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for _, _, pattern in PLACES)


@lru_cache(maxsize=256)
def redact(text: str, about: str = "") -> str:
    """The text with every secret that it names taken out; rather a word too many than a password too few.

    `about` is what came before it: after words on a password, an answer may hold nothing else.
    """
    folded = _folded(text)
    if folded != text:
        shown = redact(folded, about)
        return text if shown == folded else shown
    for shape, pattern in _SHAPES if _SIGN.search(text) else ():
        text = pattern.sub(_hide_odd_secret if shape.odd else _hide_secret, text)
    spoken = _SPOKEN.search(about) is not None
    if not spoken and _SPOKEN.search(text) is None:
        return text
    text = "\n".join(_columns(text.split("\n")))
    for pattern in _places():
        text = pattern.sub(_hide, text)
    return "\n".join(_nearby(text.split("\n"), spoken))


def _folded(text: str) -> str:
    """Without what nobody sees in it, and with plain letters for their wide and bold likenesses; no sign becomes another."""
    if text.isascii():
        return text
    return _LIKENESS.sub(_letter, unicodedata.normalize("NFC", _UNSEEN.sub("", text)))


def _letter(likeness: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFKC", likeness[0])
    return letter if letter.isalnum() or letter in ":=" else likeness[0]


def _columns(lines: list[str]) -> Iterator[str]:
    """Lines of which the columns below a heading that says password are hidden, as long as the table goes on."""
    mark, width, hidden = "", 0, frozenset[int]()
    for line in lines:
        cells = re.split(f"({mark})", line) if mark else []  # with what parts them
        if cells and len(cells) > max(hidden) and _row(mark, cells, width):
            yield "".join(_in_cell(cell) if index in hidden else cell for index, cell in enumerate(cells))
            continue
        mark, width, hidden = "", 0, frozenset()
        for sign in (r"\|", r"\t", ";", ",", " {2,20}", " "):
            cells = re.split(f"({sign})", line)
            found = frozenset(index for index, cell in enumerate(cells) if _HEADING.fullmatch(cell))
            if found and len(cells) > 1 and _heads(sign, cells):
                mark, width, hidden = sign, len(cells), found
                break
        yield line


def _heads(mark: str, cells: list[str]) -> bool:
    """Whether cells can be a heading; where single spaces part them, as HTML leaves columns, each has to name one."""
    if mark == " ":
        return all(_COLUMN.fullmatch(cell) for cell in cells[::2])
    return all(len(cell.split()) < 4 for cell in cells)


def _row(mark: str, cells: list[str], width: int) -> bool:
    """Whether a line can be a row; where prose has the mark too, of as many short cells as the heading, or of no spaces."""
    if mark not in (",", " "):
        return True
    same = len(cells) == width and all(len(cell.split()) < 3 for cell in cells)
    return same or (mark == "," and not any(" " in cell.strip() for cell in cells))


def _in_cell(cell: str) -> str:
    words = cell.strip()
    return cell if not words or set(words) <= set("-: ") or _none(words) else cell.replace(words, HIDDEN)


def _nearby(lines: list[str], spoken: bool) -> Iterator[str]:
    """Lines without odd words in and shortly after one that speaks of a password, and without a list below it."""
    near = 2 * NEAR if spoken else 0
    listed = False
    for line in lines:
        says = _SPOKEN.search(line) is not None
        near = NEAR + 1 if says else near - 1
        if says:
            line = _LABELLED.sub(_hide_labelled, line)
            line = _SEVERAL.sub(_hide_all, line) if _PLURAL.search(line) else line
        elif listed and _LISTED.match(line):
            line = _LISTED.sub(_hide, line)
            near = NEAR
        listed = says or (listed and (not line.strip() or HIDDEN in line))
        if spoken and near > 0:
            line = _ALONE.sub(_hide, line)
        yield re.sub(r"\S{1,200}", _hide_odd, line) if near > 0 else line


def _hide_secret(match: re.Match[str]) -> str:
    """The match without its secret; one that is hidden already, or is the name of a place for it, stays."""
    secret = match["secret"]
    if HIDDEN in secret or _NO_VALUE.fullmatch(secret):
        return match[0]
    start, end = (match.span("secret")[i] - match.start() for i in (0, 1))
    return f"{match[0][:start]}{HIDDEN}{match[0][end:]}"


def _hide_odd_secret(match: re.Match[str]) -> str:
    return _hide_secret(match) if _odd(match["secret"].strip(_EDGES)) else match[0]


def _hide(match: re.Match[str]) -> str:
    secret = match["secret"]
    if HIDDEN in secret or _none(secret):
        return match[0]
    first, space, rest = secret.partition(" ")
    if "phrase" in match.re.groupindex and _plain(first):
        return match[0]  # a sentence, and no phrase
    if _odd(first.strip(_EDGES)) and rest and _plain(rest.split()[0] if rest.split() else ""):
        return f"{match['head']}{HIDDEN}{space}{rest}"  # a sentence goes on behind it
    end = "" if re.fullmatch(_QUOTED, secret) else secret[len(secret.rstrip(".,;")) :]  # of the sentence
    return f"{match['head']}{HIDDEN}{end}"


def _hide_all(several: re.Match[str]) -> str:
    words = re.split(r"(,? |,)", several[0])
    joins = {"", ",", " ", ", ", HIDDEN, "and", "or", "und", "oder", "et", "ou", "y", "o", "e"}
    return "".join(word if word in joins or _plain(word) else HIDDEN for word in words)


def _hide_labelled(match: re.Match[str]) -> str:
    return match[0] if _none(match["secret"]) or _ADDRESS.fullmatch(match["secret"]) else f"{match['head']}{HIDDEN}"


def _hide_odd(match: re.Match[str]) -> str:
    word = match[0].strip(_EDGES)
    if word.startswith("-") or HIDDEN in word or _plain(word) or not _odd(word.rpartition("=")[2]):
        return match[0]
    return match[0].replace(word, HIDDEN)


def _none(secret: str) -> bool:
    """Whether what stands in a secret's place is none: only words, dates and amounts, or a place for one."""
    if _NO_VALUE.fullmatch(secret.strip(" \"'")):
        return True
    words = secret.split()
    return bool(words) and not re.match(_QUOTED, secret) and all(_plain(word) or _measure(word) for word in words)


def _plain(word: str) -> bool:
    """A word that follows the mention of a password and is none."""
    bare = word.strip(_EDGES + "!-–—/&+=")
    return not bare or bare.casefold().replace("’", "'") in _PLAIN


def _measure(word: str) -> bool:
    """A date, an hour, an amount, or the name of a month or day. A mere number may be a secret."""
    bare = word.strip(_EDGES)
    letters = re.findall(r"[^\W\d_]+", bare)
    dated = re.fullmatch(r"\d{1,4}([-/.:–])\d{1,2}(?:\1\d{1,4})?|\d{1,2}\.?", bare) is not None
    return dated or (bool(letters) and all(part.casefold() in _MEASURES for part in letters))


def _odd(word: str) -> bool:
    """A word that looks like no word of a language: `Zq7-Xy`, `reef!fish`, `four-words-by-hyphens`."""
    letters = re.findall(r"[^\W\d_]+", word)
    if len(word) < 5 or "://" in word or _ADDRESS.fullmatch(word) or _VARIABLE.fullmatch(word) or not letters:
        return False
    if all(part.casefold() in _MEASURES for part in letters):
        return False
    return re.search(r"\d|\w[!@#$%^&*_+=~|\\<>?]+\w", word) is not None or word.count("-") > 2
