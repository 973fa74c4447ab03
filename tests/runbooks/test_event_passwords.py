"""The shared password of an event: hidden wherever it stands, and told from an event where it comes alone."""

from __future__ import annotations

import pytest
from event_mail import event

from deskbook.language.redaction import HIDDEN, redact


@pytest.mark.parametrize(
    ("subject", "body", "alone"),
    [
        ("Password", "Please change the shared password of the hub before 12 January.", True),
        ("Password for the workshop", "Please rotate the shared password before the workshop on 12 January.", True),
        ("Shared password", "Could you change it by 12 January?", True),
        ("Our hub", "The shared password must be changed before 12 January.", True),
        ("Workshop in January", "We run it on 12 January. Please change the shared password.", False),
        ("Password", "We hold a workshop on 12 January. Please change the shared password.", False),
        ("Password", "Please change the shared password, 40 people come on 12 January.", False),
    ],
)
def test_a_password_alone_is_told_from_an_event(subject: str, body: str, alone: bool) -> None:
    assert event(body, subject).password_only is alone


@pytest.mark.parametrize(
    "text",
    [
        "Please change the shared password to Corals-1 before the workshop.",
        "The password is Corals-1.",
        "password: Corals-1",
        "New password = Corals-1",
        "Password (new): Corals-1",
        'set "Corals-1 reef" as the new password',
        "the password should be 'reef Corals-1' from Monday",
        "please use Corals-1 as the password",
        "Please set the password to the following: Corals-1",
        "change the workshop password for https://x.example.org to: Corals-1",
        "Password\nCorals-1",
        "the old password was Abc, the new password is Corals-1",
        "the new pw is Corals-1",
        "Password Corals-1",
        "password 'reef Corals-1' please",
        "The current password, Corals-1, must change",
        "Hub: coral (password Corals-1)",
        "credentials: guest / Corals-1",
        "Corals-1 is the new password",
        "Please set the shared password. It should be Corals-1",
        "Please change it to Corals-1. It is the shared password.",
        "We need a new password:\n\nCorals-1",
        "https://guest:Corals-1@coral.hubs.example.org",
    ],
)
def test_a_password_is_hidden(text: str) -> None:
    for secret in ("Corals-1", "Zq7!x"):
        shown = redact(text.replace("Corals-1", secret))
        assert secret not in shown
        assert HIDDEN in shown


@pytest.mark.parametrize("text", ["murmelturm", "the one we want: murmelturm", "Hello,\nZq7!x"])
def test_an_answer_to_words_on_a_password_is_hidden_too(text: str) -> None:
    shown = redact(text, "Please change the shared password")
    assert "murmelturm" not in shown
    assert "Zq7!x" not in shown
    assert redact(text) == text  # where nobody speaks of a password, nothing is hidden


@pytest.mark.parametrize(
    "text",
    [
        "Please reset the shared password before 12 January.", "Could you change the password to something new?", "No pass is needed.",
        "The shared password for coral.hubs.example.org must be changed by 2027-01-12, 9am-5pm (UTC+2), 40-50 people",
    ],
)  # fmt: skip
def test_what_is_no_password_stays(text: str) -> None:
    assert redact(text) == text
