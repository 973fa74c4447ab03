"""What people wrote: HTML to lines, quotations off, text made harmless, and what a short answer plainly says."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Literal

from markdown_it import MarkdownIt
from nh3 import clean

BLOCKS = {"p", "div", "br", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "section"}
SILENT = {"script", "style", "head", "title"}
QUOTES = {
    "gmail_quote", "gmail_quote_container", "freshdesk_quote", "yahoo_quoted", "moz-cite-prefix", "quoted",
    "protonmail_quote", "zmail_extra",
}  # fmt: skip
QUOTE_FOLLOWS = {
    "divrplyfwdmsg",
    "x_divrplyfwdmsg",
    "appendonsend",
}  # Outlook: all that comes after it is the quotation
VOID = {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}
LONGEST = 200_000  # characters of one message that are looked at; a megabyte of text is no better evidence

# Where a mail program begins to repeat the message that is answered: on one line, or wrapped onto several.
_QUOTE_BEGINS = re.compile(
    r"^(?:-{2,} ?)?(?:On .{4,200} wrote|Am .{4,200} schrieb\b.{0,120}|Le .{4,200} a écrit|El .{4,200} escribió|Em .{4,200} escreveu"
    r"|Il .{4,200} ha scritto|Op .{4,200} schreef\b.{0,120})(?: ?:| ?-{2,})$"
    r"|^-{2,}\s*(?:Original|Forwarded|Ursprüngliche|Weitergeleitete|Mensaje|Mensagem|Messaggio|Oorspronkelijk|Message)"
    r" (?:message|appointment|Nachricht|original|originale|bericht|d['’]origine)\s*-{2,}$"
    r"|^_{10,}$|^Begin forwarded message:$",
    re.I,
)
_QUOTE_MAY_BEGIN = re.compile(r"^(?:On|Am|Le|El|Em|Il|Op) (?=.*\d)", re.I)
_FROM = re.compile(r"^\*?(?:From|Von|De|Da|Van) ?:\*? ?\S", re.I)
_SENT = re.compile(
    r"^\*?(?:Sent|Date|To|Subject|Cc|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Para|Asunto|Assunto|Inviato|A|Oggetto"
    r"|Verzonden|Aan|Onderwerp) ?:",
    re.I,
)

Verdict = Literal["yes", "no", "unclear"]

# A short answer says yes or no plainly, or a person reads it. An opening that is mere politeness needs more to follow.
_GO = r"(?:please )?(?:go ahead|proceed|do so|do it|do)\b"
_YES = re.compile(
    rf"^(?:(?:yes|yep|yeah|agreed|approved|confirmed|no objections?)\b|(?:yes,? )?{_GO}|go for it\b|i (?:approve|agree|confirm)\b"
    r"|(?:that is |that's |this is |it is |it's )?(?:fine|ok|okay|good) (?:with|by|for) (?:me|us)\b|you (?:can|may) (?:go ahead|proceed)\b"
    rf"|(?:ok|okay|sure|certainly|absolutely|of course)[,.!]*$"
    rf"|(?:ok|okay|sure|certainly|absolutely|of course|no problem|no worries)[,.!;:–-]* (?:thanks|thank you|(?:with|by|for) (?:me|us)|{_GO}"
    r"|go for it|approved)\b)",
    re.I,
)
_IT = r"(?:it|this|that|the (?:matter|problem|issue|question|request))"
_ENDED = r"(?:settled|solved|sorted|fixed|resolved|handled|dealt with|taken care of)"
_NO = re.compile(
    r"^(?:no(?:pe)?(?:,? (?:thanks|thank you))?(?=[.!]|$)|(?:no(?:pe)?[,.:;–-]+ ?)?(?:sorry,? )?(?:"
    r"please (?:do not|don't)\b(?! (?:hesitate|worry|forget|close|wait|hold|stop))(?: (?:proceed|go ahead))?|(?:do not|don't) (?:proceed|go (?:ahead|on)|continue|do (?:it|this|that))\b"
    r"|(?:i (?:do not|don't) approve|not approved|denied|rejected|declined)\b"
    rf"|we(?:'ve| have)?(?: already| just| now| since)* {_ENDED} {_IT}\b|{_IT}(?:'s| is| was| has been)(?: already| now| all)* {_ENDED}\b"
    rf"|(?:all )?(?:settled|sorted|solved)\b|we(?:'ll| will| can)? (?:handle|settle|solve|sort|fix|take care of|deal with) {_IT}\b"
    r"|(?:it is |it's |this is |that is )?(?:no longer|not) needed\b"
    r"|no need(?: to (?:proceed|continue|go on|do anything)| for (?:this|that|it)| any ?more|(?=[.!]|$))"
    r"|(?:please |you (?:can|may) )?close (?:it|this|the (?:ticket|request))\b))",
    re.I,
)
_BUT = r"\?|\b(?:but|if|unless|only|except|however|maybe|perhaps|not sure|wait|instead|though|although|depends|until|later|tomorrow)\b"
_NOT_YES = re.compile(
    rf"{_BUT}|\b(?:first|no|not|don't|can't|won't|isn't|never|nobody|none|without|cannot|provided|as long as|check|discuss|talk|ask|asked|hold(?:ing)?"
    r"|pause|stop|let (?:me|us)|let's|i'll|i will|we'll|we will|i'd|would|could|might|should have|before|after|once|when|think|guess|suppose"
    r"|noted|understood|letting|informing|seen|saw|know|aware|received|me too|same|cancel\w*|clos(?:e|ed|ing)|ignor\w+|reject\w*|den(?:y|ied)|declin\w+|wrong"
    rf"|sorry|{_ENDED}|ourselves|needed)\b",
    re.I,
)
_NOT_NO = re.compile(
    rf"{_BUT}|\b(?:yes|yet|still|again|reopen\w*|came back|almost|partly|go ahead|proceed|approved?|never)\b"
    r"|\bplease (?!(?:do not|don't|close|ignore|disregard)\b)",
    re.I,
)


# Not the standard library's parser: a few kilobytes of broken tags keep that busy for minutes. This one reads each character once.
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([a-z][a-z0-9:-]*)([^<>]*)>|<[!?][^<>]*>", re.I | re.S)
_ATTRIBUTE = re.compile(r"""\b(class|id)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.I)


class _Reader:
    def __init__(self, quotes: bool) -> None:
        self.keep_quotes = quotes
        self.parts: list[str] = []
        self.skipping: list[str] = []  # open tags since the first one that is not to be read
        self.open: Counter[str] = Counter()  # how often each is among them
        self.over = False  # the rest is a quotation

    def read(self, html: str) -> str:
        end = 0
        for markup in _MARKUP.finditer(html):
            self.text(html[end : markup.start()])
            end = markup.end()
            if markup[2]:
                (self.closes if markup[1] else self.opens)(markup[2].lower(), markup[3][:2000])
        self.text(html[end:])
        return "".join(self.parts)

    def opens(self, tag: str, said: str) -> None:
        if self.skipping:
            self.skip(tag)
            return
        attributes = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(said)}
        if not self.keep_quotes and attributes.get("id", "").lower() in QUOTE_FOLLOWS:
            self.over = True
        quoted = tag == "blockquote" or set(attributes.get("class", "").split()) & QUOTES
        if tag in SILENT or (quoted and not self.keep_quotes):
            self.skip(tag)
        elif tag in BLOCKS or tag == "blockquote":
            self.parts.append("\n")

    def closes(self, tag: str, _: str) -> None:
        if self.open[tag]:
            closed = ""
            while closed != tag:
                closed = self.skipping.pop()
                self.open[closed] -= 1
        elif not self.skipping and (tag in BLOCKS or tag == "blockquote"):
            self.parts.append("\n")

    def skip(self, tag: str) -> None:
        if tag not in VOID:
            self.skipping.append(tag)
            self.open[tag] += 1

    def text(self, said: str) -> None:
        if said and not (self.skipping or self.over):
            self.parts.append(unescape(said))


def lines(html: str, *, quotes: bool = True) -> tuple[str, ...]:
    """The lines of text in a message, blank ones left out; without the quoted part where `quotes` is false."""
    found = [text for line in _Reader(quotes).read(html).splitlines() if (text := " ".join(line.split()))]
    return tuple(found) if quotes else tuple(_unquoted(found))


def _unquoted(found: list[str]) -> Iterator[str]:
    """Lines up to the one where a mail program repeats another message; past quotations marked by `>`, it goes on."""
    index = 0
    while index < len(found):
        if found[index].startswith(">"):
            index += 1
        elif heading := _quote_heading(found, index):
            index += heading
            if not found[index:] or not found[index].startswith(">"):
                return
        else:
            yield found[index]
            index += 1


def _quote_heading(found: list[str], index: int) -> int:
    """How many lines from here introduce a quotation; 0 where none does."""
    line = found[index][:260]
    if _QUOTE_BEGINS.match(line):
        return 1
    if _FROM.match(line):
        heads = [bool(_SENT.match(other[:20])) for other in found[index + 1 : index + 6]]
        return 1 + len(heads) if sum(heads) >= 2 else 0
    if _QUOTE_MAY_BEGIN.match(line):
        for more in (2, 3):
            if _QUOTE_BEGINS.match(" ".join(found[index : index + more])[:400]):
                return more
    return 0


def layout(html: str) -> tuple[str, ...]:
    """The lines as they stand on the page: '' for a gap, ` | ` between the cells of a table, `### ` and `**` for headings
    and bold text, `[x]` and `[ ]` for boxes. A line that a mail program quotes keeps its `>`; what repeats a whole message
    is left out.
    """
    html = re.sub(r"(?<=[^\s|:])(?:[ \u00a0]*\t\s*?|[ \u00a0]{3,})(?=[^\s:])", " | ", html[:LONGEST])
    html = re.sub(r"</?(h[1-6]|b|strong|t[dh]|d[td]|input)\b[^<>]{0,2000}>", _marked, html, flags=re.I)
    page = [" ".join(line.split()) for line in _Reader(quotes=False).read(html).splitlines()]
    found, index = [line for line in page if line], 0
    skipped: set[int] = set()
    while index < len(found):
        heading = 0 if found[index].startswith(">") else _quote_heading(found, index)
        skipped.update(range(index, index + heading))
        index += heading or 1
        if heading and not (found[index:] and found[index].startswith(">")):
            skipped.update(range(index, len(found)))
            break
    numbers = iter(range(len(found)))
    kept = [line for line in page if not line or next(numbers) not in skipped]
    return tuple(line for before, line in zip(["", *kept], kept, strict=False) if line or before)


def _marked(tag: re.Match[str]) -> str:
    """A tag with the mark that a person would type in its place."""
    name, closes = tag[1].lower(), tag[0].startswith("</")
    if name == "input":
        box = re.search(r"type\s*=\s*[\"']?checkbox", tag[0], re.I)
        return ("[x] " if re.search(r"\bchecked\b", tag[0], re.I) else "[ ] ") if box else ""
    if name in ("td", "th"):
        return f"{tag[0]} | " if closes else tag[0]
    if name in ("dt", "dd"):
        return f"{'**' if name == 'dt' else ''}<br>" if closes else "**" if name == "dt" else ""
    return "**" if name in ("b", "strong") else tag[0] if closes else f"{tag[0]}### "


def words_of(html: str, *, quotes: bool = True) -> str:
    """The text of a message, its lines joined; at most `LONGEST` characters of it are looked at."""
    return "\n".join(lines(html[:LONGEST], quotes=quotes))


def verdict(html: str) -> Verdict:
    """What a short answer plainly says. Anything long, conditional or asking is unclear: a person reads it."""
    found = list(lines(html[:LONGEST], quotes=False))
    found = found[: signature(found)]
    if found and re.match(
        r"^(?:hi|hello|dear|hey|good (?:morning|afternoon|evening))\b[^.!?,]{0,40}[,!.]?$", found[0], re.I
    ):
        found = found[1:]
    text = typed(" ".join(found))
    text = re.sub(r"^(?:hi|hello|dear|hey)\b[^,.!?]{0,40}[,!.]\s+", "", text, flags=re.I)
    text = re.sub(r"^(?:thanks|thank you)\b[^,.!?]{0,60}[,.!]\s+", "", text, flags=re.I)
    if not text or len(text.split()) > 40:
        return "unclear"
    no, yes = _NO.match(text), _YES.match(text)
    if no:
        return "unclear" if _NOT_NO.search(text[no.end() :]) else "no"
    if not yes:
        return "unclear"
    rest = re.sub(r"\b(?:no (?:problem|worries|objections?)|not a problem)\b", "", text[yes.end() :], flags=re.I)
    return "unclear" if _NOT_YES.search(rest) else "yes"


def signature(found: Sequence[str]) -> int:
    """The line where a mail program's signature begins; the number of lines where there is none."""
    return next((i for i, line in enumerate(found) if line == "--" or re.match(r"Sent from my \w", line)), len(found))


def typed(text: str) -> str:
    """As a keyboard writes it: straight apostrophes, and no characters that cannot be seen."""
    return "".join(c for c in text.replace("’", "'") if unicodedata.category(c) != "Cf").strip()


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: case, accents and spaces aside."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


def shorten(text: str, most: int = 80) -> str:
    """One line of at most `most` characters, cut at a word where that is possible."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    head = line[: most - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[most // 2 :] else head).rstrip(" ,;:") + "…"


def sentence(text: str) -> str:
    """With a capital at its beginning, and names left as they are."""
    return text[:1].upper() + text[1:]


def plain_markdown(text: str) -> str:
    """Foreign text for a Markdown document: shown as it was written, with nothing in it that acts."""
    return re.sub(r"([\\`*_{}\[\]()#+\-!|<>~@&$^:])", r"\\\1", " ".join(text.split()))


def to_html(markdown: str) -> str:
    """Our Markdown as the HTML of a mail or note, sanitised."""
    return clean(MarkdownIt("commonmark", {"html": False}).render(markdown), link_rel="noopener noreferrer").strip()
