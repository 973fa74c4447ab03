"""The same road with its connection cut at any write, and with two agents at once: nothing is done twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from building import ORGANIZATION
from roads import mails, planned, run
from talking import get, post

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.services.ports import Desk
from deskbook_sandbox import server
from deskbook_sandbox.server import Running

# What a run writes, and where its connection is cut: runbook, ticket, decision, and each write.
LOSSES: list[tuple[str, int, dict[str, object], list[tuple[str, str]]]] = [
    (
        "timebox",
        102,
        {"minutes": 25, "outcome": "unsolved", "findings": "No larger nodes."},
        [
            ("POST", "/api/v2/tickets/102/time_entries"),
            ("POST", "/api/v2/tickets/102/notes"),
            ("POST", "/github/repos/*/issues"),
            ("PUT", "/api/v2/tickets/102"),
            ("POST", "/api/v2/tickets/102/reply"),
        ],
    ),
    (
        "resolve",
        110,
        {"outcome": "fixed", "message": "The guide is linked."},
        [
            ("POST", "/api/v2/tickets/110/reply"),
            ("PUT", "/api/v2/tickets/110"),
            ("POST", "/api/v2/tickets/110/notes"),
        ],
    ),
    (
        "escalate",
        103,
        {"agent": "Tomás", "capacity": "no"},
        [("POST", "/slack/api/chat.postMessage"), ("POST", "/api/v2/tickets/103/notes")],
    ),
]


def summary(url: str, desk: Desk, ticket: int) -> Any:
    """What people see of a ticket, its issue and the chat; of a record only that it is there, once."""
    case = desk.case(ticket)
    records = {ref.entry.id: ref.key for ref in case.references() if ref.key.endswith("#record")}
    said = sorted(records.get(entry.id, entry.body.replace(url, "")) for entry in case.entries)
    issues = [(i.title, i.body, i.state, i.board, i.refs) for i in case.issues]
    minutes = [(e.seconds, e.running, e.billable) for e in case.time_entries or ()]
    chat = [message["text"] for message in get(url, "/sandbox/state")["chat"]]
    sent = [mail["body"].replace(url, "") for mail in get(url, "/sandbox/outbox")]  # the survey's as well
    return case.ticket.status, case.ticket.agent, said, issues, minutes, chat, sent


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize(("runbook", "ticket", "decision", "losses"), LOSSES, ids=[each[0] for each in LOSSES])
def test_a_run_that_loses_its_connection_anywhere_is_resumed_without_doing_anything_twice(
    runbook: str, ticket: int, decision: dict[str, object], losses: list[tuple[str, str]], drop: str
) -> None:
    with server.start(ORGANIZATION) as untouched:
        desk = connect(Settings(sandbox_url=untouched.url))
        run(desk, runbook, ticket, **decision)
        whole = summary(untouched.url, desk, ticket)
    for method, path in losses:
        with server.start(ORGANIZATION) as running:
            desk = connect(Settings(sandbox_url=running.url))
            plan = planned(desk, runbook, ticket, **decision)
            post(running.url, "/sandbox/faults", [{"method": method, "path": path, "drop": drop, "times": 1}])
            first = plan.run(desk, apply=True)
            post(running.url, "/sandbox/faults", [])
            assert not (drop == "before" and not first.failure), "the loss was not noticed"
            second = run(desk, runbook, ticket, **decision)
            assert second.digest == plan.digest
            for mine, theirs in zip(summary(running.url, desk, ticket), whole, strict=True):
                assert mine == theirs, path


def test_two_agents_at_once_open_one_issue_and_send_one_mail(running: Running) -> None:
    desks = [connect(Settings(sandbox_url=running.url)) for _ in range(2)]
    plans = [planned(desk, "timebox", 102, minutes=25, outcome="unsolved") for desk in desks]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: pair[0].run(pair[1], apply=True), zip(plans, desks, strict=True)))
    last = run(desks[0], "timebox", 102, minutes=25, outcome="unsolved")
    assert last.outcome == "told"
    issues = [i for i in get(running.url, "/sandbox/state")["issues"] if "More" in i["title"] or "memory" in i["title"]]
    assert [issue["state"] for issue in issues if "duplicate" not in str(issue.get("state_reason"))].count("open") == 1
    assert len(mails(running.url)) == 1
    assert sum(entry.seconds for entry in desks[0].helpdesk.time_entries(102) or ()) == 25 * 60
