"""The words around a day that say what it is for, and how sure it is: "ready by", "last year's", "the week of"."""

from __future__ import annotations

import re

from deskbook.language.rows import any_of

# What stands right before a day says what it is for: by when something is due, or another matter. Name, example, pattern.
DUE_ROWS = (
    ("by", "ready by the 3rd", r"\b(?:by|before|no later than|not later than|prior to)(?: the| on)? ?"),
    ("until", "until the end of June", r"\buntil(?: the| on)?(?: (?:end|beginning|middle) of)? ?"),
    ("a deadline", "deadline: 3 May", r"\b(?:deadline|due|ready(?: by| on| for)?)\b[^.;\n]{0,12}"),
    ("German", "bis zum 3. Mai", r"\b(?:bis(?: spätestens)?(?: zum| am)?|spätestens(?: am| zum)?|vor dem)(?: \w+tag,?(?: de[mn])?)? ?"),
    ("French", "avant le 3 mai", r"\b(?:avant|d['’]ici|au plus tard)(?: le| au)?(?: \w+di)? ?"),
    ("Spanish", "antes del 3 de mayo", r"\b(?:antes|a más tardar)(?: del| el)? ?"),
)  # fmt: skip
OTHER_ROWS = (
    ("after, or not", "after 3 May", r"\b(?:after|since|as of|not|instead of|rather than)(?: the| on)? ?"),
    ("another time", "last year on 3 May", r"\b(?:last (?:year|time|month|edition|one(?! (?:is |on |will be )?$)|round)|previous\w*|original\w*|initial\w*|our next one)\b[^.,;\n]{0,25}"),
    ("a trial", "we test it on 3 May", r"\b(?:revert\w*|reset\w*|tests?|testing|trial|pilot|practice|back-?up|fall-?back|rain|rehears\w+|dry run|generalprobe|probelauf|testlauf|probe|répétition(?: générale)?|ensayo(?: general)?)\b[^.,;\n]{0,25}"),
    ("a trial on a weekday", "I test it on the Monday before, i.e. 3 May", r"\b(?:tests?|rehears\w+|dry run)\b[^.,;\n]{0,40}, (?:i\.e\.|that is|namely) (?:on )?"),
    ("around it", "we set up on 3 May", r"\b(?:set[- ]?up|teardown|clean up|arriv\w+|travel\w*|dinner|excursion|survey|aufbau|abbau|anreise|abreise)\b[^.,;\n]{0,25}"),
    ("registration", "registration ends on 3 May", r"\b(?:register\w*|registration|notifications?|abstracts?|payments?|anmeld\w*|einschreibung|inscriptions?|inscripci[oó]n\w*)\b[^.,;\n]{0,25}"),
    ("a message", "the call of 3 May", r"\b(?:call|e-?mail|mail|message|request|ticket|letter|conversation|anfrage|nachricht|schreiben|telefonat|gespräch|demande|courriel|message|appel|correo|mensaje|solicitud|llamada) (?:of|from|dated|vom|du|del|de)(?: the| el)? ?"),
    ("access", "access until 3 May", r"\b(?:access|accounts?|zugang|zugriff|accès|acceso)\b (?:\w+ ){0,2}(?:from|until|till|through|ab|bis|dès|jusqu['’]au|jusqu['’]à|desde|hasta)(?: the| zum| dem| el| le)? ?"),
    ("away", "I am away on 3 May", r"\b(?:an? (?:\w+ )?(?:meeting|call)|away|vacation|holidays?|on leave|out of (?:the )?(?:office)?|absen\w+|(?:un|not )available|goes to print|invoice\w*|urlaub|abwesend|congés?|vacaciones)\b[^.,;\n]{0,25}"),
    ("a mail", "we wrote on 3 May", r"\b(?:submitt\w+|sent|wrote|asked|emailed|heard|applied|learned|received|decided|agreed|spoke|talked|met|angemeldet|geschrieben|beschlossen)\b[^.,;\n]{0,25}"),
)  # fmt: skip


def _before(rows: tuple[tuple[str, str, str], ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(pattern for *_, pattern in rows)})$", re.IGNORECASE)


DUE, OTHER = _before(DUE_ROWS), _before(OTHER_ROWS)
OTHER_AFTER_ROWS = (
    ("does not suit", "3 May no longer works", r" (?:dates? )?(?:no longer|does not|doesn['’]t|will not|won['’]t|cannot|can['’]t) (?:work|suit|fit|happen|take place|be held)"),
    ("cancelled", "3 May is cancelled", r"(?: is| was| has been)? cancel"),
    ("moved", "3 May was moved to", r"(?: is| was| were| has been| have been| had to be| got| will be)?(?: now)? (?:moved|postponed|rescheduled|shifted|changed) (?:to|until|by)\b"),
    ("moved, German", "3. Mai wurde auf Juni verschoben", r" (?:wird|wurde|wurden|werden|ist|sind) auf\b[^.;\n]{0,40}\b(?:verschoben|verlegt)\b"),
    ("another matter", "3 May: registration", r"\s?[:–-] (?:the |our )?(?:dry run|rehearsal|registration|deadline|submission|abstracts?|set-?up|arrival|dinner|excursion|survey|payment|notification)\b"),
)  # fmt: skip
OTHER_AFTER = any_of(OTHER_AFTER_ROWS)
MOVED = re.compile(
    r"\b(?:moved?|postponed?|changed?|rescheduled?|shift(?:ed)?)\b[^.;\n]{0,20}\bfrom (?:the )?$", re.IGNORECASE
)
BEGIN = re.compile(
    r"\b(?:begin\w*|starts?|starting|start date|first (?:day|one|session|class|lab|lecture|meeting|lesson)|from|beginn\w*|starte[nt]|vom|commence\w*|débute\w*|du|à partir|empieza\w*|comienza\w*|inicia|desde)\b[^.;\n]{0,20}$",
    re.IGNORECASE,
)
END = re.compile(
    r"\b(?:end(?:s|ing)?|end date|last (?:day|one|session|class|lab|lecture|meeting|lesson)|finish\w*|until|through|till|ende[nt]?|bis|termine\w*|finit|jusqu['’]au|termina\w*|acaba\w*|finaliza\w*|hasta)\b[^.;\n]{0,20}$",
    re.IGNORECASE,
)
WEEK = re.compile(
    r"(?:\b(?:weeks?|wk) (?:of|beginning|starting|commencing)|\bw/[cb]|\bwoche (?:vom|ab)|\bsemaine du|\bsemana del)(?: the| on)? ?$",
    re.IGNORECASE,
)
SOON = re.compile(
    r"\b(?:(tomorrow)|(?:next |this |coming |on )(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b",
    re.I,
)
WAS = r"\b(?:(?:was|were|had)(?! (?:planned|scheduled|supposed|meant|to))|took place|held|ran|did|since|war|waren|fand|était|fue|tuvo lugar)\b"
PAST = re.compile(rf"{WAS}[^.;\n]{{0,40}}$|\bdate: [^\n]{{0,20}}$", re.IGNORECASE)
PAST_AFTER = re.compile(rf"[^.;\n\d]{{0,12}}{WAS}", re.IGNORECASE)
MANY = r"(?:[2-9]|1\d|two|three|four|five|six|seven|eight|nine|ten|several|a few)"
# It lasts longer than the one day that is named.
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
LONGER_ROWS = (
    ("days long", "a three-day workshop", rf"\b{MANY}[ -](?:full[ -])?(?:days?|weeks?)(?:[ -]long)? (?:\w+ )?(?:workshop|course|event|training|hackathon|school|tutorial|bootcamp|program\w*)\b"),
    ("lasts", "it lasts three days", rf"\b(?:for|lasts?|lasting|over|takes?|spans?) (?:a|one|{MANY}) (?:full |consecutive |working )?(?:days|weeks?)\b"),
    ("in brackets", "3 May (two days)", rf"\({MANY} (?:days|weeks)\)"),
    ("days from", "three days from 3 May", rf"\b{MANY} (?:days|weeks) (?:from|starting|beginning)\b"),
    ("to a day", "3 May until the 5th", r"(?:\b(?:until|till|through|to) (?:the )?|[-–—] ?)\d{1,2}(?:st|nd|rd|th)\b"),
    ("weekend", "the weekend of 3 May", r"\bweekend\b"),
    ("so many days", "3 May, 2 days", rf"\b{MANY}[ -]days?\b(?! (?:before|after|earlier|later|prior|ago|ahead|in advance|notice|from now))"),
    ("a whole week", "all week", r"\b(?:all|whole|entire|full) week\b"),
    ("a week of", "a one-week course", r"\b(?:one-?|a )week(?:-long)? (?:workshop|course|event|training|school)"),
    ("and the next", "3 May and the day after", r"(?:\b(?:and|plus)|\+) the (?:following|next|day after)"),
    ("to a weekday", "3 May until Friday", rf"(?:\b(?:through|until|till|to|bis)|[-–—]) (?:the )?(?:next |following )?(?:{WEEKDAY})\b(?! ?[(,]? ?\d)"),
    ("German", "dreitägig", r"\b(?:zwei|drei|vier|fünf|sechs|sieben|zehn|mehrere|\d{1,2})[ -]?(?:tägig\w*|tage|wochen|wöchig\w*)\b"),
    ("French", "pendant trois jours", r"\b(?:deux|trois|quatre|cinq|six|sept|dix|plusieurs|\d{1,2}) (?:jours|semaines)\b"),
    ("Spanish", "durante tres días", r"\b(?:dos|tres|cuatro|cinco|seis|siete|diez|varios|\d{1,2}) (?:días|semanas)\b"),
)  # fmt: skip
LONGER = any_of(LONGER_ROWS)
EXCEPT = re.compile(
    r"\b(?:except|excluding|without|but not|not (?:on )?the|skipping|weekdays|außer|ohne|sauf|excepto|salvo)\b",
    re.IGNORECASE,
)
RECURS_ROWS = (
    ("every week", "every second Monday", r"\b(?:every|each) (?:other |second )?(?:week|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"),
    ("on Mondays", "on Mondays", r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b"),
    ("two weekdays", "Tue/Thu", r"\b(?:mon|tues?|wed|thu(?:rs?)?|fri)(?:day)? ?(?:[/&]|and) ?(?:mon|tues?|wed|thu(?:rs?)?|fri)(?:day)?\b"),
    ("so often a week", "twice a week", r"\b(?:once|twice) a week\b"),
    ("weekly", "biweekly", r"\b(?:bi-?)?weekly\b"),
    ("each, abroad", "chaque lundi", r"\b(?:jede[nr]?|chaque|cada) (?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|woche|lundi|mardi|mercredi|jeudi|vendredi|samedi|semaine|lunes|martes|miércoles|jueves|viernes|sábado|semana)\b"),
    ("German", "montags", r"\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)s\b"),
    ("French", "tous les lundis", r"\btous les (?:lundi|mardi|mercredi|jeudi|vendredi|samedi)s?\b"),
    ("Spanish", "todos los lunes", r"\btodos los (?:lunes|martes|miércoles|jueves|viernes|sábados)\b"),
    ("weekly, German", "wöchentlich", r"\bwöchentlich\b"),
)  # fmt: skip
RECURS = any_of(RECURS_ROWS)
# Days that are not settled: words of the text, or right before and right after a day.
OPEN_ROWS = (
    ("exact days", "the exact dates", r"\b(?:exact|precise|concrete|final|specific) (?:days?|dates?)\b"),
    ("not fixed", "the dates are tbc", r"\b(?:days?|dates?)\b[^.;\n]{0,30}\b(?:tb[cda]|not (?:yet )?(?:fixed|final|decided|clear|set|sure)|to be (?:confirmed|decided|announced|fixed)|may (?:still )?(?:change|move|shift)|tentative)\b"),
    ("no end", "until further notice", r"\b(?:open end|end open|open-ended|no end date|until further notice|indefinitely|undecided|(?:lasts?|runs?|takes?|goes on|continues)(?: for)? (?:two or three|one or two|three or four|2 or 3|2-3|3-4|a few|several|some) (?:days|weeks|months))\b"),
    ("German", "genaue Termine", r"\bgenauen? (?:tage|termine?|daten)\b"),
    ("French", "dates exactes", r"\bdates? exactes?\b"),
    ("Spanish", "fechas exactas", r"\bfechas? exactas?\b"),
)  # fmt: skip
OPEN = any_of(OPEN_ROWS)
HEDGE = re.compile(
    r"\b(?:um den|gegen den|autour du|alrededor del|probably|perhaps|maybe|possibly|tentative(?:ly)?|provisional(?:ly)?|around|about|roughly|approximately|circa|ca\.|some ?time|voraussichtlich|etwa|vermutlich|peut-être|environ"
    r"|vers|quizás|probablemente|hacia)(?: (?:in|on|the|from|am|vom|le|du|el|del))* ?$",
    re.IGNORECASE,
)
HEDGED = re.compile(
    r",? (?:and |& )?(?:the )?\d{1,2}(?:st|nd|rd|th)\b(?! (?:floor|year|grade|edition|annual|graders?))|"
    rf" ?[-–—] ?(?:{WEEKDAY}),? \d{{1,2}}\b|"
    r"[ ,]{0,2}\(?(?:tb[cda]|to be confirmed|tentative(?:ly)?|provisional(?:ly)?|or so|not final|not yet (?:fixed|final))\b|,? ?(?:onwards?|and (?:on|following))\b",
    re.I,
)
LIST = rf"and|plus|from|until|the|und|bis|les|del|then|day|days|{WEEKDAY}|(?-i:[A-Z]{{3,4}})|Pacific|Eastern|Central|Mountain|Europe|America|Asia"
# Between two days of a list: weekdays, hours, marks of a list.
IN_LIST = (
    rf"\b(?:{WEEKDAY}|lundi|mardi|mercredi|jeudi|vendredi|lunes|martes|miércoles|jueves|viernes|and|und|et|y|plus|on|the|am|les?|el|den)\b|[-,&+*•;()\s]"
    r"|\d{1,2}(?:[:.h]\d\d)?\s?(?:[ap]\.?m\.?|h|uhr)?\s?[-–]\s?\d{1,2}(?:[:.h]\d\d)?\s?(?:[ap]\.?m\b\.?|h\b|uhr\b)?|\b(?-i:[A-Z]{3,4})\b"
)
SELDOM = re.compile(
    r"\b(?:every|each) (?:other|second)\b|\b(?:once|twice) a (?:week|month)\b|\bbi-?weekly\b|\bfortnight", re.IGNORECASE
)
HALF = re.compile(  # 9 (afternoon) to 11 February: the first day was not read
    rf"(?:\b(?:from|between|vom|du|del|desde)\b|\b\d{{1,2}}(?:st|nd|rd|th|\.)?(?![\d:.]| ?[ap]\.?m\b| ?h\b))[^.;\n]{{0,30}}(?:\b(?:to|until|till|through|bis|au|al|hasta)|[-–—])(?: and including)?(?: the| zum)?"
    rf" ?(?:(?:{WEEKDAY}),? )?$|(?<![\w:./])\d{{1,2}}(?:st|nd|rd|th|\.)?\s?(?:,|&|\+|\band|\bund|\bet|\by)\s?$",
    re.IGNORECASE,
)
AND = re.compile(r"[\s,]{0,3}(?:and|plus|&) (?:on )?", re.IGNORECASE)


def for_something_else(head: str) -> bool:
    """Whether the words right before a day say that it is no day of the event."""
    return bool(DUE.search(head) or OTHER.search(head))
