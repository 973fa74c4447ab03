"""Marks on the sandbox, over HTTP: they count where one of us left them, and nowhere else, however far away they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from building import NOOR, ORGANIZATION
from roads import advance, mails, planned, world, writes_in
from talking import get, post
from test_incident import TICKET, goes_down, note_by, outage, pages, run

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.model.records import TimeEntry
from deskbook.runbooks.prioritize import plan as prioritize
from deskbook.services.ports import Desk
from deskbook.tickets import stopwatch
from deskbook.tickets.incident import declared
from deskbook.tickets.tracking import issue_of
from deskbook_sandbox.github.records import add_comment, add_issue
from deskbook_sandbox.server import Running
from deskbook_sandbox.slack import records as slack

STRANGER = "a-stranger"
OPENED, SUPPORT = "<!-- Ref 101-1-timebox.track -->", ORGANIZATION.chat.support


def issue(running: Running, author: str, body: str, **more: Any) -> int:
    with running.store.transaction():
        return add_issue(running.store, author, "Something", body, **more)


def comment(running: Running, author: str, number: int, body: str) -> None:
    with running.store.transaction():
        add_comment(running.store, author, number, body)


def chat(running: Running, user: str, ref: str, **more: Any) -> None:
    channel = slack.channel_named(running.store, SUPPORT)
    assert channel is not None
    metadata = {"event_type": "deskbook", "event_payload": {"ref": ref}}
    with running.store.transaction():
        slack.write(running.store, channel["id"], user, "A message", metadata=metadata, **more)


def over(running: Running, desk: Desk) -> None:
    """The outage of ticket 101, from its beginning to its end; the follow-ups are what comes next."""
    outage(running.url, desk)
    run(desk, stage="open")
    goes_down(running.url, "aurora", up=True)
    note_by(running.url, desk, NOOR, "<p>Fix validated</p>")
    run(desk, stage="resolve", message="The nodes are replaced.")


def followups(url: str) -> list[dict[str, Any]]:
    return [one for one in get(url, "/sandbox/state")["issues"] if one["title"].startswith("[Incident]")]


# A stranger writes the mark.


def test_a_contacts_reply_with_our_reference_counts_for_nothing(desk: Desk, running: Running) -> None:
    writes_in(running.url, desk, TICKET, "<p>Thank you.</p><p>Ref 101-1-triage.acknowledge</p>")
    assert list(desk.case(TICKET).references()) == []
    receipt = planned(desk, "triage", TICKET).run(desk, apply=True)
    assert [line.state for line in receipt.actions if line.key == "triage.acknowledge"] == ["done"]
    assert len(mails(running.url)) == 1


def test_a_strangers_issue_with_the_marks_of_a_page_keeps_no_follow_up_back(desk: Desk, running: Running) -> None:
    over(running, desk)
    (page,) = pages(running.url)
    forged = "".join(f"<!-- {what} after page {page['id']} -->\n" for what in ("outage", "report", "review"))
    issue(running, STRANGER, f"Ticket 101\n\n<!-- Ref 101-1-incident.follow-up#outage -->\n{forged}")
    done = run(desk)
    assert [line.state for line in done.actions] == ["done"] * len(done.actions)
    assert len(followups(running.url)) == 3
    again = run(desk)
    assert {line.state for line in again.actions} == {"already done"}


def test_a_comment_of_ours_makes_no_strangers_issue_ours(desk: Desk, running: Running) -> None:
    ticket = desk.case(TICKET).ticket
    number = issue(running, STRANGER, f"{ticket.url}\n\n{OPENED}")
    desk.tracker.comment(number, "See.\n\n<!-- Ref 101-1-timebox.track#more.1 -->")
    found = issue_of(desk.case(TICKET))
    assert found.issue is None
    assert "none of ours" in found.doubt


def test_an_account_that_is_gone_is_not_us_though_the_token_has_no_name(desk: Desk, running: Running) -> None:
    number = issue(running, STRANGER, OPENED)
    running.store.update("gh_issues", {"number": number}, author="")
    post(running.url, "/sandbox/faults", [{"method": "POST", "path": "/github/graphql", "status": 403, "times": 1}])
    assert [found.refs for found in desk.tracker.issues(desk.case(TICKET).ticket.created)] == [()]


def test_another_apps_message_with_our_metadata_counts_for_nothing(desk: Desk, running: Running) -> None:
    for who, more in (("U0OTHER", {"bot": "B0OTHER"}), ("U0PERSON", {"bot": None})):
        chat(running, who, "Ref 101-1-escalate.manager", **more)
    assert desk.chat.posted(SUPPORT) == frozenset()
    chat(running, slack.BOT_USER, "Ref 101-1-escalate.manager")
    assert desk.chat.posted(SUPPORT) == {"Ref 101-1-escalate.manager"}


def test_a_note_on_a_page_by_nobody_of_ours_validates_and_joins_nothing(desk: Desk, running: Running) -> None:
    outage(running.url, desk)
    run(desk, stage="open")
    (page,) = pages(running.url)
    said = {"incident": page["id"], "user": "PMONITR", "at": running.store.stamp()}
    with running.store.transaction():
        running.store.insert("pd_notes", id="N1", content="Fix validated by Noor Haddad", **said)
        running.store.insert("pd_notes", id="N2", content="Ref 101-1-incident.tell#page", **said)
    goes_down(running.url, "aurora", up=True)
    refused = run(desk, stage="resolve", message="All is well.")
    assert "Noor Haddad validates the fix first" in refused.needs_human[0]
    desk.pager.note(page["id"], "Fix validated by Noor Haddad", by=NOOR)
    assert run(desk, stage="resolve", message="All is well.").outcome == "valid"


def test_a_page_that_a_monitor_made_was_not_declared_from_a_ticket(desk: Desk, running: Running) -> None:
    outage(running.url, desk)
    run(desk, stage="open")
    assert declared(desk.case(TICKET))
    running.store.update("pd_log", {"kind": "trigger_log_entry"}, user="PMONITR")
    assert not declared(desk.case(TICKET))


def test_a_time_entry_of_nobody_of_ours_names_no_cycle(desk: Desk) -> None:
    case = desk.case(TICKET)
    entry = TimeEntry(1, TICKET, 4711, 600, False, case.now, "Ref 101-7-timebox.work")
    told = replace(case, time_entries=(entry, replace(entry, id=2, agent=case.me.id)))
    assert [each.id for each in stopwatch.sittings(told)] == [1]  # it counts by its time, as one made by hand


# The mark is far away.


def test_a_question_below_two_hundred_comments_is_not_asked_again(desk: Desk, running: Running) -> None:
    prioritize.plan(prioritize.read(desk)).run(desk, apply=True)
    number = next(iter(prioritize.read(desk).marks))
    for count in range(205):
        comment(running, "grace-holloway", number, f"Comment {count}")
    before = world(running.url)
    again = prioritize.plan(prioritize.read(desk)).run(desk, apply=True)
    assert {line.state for line in again.actions} == {"already done"}
    assert world(running.url) == before


def test_an_issue_of_ours_is_found_among_thirty_that_speak_of_its_ticket(desk: Desk, running: Running) -> None:
    ticket = desk.case(TICKET).ticket
    for count in range(30):
        issue(running, STRANGER, f"{ticket.url}, said for the {count}th time")
    ours = desk.tracker.open("[Support] Ours", f"{ticket.url}\n\n{OPENED}", ["support"])
    calls = sum(get(running.url, "/sandbox/state")["requests"].values())
    case = desk.case(TICKET)
    found = issue_of(case).issue
    assert found is not None
    assert found.number == ours
    assert sum(get(running.url, "/sandbox/state")["requests"].values()) - calls < 50  # strangers cannot make it slow


def test_an_issue_that_is_linked_by_hand_is_found_among_many_links(desk: Desk, running: Running) -> None:
    numbers = [issue(running, "grace-holloway", "Another matter") for _ in range(12)]
    urls = [f"https://github.com/{ORGANIZATION.tracker.repository}/issues/{number}" for number in numbers]
    note_by(running.url, desk, NOOR, "<p>Like these: " + " ".join(f'<a href="{url}">x</a>' for url in urls) + "</p>")
    note_by(running.url, desk, NOOR, f'<p>Tracked by <a href="{urls[-1]}">this</a></p>')
    found = issue_of(desk.case(TICKET)).issue
    assert found is not None
    assert found.number == numbers[-1]


@pytest.mark.parametrize("many", [31, 101])
def test_a_reference_before_many_entries_is_found(desk: Desk, running: Running, many: int) -> None:
    post(running.url, "/sandbox/switches", {"limits": False})
    receipt = planned(desk, "triage", TICKET).run(desk, apply=True)
    for count in range(many):
        note_by(running.url, desk, NOOR, f"<p>Note {count}</p>")
    assert len(desk.case(TICKET).entries) > many
    again = planned(desk, "triage", TICKET).run(desk, apply=True)
    assert (again.digest, {line.state for line in again.actions}) == (receipt.digest, {"already done"})
    assert len(mails(running.url)) == 1


def test_a_message_below_two_thousand_others_is_found(desk: Desk, running: Running) -> None:
    chat(running, slack.BOT_USER, "Ref 101-1-escalate.ping")
    channel = slack.channel_named(running.store, SUPPORT)
    assert channel is not None
    with running.store.transaction():
        for count in range(2_100):
            slack.write(running.store, channel["id"], "U0PERSON", f"Talk {count}")
    assert desk.chat.posted(SUPPORT) == {"Ref 101-1-escalate.ping"}


def test_the_channel_of_an_incident_is_read_from_its_first_day(desk: Desk, running: Running) -> None:
    outage(running.url, desk)
    first = run(desk, stage="open")
    advance(running.url, days=40)
    later = connect(Settings(sandbox_url=running.url))
    before = world(running.url)["chat"]
    again = run(later, stage="open")
    assert (again.digest, world(running.url)["chat"]) == (first.digest, before)


def test_follow_ups_opened_before_a_later_report_came_are_not_opened_again(desk: Desk, running: Running) -> None:
    over(running, desk)
    run(desk)
    (page,) = pages(running.url)
    advance(running.url, days=60)
    later = connect(Settings(sandbox_url=running.url))
    sent = {"from": "ada@aurora.example.org", "subject": "Was there an outage?", "body": "In November."}
    number = post(running.url, "/sandbox/incoming", sent)["ticket_id"]
    for said in ("Told.", f"Done.</p><p>Incident page: id {page['id']}"):
        key = "incident.tell" if said == "Told." else "incident.tell#record"
        note_by(running.url, later, NOOR, f"<p>{said}</p><p>Ref {number}-1-{key}</p>", number)
    case = later.case(number)
    assert case.incident is not None
    assert len([each for each in case.issues if each.title.startswith("[Incident]")]) == 3


def test_what_was_posted_before_the_chat_is_read_back_is_told_by_the_record(desk: Desk, running: Running) -> None:
    number = desk.tracker.open("[Support] Ours", f"### Impact\n\nCritical\n\n{OPENED}", ["support"])
    assert number
    first = planned(desk, "escalate", TICKET).run(desk, apply=True)
    said = world(running.url)["chat"]
    assert [line.state for line in first.actions if line.key == "escalate.ping"] == ["done"]
    advance(running.url, days=45)
    again = planned(connect(Settings(sandbox_url=running.url)), "escalate", TICKET).run(desk, apply=True)
    assert not [line for line in again.actions if line.key == "escalate.ping" and line.state == "done"]
    assert world(running.url)["chat"] == said


def test_where_the_chat_cannot_be_read_far_enough_a_lost_post_is_a_persons_to_look_for(
    desk: Desk, running: Running
) -> None:
    desk.tracker.open("[Support] Ours", f"### Impact\n\nCritical\n\n{OPENED}", ["support"])
    advance(running.url, days=31)
    desk = connect(Settings(sandbox_url=running.url))
    plan = planned(desk, "escalate", TICKET)
    assert [action.key for action in plan.actions][:2] == ["escalate.ping#intent", "escalate.ping"]
    plan.actions[0].apply(desk, {})  # a run that wrote its intent, and died
    advance(running.url, days=40)
    desk = connect(Settings(sandbox_url=running.url))
    assert "It is not certain that the notice reached" in planned(desk, "escalate", TICKET).needs_human[0]


def test_a_run_that_died_long_ago_may_have_posted_so_a_person_looks(desk: Desk, running: Running) -> None:
    desk.tracker.open("[Support] Ours", f"### Impact\n\nCritical\n\n{OPENED}", ["support"])
    note_by(running.url, desk, NOOR, "<p>Critical escalation: in progress</p><p>Ref 101-1-escalate.claim</p>")
    advance(running.url, days=29)
    desk = connect(Settings(sandbox_url=running.url))
    assert not [need for need in planned(desk, "escalate", TICKET).needs_human if "not certain" in need]
    advance(running.url, days=2)
    desk = connect(Settings(sandbox_url=running.url))
    assert "It is not certain that the notice reached" in planned(desk, "escalate", TICKET).needs_human[0]
