"""A person in the middle: before each call of a run somebody closes, assigns, replies, tags, edits; nothing of it may go.

A write that follows its look at once, with nothing between, is the one window that no client can close: the person's act
falls in between. Such cells are counted apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from building import ORGANIZATION

from torture import acts
from torture.cells import Cell, Verdict
from torture.interleave import NEAR, TALK, between, plainly
from torture.scenarios import Road, road
from torture.seen import more_than_once
from torture.wire import Call, unwatched
from torture.world import world

WHO = "jonas.weber@staff.example.org"
STAFF = {person.name.split()[0]: person for person in ORGANIZATION.people}


@dataclass(frozen=True)
class Act:
    """What a person does. `words` are those of which a run that stops names one."""

    words: tuple[str, ...]
    do: Callable[[int], bool]  # on this ticket; False where there is nothing to do it to
    looks: str  # what a call asks for that would have shown it
    kept: Callable[[int], str] = lambda ticket: ""  # what has to stand there afterwards, as it reads now


def _put(ticket: int, **values: object) -> bool:
    if not ticket:
        return False
    acts.call("PUT", f"/api/v2/tickets/{ticket}", values)
    return True


def _field(name: str) -> Callable[[int], str]:
    return lambda ticket: str(world().store.value(f"SELECT {name} FROM fd_tickets WHERE id = ?", ticket))


def _tag(ticket: int) -> bool:
    tags = json.loads(_field("tags")(ticket)) if ticket else []
    return _put(ticket, tags=[*tags, "vip"])


def _tagged(ticket: int) -> str:
    return "vip" if "vip" in _field("tags")(ticket) else "no vip"


def _delete(ticket: int) -> bool:
    if not ticket:
        return False
    acts.call("DELETE", f"/api/v2/tickets/{ticket}", {})
    return True


def _other_type(ticket: int) -> bool:
    return bool(ticket) and _put(
        ticket, type="Guidance Request" if _field("type")(ticket) != "Guidance Request" else "Incident"
    )


def _reply(ticket: int) -> bool:
    if not ticket:
        return False
    acts.call(
        "POST",
        f"/api/v2/tickets/{ticket}/reply",
        {"body": "<p>I wrote to you by hand.</p>", "user_id": acts.agent(WHO)},
    )
    return True


def _answer(ticket: int) -> bool:
    if not ticket:
        return False
    number = _field("requester_id")(ticket)
    mail = world().store.value("SELECT email FROM fd_contacts WHERE id = ?", number)
    if not mail:
        return False
    acts.happen(
        "@answer", {"ticket": ticket, "by": mail, "body": "One more thing that you should know: it is worse now."}
    )
    return True


def _issue() -> int | None:
    """The newest issue, where the run has opened one or works on one."""
    row = world().store.row("SELECT max(number) AS number FROM gh_issues WHERE state = 'open'")
    return row["number"] if row and row["number"] else None


REPOSITORY = f"/github/repos/{ORGANIZATION.tracker.repository}"


def _close_issue(ticket: int) -> bool:
    number = _issue()
    if not number:
        return False
    acts.call("PATCH", f"{REPOSITORY}/issues/{number}", {"state": "closed"})
    return True


def _issues_closed(ticket: int) -> str:
    return str([row["number"] for row in world().store.rows("SELECT number FROM gh_issues WHERE state = 'closed'")])


def _move_board(ticket: int) -> bool:
    """Somebody drags the newest card to another column and gives it another impact."""
    here, board = world(), ORGANIZATION.tracker.board
    row = here.store.row("SELECT number FROM gh_items ORDER BY id DESC LIMIT 1")
    if not row or not board:
        return False
    with unwatched():
        here.desk().tracker.set_board(
            row["number"], {"Status": board.statuses[1], board.impact_field or "Impact": "Low"}
        )
    return True


def _board(ticket: int) -> str:
    """What stands in the fields that were set by hand."""
    board = ORGANIZATION.tracker.board
    query = "SELECT number, field, value FROM gh_items JOIN gh_item_values ON item = gh_items.id WHERE field IN (?, ?)"
    rows = world().store.rows(query, "Status", board.impact_field if board else "")
    return str(sorted(f"{row['number']} {row['field']} {row['value']}" for row in rows))


TICKET = r"^GET api/v2/tickets/\d+($|\?include)"
ISSUE = r"^(GET github/repos/.*/issues(/\d+$|\?)|POST github/graphql)"
BOARD = r"^POST github/graphql"
READS = 12  # calls from a look at the tracker to the first write: one reading of all facts
ACTS: dict[str, Act] = {
    "closes": Act(("status", "closed"), lambda t: _put(t, status=5), TICKET, _field("status")),
    "resolves": Act(("status", "resolved"), lambda t: _put(t, status=4), TICKET, _field("status")),
    "waits": Act(("status", "pending"), lambda t: _put(t, status=3), TICKET, _field("status")),
    "assigns": Act(
        ("agent", "assigned", "jonas"), lambda t: _put(t, responder_id=acts.agent(WHO)), TICKET, _field("responder_id")
    ),
    "retypes": Act(("type",), _other_type, TICKET, _field("type")),
    "tags": Act(("tag",), _tag, TICKET, _tagged),
    "replies": Act(("repl", "jonas", "answer"), _reply, TALK),
    "answers": Act(("repl", "answer", "wrote", "message"), _answer, TALK),
    "deletes": Act(("deleted",), _delete, TICKET, _field("deleted")),
    "closes-issue": Act(("issue", "closed"), _close_issue, ISSUE, _issues_closed),
    "moves-board": Act(("board", "card"), _move_board, BOARD, _board),
}


def cells(name: str) -> list[Cell]:
    """Each act before each call."""
    made = road(name)
    wanted = [act for act in ACTS if made.scenario.ticket or act in ("closes-issue", "moves-board")]
    return [Cell("person", name, f"{act}@{number}") for act in wanted for number in made.positions]


def run(cell: Cell) -> Verdict:
    here, made = world(), road(cell.scenario)
    name, _, number = cell.what.partition("@")
    act, at, scenario = ACTS[name], int(number), made.scenario
    here.back(made.kept)
    calls: list[Call] = []
    did: list[bool] = []
    at_the_time: list[str] = []
    mails: list[int] = []

    def step_in(call: Call, go: Any) -> Any:
        calls.append(call)
        if call.number == at:
            with unwatched():
                stood = act.kept(scenario.ticket)
                done = act.do(scenario.ticket)
                did.append(done and (act.kept(scenario.ticket) != stood or act.looks == TALK))
                at_the_time.append(act.kept(scenario.ticket))
                mails.append(_mails())
        return go()

    first = here.run(scenario.runbook, scenario.given, step_in)
    verdict = Verdict()
    if not did or not did[0]:
        verdict.passed = True
        return verdict
    seen_by_the_plan = at <= _first(calls, act.looks)
    place = verdict.window if in_window(cell, calls) else verdict.overwritten
    if act.kept(scenario.ticket) != at_the_time[0] and not seen_by_the_plan:
        place.append(f"{name}: {at_the_time[0]} became {act.kept(scenario.ticket)}")
    if not seen_by_the_plan:
        place += _wrong_mails(name, mails[0], _of_an_issue(made))
        moved = any(call.writes and "'status'" in str(call.said) and call.number >= at for call in calls)
        if name == "answers" and moved and _field("status")(scenario.ticket) in ("3", "4", "5"):
            place.append("answers: the ticket left the queue over a message that nobody read")
    if first.failure and not any(word in first.failure.lower() for word in act.words):
        verdict.untold.append(first.failure[:160])
    verdict.untyped += [first.untyped] if first.untyped else []
    stood = act.kept(scenario.ticket)
    again, left = plainly(made)
    verdict.untyped += [again.untyped] if again.untyped else []
    later = [line.key for line in again.receipt.actions if line.state == "done"] if again.receipt else []
    did_more = any(not key.endswith("#record") for key in later)
    twice = more_than_once(made.after, left)
    # It tells of what it did; and who is asked again because somebody took back that it was resolved gets a survey again.
    verdict.doubled += [each for each in twice if not (did_more and ("#record " in each or " survey " in each))]
    what = {"closes": "status", "deletes": "deleted"}.get(name)
    reads = next((each.value for each in left if str(each) == f"ticket {scenario.ticket} {what}"), "")
    if what and at_the_time[0] == stood != reads and not _opens(made):
        verdict.overwritten.append(f"{name}: a run after it makes {stood} {reads}")
    return verdict


def in_window(cell: Cell, calls: Sequence[Call]) -> bool:
    """Whether the person acts between a look that would have shown it and the write that leans on that look."""
    name, _, number = cell.what.partition("@")
    looks = ACTS[name].looks
    return between(calls, int(number), looks, READS if looks in (ISSUE, BOARD) else NEAR)


def _first(calls: Sequence[Call], looks: str) -> int:
    """The first call that shows it; whoever acts before it acts before the run. 0 where the run never looks there."""
    return next((call.number for call in calls if re.search(looks, f"{call.method} {call.path}")), 0)


def _opens(made: Road) -> bool:
    """Whether the run is there to open what is over: who says so again once it was closed, opens it again."""
    return made.scenario.given.get("outcome") == "refuted"


def _mails() -> int:
    return int(world().store.value("SELECT count(*) FROM fd_outbox"))


def _of_an_issue(made: Road) -> bool:
    """Whether the ticket had its issue before the run."""
    return any(item.kind == "issue" and f"tickets/{made.scenario.ticket}" in item.value for item in made.before)


def _wrong_mails(name: str, so_far: int, road_has_issue: bool) -> list[str]:
    """Mails of the run that the act makes wrong: any after the end, and one that names another agent than the ticket's."""
    sent = world().store.rows("SELECT * FROM fd_outbox ORDER BY id LIMIT -1 OFFSET ?", so_far)
    if name in ("closes", "resolves", "deletes"):
        return [f"{name}: a mail went out after it: {row['subject'][:60]}" for row in sent if row["kind"] != "survey"]
    if name == "closes-issue":
        told = [row for row in sent if row["kind"] != "survey"] if road_has_issue else []
        return [f"{name}: a mail went out after it: {row['subject'][:60]}" for row in told]
    if name == "replies":
        return [
            f"{name}: acknowledged though Jonas has answered" for row in sent if "triage.acknowledge" in row["body"]
        ]
    if name == "assigns":
        others = [first for first in STAFF if first != "Jonas"]
        me = world().desk().helpdesk.me().name.split()[0]
        return [
            f"{name}: a mail names {first} though Jonas has it"
            for row in sent
            for first in others
            if first != me and re.search(rf"\b{first}\b", row["body"])
        ]
    return []
