"""Leave out the numbers of a text that are no people of the event: what a room holds, who came last year, who teaches."""

from __future__ import annotations

import re

_N = r"(?<![\w/.:-])\d{1,5}(?:\s?[-–]\s?\d{1,5})?(?![\w/:]|[.,]\d)"
_ROOM = r"(?:rooms?|hall|auditorium|venue|theatre|building|hörsaal|saal|raum|salle|amphi|sala|aula)"
_HOLDS = r"(?:has|have|had|holds?|seats?|fits?|takes?|is for|space for|capacity|hat|fasst|bietet|compte|contient|tiene|caben)"
_SEATS = r"(?: (?:seats?|chairs?|places?|desks?|plätze|plazas|people|persons?|personen))?"
_STAFF = (
    r"(?:TAs?|teaching assistants?|(?:co-?)?instructors?|helpers?|mentors?|tutors?|assistants?|speakers?|lecturers?|trainers?|organi[sz]ers?|facilitators?|demonstrators?"
    r"|dozent\w*|tutor\w*|betreuer\w*|referent\w*|helfer\w*|intervenante?s?|encadrante?s?|formateurs?|formatrices?|instructor[ae]s|monitor[ae]s|ayudantes|ponentes|docentes)"
)
_BEFORE = (
    r"(?:last (?:year|time|month|edition|spring|summer|autumn|fall|winter|course|workshop)(?:['’]s)?|in previous years|im (?:vorjahr|letzten jahr)|letztes jahr|voriges jahr"
    r"|l['’]an(?:née)? derni(?:er|ère)|el año pasado|la última vez)"
)
_WAS = r"(?:had|['’]d|were|was|came|hosted|attended|taught|hatten|waren|kamen|étions|étaient|avions|fueron|éramos|tuvimos|vinieron)"
# Name, example, and the pattern of what is left out.
ASIDES = (
    ("a room", "the room has 220 chairs", rf"\b{_ROOM}\b[^.;,\n\d]{{0,25}}\b{_HOLDS}\b[^.;,\n\d]{{0,15}}{_N}{_SEATS}"),
    ("a capacity", "Room capacity is 60", rf"\bcap(?:acity|\.)?(?: is| of|:)? {_N}"),
    ("a room and its seats", "Auditorium, seats 100", rf"\b{_ROOM},? (?:seats|holds|for|with) {_N}{_SEATS}"),
    ("another year", "last year's tutorial had 90 people", rf"\b{_BEFORE}[^.;,\n\d]{{0,25}}{_WAS}[^.;,\n\d]{{0,35}}{_N}(?: (?:people|participants|students|kids))?"),
    ("earlier years", "We met in 2025 and 2026, with 20 and 28 people", rf"\b(?:did|hosted|ran|was|were|had|came|taught|organi[sz]ed|met)\b[^.;\n\d]{{0,40}}\bin (?:\w+ )?20\d\d(?: and (?:in )?(?:\w+ )?20\d\d)?,?[^.;\n\d]{{0,20}}{_N}(?: and {_N})?(?: (?:people|participants|students))?"),
    ("another year behind", "after 45 people last year", rf"{_N}(?: [a-zäöüéáíóú]{{3,20}})? {_BEFORE}"),
    ("included", "42 people, the 4 TAs included", rf"{_N} (?:\w{{2,20}} ){{0,2}}(?:included|inclusive|inbegriffen|comprise?s?|incluid[oa]s)\b"),
    ("including", "42 people including 4 TAs", rf"\b(?:including|incl\.|inclusive of|darunter|incluyendo|incluid[oa]s|y compris) (?:the |our |about |les |los )?{_N}(?: {_STAFF})?"),
    ("who teaches", "20 students and 3 teachers", r"(?:\band|\bplus|\bund|\bet|\by|,|\bwith|\bmit|\bavec|\bcon) [1-5] (?:[a-z]{3,12} )?(?:teachers?|lecturers?|professors?|staff|observers?|enseignante?s?|professeurs?|profs|profesor[ae]s|maestr[oa]s|lehrer\w*|lehrkräfte|lehrende|betreuende|adults)\b"),
    ("staff", "3 instructors and 5 helpers", rf"(?:\+ ?)?{_N} (?:[a-zäöü-]{{3,20}} )?{_STAFF}\b"),
    ("with staff", "accompanied by 6 teachers", rf"\b(?:accompanied|taught|led|supported|supervised|betreut|begleitet|encadrés|accompagnés|acompañad[oa]s|guiad[oa]s) (?:by|von|par|por) {_N} \w+"),
    ("where they come from", "64 participants from 5 colleges", rf"\b(?:from|aus|de|across) {_N} (?:[a-z]{{3,20}} )?(?:colleges|countries|universities|institut\w*|schools|organi[sz]ations|labs|groups|cities|ländern|universitäten|pays|universités|países|universidades)\b"),
    ("who applied", "72 were admitted out of 310 applications", rf"\bout of {_N}(?: \w+)? (?:appli\w+|submissions|requests)|{_N} applications"),
    ("other days", "normally it's 20-30 a day", rf"\b(?:normally|usually|normalerweise|d['’]habitude|normalmente) (?:it is |it['’]s |there are |we are |we have )?{_N}(?: (?:people|users|students))? (?:a|per|each|every) (?:day|week)"),
    ("a telephone", "ext. 4471", r"\b(?:ext|extension|tel|phone|durchwahl|poste|room|raum)\b\.?:? ?\d[\d. /-]{1,15}"),
    ("a clock", "at 6 sharp", r"\b\d{1,2} sharp\b"),
    ("a waiting list", "3 more are on the waiting list", rf"(?:and |plus |und |et |y |, )?{_N} (?:[a-zäöüéèáíóú]{{2,12}} ){{0,3}}(?:on|en|auf|sur) (?:the |a |la |der |einer |una |une |liste d['’]attente)?(?:waiting list|wait-?list|lista de espera|warteliste|liste d['’]attente)\b"),
    ("an age", "14-17 years old", rf"{_N} ?(?:years? old|-year-olds?|jahre alt|ans|años)\b"),
)  # fmt: skip
_ASIDES = tuple(re.compile(pattern, re.IGNORECASE) for *_, pattern in ASIDES)
_TWICE = re.compile(r"(?<![\w/.:-])(\d{1,5}) \((\d{1,5})\)")


def without_asides(text: str) -> str:
    """The text with a comma for each of them, and a number that is said twice, in words and in digits, once."""
    text = _TWICE.sub(lambda match: match[1] if match[1] == match[2] else match[0], text)
    for pattern in _ASIDES:
        text = pattern.sub(" , ", text)
    return text


def sums_up(total: str, parts: list[str]) -> bool:
    """Whether these numbers are the parts of a number of people: 50, and 30 of them here, 20 elsewhere."""
    numbers = [int(part) for part in parts if part.isdigit()]
    return len(parts) > 1 and len(numbers) == len(parts) and total.isdigit() and sum(numbers) == int(total)
