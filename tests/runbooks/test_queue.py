"""The queue: what comes next on each ticket, a file for each rule; and how it is read from the sandbox."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
from building import NOW, ORGANIZATION, PROCESS, plan_files, read
from roads import advance
from talking import post
from test_runbooks import papermill

from deskbook.assembly import connect
from deskbook.config.organization import Organization
from deskbook.config.settings import Settings
from deskbook.errors import ParameterError
from deskbook.model.records import Agent, Community, Issue, Ticket, TicketSummary
from deskbook.runbooks.catalog import runbook
from deskbook.runbooks.queue import view as queuepage
from deskbook.runbooks.queue.decision import Decision, decide
from deskbook.runbooks.queue.form import SOME, DeskForm, form
from deskbook.runbooks.queue.view import View
from deskbook.services.freshdesk.links import linked, ticket_address
from deskbook.services.ports import Desk
from deskbook.tickets import queue
from deskbook.tickets.next_step import Item
from deskbook.ui import blocks as ui
from deskbook_sandbox import generate, server
from deskbook_sandbox.server import Running

FILES = plan_files("queue")
TICKET = {"id", "status", "source", "type", "agent", "group", "tags", "created", "spam", "deleted"}
TIMES = {"first_answer", "answered", "replied", "reopened", "resolved", "pending"}
ISSUE = {"number", "ticket", "state", "body", "labels", "assignees", "assigned", "refs", "board"}
EXPECTED = {"id", "step", "role", "who", "due", "late", "waits", "critical", "because", "what"}
AGENTS = tuple(Agent(900 + i, p.name, p.mail, p) for i, p in enumerate(ORGANIZATION.people))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def listed(said: Mapping[str, Any]) -> TicketSummary:
    assert not set(said) - TICKET - TIMES - {"untold"}, said
    created = moment(said.get("created", "2026-11-16T10:00:00Z"))
    by_name = {agent.name: agent.id for agent in AGENTS}
    ticket = Ticket(
        id=said["id"],
        subject="Kernel dies",
        body="",
        status=said.get("status", "Open"),
        source=said.get("source", "Email"),
        type=said.get("type"),
        requester=100,
        agent=by_name[said["agent"]] if "agent" in said else None,
        community=10,
        group=said.get("group", "support"),
        tags=tuple(said.get("tags", ())),
        hub_url=None,
        created=created,
        url="",
        deleted=said.get("deleted", False),
        spam=said.get("spam", False),
    )
    times = {name: moment(said[name]) for name in TIMES if name in said}
    if "answered" in times and "reopened" not in times:
        times.setdefault("first_answer", times["answered"])
    return TicketSummary(ticket, **times, changed=None if said.get("untold") else created)


def issue(said: Mapping[str, Any]) -> Issue:
    assert not set(said) - ISSUE, said
    helpdesk = ORGANIZATION.support.helpdesk
    body = said.get("body", ticket_address(helpdesk, said["ticket"]) if "ticket" in said else "")
    return Issue(
        number=said["number"],
        title="",
        url="",
        state=said.get("state", "open"),
        body=body,
        author="priya-raman",
        created=moment("2026-11-20T12:00:00Z"),
        labels=tuple(said.get("labels", ("support",))),
        assignees=tuple(said.get("assignees", ())),
        assigned=moment(said["assigned"]) if "assigned" in said else None,
        refs=tuple(said.get("refs", ())),
        tickets=linked(helpdesk, body)[0],
        board=said.get("board"),
    )


def items_of(said: Mapping[str, Any]) -> tuple[Item, ...]:
    organization = Organization.model_validate({**ORGANIZATION.model_dump(), **said.get("organization", {})})
    announced = frozenset(said["announced"]) if "announced" in said else None
    now = moment(said.get("now", NOW))
    about = queue.Queue((), PROCESS, organization, now, AGENTS[0], tuple(AGENTS), announced=announced)
    views = queue.views_of(
        [listed(each) for each in said["tickets"]],
        [issue(each) for each in said.get("issues", ())],
        [Community(10, "Aurora Climate Lab", listed=("Ada Lindgren",))],
        about,
    )
    return queue.in_order(views, about)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_comes_next(path: Path) -> None:
    said = read(path)
    items = items_of(said)
    assert [(i.ticket.id, i.step) for i in items] == [(e["id"], e["step"]) for e in said["expect"]]
    for item, expect in zip(items, said["expect"], strict=True):
        assert not set(expect) - EXPECTED, f"a file may expect {EXPECTED}"
        assert item.due_at == (moment(expect["due"]) if expect["due"] else None)
        assert item.late is expect["late"]
        assert item.waits is expect.get("waits", item.waits)
        assert item.critical is expect.get("critical", False)
        assert item.who == expect.get("who", item.who)
        assert item.role == expect.get("role", item.role)
        assert expect.get("because", "") in item.because
        assert expect.get("what", "") in item.what


def test_every_item_names_a_step_of_the_process_and_the_runbook_it_is_in() -> None:
    found = [item for path in FILES for item in items_of(read(path))]
    assert len({item.step for item in found}) >= 14
    for item in found:
        assert PROCESS.step(item.step).title == item.title
        assert item.step.startswith(f"{item.runbook}.")
        assert item.who
        assert item.because.endswith(".")
        assert item.due is None or item.due.due == item.due_at


def calls(running: Running) -> int:
    with urllib.request.urlopen(f"{running.url}/sandbox/state") as answer:
        return sum(count for call, count in json.load(answer)["requests"].items() if " /sandbox" not in call)


def test_every_unfinished_ticket_of_ours_in_the_seed_appears_once(running: Running, desk: Desk) -> None:
    with urllib.request.urlopen(f"{running.url}/sandbox/state") as answer:
        tickets = json.load(answer)["tickets"]
    billing = {record["group_id"] for record in tickets if record["id"] == 128}
    wanted = {
        record["id"]
        for record in tickets
        if record["status"] in (2, 3, 4) and record["source"] in (1, 2, 9) and record["group_id"] not in billing
        if not record.get("deleted") and not record["spam"]
    }
    found = [item.ticket.id for item in queue.read_queue(desk).items]
    assert len(found) == len(set(found))
    assert set(found) == wanted
    assert len(wanted) > 20


def test_reading_takes_lists_only(running: Running, desk: Desk) -> None:
    before = calls(running)
    queue.read_queue(desk)
    assert 0 < calls(running) - before <= 12


def test_a_year_of_tickets_takes_a_call_for_each_hundred() -> None:
    with server.start(ORGANIZATION) as running:
        generate.generate(running.store, 3_000)
        desk = connect(Settings(sandbox_url=running.url))
        before = calls(running)
        items = queue.read_queue(desk).items
        made = calls(running) - before
        assert len(items) > 100
        assert made <= 3_000 / 100 + 20


def test_a_closed_issue_is_found_where_a_pending_ticket_has_no_open_one(running: Running, desk: Desk) -> None:
    desk.helpdesk.update(125, {"status": "Pending"})
    assert {i.ticket.id: i.step for i in queue.read_queue(desk).items}[125] == "timebox.track"
    number = desk.tracker.open("[Support] Git", "https://2i2c.freshdesk.com/a/tickets/125", ["support"])
    assert {i.ticket.id: i.step for i in queue.read_queue(desk).items}[125] == "resolve.plan"
    close(running, number)
    item = next(i for i in queue.read_queue(desk).items if i.ticket.id == 125)
    assert (item.step, item.because) == ("resolve.work", f"Issue #{number} is closed.")


def close(running: Running, number: int) -> None:
    request = urllib.request.Request(
        f"{running.url}/github/repos/2i2c-org/infrastructure/issues/{number}",
        data=b'{"state": "closed"}',
        headers={"Authorization": "Bearer sandbox", "Content-Type": "application/json"},
        method="PATCH",
    )
    urllib.request.urlopen(request).close()


def test_a_reply_that_reopens_starts_new_clocks_and_opens_the_runbook_that_reads_it(
    running: Running, desk: Desk
) -> None:
    desk.helpdesk.update(131, {"status": "Open"})
    item = next(i for i in queue.read_queue(desk).items if i.ticket.id == 131)
    assert item.command == "deskbook run resolve ticket_id=131"
    assert item.due is not None
    assert item.due.started == desk.helpdesk.now()


def of_person(desk: Desk, who: str = "") -> View:
    found = queue.read_queue(desk)
    return View(found, decide(found, person=who))


def test_after_triage_a_workshop_is_next_in_the_queue_as_a_workshop(running: Running, desk: Desk) -> None:
    book = runbook("triage")
    case = desk.case(122)
    assert book.plan(case, book.decide(case)).run(desk, apply=True).next == "workshop"
    item = next(item for item in queue.read_queue(desk).items if item.ticket.id == 122)
    assert (item.runbook, item.waits) == ("workshop", False)


@pytest.mark.parametrize("who", ["grace.holloway@staff.example.org", "Grace Holloway", "GRACE"])
def test_one_person_sees_what_is_theirs(desk: Desk, who: str) -> None:
    found = of_person(desk, who).items
    assert [item.ticket.id for item in found] == [125]


def test_a_stranger_is_refused_with_the_names_that_are_known(desk: Desk) -> None:
    with pytest.raises(ParameterError, match=r"nobody of the staff; use one of .*grace\.holloway"):
        of_person(desk, "walt")


def test_the_first_lines_say_what_is_next_and_the_command_for_it(desk: Desk) -> None:
    page = of_person(desk)
    lines = ui.text(page.blocks()).strip().splitlines()
    assert lines[0].startswith("The queue (0 late, ")
    assert lines[1].startswith("Next: ")
    assert lines[1].endswith(" Triage it.")
    assert lines[2].startswith("Due in 21 h 40 min, Tue 24 Nov 2026 15:35 UTC. ")
    assert f"deskbook run triage ticket_id={page.items[0].ticket.id}" in lines[:5]


@pytest.mark.parametrize(
    ("left", "says"),
    [
        ("22:45", "due in 22 h"),
        ("1:59", "due in 1 h 59 min"),
        ("71:59", "due in 71 h"),
        ("95:59", "due in 3 days"),
        ("-0:40", "late by 40 min"),
        ("-50:30", "late by 50 h"),
    ],
)
def test_how_soon_is_said_in_plain_words_and_never_promises_more_than_there_is(
    desk: Desk, left: str, says: str
) -> None:
    hours, minutes = map(int, left.removeprefix("-").split(":"))
    far = timedelta(hours=hours, minutes=minutes) * (-1 if left.startswith("-") else 1)
    item = replace(of_person(desk).items[0], due_at=moment(NOW) + far, late=far < timedelta(0))
    assert queuepage.how_soon(item, moment(NOW)) == says


def test_the_table_says_what_to_do_and_how_soon(desk: Desk) -> None:
    page = of_person(desk)
    rows = {
        row[0].split()[0]: row[1]
        for block in page.blocks()
        if isinstance(block, ui.Rows) and "Next" in block.head
        for row in block.rows
    }
    assert (rows["109"], rows["106"], rows["131"]) == (
        "Triage it, due in 22 h",
        "Read the answer, now",
        "Wait for their word",
    )


def test_foreign_subjects_are_shown_and_do_nothing(desk: Desk) -> None:
    page = of_person(desk)
    html = page._repr_mimebundle_()["text/html"]
    assert "124 Shared drive" in html
    assert "<script" not in html


def test_a_desk_with_nothing_to_do_says_so() -> None:
    blocks = queuepage.blocks((), "UTC", "UTC", moment(NOW))
    assert "Nothing is to be done now." in ui.text(blocks)


def test_tickets_that_the_helpdesk_does_not_show_are_spoken_of(desk: Desk) -> None:
    found = queue.read_queue(desk)
    said = "older tickets are not shown: the helpdesk's search ends at 300."
    assert said not in ui.text(of_person(desk).blocks())
    shown = ui.text(View(replace(found, unseen=7), decide(found, person="grace")).blocks())
    assert f"7 {said}" in shown.splitlines()[2]


def desk_form(desk: Desk, person: str = "", opened: list[tuple[str, int]] | None = None) -> DeskForm:
    """The form of the queue, telling what would be opened in place."""
    found = queue.read_queue(desk)

    def onward(desk: Desk, runbook: str, ticket: int) -> ipywidgets.Widget:
        (opened if opened is not None else []).append((runbook, ticket))
        return ipywidgets.HTML("opened")

    return form(desk, found, decide(found, person=person), onward)


def words(form: DeskForm) -> list[str]:
    """What each row and heading says, in order."""
    rows = (row.children[1] if isinstance(row, ipywidgets.HBox) else row for row in form.rows.children)
    return [row.value for row in rows if isinstance(row, ipywidgets.HTML)]


def test_each_row_of_the_desk_opens_its_ticket(desk: Desk) -> None:
    opened: list[tuple[str, int]] = []
    shown = desk_form(desk, "grace", opened)
    row = next(row for row in shown.rows.children if isinstance(row, ipywidgets.HBox))
    assert row.children[0].description == "Open 125"
    row.children[0].click()
    assert opened == [("timebox", 125)]
    assert "deskbook run timebox ticket_id=125" in shown._repr_mimebundle_()["text/plain"]


def test_in_jupyterlab_a_row_opens_the_tickets_own_notebook(desk: Desk) -> None:
    shown = desk_form(replace(desk, notebook=lambda runbook, ticket: f"tickets/{ticket}/{runbook}.ipynb"), "grace")
    shown.open(shown.shown()[0])
    assert 'data-deskbook-open="tickets/125/timebox.ipynb"' in shown.below.children[0].value


def test_what_is_late_stands_first_and_what_is_to_be_done_now_next(desk: Desk, running: Running) -> None:
    headings = [said.split("<small>")[0] for said in words(desk_form(desk)) if said.startswith("<h2>")]
    assert headings == ["<h2>Now ", "<h2>Due "]
    advance(running.url, days=3)
    assert words(desk_form(desk))[0].startswith("<h2>Late ")


def test_the_desk_begins_with_mine_and_shows_everybodys(desk: Desk) -> None:
    shown = desk_form(desk)
    assert shown.whose.value == desk.helpdesk.me().mail
    mine = len(shown.shown())
    shown.whose.value = ""
    assert len(shown.shown()) > mine


def test_the_desk_is_filtered_by_community_and_clock(desk: Desk) -> None:
    shown = desk_form(desk)
    shown.whose.value = ""
    shown.community.value = "Aurora Climate Lab"
    assert {shown.queue.communities[item.ticket.community or 0] for item in shown.shown()} == {"Aurora Climate Lab"}
    before = len(shown.shown())
    shown.clock.value = shown.clock.options[1][1]
    assert 0 < len(shown.shown()) < before


def test_the_desk_is_read_again(desk: Desk, running: Running) -> None:
    shown = desk_form(desk)
    before = len(shown.queue.items)
    mail = {"from": "ada@aurora.example.org", "subject": "Once more", "body": "Please."}
    post(running.url, "/sandbox/incoming", mail)
    shown.again.click()
    assert len(shown.queue.items) == before + 1


def test_a_helpdesk_that_does_not_answer_is_told_and_the_old_rows_stay(desk: Desk, running: Running) -> None:
    shown = desk_form(desk)
    rows = shown.rows.children
    post(running.url, "/sandbox/faults", [{"method": "GET", "path": "/api/*", "status": 500}])
    shown.again.click()
    assert 'role="alert"' in shown.said.value
    assert (shown.rows.children, shown.again.disabled) == (rows, False)


def test_a_long_desk_shows_more_when_asked(desk: Desk) -> None:
    shown = desk_form(desk)
    shown.whose.value = ""
    assert len(shown.shown()) > SOME
    rows = len(shown.rows.children)
    shown.rows.children[-1].click()
    assert len(shown.rows.children) > rows


def test_what_the_night_proposes_stands_in_the_row(desk: Desk) -> None:
    found = queue.read_queue(desk)
    proposed = {"proposed": "deskbook run <it>", "does": "Assign Mei"}
    items = tuple(replace(i, **proposed) if i.ticket.id == 125 else i for i in found.items)
    shown = form(desk, replace(found, items=items), decide(found, person="grace"), lambda *_: ipywidgets.HTML())
    assert "<strong>Proposed</strong>: Assign Mei.</p>" in "".join(words(shown))
    assert "<code>deskbook run &lt;it&gt;</code>" in "".join(words(shown))


def test_an_empty_desk_has_nothing_to_open(desk: Desk) -> None:
    found = replace(queue.read_queue(desk), items=())
    shown = form(desk, found, Decision(), lambda *_: ipywidgets.HTML())
    assert (shown.rows.children, shown.said.value.split(".")[0]) == ((), "nothing to do")


@pytest.mark.parametrize("person", ["", "grace"])
def test_the_notebook_shows_the_queue_and_the_chooser(running: Running, tmp_path: Path, person: str) -> None:
    """Also with the defaults alone: a name such as `who` would be taken for one of the kernel's own commands."""
    ran = papermill("queue.ipynb", tmp_path, running.url, *([f"person={person}"] if person else []))
    assert ran.returncode == 0, ran.stderr
    cells = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))["cells"]
    shown = ["".join(o["data"].get("text/plain", "")) for c in cells for o in c.get("outputs", []) if "data" in o]
    assert "The queue (0 late, " in shown[-3]
    assert "deskbook run timebox ticket_id=125" in shown[-2]
    assert ("ticket_id=101" in shown[-2]) is (person == "")
    assert "Nothing written yet: queue" in shown[-1]
