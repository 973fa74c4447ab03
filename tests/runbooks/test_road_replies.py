"""What a customer writes in the middle of the work is read before anything is sent, and joins the issue once."""

from __future__ import annotations

from roads import advance, mails, planned, references, run, world, writes_in
from talking import post

from deskbook.runbooks.catalog import runbook
from deskbook.runbooks.timebox.decision import decide as decide_timebox
from deskbook.services.ports import Desk
from deskbook_sandbox.server import Running


def test_a_reply_while_the_stopwatch_runs_stops_issue_and_mail_until_it_was_read(desk: Desk, running: Running) -> None:
    url = running.url
    post(url, "/sandbox/switches", {"limits": False})
    run(desk, "timebox", 102)
    advance(url, minutes=10)
    writes_in(url, desk, 102, "Wait, 16 GB are enough for now.")
    agreed_to = planned(desk, "timebox", 102, outcome="unsolved")
    before = world(url)["issues"], mails(url)
    for _ in range(2):
        stopped = run(desk, "timebox", 102, outcome="unsolved")
        assert (stopped.outcome, stopped.next, stopped.failure) == ("unread", None, "")
        assert "16 GB are enough for now" in stopped.needs_human[0]
        assert (world(url)["issues"], mails(url)) == before
    notes = [ref for ref in references(desk, 102) if ref.endswith("#record")]
    reply = next(entry for entry in desk.case(102).entries if entry.incoming)
    writes_in(url, desk, 102, "And by Friday.")
    assert agreed_to.run(desk, approve=agreed_to.digest).outcome == "refused"  # what was agreed to knew of one reply
    assert run(desk, "timebox", 102, outcome="unsolved", read_reply=reply.id).outcome == "unread"
    last = [entry for entry in desk.case(102).entries if entry.incoming][-1]
    told = run(desk, "timebox", 102, outcome="unsolved", read_reply=last.id, description="16 GB of memory")
    assert (told.outcome, told.needs_human) == ("told", ())
    assert len(mails(url)) == len(before[1]) + 1
    assert [ref for ref in references(desk, 102) if ref.endswith("#record")][: len(notes)] == notes
    assert {line.state for line in run(desk, "timebox", 102).actions} == {"already done"}


def test_the_form_shows_a_reply_that_came_and_a_button_says_that_it_was_read(desk: Desk, running: Running) -> None:
    run(desk, "timebox", 102)
    advance(running.url, minutes=5)
    writes_in(running.url, desk, 102, "Wait, 16 GB are enough for now.")
    case = desk.case(102)
    form = runbook("timebox").form(desk, case, decide_timebox(case, outcome="unsolved"))
    assert form.plan.outcome == "unread"
    said, button = form._new.children
    assert "16 GB are enough for now" in said.value
    button.click()
    assert (form.plan.outcome, form._new.children) == ("told", ())


def test_what_is_found_after_the_issue_was_opened_joins_it_once(desk: Desk, running: Running) -> None:
    run(desk, "timebox", 102, minutes=25, outcome="unsolved", findings="No larger nodes.")
    first = run(desk, "timebox", 102, outcome="unsolved", findings="No larger nodes.\nThe quota is 16 GB.")
    after = world(running.url)
    again = run(desk, "timebox", 102, outcome="unsolved", findings="No larger nodes.\nThe quota is 16 GB.")
    assert {line.key: line.state for line in first.actions}["timebox.track#more"] == "done"
    assert {line.state for line in again.actions} == {"already done"}
    assert world(running.url) == after
    (comment,) = (each for each in after["comments"] if "Ref 102-1-timebox.track#more" in each["body"])
    assert "The quota is 16 GB" in comment["body"]
    assert "No larger nodes" not in comment["body"]


def test_what_is_wanted_is_asked_for_until_somebody_says_it_and_joins_the_issue_once(
    desk: Desk, running: Running
) -> None:
    opened = run(desk, "timebox", 102, minutes=25, outcome="unsolved", findings="No larger nodes.")
    assert (opened.outcome, opened.failure) == ("told", "")
    assert "description=…" in opened.needs_human[0]
    assert run(desk, "timebox", 102).needs_human == opened.needs_human
    said = run(desk, "timebox", 102, description="Servers with 32 GB")
    assert {line.key for line in said.actions if line.state == "done"} == {
        "timebox.track#wanted",
        "timebox.tell#record",
    }
    assert said.needs_human == ()
    after = world(running.url)
    assert [each["body"] for each in after["comments"]][-1].startswith("What is wanted:\n\nServers with 32 GB")
    assert run(desk, "timebox", 102, description="Servers with 32 GB").needs_human == ()
    assert run(desk, "timebox", 102).needs_human == ()
    assert world(running.url) == after
