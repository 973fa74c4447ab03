"""Leave out what a mail says beside its matter: the signature, and sentences on when the writer can be reached."""

from __future__ import annotations

import re
from functools import cache

from deskbook.language.date_tokens import mentions_in
from deskbook.language.phrases import Grammar, table
from deskbook.language.text import signature

# Where a sentence ends: not behind the number of a German day, or a short word such as "Feb." or "Dr."
_MONTH = "(?:uary|arch|pril| May|June|July|gust|mber|ober| Jan| Feb| Mar| Apr| Jun| Jul| Aug| Sep|Sept| Oct| Nov| Dec)"  # its end
SENTENCE_END = re.compile(
    rf"(?<={_MONTH} \d\.)\s+(?=[A-Z])|(?<={_MONTH} \d\d\.)\s+(?=[A-Z])|"
    r"(?<=[^\W\d]{4}[.!?])\s+|(?<=[)!?])\s+(?=[A-ZÄÖÜ])|(?<=20\d\d\.)\s+|(?<=:\d\d\.)\s+(?=[A-ZÄÖÜ])|\n"
)

# What stands on a card: below a line of dashes it tells a signature from what somebody wrote on.
_CARD = re.compile(
    r"@[\w-]+\.|www\.|\b(?:tel|telephone|telefon|phone|fax|ext|room|raum|bureau|despacho)\b\.?:? ?[\d+(]", re.IGNORECASE
)


# Below it stand a name, an office, a telephone number.
_CLOSING = re.compile(
    r"(?:(?:many |with )?thanks(?: (?:a lot|again|in advance|so much))?|thank you(?: (?:very much|in advance|again))?|(?:with )?(?:best|kind|warm|kindest|warmest)(?: (?:regards|wishes))?|regards|cheers|yours(?: \w+)?|sincerely"
    r"|(?:mit )?(?:\w+ )?(?:freundlichen |freundliche |viele |beste |liebe |schöne |herzliche |besten )?(?:grüße|grüßen|gruß|gruss)(?: \w+ \w+)?|(?:bien )?cordialement|merci(?: d['’]avance)?|bien à vous|amicalement|(?:un )?salud(?:os|o)(?: cordiales)?|gracias|atentamente)\W{0,3}",
    re.IGNORECASE,
)
FEW, SHORT = 6, 70  # lines below a closing, and characters of each, that make a card

# A part of a sentence that speaks of the hub itself leaves no days open: one of these, and none of the others.
TECHNICAL = (
    "hub hubs image images package packages library libraries memory ram cpu cpus gpu gpus gb storage disk quota account accounts login logins password passwords notebook notebooks file files folder folders"
    " dataset datasets data kernel kernels environment conda python julia rstudio jupyter jupyterlab github laptop laptops server servers node nodes software tool tools install installed version admin bucket"
    " paket pakete speicher konto konten zugang passwort dateien ordner daten umgebung umgebungen rechner"
    " paquets bibliothèque bibliothèques mémoire compte comptes fichiers dossier données environnement logiciel logiciels"
    " paquetes biblioteca bibliotecas memoria cuenta cuentas contraseña archivos carpeta datos entorno espacio"
)
OF_THE_EVENT = (
    "date dates day days week weeks month when workshop course event training class classes exam school session sessions lecture lectures meeting tutorial seminar hackathon camp time times hours schedule it this that these they"
    " he she postponed moved cancelled canceled confirmed approved room venue budget funding dean board if unless provided depends depending pending"
    " termin termine tag tage woche kurs veranstaltung schulung er es das dies falls wenn sofern raum zusage genehmigung"
    " jour jours semaine cours atelier formation il elle cela ça si salle accord"
    " fecha fechas día días semana curso taller eso esto sala si aprobación"
)
_TECHNICAL, _OF_THE_EVENT = (
    re.compile(rf"\b(?:{'|'.join(words.split())})\b", re.IGNORECASE) for words in (TECHNICAL, OF_THE_EVENT)
)
_PART = re.compile(
    r"[,;:()–—]\s*|\s(?=(?:and|und|et|y) (?:we|i|wir|ich|nous|je|please|bitte|would|could|also|they|all|everybody|everyone)\b)",
    re.IGNORECASE,
)


def of_the_event(text: str) -> str:
    """The text without the parts of sentences that speak of the hub alone: what it must have, and who has an account."""
    kept = ""
    for said in SENTENCE_END.split(text):
        marks = [*_PART.finditer(said), None]
        begin = 0
        for mark in marks:
            part = said[begin : mark.start() if mark else len(said)]
            technical = _TECHNICAL.search(part) and not _OF_THE_EVENT.search(part) and not mentions_in(part)
            kept += ("" if technical else part) + (mark[0] if mark else "\n")
            begin = mark.end() if mark else begin
    return kept


def _card(lines: list[str]) -> int:
    """The line below which a mail ends with who wrote it; the number of lines where it does not."""
    at = next((i for i, line in enumerate(lines) if i and _CLOSING.fullmatch(line.strip())), len(lines))
    below = [line for line in lines[at + 1 :] if line.strip()]
    card = len(below) <= FEW and all(len(line) <= SHORT for line in below) and not mentions_in("\n".join(below))
    return at if card and not any(re.match(r"\W*P\.?S\b", line) for line in below) else len(lines)


def matter(text: str) -> str:
    """The text without these. What names a day stays, but on a card below a line of dashes."""
    lines = text.split("\n")
    lines = lines[: _card(lines)]
    text = "\n".join(lines)
    at = signature(lines)
    below = "\n".join(lines[at:])
    if mentions_in("\n".join(lines[:at])) and (_CARD.search(below) or not mentions_in(below)):
        text = "\n".join(lines[:at])
    kept, begin = "", 0
    for end in [*SENTENCE_END.finditer(text), None]:
        said = text[begin : end.start() if end else len(text)]
        aside = _asides().anywhere(said, "aside") is not None and not mentions_in(said)
        kept += ("" if aside else said) + (end[0] if end else "")
        begin = end.end() if end else begin
    return kept


@cache
def _asides() -> Grammar:
    return Grammar((table("asides"),))
