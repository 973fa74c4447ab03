"""An incident on the sandbox, over HTTP: from an outage to its follow-ups, twice, interrupted, and by two at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
import requests
from building import ORGANIZATION
from test_road import advance, get, mails, post, world, writes_in

from deskbook.assembly import connect
from deskbook.config.organization import SHIPPED, load_organization
from deskbook.config.settings import Settings
from deskbook.engine.plan import Plan, Receipt
from deskbook.errors import ParameterError
from deskbook.runbooks.catalog import open_form
from deskbook.runbooks.incident import plan as incident
from deskbook.runbooks.incident.actions import Gather
from deskbook.runbooks.incident.decision import decide as decide_incident
from deskbook.runbooks.incident.form import form as incident_form
from deskbook.runbooks.incident.form import state
from deskbook.runbooks.resolve import plan as resolve
from deskbook.runbooks.resolve.decision import decide as decide_resolve
from deskbook.services.ports import Desk
from deskbook.services.slack import SlackWebhook
from deskbook.tickets.incident import conditions
from deskbook.ui.blocks import text
from deskbook_sandbox import server
from deskbook_sandbox.server import Running

TICKET = 101  # of Aurora Climate Lab
NOOR = "noor.haddad@staff.example.org"


def planned(desk: Desk, ticket: int = TICKET, **decision: object) -> Plan:
    case = desk.case(ticket)
    return incident.plan(case, decide_incident(case, **decision))


def run(desk: Desk, ticket: int = TICKET, **decision: object) -> Receipt:
    receipt = planned(desk, ticket, **decision).run(desk, apply=True)
    assert not receipt.failure
    return receipt


def twice(url: str, desk: Desk, ticket: int = TICKET, **decision: object) -> Receipt:
    """Run it; run it again, and see that this changes nothing."""
    first = run(desk, ticket, **decision)
    after = world(url)
    second = run(desk, ticket, **decision)
    assert {line.state for line in second.actions} <= {"already done"}
    assert (second.digest, second.outcome) == (first.digest, first.outcome)
    assert world(url) == after
    return first


def goes_down(url: str, hub: str, *, up: bool = False) -> None:
    post(url, f"/sandbox/hubs/{hub}", {"up": up})


def outage(url: str, desk: Desk) -> None:
    """Aurora's hub goes down, and ticket 101 says so."""
    goes_down(url, "aurora")
    post(url, "/sandbox/switches", {"limits": False})
    writes_in(url, desk, TICKET, "https://aurora.hubs.example.org is down for all of us.")


def note_by(url: str, desk: Desk, mail: str, body: str, ticket: int = TICKET) -> None:
    """A private note that a colleague writes in the helpdesk."""
    agent = next(agent.id for agent in desk.helpdesk.agents() if agent.mail == mail)
    note = {"body": body, "private": True, "user_id": agent}
    answer = requests.post(f"{url}/api/v2/tickets/{ticket}/notes", json=note, auth=("sandbox", "X"), timeout=10)
    answer.raise_for_status()


def pages(url: str, key: str = "hub-aurora") -> list[dict[str, Any]]:
    return [page for page in get(url, "/sandbox/state")["pager"] if page["incident_key"] == key]


def channels(url: str) -> list[str]:
    return [channel["name"] for channel in get(url, "/sandbox/state")["channels"] if "inc-" in channel["name"]]


def holding(desk: Desk, ticket: int = TICKET) -> list[bool]:
    return [holds for _, holds, _ in conditions(desk.case(ticket))]


def test_an_incident_goes_from_an_outage_to_its_follow_ups(desk: Desk, running: Running) -> None:
    url = running.url
    outage(url, desk)
    assert holding(desk) == [False] * 4
    opened = twice(url, desk, stage="open")
    assert (opened.outcome, opened.next) == ("started", "incident")
    assert holding(desk) == [True] * 4
    (page,) = pages(url)
    assert (page["status"], page["priority"]["name"]) == ("acknowledged", "P1")
    assert [one["assignee"]["summary"] for one in page["assignments"]] == ["Priya Raman"]
    assert channels(url) == ["inc-2026-11-23-aurora"]
    assert desk.case(TICKET).ticket.type == "Incident"
    assert "treat it as an incident" in mails(url)[-1]
    assert "Priya Raman leads the repair" in mails(url)[-1]

    assert run(desk).outcome == "running"
    advance(url, hours=3)
    assert "It was due on Mon 23 Nov 2026 20:55 UTC (Tue 24 Nov 2026 02:25 in Asia/Kolkata)" in run(desk).needs_human[0]
    twice(url, desk, stage="update", message="No node starts.\nWe look at the provider.\nNext: another zone.")
    assert run(desk).needs_human == ()
    advance(url, hours=1)
    twice(url, desk, stage="update", message="Nodes start again.")
    keys = [ref.key for ref in desk.case(TICKET).references()]
    assert [key for key in keys if key.startswith("incident.update.")] == ["incident.update.1", "incident.update.2"]
    said = [message for message in get(url, "/sandbox/state")["chat"] if message["channel_name"].startswith("inc-")]
    assert len(said) == 3
    assert not any("thread_ts" in message for message in said)

    assert run(desk, stage="resolve", message="The nodes are replaced.").outcome == "not-yet"
    goes_down(url, "aurora", up=True)
    assert (
        "Noor Haddad validates the fix first"
        in run(desk, stage="resolve", message="The nodes are replaced.").needs_human[0]
    )
    assert pages(url)[0]["status"] == "acknowledged"
    note_by(url, desk, NOOR, "<p>Fix validated</p>")
    assert twice(url, desk, stage="resolve", message="The nodes are replaced.").outcome == "valid"
    (page,) = pages(url)
    assert page["status"] == "resolved"
    assert "Fix validated by Noor Haddad" in page["notes"][-1]["content"]
    assert desk.case(TICKET).ticket.status == "Resolved"
    assert "The nodes are replaced." in mails(url)[-1]
    assert len(mails(url, "survey")) == 1

    done = twice(url, desk)  # the facts speak for the follow-ups
    assert (done.outcome, done.next) == ("opened", "resolve")
    issues = [issue for issue in get(url, "/sandbox/state")["issues"] if issue["title"].startswith("[Incident]")]
    assert [issue["title"].split(": ")[1] for issue in issues] == ["outage", "report", "final review"]
    assert all("Led by: Priya Raman" in issue["body"] and "iteration 56" in issue["body"] for issue in issues)
    assert not any("down for all of us" in issue["body"] for issue in issues)

    advance(url, hours=1)
    writes_in(url, desk, TICKET, "Thanks, works now!")
    case = desk.case(TICKET)
    assert case.ticket.status == "Open"  # the helpdesk reopens it by itself
    closing = resolve.plan(case, decide_resolve(case)).run(desk, apply=True)
    assert (closing.outcome, desk.case(TICKET).ticket.status) == ("closed", "Closed")


def test_nothing_is_written_without_apply(desk: Desk, running: Running) -> None:
    outage(running.url, desk)
    before = world(running.url)
    assert not planned(desk).run(desk).applied
    assert world(running.url) == before


def test_a_second_report_joins_the_page_and_its_channel(desk: Desk, running: Running) -> None:
    url = running.url
    outage(url, desk)
    run(desk)
    body = {"from": "ada@aurora.example.org", "subject": "Hub?", "body": "aurora.hubs.example.org is unreachable"}
    second = post(url, "/sandbox/incoming", body)["ticket_id"]
    joined = twice(url, desk, second, stage="open")
    assert joined.outcome == "started"
    (page,) = pages(url)
    assert f"/tickets/{second}" in page["notes"][-1]["content"]
    assert channels(url) == ["inc-2026-11-23-aurora"]
    said = [m["text"] for m in get(url, "/sandbox/state")["chat"] if m["channel_name"].startswith("inc-")]
    assert [f"/tickets/{ticket}" in text for ticket, text in zip((TICKET, second), said, strict=True)] == [True, True]
    goes_down(url, "aurora", up=True)
    note_by(url, desk, NOOR, "<p>Fix validated</p>")
    for ticket in (TICKET, second):  # one validation, on the page, counts for both
        assert run(desk, ticket, stage="resolve", message="Done.").outcome == "valid"
        run(desk, ticket, stage="follow-up")
    assert sum("The incident is over" in message["text"] for message in get(url, "/sandbox/state")["chat"]) == 1
    issues = [issue for issue in get(url, "/sandbox/state")["issues"] if issue["title"].startswith("[Incident]")]
    assert len(issues) == 3


def test_a_second_outage_of_one_day_has_a_channel_of_its_own(desk: Desk, running: Running) -> None:
    url = running.url
    outage(url, desk)
    run(desk)
    goes_down(url, "aurora", up=True)
    note_by(url, desk, NOOR, "<p>Fix validated</p>")
    run(desk, stage="resolve", message="Done.")
    goes_down(url, "aurora")
    body = {"from": "ada@aurora.example.org", "subject": "Hub?", "body": "aurora.hubs.example.org is unreachable"}
    second = post(url, "/sandbox/incoming", body)["ticket_id"]
    assert holding(desk, second) == [False] * 4
    assert twice(url, desk, second, stage="open").outcome == "started"
    assert channels(url) == ["inc-2026-11-23-aurora", f"inc-2026-11-23-aurora-{second}-1"]
    third = post(url, "/sandbox/incoming", body)["ticket_id"]
    assert twice(url, desk, third, stage="open").outcome == "started"
    twice(url, desk, third, stage="update", message="Another zone.")
    assert get(url, "/sandbox/state")["chat"][-1]["channel_name"] == f"inc-2026-11-23-aurora-{second}-1"
    assert len(channels(url)) == 2


def test_an_outage_that_is_paged_already_is_joined(desk: Desk, running: Running) -> None:
    url = running.url
    assert twice(url, desk, 111, stage="open").outcome == "started"
    assert len(pages(url, "hub-ember")) == 1
    assert holding(desk, 111) == [True] * 4


WRITES = [
    ("POST", "/pagerduty/incidents"),
    ("PUT", "/pagerduty/incidents/*"),
    ("POST", "/slack/api/conversations.create"),
    ("POST", "/slack/api/conversations.invite"),
    ("POST", "/slack/api/chat.postMessage"),
    ("POST", f"/api/v2/tickets/{TICKET}/reply"),
    ("PUT", f"/api/v2/tickets/{TICKET}"),
    ("POST", f"/api/v2/tickets/{TICKET}/notes"),
]


@pytest.mark.parametrize("drop", ["before", "after"])
def test_an_opening_that_is_interrupted_anywhere_is_resumed(drop: str) -> None:
    for method, path in WRITES:
        with server.start(ORGANIZATION) as sandbox:
            url, desk = sandbox.url, connect(Settings(sandbox_url=sandbox.url))
            outage(url, desk)
            plan = planned(desk)
            post(url, "/sandbox/faults", [{"method": method, "path": path, "drop": drop, "times": 1}])
            first = plan.run(desk, apply=True)
            post(url, "/sandbox/faults", [])
            assert first.failure or drop == "after", f"the loss at {path} was not noticed"
            second = run(desk)
            assert second.digest == plan.digest or not first.failure
            assert holding(desk) == [True] * 4, path
            assert (len(pages(url)), len(channels(url)), len(mails(url))) == (1, 1, 1)
            said = [m for m in get(url, "/sandbox/state")["chat"] if m["channel_name"].startswith("inc-")]
            assert len(said) == 1
            notes = [ref.key for ref in desk.case(TICKET).references() if ref.key == "incident.tell#record"]
            assert len(notes) == 1


def test_two_agents_at_once_make_one_p1(running: Running) -> None:
    url = running.url
    desks = [connect(Settings(sandbox_url=url)) for _ in range(2)]
    outage(url, desks[0])
    plans = [planned(desk) for desk in desks]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: pair[0].run(pair[1], apply=True), zip(plans, desks, strict=True)))
    run(desks[0], stage="open")
    assert (len(pages(url)), len(channels(url))) == (1, 1)
    assert holding(desks[0]) == [True] * 4


def test_a_page_that_the_pager_has_by_then_is_taken(desk: Desk, running: Running) -> None:
    people = ORGANIZATION.people
    first = desk.pager.declare(
        "hub-aurora", "aurora is down", "", hubs=("aurora",), to=people[1].mail, by=people[0].mail
    )
    again = desk.pager.declare(
        "hub-aurora", "aurora is down", "", hubs=("aurora",), to=people[2].mail, by=people[0].mail
    )
    assert (again.id, again.assigned) == (first.id, first.assigned)
    assert len(pages(running.url)) == 1


def test_the_technology_leads_own_run_validates(tmp_path: Path) -> None:
    file = tmp_path / "organization.yaml"
    text_of = SHIPPED.read_text(encoding="utf-8")
    file.write_text(text_of.replace("roles: [triager, agent]", "roles: [triager, agent, technology-lead]"), "utf-8")
    with server.start(load_organization(file)) as sandbox:
        desk = connect(Settings(sandbox_url=sandbox.url, organization=file))
        outage(sandbox.url, desk)
        run(desk)
        goes_down(sandbox.url, "aurora", up=True)
        post(sandbox.url, "/sandbox/faults", [{"method": "PUT", "path": "/pagerduty/*", "drop": "before", "times": 1}])
        stopped = planned(desk, stage="resolve", message="Done.").run(desk, apply=True)
        assert "incident.validate-fix#page" in stopped.failure
        assert twice(sandbox.url, desk, stage="resolve", message="Done.").outcome == "valid"


def test_a_hand_over_waits_for_the_new_responder(desk: Desk, running: Running) -> None:
    url = running.url
    outage(url, desk)
    run(desk)
    refused = run(desk, stage="hand-over", responder="Mei")
    assert (refused.outcome, refused.actions) == ("not-accepted", ())
    assert pages(url)[0]["assignments"][0]["assignee"]["summary"] == "Priya Raman"
    note_by(url, desk, "mei.tanaka@staff.example.org", "<p>Hand-over accepted</p>")
    assert twice(url, desk, stage="hand-over", responder="Mei").outcome == "accepted"
    assert pages(url)[0]["assignments"][0]["assignee"]["summary"] == "Mei Tanaka"
    back = twice(url, desk, stage="hand-over", responder="Priya")  # her own run accepts
    assert back.outcome == "accepted"
    assert pages(url)[0]["assignments"][0]["assignee"]["summary"] == "Priya Raman"
    note_by(url, desk, "mei.tanaka@staff.example.org", "<p>Hand-over accepted</p>")
    twice(url, desk, stage="hand-over")  # who accepted it is who is meant
    twice(url, desk, stage="hand-over", responder="Priya")
    said = [m["text"] for m in get(url, "/sandbox/state")["chat"] if "leads the incident now" in m["text"]]
    assert [text.split()[0] for text in said] == ["Mei", "Priya", "Mei", "Priya"]
    records = [ref for ref in desk.case(TICKET).references() if ref.key == "incident.hand-over#record"]
    assert len(records) == 4


def test_somebody_else_who_leads_acknowledges_themself(desk: Desk, running: Running) -> None:
    outage(running.url, desk)
    receipt = run(desk, responder="Tomás")
    assert receipt.outcome == "incomplete"
    assert holding(desk) == [True, False, True, True]
    page = desk.case(TICKET).incident
    assert page is not None
    desk.pager.acknowledge(page.id, by="tomas.ferreira@staff.example.org")
    assert holding(desk) == [True] * 4
    assert run(desk).outcome == "running"


def test_the_liaison_and_the_technology_lead_are_brought_into_the_channel(desk: Desk, running: Running) -> None:
    outage(running.url, desk)
    case = desk.case(TICKET)
    mei = next(agent for agent in case.agents if agent.name == "Mei Tanaka")
    found = incident.plan(replace(case, me=mei), decide_incident(case, responder="Tomás"))
    (gather,) = (action for action in found.actions if isinstance(action, Gather))
    assert [mail.split(".")[0] for mail in gather.people] == ["tomas", "mei", "noor", "priya"]


def test_with_a_webhook_the_channel_is_made_by_hand(desk: Desk, running: Running) -> None:
    url = running.url
    outage(url, desk)
    desk = replace(desk, chat=SlackWebhook(f"{url}/slack/services/T0/B0/sandbox"))
    assert "makes no channels" in run(desk).needs_human[0]
    assert holding(desk) == [True, True, False, True]
    note_by(url, desk, NOOR, "<p>Incident channel: #inc-2026-11-23-aurora</p>")
    assert holding(desk) == [True] * 4


def test_a_page_without_priority_is_a_p1_where_the_account_has_none(desk: Desk, running: Running) -> None:
    outage(running.url, desk)
    run(desk)
    page = desk.case(TICKET).incident
    assert page is not None
    plain = replace(page, p1=False, priority="", urgency="high")
    assert not desk.pager.detailed(plain).p1  # the sandbox's account knows P1, and this page is none


def test_an_unknown_responder_is_named_with_whom_there_is(desk: Desk) -> None:
    with pytest.raises(ParameterError, match=r"responder: 'Nobody' is no agent .* grace.holloway"):
        decide_incident(desk.case(TICKET), responder="Nobody")


def test_the_form_shows_the_conditions_and_looks_again(desk: Desk, running: Running) -> None:
    outage(running.url, desk)
    case = desk.case(TICKET)
    form = incident_form(desk, case, decide_incident(case))
    assert "0 of 4 conditions hold (not started)" in text(form.as_blocks())
    assert "left empty (open: what you saw; update:" in " ".join(
        text(form.as_blocks()).split()
    )  # a hint, and no advice
    run(desk)
    form.look_again()
    assert "4 of 4 conditions hold (started)" in text(form.as_blocks())
    assert "The next update is due on Mon 23 Nov 2026 20:55 UTC (Tue 24 Nov 2026 02:25" in text(form.as_blocks())
    assert "4 of 4 conditions hold" in form._state.value
    advance(running.url, hours=4)
    assert "The next update was due" in text(state(desk.case(TICKET)))


def test_the_form_opens_from_another_runbook(desk: Desk) -> None:
    assert "conditions hold" in said(open_form(desk, "incident", 111))


def said(widget: ipywidgets.Widget) -> str:
    """All that the pages inside a widget say."""
    inside = " ".join(said(child) for child in getattr(widget, "children", ()))
    return f"{widget.value} {inside}" if isinstance(widget, ipywidgets.HTML) else inside


CUTS = {  # the writes of each later stage
    "update": ["POST /api/v2/*/reply", "POST /slack/*", "POST /api/v2/*/notes"],
    "hand-over": ["PUT /pagerduty/*", "POST /slack/*", "POST /api/v2/*/notes"],
    "resolve": ["POST /api/v2/*/notes", "PUT /pagerduty/*", "POST /slack/*", "POST /api/v2/*/reply", "PUT /api/v2/*"],
    "follow-up": ["POST /github/*/issues", "POST /api/v2/*/notes"],
}
DECISIONS: dict[str, dict[str, Any]] = {
    "update": {"message": "Still down."},
    "hand-over": {"responder": "Mei"},
    "resolve": {"message": "Done."},
    "follow-up": {},
}


def whole_incident(cut: int | None = None, drop: str = "before") -> Any:
    """What is there in the end; each stage is cut at its write of that number, and then run again."""
    with server.start(ORGANIZATION) as sandbox:
        url, desk = sandbox.url, connect(Settings(sandbox_url=sandbox.url))
        outage(url, desk)
        run(desk)
        note_by(url, desk, "mei.tanaka@staff.example.org", "<p>Hand-over accepted</p>")
        for stage, decision in DECISIONS.items():
            if stage == "resolve":
                goes_down(url, "aurora", up=True)
                note_by(url, desk, NOOR, "<p>Fix validated</p>")
            if cut is not None:
                method, path = CUTS[stage][cut % len(CUTS[stage])].split()
                plan = planned(desk, stage=stage, **decision)
                post(url, "/sandbox/faults", [{"method": method, "path": path, "drop": drop, "times": 1}])
                assert plan.run(desk, apply=True).failure or drop == "after", f"the loss at {path} was not noticed"
                post(url, "/sandbox/faults", [])
                assert planned(desk, stage=stage, **decision).digest == plan.digest
            run(desk, stage=stage, **decision)
        case, now = desk.case(TICKET), get(url, "/sandbox/state")
        return (
            (case.ticket.status, sorted(ref.key for ref in case.references())),
            (len(mails(url)), len(mails(url, "survey"))),
            [(page["status"], len(page["notes"])) for page in pages(url)],
            [message["text"] for message in now["chat"] if message["channel_name"].startswith("inc-")],
            [issue["title"] for issue in now["issues"]],
        )


@pytest.mark.parametrize("drop", ["before", "after"])
def test_every_later_stage_that_is_interrupted_is_resumed(drop: str) -> None:
    uncut = whole_incident()
    for cut in range(max(len(writes) for writes in CUTS.values())):
        assert whole_incident(cut, drop) == uncut
