"""Read a change of days as what it is now: "planned for 18 January, but moved to the 25th" is on the 25th."""

from __future__ import annotations

import re

from deskbook.language.date_tokens import mentions_in
from deskbook.language.rows import any_of

_NOT = r"(?:is|was|were|has been|had to be|had been|cannot|can['’]t|will not|wird|wurde|wurden|fällt|fallen|est|a été|se|ha sido)"
_OFF = r"(?:cancel\w*|moved|postponed|rescheduled|shifted|take place|aus|abgesagt|verschoben|verlegt|reporté\w*|annulé\w*|décalé\w*|aplaza\w*|cancela\w*|traslada\w*)"
_NOW = r"(?:now|instead|new dates?|moved|postponed|rescheduled|extended|nun|jetzt|stattdessen|neuer termin|neue termine|désormais|maintenant|nouvelles? dates?|ahora|nuevas? fechas?|reporté\w*|verschoben)"
_TO = r"(?:to|repeat it(?: on)?|on|auf(?: den)?|holen \w+ am|nach|au|du|al|del|lo haremos(?: el| del)?|se hará(?: el| del)?|es|:)"
_PLANNED = r"(?:planned|announced|scheduled|supposed to be|meant to be|geplant|angekündigt|angesetzt|prévue?s?|annoncée?s?|previst[oa]s?|programad[oa]s?)"
_BEFORE = r"(?: for| on| to be on| to be| am| vom| für| le| du| para| el| del)?(?: the| den)? "
_THE = r"(?:the |den |le |el )?(?:\w{5,10},? )?"
# An old day, and the new one that holds: name, example, pattern. § stands for a day; two of them in a row each.
ROWS = (
    ("instead of it", "instead of § it's §", rf"(?:change of plans?:? )?(?:instead of|rather than|statt(?: wie \w+)?(?: am| vom)?|anstatt(?: am| vom)?|au lieu (?:de|du)|en (?:lugar|vez) del?) {_THE}§,?(?: it(?:['’]s| is| will be)(?: now)?| we meet(?: on)?| nun| jetzt| now)?(?: on| am| vom| le| du| el| del)? {_THE}§"),
    ("not but", "not on § but on §", rf"\b(?:not(?: on)?|nicht(?: am| vom)?) {_THE}§,? (?:but|sondern)(?: on| am| vom)? {_THE}§"),
    ("planned before", "was planned for § but is now §", rf"(?:(?:was|were|had been|had|we|war|waren|haben|était|étaient|estaba) )?(?:originally |initially |ursprünglich |initialement |inicialmente )?{_PLANNED}{_BEFORE}§[^§.\n]{{0,80}}?\b{_NOW}\b[^§.\n]{{0,30}}?§(?: instead\b| now\b)?"),
    ("extended", "planned for § has been extended, so it's § now", rf"{_PLANNED}{_BEFORE}§ (?:has been|was|is) extended[^§.\n]{{0,30}}§(?: now\b)?"),
    ("off, and on again", "§ was cancelled; we repeat it §", rf"§ {_NOT}\b[^§\n]{{0,50}}?\b{_OFF}\b[^§\n]{{0,30}}?{_TO} {_THE}§(?: nach\b)?"),
    ("moved, German", "§ wurde auf § verschoben", r"§ (?:wird|wurde|wurden|ist|sind) auf (?:den |die )?§ (?:verschoben|verlegt)"),
    ("cannot be, German", "kann nicht am § stattfinden. Neuer Termin: §", r"(?:kann|können) (?:leider )?nicht\b[^§\n]{0,30}§ stattfinden\.?[^§\n]{0,12}\bneuer termin(?: ist)?(?: am| vom)?:? (?:der )?§"),
)  # fmt: skip
_ROWS = any_of(ROWS)
_SAID_SO = re.compile(
    r"^\W*(?:(?:fwd?|re|aw): )?[^\n]{0,40}\b(?:verschoben|verschiebung|verlegt|verlegung|moved|postponed|rescheduled|new dates?|neuer termin|aplazad[oa]|reporté\w*|changement de dates?|change of plans?|instead|extended|verlängert|prolongé\w*)\b[^\n§]*",
    re.IGNORECASE,
)


def as_it_is_now(text: str) -> str:
    """The text with only the new days of a change in it, and without a first line that says no more than that they changed."""
    days = sorted({(day.start, day.end) for day in mentions_in(text)})
    days = [(start, end) for start, end in days if not any(s <= start < e for s, e in days if (s, e) != (start, end))]
    bare, at, said = "", 0, list[str]()
    for start, end in days:
        bare += f"{text[at:start]}§"
        said.append(text[start:end])
        at = end
    bare += text[at:]
    match = _ROWS.search(bare)
    if not match or "§" in text:
        return text
    first = bare[: match.start()].count("§")
    said.pop(first)
    bare = f"{bare[: match.start()]}§{bare[match.end() :]}"
    bare = _SAID_SO.sub("", bare) if "\n" in bare else bare
    parts = bare.split("§")
    if len(parts) != len(said) + 1:
        return text
    return "".join(f"{part}{day}" for part, day in zip(parts, [*said, ""], strict=True))
