"""Redact passwords that somebody wrote into a ticket."""

from __future__ import annotations

import re

HIDDEN = "•••"
NEAR = 2  # lines after one that speaks of a password, in which it may stand too

_SAYS = (
    r"(?:pass ?-?words?|pass ?phrases?|pass ?codes?|passwd|pwd|pw|p/w|p\.w\.|access codes?|passwort|kennwort|contraseña|mot de passe"
    r"|pass(?=\s?[:=])|(?-i:PIN)(?=\s?[:=]))"
)
_QUOTED = r"[\"'“‘«`][^\"'”’»`\n]{1,80}[\"'”’»`]"
# The word that follows `password:`, `password is`, `password … to`, `password should be`; and `to X as the password`.
_FOLLOWS = re.compile(
    rf"(?P<head>\b{_SAYS}(?!\w)(?:[^\n.;:=]|:(?=//)|\.(?=\S)){{0,80}}?"
    r"(?:(?P<colon>[:=](?!//))|\b(?:is|was|are|to|be|as|into|becomes?|reads?)\b(?: now| be| the following)?(?P<then>:)?|\s[-–—]>?(?=\s))\s{0,3}"
    rf"|^\s{{0,3}}{_SAYS}\s?\n\s{{0,3}})"
    rf"(?P<secret>{_QUOTED}|(?(colon)[^\n,;]{{1,200}}|(?(then)[^\n,;]{{1,200}}|\S{{1,200}})))",
    re.IGNORECASE | re.MULTILINE,
)
# `password Corals`, `password (Corals)`, `password, "Corals"`: the very next word.
_NEXT = re.compile(
    rf"(?P<head>\b{_SAYS}(?!\w)[\s,(…–—-]{{1,3}})(?P<secret>{_QUOTED}|[^\s,;:()]{{1,200}})", re.IGNORECASE
)
_THE = r"(?:the |our |a |your )?(?:new |shared |hub |workshop |current |old )*"
_BEFORE = re.compile(
    rf"(?P<head>\b(?:use|set|make|have|put|want|like)\b (?:it to )?)(?P<secret>{_QUOTED}|\S{{1,200}})(?= (?:as|for|to be) {_THE}{_SAYS}(?!\w))",
    re.IGNORECASE,
)
_IS_IT = re.compile(
    rf"(?P<head>(?<!\S))(?P<secret>{_QUOTED}|\S{{1,200}})(?= (?:is|was|should be|will be|as|=) {_THE}{_SAYS}(?!\w))",
    re.IGNORECASE,
)
_IT = re.compile(
    rf"(?P<head>\b(?:(?:change|set|make|reset|update|switch) it(?: to| into| be| as)?|it (?:should|must|can|could|will|may) (?:now )?be(?:come)?) )(?P<secret>{_QUOTED}|\S{{1,200}})",
    re.IGNORECASE,
)
_ALONE = re.compile(r"(?P<head>^|[:=]\s{0,3})(?P<secret>[^\W\d_]{4,200})$")  # all there is on a line
_IN_ADDRESS = re.compile(r"(?P<head>://[^\s/@:]{0,80}:)(?P<secret>[^\s/@]{1,200})(?=@)")
_SPOKEN = re.compile(rf"\b(?:{_SAYS}(?!\w)|credentials?\b|log-?in\s?[:=])", re.IGNORECASE)
# Words that follow a password's mention and are none: without them nobody could read the rest.
_PLAIN = re.compile(
    r"(?:a|an|the|it|its|our|your|my|this|that|these|those|be|by|before|after|on|for|to|in|into|at|from|with|not|changed?|changes|changing|resets?"
    r"|resetting|set|rotat(?:ed?|ion|ing)|updat(?:ed?|ing)|new|renew(?:ed|al)?|replac(?:ed?|ement)|something|someone|anything|known|wrong|shared|one|everybody"
    r"|everyone|and|or|but|access|of|which|what|who|when|where|here|needed|required|used|still|different|stronger|another|old|only|again|also|too|now|please"
    r"|today|tomorrow|soon|until|during|so|because|if|as|per|there|we|i|you|they|he|she|all|is|are|was|were|has|have|had|will|would|should|must|can|could|may"
    r"|might|do|does|did|expires?|expired|hello|thanks|cheers|regards|yes|no|okay|sure|login|page|prompt|field|policy|hub|workshop|event|course|participants?|students?|people|works?|working|that's|it's"
    r"|[-–—/&+=:]+)[,.;:!?)]*",
    re.IGNORECASE,
)
# What stands beside a number in dates, hours and amounts.
_MEASURES = frozenset(
    """
    am pm a p m st nd rd th h hr hrs min mins gb mb tb gib mib cpu cpus gpu gpus day days week weeks month months people users utc gmt t z x k
    cet cest est edt pst pdt jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september
    october november december mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday python
    """.split()  # noqa: SIM905 (a list would fill a screen)
)


def redact(text: str, about: str = "") -> str:
    """The text with every password that it names taken out; rather a word too many than a password too few.

    `about` is what came before it: after words on a password, an answer may hold nothing else.
    """
    text = _IN_ADDRESS.sub(_hide, text)
    spoken = _SPOKEN.search(about) is not None
    if not spoken and _SPOKEN.search(text) is None:
        return text
    for pattern in (_IS_IT, _BEFORE, _FOLLOWS, _NEXT, _IT):
        text = pattern.sub(_hide, text)
    near = 2 * NEAR if spoken else 0
    lines = []
    for line in text.split("\n"):
        near = NEAR + 1 if _SPOKEN.search(line) else near - 1
        alone = _ALONE.sub(_hide, line) if spoken and near > 0 else line
        lines.append(re.sub(r"\S{1,200}", _hide_odd, alone) if near > 0 else line)
    return "\n".join(lines)


def _hide(match: re.Match[str]) -> str:
    secret = match["secret"]
    if _PLAIN.fullmatch(secret) or HIDDEN in secret:
        return match[0]
    return f"{match['head']}{HIDDEN}"


def _hide_odd(match: re.Match[str]) -> str:
    """A word that looks like no word of a language: `Zq7-Xy`, `reef!fish`, `four-words-by-hyphens`."""
    word = match[0].strip("\"'“”‘’«»`()[]<>,.;:?")
    address = "://" in word or re.fullmatch(r"[\w.+-]+@[\w.-]+|(?:[\w-]+\.){1,9}[A-Za-z]{2,}(?:[/:]\S*)?", word)
    letters = re.findall(r"[^\W\d_]+", word)
    if len(word) < 5 or address or HIDDEN in word or not letters:
        return match[0]
    if all(part.lower() in _MEASURES for part in letters):
        return match[0]
    odd = re.search(r"\d|\w[!@#$%^&*_+=~|\\<>?]+\w", word) or word.count("-") > 2
    return match[0].replace(word, HIDDEN) if odd else match[0]
