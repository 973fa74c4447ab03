"""Write the numbers of a text in digits: `twenty-five` as 25, `achtunddreißig` as 38, `une vingtaine de` as about 20."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

# The words for 1, 2, 3 …, and those for 10, 20, 30 …, of each language; how two of them are joined is below.
UNITS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "de": "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "es": "un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
}
TENS = {
    "en": "ten twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "dix vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix",
    "es": "diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}
# Of a hundred and more: one, then several, and what may stand before the rest. "cent", "cien" and "hundert" stand alone too.
HUNDREDS = {
    "en": ("a hundred", "one hundred", "{} hundred", ("", "and ")),
    "de": ("hundert", "einhundert", "{}hundert", ("", "und")),
    "fr": ("cent", "cent", "{} cent", ("",)),
    "es": ("cien", "ciento", "{}cientos", ("",)),
}
# A number that is about so: word, and how many it is.
ABOUT = {
    "une": "dizaine 10 douzaine 12 quinzaine 15 vingtaine 20 trentaine 30 quarantaine 40 cinquantaine 50 soixantaine 60 centaine 100",
    "una": "decena 10 docena 12 quincena 15 veintena 20 treintena 30 cuarentena 40 cincuentena 50 centena 100",
}
# A dozen, before which another number may stand.
DOZENS = {"dozen": "en", "dutzend": "de", "douzaines": "fr", "docenas": "es"}
FEWEST = 10  # smaller ones, and the Spanish "once", are numbers only right before people
A_REMARK = 5  # fewer people are one: "two students use screen readers"
_PEOPLE = r"(?=(?: of us\b| (?:people|participants|students|persons|attendees|learners|colleagues|personen|leuten?|teilnehm\w+|studierenden?|studenten|kolleg\w+|personnes|étudiante?s|élèves|stagiaires|collègues|personas|participantes|estudiantes|alumnos|asistentes|colegas)\b))"
_ISH = re.compile(r"(?<![\w.:/-])(\d{1,4})[ -]?(?:ish|odd)\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<![\w.:/-])(\d)[.\u00a0\u202f](\d{3})(?= [a-zäöüé])", re.IGNORECASE)
_NO_NUMBER = re.compile(r"\b(?:per|pour|por) $", re.IGNORECASE)  # per cent, at once
_WORD = re.compile(r"[^\W\d_]+")
MOST_WORDS = 6  # "quatre cent quatre-vingt-dix-sept"


def in_digits(text: str) -> str:
    """The text with its number words in digits; from ten on, and smaller ones before people."""
    text = _THOUSANDS.sub(r"\1\2", _ISH.sub(r"about \1", _about(text)))
    found, at = "", 0
    words = list(_WORD.finditer(text))
    for index, word in enumerate(words):
        if word.start() < at or word[0].lower() not in _first_words():
            continue
        for last in reversed(words[index : index + MOST_WORDS]):
            number = _numbers().get(re.sub(r"[\s-]+", " ", text[word.start() : last.end()]).lower())
            if number is None:
                continue
            if _counts(text, word.start(), last.end(), number):
                found += text[at : word.start()] + str(number)
                at = last.end()
            break
    return found + text[at:]


def _counts(text: str, start: int, end: int, number: int) -> bool:
    """Whether this is a number: alone, or right before people where the word is often none."""
    said = text[start:end].lower()
    if said.endswith(tuple(DOZENS)):
        return True
    if number < FEWEST or said in ("once", "seize"):
        return bool(re.compile(_PEOPLE, re.IGNORECASE).match(text, end)) and number >= A_REMARK
    return not _NO_NUMBER.search(text[max(0, start - 6) : start]) and not re.match(r"[-']?\w", text[end:])


def _about(text: str) -> str:
    for article, words in ABOUT.items():
        pairs = words.split()
        for word, number in zip(pairs[::2], pairs[1::2], strict=True):
            text = re.sub(
                rf"\b{article} (?:bonne |petite )?{word}(?: (?:de(?= )|d(?=['’])))?",
                f"about {number}",
                text,
                flags=re.IGNORECASE,
            )
    return re.sub(r"(?<=about \d\d)['’]|(?<=about \d\d\d)['’]", " ", text)


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in _numbers())


@cache
def _numbers() -> dict[str, int]:
    """Every phrase for a number below a thousand, and for dozens; hyphens are blanks."""
    found: dict[str, int] = {}
    for language, join in JOINS.items():
        units, tens = UNITS[language].split(), TENS[language].split()
        below = {word: number for number, word in enumerate(units, 1)}
        for ten, name in enumerate(tens[1:], 2):
            below[name] = 10 * ten
            below |= {join(name, units[unit - 1], ten, unit): 10 * ten + unit for unit in range(1, 10)}
        if language == "fr":  # soixante et onze, quatre-vingt-douze
            below |= {
                f"{tens[ten - 2]}{' et ' if (ten, unit) == (7, 1) else ' '}{units[9 + unit]}": 10 * ten + unit
                for ten in (7, 9)
                for unit in range(1, 10)
            }
            below["quatre-vingts"] = 80
        alone, one, several, links = HUNDREDS[language]
        hundreds = {alone: 100, one: 100} | {several.format(units[n - 1]): 100 * n for n in range(2, 10)}
        hundreds |= {f"{units[n - 1]} cents": 100 * n for n in range(2, 10)} if language == "fr" else {}
        glue = "" if language == "de" else " "
        above = {
            f"{head}{glue}{link}{rest}": number + more
            for head, number in hundreds.items()
            for rest, more in below.items()
            for link in links
        }
        dozen = next(word for word, spoken in DOZENS.items() if spoken == language)
        dozens = {f"{units[n - 1]} {dozen}": 12 * n for n in range(1, 10)}
        found |= {phrase.replace("-", " "): number for phrase, number in (above | below | hundreds | dozens).items()}
    found |= {
        "a dozen": 12,
        "half a dozen": 6,
        "veintiún": 21,
        "quinientos": 500,
        "setecientos": 700,
        "novecientos": 900,
    }
    return found


def _spaced(ten: str, unit: str, tens: int, units: int) -> str:
    return f"{ten} {unit}"


def _german(ten: str, unit: str, tens: int, units: int) -> str:
    return f"{unit}und{ten}"


def _french(ten: str, unit: str, tens: int, units: int) -> str:
    return f"{ten} et {unit}" if units == 1 and tens < 7 else f"{ten} {unit}"


def _spanish(ten: str, unit: str, tens: int, units: int) -> str:
    accents = {"dos": "dós", "tres": "trés", "seis": "séis"}
    unit = "uno" if units == 1 else unit
    return f"veinti{accents.get(unit, unit)}" if tens == 2 else f"{ten} y {unit}"


JOINS: dict[str, Callable[[str, str, int, int], str]] = {"en": _spaced, "de": _german, "fr": _french, "es": _spanish}
