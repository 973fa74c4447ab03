"""Whether a machine wrote a mail: what the table says, and what is certain enough to be closed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from yardstick import ENOUGH, yards

from deskbook.language.machine_mail import Mail, Row, by_machine, read, table

sys.path.insert(0, str(Path(__file__).parents[1] / "corpus"))
import score_machine

PERSON = "Ada Lindgren <ada@aurora.example.org>"
ROWS = [(place, row) for place in ("header", "sender", "subject", "body") for row in getattr(table(), place)]


def mail(subject: str = "A question", body: str = "", sender: str = PERSON, **headers: str) -> Mail:
    return Mail(sender, subject, body, tuple((name.replace("_", "-"), value) for name, value in headers.items()))


@pytest.mark.parametrize(("place", "row"), ROWS, ids=[f"{place}-{row.name}" for place, row in ROWS])
def test_each_row_of_the_table_holds_for_its_example(place: str, row: Row) -> None:
    name, _, value = row.example.partition(": ")
    found = read(
        Mail(
            sender=f"{row.example}@mx.example.org" if place == "sender" else PERSON,
            subject=row.example if place == "subject" else "",
            body=row.example if place == "body" else "",
            headers=((name, value),) if place == "header" else (),
            automatic=True,
        )
    )
    assert found is not None
    assert f"{place}: {row.name}" in found.because


def test_no_mail_of_a_person_is_closed_and_no_mail_of_a_machine_is_answered_in_either_half() -> None:
    assert score_machine.missed() == [], score_machine.table()


def test_most_mails_of_machines_are_closed_and_most_of_people_go_on() -> None:
    build = score_machine.score("build")
    assert build["machine", "closed"] >= build["machine", "asked"] * 3, score_machine.table()
    assert build["person", "asked"] == 0, score_machine.table()


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Automatic reply: hub password", "Please change it on Friday."),
        ("Out of Office", "I am out of the office. Meanwhile, can you add Zsofi to the hub?"),
        ("Automatische Antwort: Konto", "Ich bin im Urlaub. Bitte legen Sie das Konto an."),
        ("Réponse automatique : hub", "Je suis absent. Le serveur ne démarre plus."),
        ("Respuesta automática: cuenta", "Estoy de vacaciones. Necesitamos más memoria."),
        ("Automatic reply: hub", "I am away until Monday. The hub shows error 500 to my students."),
    ],
)
def test_what_asks_or_complains_is_never_certain(subject: str, body: str) -> None:
    found = read(mail(subject, body, Auto_Submitted="auto-replied"))
    assert found is not None
    assert not found.certain


@pytest.mark.parametrize(
    "written",
    [
        mail("Fwd: Undelivered Mail Returned to Sender", "Our students get this: 550 5.1.1 User unknown. What is it?"),
        mail("WG: Automatische Antwort: Ihr Anliegen", "Das kam zurück, warum?"),
        mail("TR: Réponse automatique : Votre ticket", "Voici ce que je reçois."),
        mail("RV: Respuesta automática: su caso", "Me llega esto cada vez."),
        mail("Strange mail", "Is it from you? It says “This is an automatic reply. Do not reply to this message.”"),
        mail("Odd", "Why this?<blockquote>This is an automatic reply.</blockquote>"),
        mail("[teach] hub quota?", "How is it counted?", List_Id="teach.lists.example.org", Precedence="list"),
        mail("A package", "Please add xarray.", Auto_Submitted="no", X_Auto_Response_Suppress="All"),
        mail("A package", "Please add xarray.<br>This message is confidential. If you are not the intended recipient, do not reply."),
    ],
)  # fmt: skip
def test_a_person_who_forwards_quotes_or_writes_to_a_list_is_a_person(written: Mail) -> None:
    assert read(written) is None


def test_many_words_that_no_row_knows_are_read_by_a_person() -> None:
    more = "The new building has four floors and a garden. Lunch is served at noon. " * 3
    found = read(
        mail("Automatic reply: hub", f"I am out of the office until Monday. {more}", Auto_Submitted="auto-replied")
    )
    assert found is not None
    assert not found.certain


def test_what_comes_from_our_own_address_has_gone_round() -> None:
    found = read(
        mail("Re: A package", "It is received.", sender="Support <Support@desk.example.org>"),
        "support@desk.example.org",
    )
    assert found is not None
    assert not found.certain


@pytest.mark.parametrize(
    ("sender", "headers", "marked", "machine"),
    [
        (PERSON, (), False, False),
        (PERSON, (), True, True),
        (PERSON, (("auto-submitted", "auto-replied (vacation)"),), False, True),
        (PERSON, (("Auto-Submitted", "no"),), False, False),
        (PERSON, (("Precedence", "list"), ("List-Id", "x")), False, False),
        ("MAILER-DAEMON@mx.example.org", (), False, True),
        ("no-reply@mx.example.org", (), False, False),
    ],
)  # fmt: skip
def test_a_reply_is_a_machines_where_the_helpdesk_says_so(
    sender: str, headers: tuple[tuple[str, str], ...], marked: bool, machine: bool
) -> None:
    assert by_machine(sender, headers, automatic=marked) is machine


@pytest.mark.parametrize(
    "text", ["ticket " * 60_000, "your message " * 30_000, "[a1] " * 80_000, "re: " * 90_000, "a" * 400_000]
)
def test_long_hostile_text_is_read_at_once(text: str) -> None:
    assert yards(lambda: read(mail(text, text))) < ENOUGH
