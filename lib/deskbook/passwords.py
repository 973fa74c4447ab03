"""A password that somebody wrote into a ticket: it is never shown again."""

from __future__ import annotations

import re

HIDDEN = "•••"

_SAYS = r"(?:pass ?words?|pass ?phrases?|passwd|pwd|passcode|passwort|contraseña|mot de passe)"
# The word that follows `password:`, `password is`, `password … to`, `password should be`; and `to X as the password`.
_FOLLOWS = re.compile(
    rf"(?P<head>\b{_SAYS}\b(?:[^\n.;:=]|:(?=//)|\.(?=\S)){{0,80}}?"
    r"(?:(?P<colon>[:=](?!//))|\b(?:is|was|are|to|be|as|into|becomes?)\b(?: now| be| the following)?(?P<then>:)?|\s[-–—]>?(?=\s))\s{0,3}"
    rf"|^\s{{0,3}}{_SAYS}\s?\n\s{{0,3}})"
    r"(?P<secret>[\"'“‘«][^\"'”’»\n]{1,80}[\"'”’»]|(?(colon)[^\n,;]{1,200}|(?(then)[^\n,;]{1,200}|\S{1,200})))",
    re.IGNORECASE | re.MULTILINE,
)
_BEFORE = re.compile(
    rf"(?P<head>\b(?:use|set|make|have|put|want|like)\b (?:it to )?)(?P<secret>[\"'“‘«][^\"'”’»\n]{{1,80}}[\"'”’»]|\S{{1,200}})"
    rf"(?= (?:as|for|to be) (?:the |our |a )?(?:new |shared |hub |workshop ){{0,3}}{_SAYS}\b)",
    re.IGNORECASE,
)
# Words that follow a password's mention and are none: without them nobody could read the rest.
_PLAIN = re.compile(
    r"(?:a|an|the|it|its|our|your|my|this|that|be|by|before|on|for|to|in|not|changed?|reset|set|rotated?|new|something|someone|anything"
    r"|known|wrong|shared|one|everybody|everyone|and|or|access|of|which|what|needed|required|used|still|different|stronger|another|old)[,.;:!?]*",
    re.IGNORECASE,
)


def hushed(text: str) -> str:
    """The text with every password that it names taken out; rather a word too many than a password too few."""
    return _BEFORE.sub(_hide, _FOLLOWS.sub(_hide, text))


def _hide(match: re.Match[str]) -> str:
    if _PLAIN.fullmatch(match["secret"]):
        return match[0]
    return f"{match['head']}{HIDDEN}"
