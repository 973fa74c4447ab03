"""Learning from closed tickets, over HTTP on a sandbox with a generated year."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from building import ORGANIZATION
from test_cli import deskbook
from test_starts import imported

from deskbook import learning
from deskbook.assembly import connect
from deskbook.config.organization import SHIPPED
from deskbook.config.settings import Settings
from deskbook.errors import DeskbookError
from deskbook.runbooks.triage import plan as triage
from deskbook.runbooks.triage.decision import decide
from deskbook.runbooks.triage.form import form
from deskbook.services.ports import Desk
from deskbook.tickets import history
from deskbook_sandbox import server
from deskbook_sandbox.generate import generate
from deskbook_sandbox.server import Running

SILENT = "Package: coral analysis"  # a subject on which the rules say nothing


@pytest.fixture
def year() -> Iterator[Running]:
    with server.start(ORGANIZATION, seed="default") as running:
        running.store.switch(running.store.switches.model_copy(update={"limits": False}))
        generate(running.store, 400)
        yield running


@pytest.fixture
def settings(year: Running, tmp_path: Path) -> Settings:
    organization = tmp_path / "organization.yaml"
    shutil.copy(SHIPPED, organization)
    return Settings(sandbox_url=year.url, organization=organization)


def learned(settings: Settings) -> Desk:
    """A desk that was connected after learning."""
    learning.keep(settings, learning.learn(connect(settings)))
    return connect(settings)


def asked(year: Running, subject: str, body: str = "Best wishes, Ada", **more: Any) -> int:
    said = {"email": "ada@aurora.example.org", "status": 2, "priority": 1, "source": 1}
    ticket = {**said, "subject": subject, "description": body, **more}
    answer = requests.post(f"{year.url}/api/v2/tickets", json=ticket, auth=("sandbox", "X"), timeout=10)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_what_closed_tickets_were_is_proposed_to_a_person_and_not_done(year: Running, settings: Settings) -> None:
    number = asked(year, SILENT)
    before = triage.plan(connect(settings).case(number), decide(connect(settings).case(number)))
    desk = learned(settings)
    case = desk.case(number)
    after = triage.plan(case, decide(case))
    assert case.alike is not None
    assert case.alike.kind == "change"
    assert (before.outcome, after.outcome) == ("unclear", "unclear")
    assert [action.key for action in after.actions] == [action.key for action in before.actions]
    named = f"closed tickets most like it were 'Change Request' ({', '.join(map(str, case.alike.tickets[:4]))}, …)"
    assert "closed tickets" not in " ".join(before.needs_human)
    assert named in " ".join(after.needs_human)
    assert all("Package for" in desk.helpdesk.ticket(each).subject for each in case.alike.tickets[:2])


def test_the_form_shows_the_proposal_and_leaves_the_choice_open(year: Running, settings: Settings) -> None:
    desk = learned(settings)
    case = desk.case(asked(year, SILENT))
    shown = form(desk, case, decide(case))
    assert "closed tickets most like it were 'Change Request'" in " ".join(shown.reasons)
    assert next(field.advised for field in shown.fields if field.name == "category") == "a person decides"


def test_a_subject_like_no_closed_ticket_gets_no_proposal(year: Running, settings: Settings) -> None:
    desk = learned(settings)
    assert desk.case(asked(year, "Zebra")).alike is None
    assert desk.case(asked(year, "Data")).alike is None, "a word of every kind tells nothing"


def test_an_incident_is_never_proposed(year: Running, settings: Settings) -> None:
    desk = learned(settings)
    assert any(past.kind == "incident" for past in (learning.kept(settings) or pytest.fail("nothing is kept")).tickets)
    assert desk.case(asked(year, "Hub does not answer")).alike is None


def test_no_word_that_fewer_than_three_people_used_and_no_password_is_kept(year: Running, settings: Settings) -> None:
    for mail in ("ada@aurora.example.org", "bea@borealis.example.org", "otto@aurora.example.org"):
        asked(year, "Workshop password: Corals7reef", email=mail, status=5, type="Workshop Request")
    for _ in range(4):
        asked(year, "Question of Professor Wintergreen", status=5, type="Guidance Request")
    lesson = learning.learn(connect(settings))
    path = learning.keep(settings, replace(lesson, own=lesson.rules))  # whatever it would do
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert {"password", "workshop"} <= set(kept["words"])
    assert not {word for word in kept["words"] if "coral" in word or "wintergreen" in word}
    assert set(kept["tickets"][0]) == {"id", "kind", "words"}


def test_a_spoiled_or_deleted_file_is_as_if_nothing_was_learned(year: Running, settings: Settings) -> None:
    number = asked(year, SILENT)
    learned(settings)
    (path,) = (settings.organization.parent / learning.FOLDER).iterdir()
    good = json.loads(path.read_text(encoding="utf-8"))
    for bad in (
        "",
        "[]",
        '{"words": {"package": 1}}',
        json.dumps({**good, "tickets": [{"id": 1, "kind": "approval", "words": [0]}]}),
        json.dumps({**good, "tickets": [{"id": 1, "kind": "change", "words": [len(good["words"])]}]}),
    ):
        path.write_text(bad, encoding="utf-8")
        assert connect(settings).case(number).alike is None, bad[:60]
    path.unlink()
    assert connect(settings).case(number).alike is None


def test_another_helpdesk_has_a_history_of_its_own(settings: Settings, running: Running) -> None:
    learned(settings)
    assert learning.kept(settings) is not None
    assert learning.kept(replace(settings, sandbox_url=running.url)) is None


def test_the_command_prints_both_scores_and_keeps_what_is_good(year: Running, settings: Settings) -> None:
    ran = deskbook("learn", DESKBOOK_SANDBOX_URL=year.url, DESKBOOK_ORGANIZATION=str(settings.organization))
    assert ran.returncode == 0, ran.stderr
    assert "the rules: " in ran.stdout
    assert "your history: " in ran.stdout
    assert learning.kept(settings) is not None


def test_what_is_worse_than_the_rules_is_refused_and_taken_away(settings: Settings) -> None:
    lesson = learning.learn(connect(settings))
    learning.keep(settings, lesson)
    assert lesson.usable
    worse = replace(lesson, own=replace(lesson.own, right=lesson.rules.right - 1))
    misleading = replace(lesson, silent=learning.Score(1, 2, 5))
    nothing = replace(lesson, own=learning.Score(0, 0, 0), rules=learning.Score(0, 0, 0))
    assert not worse.usable
    assert not nothing.usable
    assert not misleading.usable
    learning.keep(settings, worse)
    assert learning.kept(settings) is None


def test_the_command_refuses_a_small_history_that_is_worse_than_the_rules(tmp_path: Path) -> None:
    """Of 70 tickets too few share their words: the rules name more of the newest."""
    shutil.copy(SHIPPED, tmp_path / "organization.yaml")
    with server.start(ORGANIZATION) as running:
        generate(running.store, 70)
        told = {"DESKBOOK_SANDBOX_URL": running.url, "DESKBOOK_ORGANIZATION": str(tmp_path / "organization.yaml")}
        ran = deskbook("learn", **told)
    assert ran.returncode == 1, ran.stdout
    assert "worse than the rules" in ran.stderr
    assert not (tmp_path / learning.FOLDER).exists()


def test_too_few_closed_tickets_are_said_to_be_too_few(desk: Desk) -> None:
    with pytest.raises(DeskbookError, match=r"only \d+ tickets of the last year are closed"):
        learning.learn(desk)


def test_without_scikit_learn_learning_says_how_to_get_it_and_runs_still_use_what_was_learned(
    year: Running, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = asked(year, SILENT)
    learned(settings)
    for name in [name for name in sys.modules if name.partition(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(DeskbookError, match=r"pip install 'deskbook\[learn\]'"):
        learning.learn(connect(settings))
    assert connect(settings).case(number).alike is not None


def test_a_desk_imports_nothing_of_scikit_learn() -> None:
    assert not imported("import deskbook.assembly, deskbook.learning") & {"sklearn", "numpy", "scipy"}


def test_the_page_tells_the_numbers_that_count() -> None:
    page = (Path(__file__).parents[1] / "book" / "operate" / "learning.md").read_text(encoding="utf-8")
    assert f"fewer than {history.FEWEST} closed tickets are alike" in page
    assert f"two thirds of the likest {history.NEIGHBOURS} are" in page
    assert f"fewer than {learning.ENOUGH} closed tickets of a year" in page
    assert f"at least {learning.SHARED} different people" in page
    assert f"the latest {learning.LATEST} closed tickets" in page
