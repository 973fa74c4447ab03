"""Find the words by which a number of people is not the whole of it: "12 teams of 5", "plus some guests", "half of them"."""

from __future__ import annotations

import re

from deskbook.language.beside_people import without_asides
from deskbook.language.number_words import in_digits
from deskbook.language.people_words import PERSONS
from deskbook.language.rows import any_of

NUMBER = r"(?:\d{1,3}(?:,\d{3})|\d{1,5})"
_MANY = (
    rf"(?:{NUMBER}|two|three|four|five|six|several|both|zwei|drei|vier|fünf|sechs|mehrere|beide|deux|trois|quatre|cinq|plusieurs"
    r"|dos|tres|cuatro|cinco|varios)"
)
_GROUP = r"(?:groups?|teams?|class(?:es)?|sections?|sessions?|cohorts?|rooms?|tables?|batch(?:es)?|shifts?|courses?|sites?|universities|schools|gruppen|groupes|grupos)"
_ONE = r"(?:group|team|class|section|session|cohort|room|batch|shift|course|site|lab|school|table|institution|department|gruppe|groupe|grupo|séance|sesión|turno|tag|jour|día)"
_FEW = r"(?:two|three|four|five|six)"
# Several groups of so many people, whose sum nobody said: name, example, pattern.
GROUPS = (
    ("so many of so many", "12 teams of 5", rf"\b{_MANY} (?:[a-zà-ü-]{{2,20}} )?{_GROUP} (?:of|with|à|von|mit|zu|de|x|×)[^.\n]{{0,20}}?{NUMBER}"),
    ("so many in each", "15 students per group", rf"\b{NUMBER}(?:\s(?:[a-zà-ü-]{{2,20}}\s)?{PERSONS})?,?\s(?:per|in each|each|in every|every|pro|je|par|por|en cada|cada|dans chaque|chaque) {_ONE}"),
    ("asked", "Participants: 20?", rf"\b{NUMBER} ?(?:{PERSONS} ?)?(?:\(\?|\?(?=\s*(?:$|\n|[,;)])))"),
    ("to be confirmed", "20 people (to be confirmed)", rf"\b{NUMBER} ?(?:{PERSONS} ?)?\((?:still )?(?:to be confirmed|tbc|tbd|unconfirmed|not final|provisional|estimated?|à confirmer|por confirmar|vorläufig|geschätzt)"),
    ("multiplied", "3 x 20 people", rf"{NUMBER}\s?[x×*]\s?{NUMBER}(?= {PERSONS})"),
)  # fmt: skip
# Words that leave a number of people open wherever they stand.
UNSURE = (
    ("half of them", "Half of them come", r"half(?![ -](?:a )?(?:days?|an? hour|hour|past|term|board|of (?:the )?(?:day|morning|afternoon)))"),
    ("a part of them", "a third of them, hardly all", r"a (?:third|quarter|fraction) (?:of|will|may)|not all of them|some of them"),
    ("who shows up", "the no-shows", r"no-?shows?|(?:turns?|shows?|showing|turning) up|drop-?outs?|overbook\w*"),
    ("invited", "40 people are invited", rf"{PERSONS} (?:(?:are|were|have been) )?invited"),
    ("hard to say", "It is hard to say", r"hard to (?:say|tell)|(?:don'?t|do not) know (?:yet )?exactly"),
    ("twice", "Make it twice as many", r"double that|twice (?:that|as many)|as many|same (?:size|number)"),
    ("may grow", "It may still grow", r"(?:could|may|might|will) (?:still )?(?:grow|double|increase|change)"),
    ("a waiting list", "and a waiting list", r"waiting list|wait-?list"),
    ("or more", "40 people or more", rf"{NUMBER} (?:{PERSONS} )?(?:or (?:more|fewer|less|so)|and (?:counting|rising|up)|minimum|at least|oder mehr|ou plus|o más)"),
    ("percent", "20 % of 40", rf"{NUMBER} ?(?:%|percent|per cent) of"),
    ("another number than before", "from 25 to 32 people", rf"(?:from|von|de|desde) {NUMBER} (?:to|auf|bis|à|a) {NUMBER} (?:\w+ )?{PERSONS}"),
    ("times", "three times 20", rf"(?:two|three|four|five|\d+) times {NUMBER}"),
    ("a sum", "30 + 10", rf"{NUMBER} \+ {NUMBER}|plus {NUMBER}(?= (?:from|at|in|online|remote\w*|more|students|people|others)\b)"),
    ("online", "and others online", r"(?:more|others?|some) (?:online|remote\w*|virtual\w*)"),
    ("so far", "12 registered so far", rf"{NUMBER} (?:\w+ ){{0,3}}(?:so far|until now|bisher|bislang|jusqu['’]à présent|hasta ahora)|(?:so far|bisher|bislang|hasta ahora|jusqu['’]à présent)[^.;\n\d]{{0,25}}{NUMBER}"),
    ("another group", "a second group", r"(?:second|other|another|parallel) (?:class|group|section|cohort|batch|shift)"),
    ("make it", "make it 30", r"make (?:it|that) (?:\d+|more)"),
    ("and some", "plus some guests", r"plus (?:some|a few|several|others|guests)|and (?:some|a few|several) (?:others|guests|more|mentors|staff)"),
    ("sections", "two sections", rf"(?<!(?-i:[A-Z]) )(?:{_FEW}|{NUMBER}) (?:\w+ )?(?:sections|groups|batches|shifts|cohorts|classes|teams|pairs)|in (?:two|three|four|five|{NUMBER}) (?:\w+ )?sessions"),
    ("institutions", "4 schools", rf"(?<!(?-i:[A-Z]{{2}}) ){NUMBER} (?:schools|institutions|universities|labs|tables|departments|institutes)"),
    ("groups of", "in teams of 5", rf"(?:teams|groups|pairs|tables|batches|classes|cohorts) of(?: \w+)? {NUMBER}"),
    ("each", "20 people each", rf"{PERSONS},? (?:each|apiece)(?! (?:day|morning|afternoon|evening|week|year|has|have|with|needs?|gets?|on))"),
    ("German", "am zweiten Tag nur die Hälfte", r"(?:die|zur) hälfte|ein (?:drittel|viertel|teil) (?:davon|der|kommt|bleibt)|doppelt so viele|warteliste|in (?:zwei|drei|vier|mehreren) gruppen|(?:einige|ein paar|mehrere|weitere) (?:kommen|kämen|könnten|gäste|online|mehr)|könnten (?:auch |noch )?(?:mehr|weniger)|nicht alle|(?:noch )?nicht genau|(?:evtl\.?|eventuell|vielleicht|möglicherweise|ggf\.?) (?:auch |noch )?(?:mehr|weniger|einige)"),
    ("French", "la moitié à distance", r"la moitié|un (?:tiers|quart)|liste d['’]attente|en (?:deux|trois|quatre|plusieurs) groupes|(?:deux|trois|quatre|plusieurs) groupes|quelques(?:-uns| autres| invités)|le double|pas (?:tous|toutes)|(?:et|plus) d['’]autres|peut(?:-être)? (?:encore )?augmenter|chacune?s?|peut-être (?:plus|moins|un peu)"),
    ("Spanish", "la mitad en línea", r"la mitad|un (?:tercio|cuarto)|lista de espera|en (?:dos|tres|cuatro|varios) grupos|(?:dos|tres|cuatro|varios) grupos|algunos? (?:más|otros|invitados)|el doble|no todos|(?:quizás?|tal vez|a lo mejor) (?:más|menos)|puede (?:aumentar|crecer)|cada uno"),
)  # fmt: skip
# Numbers beside the one that was read, which may be of people too.
MORE = (
    ("more", "12 more", rf"(?<![\w/.:-])({NUMBER})\s(?:more|extra|additional|others|accounts?|logins?|places?|licen[sc]es?|laptops?|chairs?|workstations?|tickets sold|in the (?:morning|afternoon|evening)|on the (?:first|second|last)|on day|wait-?listed|registered|invited|confirmed|TAs|instructors?|helpers?|mentors?|staff|tutors?|assistants?|speakers?|organi[sz]ers?)\b"),
    ("for so many", "a room for 12.", rf"\bfor ({NUMBER})(?=\s?(?:$|[.,;!?)\n]))"),
    ("from elsewhere", "and 12 from Lima", rf"(?:\band|\bplus|,)\s({NUMBER})\s(?:from|at|for|online|remote\w*)\b(?!\s?\d)"),
    ("on a condition", "12 if it rains", rf"(?<![\w/.:-])({NUMBER})\s(?:if|when|at (?:most|once|peak))\b"),
    ("in person or not", "12 online", rf"(?<![\w/.:-])({NUMBER})\s(?:in[- ]person|online|remote(?:ly)?|on[- ]?site|virtual(?:ly)?|sur place|à distance|en ligne|vor ort|en línea|a distancia|presencial\w*)\b"),
)  # fmt: skip
# A number that is said to be all of them.
TOTALS = (
    ("in all", "80 altogether", rf"(?<![\w/.:-])({NUMBER})(?: {PERSONS})? (?:altogether|in (?:total|all)|all told|insgesamt|en tout|au total|en total)\b"),
    ("in all, before it", "En total son 44 personas", rf"\b(?:in (?:total|all)|altogether|insgesamt|zusammen|en tout|au total|en total)(?: that (?:is|makes)| we are| son| somos| seremos| sind (?:es|das|wir)| nous sommes| ce sont)?:? ({NUMBER})\b(?= {PERSONS}|[.,;\n]|$)"),
    ("so", "so 24 people", rf"\bso (?:that(?:['’]s| is) |we are |we expect )?({NUMBER}) {PERSONS}\b"),
)  # fmt: skip
_TOTALS = any_of(TOTALS)
_OF_THEM = re.compile(r"\b(?:of (?:them|which|whom)|davon|dont|de (?:ellos|los cuales))\b", re.IGNORECASE)
_GROUPS, _UNSURE, _MORE = any_of(GROUPS), any_of(UNSURE, r"\b", r"\b"), any_of(MORE)
_OR = re.compile(rf"(?<![\w/.:-])({NUMBER}) or ({NUMBER})\s(?:\w+ )?{PERSONS}\b", re.IGNORECASE)
FAR = 1.5  # times: "15 or 20" are about as many, "15 or 50" are not


def in_groups(text: str) -> str:
    """The words by which several groups of people come, or not all; how many in all is not said. Empty where none do."""
    text = without_asides(text)
    for said in (text, in_digits(text)):
        for either in _OR.finditer(said):
            if int(either[2].replace(",", "")) > FAR * int(either[1].replace(",", "")):
                return either[0]
        if match := _GROUPS.search(said) or _UNSURE.search(said):
            return match[0]
    return ""


def total_in(text: str, parts: list[str]) -> str:
    """The number that is said to be of all people, where the others of the text (`parts`) make it up; empty where not.

    They make it up as a sum, as a product, or as equal parts of it.
    """
    text = without_asides(in_digits(text))
    totals = {next(number for number in match.groups() if number).replace(",", "") for match in _TOTALS.finditer(text)}
    if len(totals) != 1 or _OF_THEM.search(text):
        return ""
    total = totals.pop()
    others = [int(part) for part in parts if part != total and part.isdigit()]
    product = others[0] * others[1] if len(others) == 2 else 0
    equal = len(others) == 1 and others[0] > 1 and int(total) % others[0] == 0 and others[0] < int(total)
    return total if not others or equal or int(total) in (sum(others), product) else ""


def more_in(text: str) -> list[str]:
    """The numbers beside people that may be of more of them."""
    return [next(number for number in match.groups() if number) for match in _MORE.finditer(text)]
