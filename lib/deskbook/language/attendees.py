"""How many people come, in what people write: `40-50 people`, `~60 participants`, `attendees: TBD`."""

from __future__ import annotations

import re

TBD = "TBD"

_PEOPLE = r"(?:people|persons|participants?|attendees?|students?|learners|users|registrants|scientists|researchers|folks|trainees|heads|pax|ppl)"
_WORDS = {
    "a dozen": 12, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100, "one hundred": 100, "two hundred": 200,
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3})|\d{1,5}"
_AMOUNT = (
    r"(?:(?P<about>about|around|approximately|approx\.?|roughly|circa|ca\.|nearly|almost|~|≈)\s?)?"
    r"(?:(?P<most>up to|at most|max(?:imum)?\.?(?: of)?|no more than|fewer than|under)\s)?"
    r"(?:(?P<least>at least|more than|over|minimum(?: of)?)\s)?"
    rf"(?<![\w/.:-])(?P<one>{_NUMBER}|{'|'.join(_WORDS)})\b(?P<plus>\s?\+)?(?:\s?(?:-|–|—|to|or)\s?(?P<two>{_NUMBER})\b)?"
)
_COUNT = re.compile(rf"{_AMOUNT}\s(?:[A-Za-z-]{{2,20}}\s){{0,2}}?{_PEOPLE}\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    rf"(?<![\w/.:-])({_NUMBER})\s(?:in[- ]person|online|remote(?:ly)?|on[- ]?site|virtual(?:ly)?)\b", re.IGNORECASE
)
_BETWEEN = re.compile(
    rf"\bbetween ({_NUMBER}) and ({_NUMBER})\s(?:[A-Za-z-]{{2,20}}\s){{0,2}}?{_PEOPLE}\b", re.IGNORECASE
)
_VALUE = re.compile(rf"\s{{0,5}}{_AMOUNT}", re.IGNORECASE)
_LABELLED = re.compile(
    rf"\b(?:(?:expected |estimated |total |approximate )?(?:number|count|no\.) of )?{_PEOPLE}(?: \((?:expected|estimated)\))?\s?[:=–-]\s?(?P<value>[^\n]{{1,60}})",
    re.IGNORECASE,
)
_OPEN = r"(?:tbd|tba|tbc|unknown|not (?:yet )?(?:known|sure|decided|clear)|don'?t know|still (?:open|to be \w+)|to be (?:determined|confirmed|announced|counted|decided)|no idea|\?)"
UNKNOWN = re.compile(
    rf"^\W{{0,3}}{_OPEN}|\b(?:number of |how many ){_PEOPLE}\b[^.\n]{{0,40}}\b{_OPEN}|\b{_PEOPLE}\b[^.\n\d]{{0,20}}{_OPEN}"
    rf"|\b(?:don'?t|do not) know\b[^.\n]{{0,30}}\bhow many\b|\bnot sure\b[^.\n]{{0,30}}\bhow many\b",
    re.IGNORECASE,
)


def attendees_in(text: str) -> str:
    """How many people come, in one writing: `50`, `40-50`, `about 60`, `at least 120`, TBD; empty where nothing says."""
    for label in _LABELLED.finditer(text):
        if value := number_of(label["value"]):
            return value
    if between := _BETWEEN.search(text):
        return f"{between[1].replace(',', '')}-{between[2].replace(',', '')}"
    counts = [match for match in _COUNT.finditer(text) if not _aside(text, match)]
    if counts:
        return _amount(counts[0])
    return TBD if UNKNOWN.search(text) else ""


def counts_in(text: str) -> list[str]:
    """Every number of people that a text names, each once: which of them is the event's is not always the first."""
    named = [_amount(match) for match in _COUNT.finditer(text) if not _aside(text, match)]
    return list(dict.fromkeys([*named, *_ELSEWHERE.findall(text)]))


def number_of(text: str) -> str:
    """The same of a value alone, as a form or a parameter has it."""
    match = _VALUE.match(re.sub(r"(\d)\s?/\s?(\d\d)", r"\1-\2", text))
    return _amount(match) if match else TBD if UNKNOWN.match(text) else ""


def _aside(text: str, match: re.Match[str]) -> bool:
    """`2 of 40 people cannot log in` and `40 people last year` count something else."""
    head, tail = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 40]
    return bool(
        re.match(r"\s?(?:of|out of)\b", text[match.end("one") :])
        or (match["one"].isdigit() and int(match["one"]) < 2)
        or re.search(r"\b(?:last|previous|past)\b[^.,;\n]{0,30}$", head, re.IGNORECASE)
        or re.match(r"[^.,;\n]{0,12}\b(?:last (?:year|time|month|week)|ago)\b", tail, re.IGNORECASE)
    )


def _amount(match: re.Match[str]) -> str:
    one = _WORDS.get(match["one"].lower()) or int(match["one"].replace(",", ""))
    if match["two"]:
        return f"{one}-{int(match['two'].replace(',', ''))}"
    lead = (
        "at least "
        if match["least"] or match["plus"]
        else "up to "
        if match["most"]
        else "about "
        if match["about"]
        else ""
    )
    return f"{lead}{one}"
