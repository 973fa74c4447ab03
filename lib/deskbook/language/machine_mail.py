"""Tell mails that machines write from those of people: automatic replies, bounces, calendars, list servers and the like.

The rows of `machine_mail.yaml` are the evidence; without any, a mail is a person's. It is certain that a machine wrote it
only where a row is proof, or rows of two places agree, and nothing in it asks or complains: then nobody misses it.
Everything between is put before a person, and nothing is mailed until then.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from deskbook.config.loader import Frozen, load
from deskbook.language.rows import any_of
from deskbook.language.text import LONGEST, lines, shorten, signature, typed

Kind = Literal["reply", "bounce", "receipt", "calendar", "list", "helpdesk", "notice", "left", "alert"]
Headers = Sequence[tuple[str, str]]

TABLE = Path(__file__).with_name("machine_mail.yaml")
LOOKED_AT = 4_000  # characters of the body; what a machine says of itself stands above
BRIEF = 1_200  # characters; a longer mail is never certain
UNKNOWN = 12  # words in sentences of which no row knows anything; with more, a person may have written them
KINDS: Mapping[Kind, str] = {
    "reply": "an automatic reply",
    "bounce": "a report about a mail that was not delivered",
    "receipt": "a receipt of a mail program",
    "calendar": "an answer of a calendar",
    "list": "a mail of a list server",
    "helpdesk": "an acknowledgement of another helpdesk",
    "notice": "a notice that a machine sends",
    "left": "word that somebody has left",
    "alert": "an alert of a monitor",
}
TOLD: frozenset[Kind] = frozenset({"left", "alert"})  # somebody must act on these: never closed


class Row(Frozen):
    """One row of the table; `says` are regular expressions, any of which is enough."""

    name: str
    kind: Kind
    weight: Literal["proof", "firm", "hint"]
    example: str
    says: tuple[str, ...]


class Table(Frozen):
    """The rows by the place in a mail where they are looked for."""

    header: tuple[Row, ...]
    sender: tuple[Row, ...]
    subject: tuple[Row, ...]
    body: tuple[Row, ...]


@dataclass(frozen=True)
class Mail:
    """A mail as the helpdesk has it: `sender` as `Name <mail>` or a mail alone, `body` in HTML.

    `automatic` tells that the helpdesk itself took it for an automatic reply.
    """

    sender: str
    subject: str
    body: str
    headers: Headers = ()
    automatic: bool = False


@dataclass(frozen=True)
class MachineMail:
    """A machine wrote it: what it is, in words why, and whether that is certain."""

    kind: Kind
    because: str
    certain: bool


@lru_cache(maxsize=256)
def read(mail: Mail, ours: str = "") -> MachineMail | None:
    """None for a person's mail. What comes from `ours`, the address that people write to, has come round in a circle."""
    said = _own_words(mail.body)
    found = _Evidence(mail, said)
    circle = bool(ours) and address(mail.sender) == ours.lower()
    if not (found.rows or mail.automatic or circle):
        return _absence(bare(mail.subject), said)
    wish = _wish(said, trouble="bounce" not in found.kinds)
    if not (mail.automatic or circle or found.outweighs(wish)):
        return None
    kind = found.kind or ("notice" if circle else "reply")
    marks = [f"{place}: {row.name}" for place, row in found.rows]
    marks += ["the helpdesk marks it so"] * mail.automatic + [f"it comes from {ours}"] * circle
    certain = found.certain(said, flagged=mail.automatic) and not (wish or found.forwarded or circle)
    but = f", but it says “{shorten(wish, 60)}”" if wish else ""
    return MachineMail(kind, f"it looks like {KINDS[kind]} ({'; '.join(marks)}){but}", certain)


def by_machine(sender: str, headers: Headers, *, automatic: bool) -> bool:
    """Whether a reply on a ticket is no person's, by what the helpdesk tells of it; its words are not looked at."""
    found = _Evidence(Mail(sender, "", "", headers), "")
    return automatic or any(row.weight == "proof" for _, row in found.rows)


def machines_address(mail: str) -> bool:
    """Whether a mail address says by itself that no person reads it, such as no-reply@example.org."""
    return bool(_Evidence(Mail(mail, "", ""), "").rows)


def address(sender: str) -> str:
    """The bare mail address in `Name <mail>`, in small letters."""
    return (sender.rpartition("<")[2].rstrip("> ") or sender).strip().lower()


def passes_on(subject: str) -> bool:
    """Whether a subject says that a mail was forwarded, in any of the usual languages."""
    return _FORWARDED.match(typed(subject)) is not None


def bare(text: str) -> str:
    """As the table writes it: small letters without accents, on one line."""
    letters = unicodedata.normalize("NFKD", typed(text).replace("ß", "ss"))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).lower().split())


@cache
def table() -> Table:
    return load(TABLE, Table)


class _Evidence:
    """The rows that hold for a mail, each with its place."""

    def __init__(self, mail: Mail, said: str) -> None:
        self.forwarded = passes_on(mail.subject)
        # What people say too: that a colleague left, that a meeting is cancelled, and what stands below our own subject.
        self.of_people: list[set[tuple[str, Kind]]] = [{("body", "left")}]
        if said:
            self.of_people.append({("subject", "calendar")})
        if _ANSWERS.match(bare(mail.subject)):
            self.of_people.append({("subject", "helpdesk")})
        name = bare(mail.sender.rpartition("<")[0]).strip('" ')
        texts = {
            "header": [bare(f"{name}: {value}")[:500] for name, value in mail.headers],
            "sender": [part for part in (address(mail.sender).partition("@")[0], name) if part],
            "subject": [_ANSWERED.sub("", bare(mail.subject)[:300])],
            "body": [_SPOKEN.sub(" ", said)],
        }
        self.rows = [
            (place, row)
            for place, compiled in _compiled().items()
            for row, pattern in compiled
            if any(pattern.search(text) for text in texts[place])
        ]

    @property
    def kinds(self) -> set[Kind]:
        return {row.kind for _, row in self.rows}

    @property
    def kind(self) -> Kind | None:
        """What somebody must act on first; else what the weightiest row says that it is."""
        weights = ("proof", "firm", "hint")
        rows = sorted((row for _, row in self.rows), key=lambda row: (row.kind not in TOLD, weights.index(row.weight)))
        return rows[0].kind if rows else None

    def outweighs(self, wish: str) -> bool:
        """Whether there is enough to doubt that a person wrote it, who forwards, asks or complains."""
        places = {place for place, row in self.rows if (place, row.kind) != ("header", "list")}
        firm = any(row.weight == "proof" for _, row in self.rows)
        if self.forwarded and not any(row.weight == "proof" for place, row in self.rows if place == "header"):
            return False
        if not wish:
            return {(place, row.kind) for place, row in self.rows} not in self.of_people
        by_itself = any(place == "subject" and row.kind in ("reply", "receipt") for place, row in self.rows)
        return firm or by_itself or "sender" in places or len(places) > 1 or places == {"header"}

    def certain(self, said: str, *, flagged: bool) -> bool:
        if len(said) > BRIEF or self.kinds & TOLD:
            return False
        if "bounce" not in self.kinds and _unknown(said) > UNKNOWN:  # a bounce repeats the mail that came back
            return False
        text = [row for place, row in self.rows if place in ("subject", "body")]
        envelope = [row for place, row in self.rows if place in ("header", "sender")]
        subject = [row for place, row in self.rows if place == "subject"]
        body = [row for place, row in self.rows if place == "body"]
        if any(row.weight == "proof" for row in envelope):
            return bool(text) or not said
        if flagged or any(row.weight == "firm" for row in envelope):
            return bool(text)
        proved = any(row.weight == "proof" for row in body)
        agree = any(row.weight == "firm" and row.kind in {other.kind for other in body} for row in subject)
        return agree or (proved and bool(subject or envelope))


@cache
def _compiled() -> Mapping[str, Sequence[tuple[Row, re.Pattern[str]]]]:
    def each(rows: Sequence[Row], begins: str = "") -> list[tuple[Row, re.Pattern[str]]]:
        return [(row, re.compile(begins + "(?:" + "|".join(f"(?:{said})" for said in row.says) + ")")) for row in rows]

    rows = table()
    return {
        "header": each(rows.header, "^"),
        "sender": each(rows.sender),
        "subject": each(rows.subject, "^"),
        "body": each(rows.body),
    }


def _own_words(html: str) -> str:
    """What the mail says itself: no quotation, no signature, no legal footer; on one line, as the table writes it."""
    found = list(lines(html[:LONGEST], quotes=False))
    found = [line for line in found[: signature(found)] if not _LEGAL.search(bare(line[:600]))]
    return bare("\n".join(found))[:LOOKED_AT]


def _absence(subject: str, said: str) -> MachineMail | None:
    """A few words that speak of an absence alone: nothing shows a machine, and nobody could act on them either."""
    brief = len(said.split()) <= 14 and not _wish(f"{subject}. {said}", trouble=True)
    if brief and (found := _AWAY.search(f"{subject}. {said}")):
        return MachineMail("reply", f"it speaks of an absence alone, “{found[0]}”", False)
    return None


def _wish(said: str, *, trouble: bool) -> str:
    """The first words that ask or, with `trouble`, complain; empty where none do."""
    for sentence in _sentences(said):
        if _POLITE.search(sentence):
            continue
        found = _ASKS.search(sentence) or (_TROUBLE.search(sentence) if trouble else None)
        if found:
            return sentence[max(0, found.start() - 20) :]
    return ""


def _unknown(said: str) -> int:
    """How many words stand in sentences of which the table knows nothing."""
    known = [pattern for _, pattern in _compiled()["body"]]
    return sum(len(each.split()) for each in _sentences(said) if not any(p.search(each) for p in known))


def _sentences(said: str) -> Iterator[str]:
    for found in re.finditer(r"[^.!?]+(?:\.(?!\s|$)[^.!?]*)*[.!?]*", said):
        yield found[0].strip()


_ANSWERED = re.compile(
    r"^(?:(?:re|aw|antw|sv|vs|res|r|fw_re)(?:\[\d+\]|\(\d+\))? *: *|\[[#\w-]{0,20}\d[\w-]{0,12}\] *)+"
)
_ANSWERS = re.compile(r"(?:re|aw|antw|sv|vs) *:")
_FORWARDED = re.compile(r"^\s*(?:(?:re|aw) *: *)*(?:fwd?|wg|tr|rv|enc|i|doorst|vb|vl|pd) *: *", re.I)
_SPOKEN = re.compile(r"[“„«\"][^“”„«»\"]{1,300}[”“»\"]")  # what somebody quotes within a sentence
_LEGAL = re.compile(
    r"\b(?:confidential|intended recipient|not the intended|privileged|vertraulich|unbefugt|confidentiel|destinataire prevu"
    r"|confidencial|destinatario|disclaimer|may be monitored)\b"
)
# What every automatic reply says to everybody, though it begins like a request or a complaint.
POLITE = (
    ("please contact", "Please contact the front desk", r"\b(?:please|kindly|bitte|merci de|veuillez|por favor)\b.{0,40}\b(?:contact|call|write to|direct|reach|e-?mail|refer|visit|note|be advised|feel free|do not (?:reply|respond|hesitate|change|answer)|see|allow|bear|wenden|kontaktieren|beachten|antworten sie|schreiben sie|contacter|vous adresser|ecrire|noter|ne pas|contacte|contactar|escriba|dirija|dirigirse|tenga en cuenta|no responda)\b"),
    ("in urgent cases", "In urgent cases call Bea", r"\b(?:in|for|fur|bei) (?:urgent|dringende|emergenc)"),
    ("if urgent", "If it is urgent, call Bea", r"\b(?:if|wenn|falls|si)\b.{0,60}\b(?:urgent|dringend|urgente|emergency|questions|fragen|issues?|problems?)\b"),
    ("questions", "Have any questions?", r"\b(?:need help|have (?:a |any )?(?:further |other )?questions?|questions? ?\?)"),
)  # fmt: skip
_POLITE = any_of(POLITE)
ASKS = (
    ("a question", "is it there?", r"\?(?: |$)"),
    ("could you", "could you look", r"\b(?:could|can|would|will) (?:you|we|i|somebody|someone|anybody|anyone)\b"),
    ("please do", "please add me", r"\b(?:please|pls|kindly) (?!find\b|let me know when you)\w+"),
    ("a wish", "we would like to", r"\b(?:we|i)(?:'d| would| do)? (?:also |really |urgently |still )?(?:need|want|like to|wish|wonder|request|ask)\b"),
    ("is it possible", "is it possible", r"\bis it possible\b"),
    ("let me know", "tell us whether", r"\b(?:let|tell) (?:me|us) (?:know|whether|if)\b"),
    ("German", "konnten sie", r"\bbitte\b|\b(?:konnen|konnten|konntet|kannst|konnt|wurden) (?:sie|ihr|du|wir)\b|\b(?:wir|ich) (?:brauche|brauchen|benotige|benotigen|mochte|mochten|wunsche|hatte|hatten)\b"),
    ("French", "pourriez-vous", r"\b(?:pouvez|pourriez|peux|pourrais)\b|\bmerci de\b|\b(?:veuillez|s'il vous plait|svp)\b|\b(?:nous|j|je) ?'?(?:avons besoin|ai besoin|voudrais|voudrions|souhaite|souhaitons|aimerais|aimerions)\b"),
    ("Spanish", "podrian ampliar", r"\b(?:pueden|podrian|puede|podria|podeis|puedes)\b|\bpor favor\b|\b(?:necesito|necesitamos|quisiera|quisieramos|quiero|queremos|nos gustaria|me gustaria)\b"),
)  # fmt: skip
_ASKS = any_of(ASKS)
TROUBLE = (
    ("English", "it is broken", r"\b(?:errors?|fail(?:s|ed|ing|ure)?|broken|down|crash\w*|cannot|can not|can't|couldn't|does ?n[o']t|doesn't|isn't|won't|unable|not work\w*|no longer work\w*|stuck|slow|problems?|issues?|bugs?|missing|wrong|timeouts?|times? out|no space|full|still (?:not|no))\b"),
    ("a number", "502", r"\b(?:50[0-9]|40[0-9])\b"),
    ("German", "startet nicht", r"\b(?:kaputt|fehler\w*|geht nicht|funktioniert nicht|startet nicht|langsam|nicht (?:mehr )?(?:erreichbar|starten|einloggen|anmelden))\b"),
    ("French", "ne marche pas", r"\b(?:en panne|erreur\w*|ne (?:marche|fonctionne|demarre)\w*|lent|impossible|probleme\w*)\b"),
    ("Spanish", "no funciona", r"\b(?:no (?:funciona|arranca|puedo|podemos|responde)|caido|fallo|falla|lento|persiste)\b"),
)  # fmt: skip
_TROUBLE = any_of(TROUBLE)
_AWAY = re.compile(
    r"\b(?:away|back (?:on |next |in |at )?(?:mon|tue|wed|thu|fri|sat|sun|tomorrow|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|week|\d)\w*|on (?:leave|vacation|holidays?)|out (?:today|this week|until|till)"
    r"|at a conference|travell?ing|unterwegs|im urlaub|verreist|wieder da|zuruck (?:am|ab)|en conges?|en vacances|en deplacement|de retour|de vacaciones|de viaje|vuelvo|ooo)\b"
)
