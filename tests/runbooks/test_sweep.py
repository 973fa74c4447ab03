"""The sweep: what does not fit together, a file for each edge; what is worked on; the digest; and a sweep of the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import test_queue
from building import NOW, ORGANIZATION, PROCESS, build_case, plan_files, read
from test_queue import AGENTS, moment

from deskbook.config.organization import Organization
from deskbook.engine.actions import Change, Post, Reply
from deskbook.engine.plan import Plan
from deskbook.engine.running import INTERRUPTED
from deskbook.errors import ParameterError, ServiceError
from deskbook.model.records import Community, LoggedTime, TicketSummary, TimeEntry
from deskbook.runbooks.sweep import shares as sweeping
from deskbook.runbooks.sweep.alert import alert
from deskbook.runbooks.sweep.decision import decide
from deskbook.runbooks.sweep.digest import day_of, entries, signature, tell, text
from deskbook.runbooks.sweep.facts import Facts, of_this_time
from deskbook.runbooks.sweep.faults import RULES
from deskbook.runbooks.sweep.lines import Line, lines
from deskbook.runbooks.sweep.plan import plan as sweep
from deskbook.runbooks.sweep.work import Done
from deskbook.runbooks.sweep.work import plans as made
from deskbook.services.memory import FolderMemory, ShortMemory
from deskbook.tickets import queue
from deskbook.tickets.issue_form import EVENT, render
from deskbook.tickets.left import Kept, Left, recalled, told_after, told_of

FILES = plan_files("sweep")
COMMUNITIES = (
    Community(10, "Aurora Climate Lab", listed=("Ada Lindgren",)),
    Community(11, "Borealis University", listed=("Bea Novak",)),
    Community(12, "Gale Observatory"),
)
SAID = {"tickets", "issues", "time", "organization", "now", "expect", "worked"}


def listed(said: Mapping[str, Any]) -> TicketSummary:
    found = test_queue.listed({name: value for name, value in said.items() if name not in ("community", "subject")})
    ticket = replace(found.ticket, community=said.get("community", 10), subject=said.get("subject", "Kernel dies"))
    return replace(found, ticket=replace(ticket, url=f"https://2i2c.freshdesk.com/a/tickets/{ticket.id}"))


def issue(said: Mapping[str, Any]) -> Any:
    """As for the queue; of an event, the answers of its form."""
    answers = {"ticket": f"https://2i2c.freshdesk.com/a/tickets/{said['ticket']}", "representative": "Ada Lindgren"}
    event = {name: str(value) for name, value in said.get("event", {}).items()}
    body = {"body": render(EVENT, {**answers, **event})} if "event" in said else {}
    return test_queue.issue({name: value for name, value in said.items() if name != "event"} | body)


def spent(said: Mapping[str, Any], index: int, now: datetime) -> LoggedTime:
    by = next(agent.id for agent in AGENTS if agent.name == said["by"])
    at = moment(said.get("at", said.get("started", now.isoformat())))
    seconds, runs = int(said.get("minutes", 0)) * 60, said.get("running", False)
    return LoggedTime(TimeEntry(700 + index, said["ticket"], by, seconds, runs, at, ""), at)


def facts_of(said: Mapping[str, Any], **kept: Any) -> Facts:
    assert not set(said) - SAID, f"a file may say {SAID}"
    organization = Organization.model_validate({**ORGANIZATION.model_dump(), **said.get("organization", {})})
    now = moment(said.get("now", NOW))
    about = queue.Queue((), PROCESS, organization, now, AGENTS[0], tuple(AGENTS))
    tickets, issues = [listed(each) for each in said["tickets"]], [issue(each) for each in said.get("issues", ())]
    views = queue.views_of(tickets, issues, COMMUNITIES, about)
    found = replace(about, views=views, items=queue.in_order(views, about))
    return Facts(found, tuple(spent(each, index, now) for index, each in enumerate(said.get("time", ()))), Kept(**kept))


def by_number(found: tuple[Line, ...]) -> dict[int, Line]:
    return {line.ticket: line for line in found}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_does_not_fit_together_and_what_is_worked_on(path: Path) -> None:
    said = read(path)
    found = by_number(lines(facts_of(said)))
    for number, expected in said.get("expect", {}).items():
        assert {fault.name for fault in found[number].faults} == set(expected), (number, found[number].faults)
        for fault in found[number].faults:
            assert expected[fault.name] in fault.says
    if "worked" in said:
        assert {number: line.runbook for number, line in found.items() if line.planned} == said["worked"]


def test_where_a_run_may_have_died_a_ticket_is_read_and_chat_told_as_of_a_new_one() -> None:
    path = next(path for path in FILES if path.stem == "only_where_something_is_to_be_done_a_plan_is_made")
    facts = facts_of(read(path))
    for kept, begun, steps in (
        (Kept(now=facts.now), (), {}),
        (Kept(now=facts.now, untold={3: "triage.watch"}), (), {3: "triage.watch"}),
        (facts.kept, (2, 3, 6), {2: "triage.watch", 3: "triage.watch"}),  # 6 has an issue, so somebody decided
    ):
        found = lines(replace(facts, kept=kept, begun=frozenset(begun)))
        assert {line.ticket: line.step for line in found if line.waits_for_chat and not line.planned} == steps
        assert {line.ticket for line in found if line.read and not line.planned} == {*begun, *steps} - {6}


def test_every_rule_has_a_file_where_it_holds_and_one_ticket_where_it_does_not() -> None:
    seen: dict[str, set[bool]] = {name: set() for name in RULES}
    for path in FILES:
        for expected in read(path).get("expect", {}).values():
            for name in RULES:
                seen[name].add(name in expected)
    assert all(both == {True, False} for both in seen.values()), seen


# What cannot wait.


def record(said: str, key: str) -> dict[str, Any]:
    return {"by": "Priya Raman", "private": True, "body": f"<p>{said}</p><p>Ref 101-1-{key}</p>"}


DOWN = {"probes": {"aurora": "down"}}
SEVERAL = {
    "ticket": {
        "subject": "Nobody can log in",
        "body": "Nobody of us can log in to https://aurora.hubs.example.org since this morning.",
    }
}


@pytest.mark.parametrize(
    ("case", "step", "kind"),
    [
        (DOWN, "triage.watch", "down"),
        (DOWN, "resolve.confirm", "down"),
        (SEVERAL, "triage.watch", "outage"),
        ({}, "triage.watch", None),
        ({}, "escalate.ping", "critical"),
        ({"ticket": {**SEVERAL["ticket"], "type": "Something is not working"}}, "triage.categorise", None),  # a person saw it
        (SEVERAL, "resolve.confirm", None),  # which is over
        ({"from": "PagerDuty <a@acme.pagerduty.com>", **SEVERAL, **DOWN}, "triage.watch", None),  # the pager's own mail
        ({**SEVERAL, "entries": [record("Incident decided: no", "triage.decide#record")]}, "triage.watch", None),
        ({**DOWN, "entries": [record("Told at once: down", "sweep.alert#record")]}, "triage.watch", None),
        ({**DOWN, "entries": [record("Told at once: outage", "sweep.alert#record")]}, "triage.watch", "down"),
        ({**SEVERAL, "entries": [record("Told at once: down", "sweep.alert#record")]}, "triage.watch", None),  # it is up again
    ],
)  # fmt: skip
def test_what_cannot_wait_is_told_and_nothing_else(case: dict[str, Any], step: str, kind: str | None) -> None:
    plan = alert(build_case(case), step)
    assert ([action.key for action in plan.actions] if plan else []) == (
        [f"sweep.alert#{kind}", "sweep.alert#record"] if kind else []
    )


def test_the_message_names_who_is_at_work_and_nobodys_words() -> None:
    plan = alert(build_case(SEVERAL), "triage.watch")
    assert plan
    (message, _) = plan.actions
    assert isinstance(message, Post)
    assert message.text == (
        "Ticket 101 of Aurora Climate Lab cannot wait: it may be an incident. https://2i2c.freshdesk.com/a/tickets/101\n"
        "At work now: Grace Holloway, Lucía Romero, Sam Whitaker."
    )
    assert len(message.people) == 3


def test_at_night_the_message_names_who_is_next() -> None:
    plan = alert(build_case({**SEVERAL, "now": "2026-11-21T10:02:00Z"}), "triage.watch")
    assert plan
    assert "Nobody is at work now; Mei Tanaka is next, from Mon 23 Nov 2026 00:00 UTC." in plan.actions[0].text  # type: ignore[attr-defined]


def test_two_tickets_about_a_hub_that_is_down_make_one_message_a_day() -> None:
    def ref(**said: Any) -> str:
        plan = alert(build_case({**DOWN, **said}), "triage.watch")
        assert plan
        return str(plan.actions[0].ref)  # type: ignore[attr-defined]

    assert ref() == ref(ticket={"subject": "Something else"}) != ref(now="2026-11-24T00:00:00Z")


def test_a_webhook_notes_first_that_it_is_about_to_post() -> None:
    plan = alert(build_case({**DOWN, "chat_reads": False}), "triage.watch")
    assert plan
    assert [action.key for action in plan.actions] == ["sweep.alert#intent", "sweep.alert#down", "sweep.alert#record"]


# The digest.


DAY = {
    "tickets": [
        {"id": 1, "subject": "SECRET WORDS", "created": "2026-11-20T17:00:00Z"},
        {"id": 2, "created": "2026-11-23T10:00:00Z"},
        {"id": 3, "tags": ["waiting-approval"], "answered": "2026-11-23T10:00:00Z"},
        {"id": 4, "status": "Pending", "type": "Change Request", "agent": "Grace Holloway", "answered": "2026-11-20T11:00:00Z", "pending": "2026-11-20T12:00:00Z"},
    ]
}  # fmt: skip


def told(facts: Facts, done: Mapping[int, Done] | None = None, since: datetime | None = None) -> str:
    return text(entries(lines(facts), done or {}, facts, since), facts)


def kept_after(facts: Facts, done: Mapping[int, Done] | None = None) -> dict[str, Any]:
    """What the memory has once this digest is posted."""
    found = {line.ticket: (done or {}).get(line.ticket) or Done(line.ticket) for line in lines(facts)}
    return {"told": {line.ticket: signature(line, found[line.ticket]) for line in lines(facts)}}


def test_late_ones_are_first_with_link_and_next_step_and_nobodys_words() -> None:
    assert told(facts_of(DAY)).splitlines() == [
        "2i2c support, Mon 23 Nov 2026 17:55 UTC: 1 late, 1 waiting for others.",
        "• 1 late since Mon 23 Nov 2026 17:00 UTC: Triage it, Priya Raman. https://2i2c.freshdesk.com/a/tickets/1",
        "• 2 due Tue 24 Nov 2026 10:00 UTC: Triage it, Priya Raman. https://2i2c.freshdesk.com/a/tickets/2",
        "• 4: Look at it, Grace Holloway. https://2i2c.freshdesk.com/a/tickets/4 It is Pending, and no issue tracks it.",
    ]


def test_the_next_one_tells_what_changed_and_what_is_still_late() -> None:
    kept = kept_after(facts_of(DAY))
    assert [line.split()[1] for line in told(facts_of(DAY, **kept)).splitlines()[1:]] == ["1"]
    answered = {"tickets": [*DAY["tickets"][:3], {**DAY["tickets"][3], "replied": "2026-11-23T17:00:00Z"}]}
    assert [line.split()[1] for line in told(facts_of(answered, **kept)).splitlines()[1:]] == ["1", "4:"]


def test_a_quiet_day_is_one_line() -> None:
    quiet = {"tickets": DAY["tickets"][1:]}
    facts = facts_of(quiet, **kept_after(facts_of(quiet)))
    assert told(facts) == "2i2c support: a quiet day. Nothing is late, nothing has changed; 1 waiting for others."
    assert told(replace(facts, queue=replace(facts.queue, unseen=2))).endswith(
        "2 older tickets not shown: the helpdesk's search ends at 300."
    )


@pytest.mark.parametrize(("since", "numbers"), [("2026-11-23T10:00:00Z", ["1", "2"]), ("2026-11-23T10:00:01Z", ["1"])])
def test_since_says_from_when_a_change_is_news(since: str, numbers: list[str]) -> None:
    facts = facts_of(DAY)
    decision = decide(facts, since=since)
    assert [line.split()[1] for line in told(facts, since=decision.moment).splitlines()[1:]] == numbers


def test_since_is_a_day_or_a_moment() -> None:
    facts = facts_of({**DAY, "organization": {"clock": {"zone": "Asia/Tokyo"}}})
    assert decide(facts, since="2026-11-23").moment == moment("2026-11-22T15:00:00Z")
    assert decide(facts).moment is None
    with pytest.raises(ParameterError, match="since: 'yesterday' is neither a day nor a moment"):
        decide(facts, since="yesterday")
    assert [decide(facts, unattended=said).unattended for said in ("", True, "false")] == [True, True, False]


def test_what_was_done_what_failed_and_what_is_proposed_stand_in_their_lines() -> None:
    facts = facts_of(DAY)
    mei = next(agent for agent in AGENTS if agent.name == "Mei Tanaka")
    command = f"deskbook run triage ticket_id=2 agent={mei.mail} --approve p-1-2"
    left = Left(told={}, at=facts.now, said="a person decides: Incident or not?", command=command)
    done = {
        1: Done(1, error="boom"),
        2: Done(2, left=left),
        3: Done(3, now="closed"),
        4: Done(4, now="waiting approval"),
    }
    said = told(facts, done).splitlines()
    assert "1 proposed, 1 could not be worked on" in said[0]
    assert said[1].endswith("It could not be worked on; the record says why.")
    assert said[2].endswith(
        f"A person decides: Incident or not? Proposed, with Mei Tanaka: deskbook run triage ticket_id=2 agent={mei.id} --approve p-1-2"
    )
    assert said[3] == "• 4: waiting approval. https://2i2c.freshdesk.com/a/tickets/4"
    assert said[4] == "Closed while nobody watched, or gone: 3."
    # what was done is told once, until they write again
    kept = kept_after(facts, done)
    assert kept["told"][4].startswith("settled ")


def test_a_long_day_is_cut() -> None:
    said = told(facts_of({"tickets": [{"id": n, "created": "2026-11-20T17:00:00Z"} for n in range(1, 60)]}))
    assert said.splitlines()[-1] == "And 19 more: deskbook due"


@pytest.mark.parametrize(
    ("now", "told_at", "day"),
    [
        ("2026-11-23T08:59:59Z", "2026-11-22T09:00:00Z", None),
        ("2026-11-23T09:00:00Z", "2026-11-22T09:00:00Z", 23),
        ("2026-11-23T17:55:00Z", "2026-11-23T09:00:00Z", None),
        ("2026-11-23T08:00:00Z", "2026-11-22T08:59:00Z", 22),  # yesterday's was missed
        ("2026-11-23T17:55:00Z", None, 23),
    ],
)
def test_the_digest_is_due_once_a_day_and_a_missed_one_is_caught_up(
    now: str, told_at: str | None, day: int | None
) -> None:
    facts = facts_of({**DAY, "now": now}, **({"told_at": told_at} if told_at else {}))
    at = day_of(facts)
    assert (at.day if at else None) == day


# What one sweep leaves for the next.


def test_what_nobody_could_decide_is_left_alone_until_lists_tell_otherwise() -> None:
    (line,) = lines(facts_of({"tickets": DAY["tickets"][:1]}))
    left = Left(told=told_of(line.view), at=moment(NOW), said="a person decides: Incident or not?")

    def worked(**changed: Any) -> bool:
        facts = facts_of({"tickets": [{**DAY["tickets"][0], **changed.pop("ticket", {})}], **changed})
        (found,) = lines(replace(facts, kept=Kept(left={1: left}, rules=facts.rules)))
        return found.worked

    assert not worked()
    for change in (
        {"replied": "2026-11-23T17:00:00Z"}, {"agent": "Grace Holloway"}, {"tags": ["urgent"]}, {"community": 12}, {"type": "Change Request"},
    ):  # fmt: skip
        assert worked(ticket=change), change
    assert not worked(now="2026-11-24T17:54:00Z")
    assert worked(now="2026-11-24T17:55:00Z")  # what lists do not tell is looked for each day
    assert worked(issues=[{"number": 7, "ticket": 1}])


def test_what_we_did_ourselves_is_no_news() -> None:
    (line,) = lines(facts_of({"tickets": DAY["tickets"][:1]}))
    done = [
        Change(key="triage.associate", ticket=1, community=11, summary=""),
        Change(key="triage.authorise#tag", ticket=1, add=("waiting-approval",), summary=""),
        Reply(key="triage.authorise", ticket=1, summary="", text=""),
    ]
    left = Left(told=told_after(line.view, done), at=moment(NOW))
    after = {**DAY["tickets"][0], "community": 11, "tags": ["waiting-approval"], "answered": "2026-11-23T17:56:00Z"}
    (view,) = facts_of({"tickets": [after]}).queue.views
    assert left.stands(view)
    assert not left.stands(replace(view, listed=replace(view.listed, replied=view.now)))


def test_other_rules_look_again_at_what_nobody_could_decide() -> None:
    said = {"tickets": DAY["tickets"][:1]}
    facts, other = facts_of(said), facts_of({**said, "organization": {"mail": {"most_per_hour": 4}}})
    (line,) = lines(facts)
    kept = Kept(left={1: Left(told=told_of(line.view), at=moment(NOW))}, rules=facts.rules)
    assert [found.worked for each in (facts, other) for found in lines(replace(each, kept=kept))] == [False, True]


@pytest.mark.parametrize(
    "data", [{"left": 7}, {"left": {"x": {}}}, {"told_at": "soon"}, {"now": "2026-11-23T17:55:00"}, {"more": 1}]
)
def test_a_memory_that_is_not_as_we_write_it_is_none(data: Any) -> None:
    memory = ShortMemory()
    memory.keep("sweep", data)
    assert recalled(memory) == Kept()


def test_a_folder_that_cannot_be_written_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    memory = FolderMemory(tmp_path / "runs" / ".cache")
    assert memory.recall("sweep") == {}
    memory.keep("sweep", {"rules": "old"})
    assert memory.recall("sweep") == {"rules": "old"}
    assert [path.name for path in (tmp_path / "runs" / ".cache").iterdir()] == ["sweep.json"]
    (tmp_path / "file").write_text("")
    with pytest.raises(ServiceError, match="cannot be written"):
        FolderMemory(tmp_path / "file").keep("sweep", {})


def plans() -> list[Plan]:
    """The plans of a sweep, besides those of its tickets."""
    facts, told_at_once = facts_of(DAY), alert(build_case(DOWN), "triage.watch")
    assert told_at_once
    return [sweep(facts, decide(facts)), told_at_once, tell(facts, told(facts), facts.now)]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, ""), (1, ""), (10, "is 10 min behind the helpdesk's"), (-10, "is 10 min ahead of the helpdesk's")],
)
def test_a_clock_that_is_off_stands_in_the_digest(minutes: int, words: str) -> None:
    facts = replace(facts_of({"tickets": []}), ahead=timedelta(minutes=minutes))
    assert words in facts.off
    assert bool(words) == ("The clock of the machine that sweeps is" in told(facts)) != ("a quiet day" in told(facts))


def test_which_tickets_are_worked_on_is_said_before_any_is_read() -> None:
    plan = plans()[0]
    assert [(found.step, found.outcome, found.because) for found in plan.steps_taken] == [
        ("sweep.look", "looked", "4 unfinished tickets, 1 late, 1 with something that does not fit together"),
        ("sweep.work", "worked", "triage 1, triage 2"),
    ]
    nothing = facts_of({"tickets": DAY["tickets"][2:]})
    assert sweep(nothing, decide(nothing)).outcome == "nothing"


def test_the_plans_of_a_ticket_are_pure_and_know_no_other() -> None:
    (line,) = lines(facts_of({"tickets": DAY["tickets"][:1]}))
    case = build_case(DOWN)
    assert [plan.runbook for plan in made(case, line, "triage")] == ["sweep", "triage"]
    assert [plan.digest for plan in made(case, line, "triage")] == [plan.digest for plan in made(case, line, "triage")]


@pytest.mark.parametrize(
    ("now", "counts"), [("2026-11-23T16:55:00Z", False), ("2026-11-23T16:55:01Z", True), ("2026-11-24T17:55:00Z", True)]
)
def test_what_a_sweep_left_that_has_not_been_yet_is_of_another_sandbox(now: str, counts: bool) -> None:
    kept = Kept(now=moment(NOW), rules="some")
    assert (of_this_time(kept, moment(now)) == kept) is counts
    assert of_this_time(Kept(rules="some"), moment(now)) == Kept()


def test_a_sweep_that_is_interrupted_reaches_no_further_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    found = lines(facts_of({"tickets": [{"id": n, "created": "2026-11-23T10:00:00Z"} for n in (1, 2, 3)]}))

    def interrupted(desk: object, line: Line, *, apply: bool, unattended: bool) -> Done:
        return Done(line.ticket, error=f"triage.associate: {INTERRUPTED}" if line.ticket == 2 else "boom")

    monkeypatch.setattr(sweeping, "work", interrupted)
    nobodys: Any = SimpleNamespace(sharing=lambda: None)  # the tickets' work alone would use it
    done = list(sweeping.worked(nobodys, found, apply=True, unattended=True))
    assert [each.error for each in done][::2] == ["boom", "not reached: the sweep was interrupted"]
