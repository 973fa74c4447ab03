"""No secret that a ticket holds comes out of any plan, in whatever it would write or show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from building import build_case
from corpora import HALVES, entries

from deskbook import batch
from deskbook.engine.plan import Plan
from deskbook.errors import ParameterError
from deskbook.language.redaction import redact
from deskbook.language.text import words_of
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.ui import blocks as ui
from deskbook.ui import views

PLANNERS = {name: book for name, book in RUNBOOKS.items() if book.of_ticket}


def plain(text: str) -> str:
    return text.replace("¦", "")


def html_of(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.replace("&", "&amp;").replace("<", "&lt;").split("\n"))


def cases(text: str) -> Iterator[Any]:
    """The text as a request, as a subject, in the form of a workshop, and as a reply to our question."""
    body = html_of(text)
    yield {"ticket": {"subject": "A question", "body": f"<p>Our hub aurora is broken.</p>{body}", "type": "Incident"}}
    if "\n" not in text:
        yield {"ticket": {"subject": redact(text), "body": "<p>Please help.</p>"}}  # as the helpdesk's adapter reads it
    workshop = {"subject": "Workshop on 12-14 January 2027", "type": "Workshop Request"}
    yield {"ticket": {**workshop, "body": f"<p>We prepare a workshop.</p>{body}"}}
    said = {"by": "requester", "body": body, "at": "2026-11-23T16:00:00+00:00"}
    yield {"ticket": {"subject": "Shared password", "body": "<p>We need a new password.</p>"}, "entries": [said]}


def shown(case: Any, plan: Plan) -> str:
    """All that a run would write or show: the ticket, the plan with its texts, every field of every action."""
    parts = [ui.text(views.case(case)), ui.html(views.case(case)), ui.text(views.plan(plan)), ui.html(views.plan(plan))]
    for action in plan.actions:
        parts += [str(getattr(action, field.name)) for field in fields(action)]
    told = "\n".join([*parts, *plan.needs_human])
    return f"{told}\n{words_of(told)}"


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("name", PLANNERS)
def test_no_secret_leaves_a_ticket(name: str, half: str) -> None:
    """Each runbook has a third of the secrets, so that each secret is seen by two."""
    book, out = PLANNERS[name], []
    for entry in entries("passwords", half)[list(PLANNERS).index(name) % 3 :: 3]:
        for number, said in enumerate(cases(plain(entry["text"]))):
            case = build_case(said)
            told = shown(case, book.plan(case, book.decide(case)))
            if any(plain(word) in told for word in entry["secrets"]):
                out.append(f"{entry['id']} in case {number}")
    if half == "measure":  # whoever mends a rule does not see which
        out = [f"{len(out)} of the half that nobody looks at"] if out else []
    assert out == []


WORDS = "The password is WelcomeAll9"
LOGS = "Authorization: Bearer abc123def456ghi789"
AGENTS = {
    "timebox": {"outcome": "unsolved", "findings": f"Looked for an hour.\n{WORDS}\n{LOGS}", "description": WORDS},
    "escalate": {"capacity": f"no time. {WORDS}"},
    "incident": {"stage": "open", "message": WORDS},
    "resolve": {"outcome": "no-survey", "message": WORDS},
    "workshop": {"hub_url": "https://guest:WelcomeAll9@aurora.hubs.example.org"},
}


@pytest.mark.parametrize("name", AGENTS)
def test_nor_what_an_agent_pastes_into_a_parameter(name: str) -> None:
    case = build_case({"ticket": {"subject": "Hub down", "body": "<p>aurora is down</p>", "type": "Incident"}})
    book = PLANNERS[name]
    try:
        told = shown(case, book.plan(case, book.decide(case, **AGENTS[name])))
    except ParameterError as error:
        told = str(error)
    assert "WelcomeAll9" not in told
    assert "abc123def456ghi789" not in told


def test_an_error_does_not_repeat_it() -> None:
    case = build_case({})
    with pytest.raises(ParameterError, match="is no agent of the helpdesk") as caught:
        PLANNERS["timebox"].decide(case, agent=WORDS)
    assert "WelcomeAll9" not in str(caught.value)


def test_a_mail_says_what_was_typed() -> None:
    case = build_case({"ticket": {"status": "Pending"}})
    decision = PLANNERS["resolve"].decide(case, outcome="fixed", message=WORDS)
    assert decision.message == WORDS


def test_an_executed_notebook_repeats_no_secret_of_a_parameter() -> None:
    given = {"tags": ["injected-parameters"]}
    notebook = {
        "metadata": {"papermill": {"parameters": {"findings": WORDS, "ticket_id": 101}}},
        "cells": [{"metadata": given, "source": ["ticket_id = 101\n", f'findings = "{WORDS}"\n']}],
    }
    kept = json.dumps(batch._discreet(notebook))
    assert "WelcomeAll9" not in kept
    assert "ticket_id = 101" in kept
