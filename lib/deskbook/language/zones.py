"""Tell which time zone people mean: `CET`, `US/Pacific`, `UTC+5:30`, `Zurich time`."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

# What people call a zone. A name that several zones share is told.
ZONES = {
    "America/New_York": "et est edt eastern",
    "America/Chicago": "ct cst cdt central",
    "America/Denver": "mt mst mdt mountain",
    "America/Los_Angeles": "pt pst pdt pacific",
    "America/Anchorage": "akst akdt",
    "Pacific/Honolulu": "hst hawaii",
    "America/Sao_Paulo": "brt",
    "America/Bogota": "cot",
    "UTC": "utc gmt",
    "Europe/London": "bst uk",
    "Europe/Lisbon": "wet west",
    "Europe/Berlin": "cet cest mez mesz",
    "Europe/Athens": "eet eest",
    "Africa/Johannesburg": "sast",
    "Africa/Nairobi": "eat",
    "Asia/Kolkata": "ist india",
    "Asia/Karachi": "pkt",
    "Asia/Singapore": "sgt",
    "Asia/Tokyo": "jst japan",
    "Asia/Seoul": "kst",
    "Australia/Sydney": "aest aedt",
    "Pacific/Auckland": "nzst nzdt",
}
SHARED = {"ist": "India, Israel and Ireland", "cst": "America and China"}
CITIES = {
    "new york": "America/New_York", "seattle": "America/Los_Angeles", "kolkata": "Asia/Kolkata", "delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata", "central european": "Europe/Berlin", "eastern european": "Europe/Athens",
    "western european": "Europe/Lisbon", "east africa": "Africa/Nairobi", "west africa": "Africa/Lagos",
    "south africa": "Africa/Johannesburg", "british summer": "Europe/London", "indian standard": "Asia/Kolkata",
    "peninsular": "Europe/Madrid",
}  # fmt: skip
# Lands and cities that other languages call otherwise, and those who live there: "hora de Chile", "Wiener Zeit", "Irish time".
PLACES = {
    "Europe/Vienna": "wien wiener osterreichische osterreichischer autriche austria austrian",
    "Europe/Berlin": "munich cologne frankfurt leipzig berliner deutsche deutscher munchen munchner hamburg hamburger allemagne allemande alemania german germany",
    "Europe/Zurich": "geneva lausanne zurcher basel basler bern berner schweizer suisse geneve genf suiza swiss switzerland",
    "Europe/Paris": "francaise france francia lyon marseille toulouse grenoble french",
    "Europe/Brussels": "belge belgique bruxelles belgica belgian",
    "Europe/Madrid": "espana espanola barcelona sevilla peninsular",
    "Europe/Rome": "milan milano italie italienne italia italian", "Europe/London": "edinburgh glasgow oxford londres londoner britische britannique british", "Europe/Lisbon": "lisboa lisbonne lissabon",
    "Europe/Dublin": "irish", "Europe/Amsterdam": "dutch netherlands", "Europe/Copenhagen": "danish", "Europe/Oslo": "norwegian", "Europe/Stockholm": "swedish",
    "Europe/Helsinki": "finnish", "Europe/Athens": "greek", "Asia/Jerusalem": "israeli", "Asia/Seoul": "korean", "Asia/Tokyo": "osaka kyoto japanese", "Asia/Shanghai": "china chinese beijing",
    "Africa/Nairobi": "kenyan", "Africa/Lagos": "nigerian", "Africa/Dakar": "senegal", "Africa/Tunis": "tunisie tunisienne", "Africa/Casablanca": "maroc marocaine", "Africa/Algiers": "alger algerie",
    "America/Toronto": "quebec ottawa", "America/Santiago": "chile chilena", "America/Bogota": "colombia colombiana", "America/Lima": "peru peruana", "America/Guayaquil": "quito",
    "America/New_York": "boston washington philadelphia atlanta miami pittsburgh baltimore", "America/Chicago": "houston dallas austin minneapolis milwaukee",
    "America/Los_Angeles": "san_francisco san_diego berkeley oakland", "Asia/Kolkata": "bangalore bengaluru chennai hyderabad pune", "Africa/Johannesburg": "cape_town durban",
    "America/Caracas": "venezuela venezolana", "America/Montevideo": "uruguay uruguaya", "America/Asuncion": "paraguay", "America/La_Paz": "bolivia boliviana",
    "America/Buenos_Aires": "argentina", "America/Costa_Rica": "costa_rica", "America/Mexico_City": "cdmx ciudad_de_mexico centro_de_mexico",
}  # fmt: skip
# A city or a land by which people call a zone has one below one of these: "Zurich time" is Europe/Zurich.
REGIONS = ("Europe", "America", "Africa", "Asia", "Australia", "Pacific", "Atlantic", "Indian", "US")
NO_PLACES = ("Easter", "Midway", "Wake", "Central")  # of which there is a zone, and which are other words too
_BY_PLACE = {word.replace("_", " "): zone for zone, words in PLACES.items() for word in words.split()}
_BY_WORD = {word: zone for zone, words in ZONES.items() for word in words.split()}

CAPITALS = "|".join(sorted((word.upper() for word in _BY_WORD if word.upper() not in ("UK",)), key=len, reverse=True))
_PLACE = r"[A-ZÁÉÎÖÜ][\w-]{2,20}(?: [A-Z][\w-]{2,20})?"
_ACCENTS = {"a": "[aáàâä]", "e": "[eéèêë]", "i": "[iíî]", "o": "[oóôö]", "u": "[uúùûü]", "c": "[cç]", "n": "[nñ]"}
_AS_WRITTEN = [
    "".join(_ACCENTS.get(letter, letter) for letter in word) for word in sorted(_BY_PLACE, key=len, reverse=True)
]
# How a zone is written: name, example, pattern.
WAYS = (
    ("offset", "UTC+5:30", r"\b(?:UTC|GMT)\s?[+\-−–]\s?\d{1,2}(?::?\d\d)?\b"),
    ("name", "Europe/Berlin", r"\b(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|US|Etc)/[A-Za-z_]{2,30}(?:/[A-Za-z_]{2,30})?"),
    ("short", "CET", rf"\b(?:{CAPITALS})\b"),
    ("long", "Eastern time", r"\b(?i:eastern|central|mountain|pacific|hawaii|india|japan|uk)(?i:[ -](?:standard |daylight )?time)\b"
     r"|\b(?:Eastern|Pacific|Mountain)\b(?! (?:Europ|Afric|Indones|Austral|Canad|View))|(?<=[ap]m )Central\b(?! (?:Europ|Afric|Indones|Austral|Asia|America))|(?<=\d )Central\b(?=\s*(?:$|[.,;:)]|each|daily|on|for|every))"),
    ("called", "the time zone is pacific", rf"\b(?i:time ?zone(?: is|:| =)? (?:the |US[ /])?)(?P<spoken>(?i:eastern|central|mountain|pacific|{CAPITALS}))\b(?!/)"),
    ("city", "Central European Time", rf"\b(?i:{'|'.join(CITIES)})(?i: (?:local |summer |standard )?time)\b"),
    ("answered", "Time zone: Singapore", rf"(?<=Time zone: ){_PLACE}(?=\s*(?:$|\n|[.,;]))"),
    ("place", "Zurich time", rf"\b{_PLACE}(?=(?i: (?:local |summer |standard )?time)\b)"),
    ("abroad", "heure de Paris", r"(?<=(?i:\bheure) de )_PLACE_|(?<=(?i:\bhora) de )(?:Ciudad de México|_PLACE_)|(?<=(?i:\bhora) del )centro de México|(?<=(?i:\btime) in )_PLACE_|(?<=\bZeit in )_PLACE_|(?<=\bUhrzeit in )_PLACE_|(?<=\bOrtszeit )(?:in )?_PLACE_".replace("_PLACE_", _PLACE)),
    ("land", "hora peninsular", rf"\b(?i:heure (?:de la |du |de l['’]|d['’])?|hora (?:de la )?)(?P<where>(?i:{'|'.join(_AS_WRITTEN)}))\b|\b(?P<there>(?i:{'|'.join(_AS_WRITTEN)}))(?= Zeit\b)"),
    ("local", "our time", r"\b(?i:(?:our )?local time|our time)\b"),
)  # fmt: skip
ZONE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, _, pattern in WAYS), re.MULTILINE)


def zone_named(text: str) -> str:
    """The zone that a short text names; empty where it names none."""
    words = text.strip()
    match = ZONE.search(words) or ZONE.search(words.upper()) or ZONE.search(f"{words} time")
    name = name_of(match) if match else ""
    return name or (words if _exists(words) else "")


def zone_of(name: str) -> tzinfo:
    """A zone by its name, or by its distance from UTC: `UTC+05:30`."""
    offset = re.fullmatch(r"UTC([+-])(\d\d):(\d\d)", name)
    if offset:
        minutes = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(minutes if offset[1] == "+" else -minutes)
    return ZoneInfo(name)


def _exists(name: str) -> bool:
    try:
        return bool(re.fullmatch(r"[A-Za-z_]{2,30}(?:/[A-Za-z_]{2,30}){1,2}", name)) and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def name_of(match: re.Match[str]) -> str:
    """The zone that a match of `ZONE` names; empty where it names none."""
    words = match[0].lower()
    if match["offset"]:
        sign = "-" if re.search(r"[-−–]", words) else "+"
        hours, minutes = re.search(r"(\d{1,2}):?(\d\d)?$", words).groups()  # type: ignore[union-attr]
        return f"UTC{sign}{int(hours):02d}:{minutes or '00'}" if int(hours) <= 14 else ""
    if match["name"]:
        return match[0] if _exists(match[0]) else ""
    if match["city"]:
        return next(zone for city, zone in CITIES.items() if words.startswith(city))
    if place := match["place"] or match["answered"] or match["abroad"] or match["where"] or match["there"]:
        return _BY_WORD.get(words.split()[-1], "") or _of_place(place.removeprefix("in "))
    if match["spoken"]:
        return _BY_WORD[match["spoken"].lower()]
    return "" if match["local"] else _BY_WORD[re.split(r"[ -]", words)[0]]


@cache
def _of_place(words: str) -> str:
    """The zone of a city or a land; empty where there is none of that name, as in `Start time`."""
    names = [name for name in (_bare(words), _bare(words.split()[-1])) if name not in NO_PLACES]
    known = next((_BY_PLACE[name.lower()] for name in names if name.lower() in _BY_PLACE), "")
    named = (f"{region}/{name.title().replace(' ', '_')}" for name in names for region in REGIONS)
    return known or next((zone for zone in named if _exists(zone)), "")


def _bare(words: str) -> str:
    """Without accents: Bogotá, Montréal."""
    return "".join(letter for letter in unicodedata.normalize("NFD", words) if not unicodedata.combining(letter))
