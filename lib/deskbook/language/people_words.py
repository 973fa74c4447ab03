"""The words for people who come to an event, by language, and those of the same endings that are things or staff."""

from __future__ import annotations

PEOPLE = {
    "anybody": "people participants? attendees? students? learners users registrants folks heads pax ppl guests seats members spots visitors volunteers newcomers beginners",
    "who study": "trainees fellows undergraduates undergrads graduates postdocs pupils scholars interns enrol+ments? kids children women men teens adults freshmen apprentices cadets recruits novices auditors",
    "who work": "scientists researchers coders staff staffers teachers delegates colleagues lecturers developers analysts engineers mappers foresters ecologists nurses doctors physicians midwives surgeons candidates agents officers experts clerks associates advocates employees coordinators nominees fishermen policemen principals professionals hobbyists",
    "German": "personen leuten? mann tn köpfe teilnehm\\w+ \\w*studierenden? \\w*studenten \\w*semester kolleg\\w+ lehrkräften? mitarbeiter\\w* schüler\\w* gäste\\w* angemeldete\\w* anmeldungen studis azubis doktorand\\w+ praktikant\\w+ kandidat\\w+ absolvent\\w+ ärzt\\w+ beamt\\w+ fachkräften? nutzer\\w* lehrern? forscher\\w* hörer\\w* anfänger\\w* interessierten? besucher\\w* kinder\\w* jugendlichen? erwachsenen? gästen? referendar\\w+",
    "French": "personnes étudiante?s inscrits collègues élèves apprenants stagiaires invités doctorant(?:e?s) candidate?s agents lycéen(?:ne)?s infirmi(?:er|ère)s internes membres cadres enfants adultes jeunes enseignante?s professeurs gens inscriptions",
    "Spanish": "participante?s personas asistentes alumnos alumnas inscrit[oa]s estudiantes colegas becari[oa]s investigador(?:es|as) candidat[oa]s doctorand[oa]s técnic[oa]s ingenier[oa]s médic[oa]s enfermer[oa]s funcionari[oa]s niñ[oa]s jóvenes usuari[oa]s chic[oa]s miembros oyentes matriculad[oa]s maestr[oa]s",
}
# Ways to say it with more than one word: name, example, pattern.
SAID = (
    ("persons", "40 persons, and not in person", r"(?<!in )persons?"),
    ("of us", "40 of us", r"of us"),
    ("have signed up", "40 have signed up", r"have (?:signed up|registered|enrolled|paid|rsvp['’]?d|confirmed)"),
    ("are registered", "40 are registered", r"(?:are )?(?:registered|enrolled|signed up)"),
    ("places are taken", "All 40 places are taken", r"(?:places|tickets|plätze|plazas),? (?:are |have been |sind |están |sont )?(?:all |alle |todas |toutes )?(?:taken|filled|booked|sold|gone|belegt|vergeben|ocupadas|cubiertas|prises|occupées)"),
)  # fmt: skip
# Whoever does something is called after it (forecasters, Prüflinge, auditeurs); so are some things, by the same endings.
DOERS = "ers ors ants ists ees ians ende enden innen linge lingen eurs euses iens istes antes ores istas"
THINGS = {
    "of computing": "servers? containers computers folders headers drivers layers clusters parameters routers printers characters filters timers processors sensors vectors tensors errors accelerators"
    " generators calculators schedulers executors browsers transformers laptop\\w* ordinateurs serveurs erreurs moteurs servidores ordenadores errores",
    "of measure": "numbers? papers posters chapters dollars others meters metres kilometers quarters semesters trimesters registers letters flyers corners towers rasters reminders newsletters answers offers"
    " orders powers chargers monitors doors floors colou?rs factors corridors sectors projectors operators plants grants variants constants counters volumes terms exams centers centres",
    "others": "stickers restaurants tenants fees trees degrees coffees committees lists lengths partners sponsors trailers wochenende stunden sekunden laufende valeurs secteurs suivants estantes moyens liens valores sectores",
    "staff": "tutors instructors mentors helpers trainers speakers lecturers organi[sz]ers facilitators demonstrators workers formateurs intervenants encadrants instructores monitores tutores profesores ayudantes",
    "elsewhere": "users? members? subscribers followers readers viewers authors owners",
}


def either(words: str) -> str:
    return "|".join(words.split())


_NO_DOERS = either(" ".join(THINGS.values()))
PERSONS = (
    rf"(?:{either(' '.join(PEOPLE.values()))}|{'|'.join(pattern for *_, pattern in SAID)}"
    rf"|(?!(?:{_NO_DOERS})\b)[a-zäöüéè]{{3,20}}(?:{either(DOERS)}))"
)
