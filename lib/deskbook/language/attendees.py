"""Parse the number of attendees: `40-50 people`, `~60 participants`, `attendees: TBD`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deskbook.language.beside_people import without_asides

TBD = "TBD"

# Whoever does something is called after it (forecasters, Prüflinge, auditeurs); so are some things, by the same endings.
_THINGS = (
    r"(?:numbers|servers?|containers|computers|papers|posters|chapters|folders|headers|drivers|layers|clusters|parameters|dollars|others|meters|metres|kilometers|centers|centres|quarters|semesters|trimesters|registers|routers"
    r"|printers|stickers|letters|characters|flyers|corners|towers|rasters|filters|timers|reminders|newsletters|answers|offers|orders|powers|chargers|monitors|processors|sensors|vectors|tensors|doors|floors|colou?rs|errors"
    r"|factors|corridors|sectors|projectors|accelerators|generators|calculators|operators|tutors|instructors|mentors|helpers|trainers|speakers|lecturers|organi[sz]ers|facilitators|demonstrators|plants|grants|variants|constants"
    r"|restaurants|tenants|fees|trees|degrees|coffees|committees|lists|lengths|wochenende|stunden|sekunden|laufende|ordinateurs|serveurs|valeurs|erreurs|moteurs|secteurs|formateurs|servidores|ordenadores|valores|errores|sectores"
    r"|instructores|monitores|tutores|profesores|intervenants|encadrants|suivants|ayudantes|estantes|moyens|liens|partners|sponsors|users?|numbers?|members?|workers|schedulers|executors|browsers|transformers|subscribers|followers|readers|viewers|authors|owners|trailers|laptop\w*|counters|volumes|terms|exams)"
)
_DOERS = rf"(?!{_THINGS}\b)[a-zäöüéè]{{3,20}}(?:ers|ors|ants|ists|ees|ians|ende|enden|innen|linge|lingen|eurs|euses|iens|istes|antes|ores|istas)"

_PEOPLE = (
    r"(?:people|(?<!in )persons?|participants?|attendees?|students?|learners|users|registrants|scientists|researchers|folks|trainees|heads|pax|ppl|guests|seats|fellows|undergraduates|undergrads"
    r"|graduates|postdocs|coders|staff|staffers|pupils|kids|children|women|teens|adults|teachers|members|enrol+ments?|spots|scholars|interns|delegates|colleagues|lecturers|beginners|developers|analysts|engineers|mappers|foresters|ecologists|newcomers|visitors|volunteers|of us|have (?:signed up|registered|enrolled|paid)|(?:are )?(?:registered|enrolled|signed up)"
    rf"|{_DOERS}"
    r"|personen|leuten?|teilnehm\w+|\w*studierenden?|\w*studenten|personnes|participante?s|étudiante?s|personas|asistentes|alumnos|alumnas|inscrit[oa]s|inscrits|estudiantes|kolleg\w+|lehrkräften?|mitarbeiter\w*|schüler\w*|collègues|élèves|colegas|apprenants|stagiaires)"
)
_WORDS = {
    "a dozen": 12, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100, "one hundred": 100, "two hundred": 200,
}  # fmt: skip
_NUMBER = r"(?:\d{1,3}(?:,\d{3})|\d{1,5})"
_AMOUNT = (
    r"(?:(?P<about>about|around|approximately|approx\.?|roughly|circa|ca\.|nearly|almost|etwa|ungefähr|rund|environ|unos|unas|alrededor de|aproximadamente|~|≈)\s?)?"
    r"(?:(?P<most>up to|at most|max(?:imum)?\.?(?: of)?|no more than|fewer than|less than|under|bis zu|höchstens|maximal|weniger als|au plus|jusqu['’]à|moins de|hasta|como máximo|menos de)\s)?"
    r"(?:(?P<least>at least|more than|over|upwards of|no fewer than|not less than|minimum(?: of)?|mindestens|mehr als|über|au moins|plus de|al menos|por lo menos|más de|como mínimo)\s)?"
    rf"(?<![\w/.:-])(?P<one>{_NUMBER}|{'|'.join(_WORDS)})\b(?P<plus>\+)?(?:\s?(?:-|–|—|to|or|bis|à)\s?(?P<two>{_NUMBER})\b)?"
)
# What may stand between a number and its people: `40 very eager students`, and not `200 MB per student`.
_KIND = r"(?:(?!(?:per|for|with|by|to|in|at|on|and|or|from|pro|par|por|für|pour|para|und|et|y|mb|gb|tb|go|mo|cores?|cpus?|hours?|minutes?|days?|weeks?|times|more|number)\b)[A-Za-zÀ-ÿ-]{2,20}[ \t])"
_COUNT = re.compile(rf"{_AMOUNT}(?<!\b20\d\d)[ \t]{_KIND}{{0,2}}?{_PEOPLE}\b", re.IGNORECASE)
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


_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_TEENS = {"eleven": 11, "thirteen": 13, "fourteen": 14, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}
_ABROAD = {
    word: number
    for number, words in {
        11: "elf onze", 12: "zwölf douze doce", 13: "dreizehn treize trece", 14: "vierzehn quatorze catorce", 15: "fünfzehn quinze quince", 16: "sechzehn seize dieciséis",
        17: "siebzehn dix-sept diecisiete", 18: "achtzehn dix-huit dieciocho", 19: "neunzehn dix-neuf diecinueve", 20: "zwanzig vingt veinte", 25: "fünfundzwanzig vingt-cinq veinticinco",
        30: "dreißig trente treinta", 40: "vierzig quarante cuarenta", 50: "fünfzig cinquante cincuenta", 60: "sechzig soixante sesenta",
        100: "hundert cent cien",
    }.items()
    for word in words.split()
}  # fmt: skip
_ABOUT = {
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "centaine": 100,
}
_FEW = re.compile(
    rf"(?<![\w-])(?<!ty )(?<!hundred )(?<!and )({'|'.join(_UNITS[4:])})(?= of us\b| (?:people|participants|students|persons|attendees|learners|colleagues)\b)",
    re.IGNORECASE,
)
_SMALL = {word: number for number, word in enumerate(_UNITS, 1)} | {"ten": 10, "twelve": 12, "fifteen": 15} | _TEENS
_ALONE = {
    word: number for word, number in (_SMALL | _ABROAD).items() if number > 9
}  # one, two and three are seldom people


def _either_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_IN_WORDS = re.compile(
    rf"\b(?:(?P<hundreds>a|{_either_of(_UNITS)}) hundred(?:(?: and)? (?:(?P<tens>{_either_of(_TENS)})(?:[- ](?P<unit>{_either_of(_UNITS)}))?|(?P<small>{_either_of(_SMALL)})))?"
    rf"|(?P<ten>{_either_of(_TENS)})(?:[- ](?P<one>{_either_of(_UNITS)}))?|(?P<dozens>two|three|four|five|six) dozen|(?P<half>half a dozen)|une (?P<about>{_either_of(_ABOUT)}) de|(?P<alone>{_either_of(_ALONE)}))\b",
    re.IGNORECASE,
)


def in_digits(text: str) -> str:
    """`twenty-five` as 25, `a hundred and five` as 105, `three dozen` as 36, `une vingtaine de` as about 20."""

    def number(match: re.Match[str]) -> str:
        said = {name: word.lower() for name, word in match.groupdict().items() if word}
        if "about" in said:
            return f"about {_ABOUT[said['about']]}"
        if "half" in said:
            return "6"
        if "dozens" in said:
            return str(12 * _SMALL[said["dozens"]])
        hundreds = 100 * _SMALL.get(said["hundreds"], 1) if "hundreds" in said else 0
        tens = _TENS.get(said.get("tens") or said.get("ten", ""), 0)
        return str(
            hundreds
            + tens
            + (_SMALL | _ALONE).get(next((said[n] for n in ("unit", "one", "small", "alone") if n in said), ""), 0)
        )

    text = _FEW.sub(lambda match: str(_SMALL[match[0].lower()]), text)
    return _IN_WORDS.sub(number, text)


def attendees_in(text: str) -> str:
    """How many people come, in one writing: `50`, `40-50`, `about 60`, `at least 120`, TBD; empty where nothing says."""
    text = without_asides(in_digits(text))
    for label in _LABELLED.finditer(text):
        if value := number_of(label["value"]):
            return value
    if between := _BETWEEN.search(text):
        return f"{between[1].replace(',', '')}-{between[2].replace(',', '')}"
    counts = [match for match in _COUNT.finditer(text) if not _aside(text, match)]
    if counts:
        return _amount(counts[0])
    sized = _SIZE.search(text)
    return next(filter(None, sized.groups())) if sized else TBD if UNKNOWN.search(text) else ""


_GROUPS = re.compile(
    rf"\b(?:{_NUMBER}|two|three|four|five|six|several|both|zwei|drei|vier|fünf|sechs|mehrere|beide|deux|trois|quatre|cinq|plusieurs|dos|tres|cuatro|cinco|varios) (?:[a-z-]{{2,20}} )?(?:groups?|teams?|class(?:es)?|sections?|sessions?|cohorts?|rooms?|tables?|batch(?:es)?|shifts?|courses?|sites?|universities|schools|gruppen|groupes|grupos)"
    rf" (?:of|with|à|von|mit|zu|de|x|×)[^.\n]{{0,20}}?{_NUMBER}|\b(?:{_NUMBER}|{'|'.join(_WORDS)})(?:\s(?:[a-z-]{{2,20}}\s)?{_PEOPLE})?,?\s(?:per|in each|each|in every|every|pro|je|par|por|cada)"
    r" (?:group|team|class|section|session|cohort|room|batch|shift|course|site|lab|school|table|institution|department|gruppe|groupe|grupo)"
    rf"|{_NUMBER}\s?[x×*]\s?{_NUMBER}(?= {_PEOPLE})",
    re.IGNORECASE,
)
_SIZE = re.compile(
    rf"\b(?:enrol+ment|(?:class|group|course) size|size|head ?count)(?: is| of| will be)?\s?:?\s({_NUMBER})\b(?! ?[gm]i?b)|\b(?:we (?:are|will be|expect)|nous (?:sommes|serons)|somos|seremos|wir sind|es kommen)(?: about)? ({_NUMBER})(?=[.,;!)\n]|$)|\b(?:an?|one|my|our|the|this)(?: \w{{3,12}})? (?:class|group|party|cohort|lecture|course|seminar|crowd|team) of ({_NUMBER})\b(?! ?[gm]i?b)|\bn ?= ?({_NUMBER})\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    rf"\b(?:or|maybe|perhaps|possibly|could be|rather|sorry|actually|correction|no|plus|vielleicht|oder|ou|quizás|peut-être)\b[^.\n\d]{{0,20}}(?<![\w/.:-])({_NUMBER})(?![\w:/.]| ?(?:gb|mb|am|pm|h\b|days?|weeks?|hours?))",
    re.IGNORECASE,
)


_MORE = re.compile(
    rf"(?<![\w/.:-])({_NUMBER})\s(?:more|extra|additional|others|accounts?|logins?|places?|licen[sc]es?|laptops?|chairs?|workstations?|tickets sold|in the (?:morning|afternoon|evening)|on the (?:first|second|last)|on day|wait-?listed|registered|invited|confirmed|TAs|instructors?|helpers?|mentors?|staff|tutors?|assistants?|speakers?|organi[sz]ers?)\b"
    rf"|\bfor ({_NUMBER})(?=\s?(?:$|[.,;!?)\n]))|(?:\band|\bplus|,)\s({_NUMBER})\s(?:from|at|for|online|remote\w*)\b(?!\s?\d)|(?<![\w/.:-])({_NUMBER})\s(?:if|when|at (?:most|once|peak))\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    rf"\b(?:half(?![ -](?:a )?(?:days?|an? hour|hour|past|term|board))"
    rf"|no-?shows?|(?:turns?|shows?|showing|turning) up|a (?:third|quarter|fraction) (?:of|will|may)"
    rf"|not all of them|some of them|{_PEOPLE} (?:(?:are|were|have been) )?invited"
    rf"|drop-?outs?|hard to (?:say|tell)|(?:don'?t|do not) know (?:yet )?exactly"
    rf"|overbook\w*|double that|twice (?:that|as many)|(?:could|may|might|will) (?:still )?(?:grow|double|increase|change)"
    rf"|waiting list|wait-?list|{_NUMBER} (?:{_PEOPLE} )?(?:or (?:more|fewer|less|so)|and (?:counting|rising|up)|minimum|at least|oder mehr|ou plus|o más)"
    rf"|{_NUMBER} ?(?:%|percent|per cent) of|(?:two|three|four|five|\d+) times {_NUMBER}"
    rf"|{_NUMBER} \+ {_NUMBER}|(?:more|others?|some) (?:online|remote\w*|virtual\w*)"
    rf"|plus {_NUMBER}(?= (?:from|at|in|online|remote\w*|more|students|people|others)\b)"
    rf"|as many|same (?:size|number)|(?:second|other|another|parallel) (?:class|group|section|cohort|batch|shift)"
    rf"|make (?:it|that) (?:\d+|more)|plus (?:some|a few|several|others|guests)"
    rf"|and (?:some|a few|several) (?:others|guests|more|mentors|staff)"
    rf"|(?<!(?-i:[A-Z]) )(?:two|three|four|five|six|{_NUMBER}) (?:\w+ )?(?:sections|groups|batches|shifts|cohorts|classes|teams|pairs)|in (?:two|three|four|five|{_NUMBER}) (?:\w+ )?sessions"
    rf"|{_NUMBER} (?:schools|institutions|universities|labs|tables|departments|institutes)|(?:teams|groups|pairs|tables|batches|classes|cohorts) of(?: \w+)? {_NUMBER}|{_PEOPLE},? (?:each|apiece)(?! (?:day|morning|afternoon|evening|week|year|has|have|with|needs?|gets?|on)))\b",
    re.IGNORECASE,
)


def in_groups(text: str) -> str:
    """The words by which several groups of people come, such as `12 teams of 5`: how many in all is not said; else empty."""
    text = without_asides(text)
    for either in re.finditer(rf"(?<![\w/.:-])({_NUMBER}) or ({_NUMBER})\s(?:\w+ )?{_PEOPLE}\b", text, re.IGNORECASE):
        if int(either[2].replace(",", "")) > 1.5 * int(either[1].replace(",", "")):  # 15 or 50
            return either[0]
    match = _GROUPS.search(text) or _GROUPS.search(in_digits(text)) or _UNSURE.search(text)
    return match[0] if match else ""


def counts_in(text: str) -> list[str]:
    """Every number of people that a text names, each once: which of them is the event's is not always the first."""
    text = without_asides(in_digits(text))
    named = [_amount(match) for match in _COUNT.finditer(text) if not _aside(text, match)]
    ends = [match.end() for match in _COUNT.finditer(text)]
    other = [m[1].replace(",", "") for end in ends if (m := _CORRECTED.search(text, end, end + 45))]
    return list(
        dict.fromkeys(
            [*named, *_ELSEWHERE.findall(text), *other, *(next(filter(None, each)) for each in _MORE.findall(text))]
        )
    )


def number_of(text: str) -> str:
    """The same of a value alone, as a form or a parameter has it."""
    text = in_digits(text)
    match = _VALUE.match(re.sub(r"(\d)\s?/\s?(\d\d)", r"\1-\2", text))
    return _amount(match) if match else TBD if UNKNOWN.match(text) else ""


# What a room holds, a hub has, or an event had, before the number.
_OF_A_PLACE = re.compile(
    r"\b(?:(?:room|hall|lab|venue|classroom|theatre|auditorium|building|raum|saal|hörsaal|salle|aula|sala)\b[^.;\n]{0,25}\b(?:holds?|has|have|seats?|fits?|for|with|of|takes?|hat|fasst|tiene|contient)|space for|capacity (?:of|is|for)"
    r"|(?:hub|platform|server|organi[sz]ation|institute|department|group|team|lab|club|society) (?:\w+ )?(?:has|have|had|counts?|serves?)|(?:in|from|of) 20\d\d\b[^.;\n]{0,15}|there were|came|had|attended|taught|teach|trained|hosted)\b[^.,;\n\d]{0,20}$|\b(?<!each )(?<!all )(?:of|among|from) (?:the|our|my|these|all) $",
    re.IGNORECASE,
)


def _aside(text: str, match: re.Match[str]) -> bool:
    """`2 of 40 people cannot log in`, `40 people last year` and `the room has 40 seats` count something else."""
    head, tail = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 40]
    return bool(
        re.match(r"\s?(?:of|out of)\b(?! us\b)", text[match.end("one") :])
        or re.match(r" ?% ?", text[match.end("one") :])
        or (match["one"].isdigit() and int(match["one"]) < 2)
        or re.search(r"\b(?:last (?!night|week|friday|minute)|previous\b|past\b)[^.,;\n]{0,30}$", head, re.IGNORECASE)
        or _OF_A_PLACE.search(head)
        or re.search(r"\b(?:if|should|unless|once|when|wenn|falls|si)\b[^.,;\n\d]{0,20}$", head, re.IGNORECASE)
        or (match["one"].isdigit() and re.search(r"(?<![\d.:/])\d{1,2} $", head) and len(match["one"]) == 3)  # 1 200
        or re.match(r"[^.,;\n]{0,12}\b(?:last (?:year|time|month|week)|ago)\b", tail, re.IGNORECASE)
        or re.match(r"[^.,;\n]{0,20}\b(?:newsletter|mailing list|forum)\b", tail, re.IGNORECASE)
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
