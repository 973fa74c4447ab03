"""What a digest is made of: the facts a plan leans on and its goals; not the hour, not advice, not our own effects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from building import build_case, plan_files, read

from deskbook.engine.actions import Action, Change, Note, Post, Record, Reply
from deskbook.engine.plan import Plan
from deskbook.language.text import plain_markdown, to_html
from deskbook.model.case import Case
from deskbook.model.records import Entry, HubChange, Page
from deskbook.runbooks.triage import plan as triage
from deskbook.runbooks.triage.decision import decide as decide_triage

FILES = plan_files("triage")
# A webhook cannot be read back: between the intent and the record the plan is another one, which asks a person.
WEBHOOK = "a_provider_notice_by_webhook_notes_its_intent_first"


def plan(case: Case, **decision: Any) -> Plan:
    return triage.plan(case, decide_triage(case, **decision))


def written(case: Case, html: str, *, private: bool, by: int | None = None, incoming: bool = False) -> Case:
    """The case with one entry more, by us unless another author is given."""
    position = len(case.entries)
    entry = Entry(500 + position, position, by or case.me.id, incoming, private, html, case.now)
    return replace(case, entries=(*case.entries, entry))


def done(case: Case, action: Action) -> Case:
    """The case after an action arrived, as the helpdesk and the chat would show it."""
    if action.landed(case):
        return case
    match action:
        case Reply():
            return written(case, action.html, private=False)
        case Note():
            return written(case, action.html, private=True)
        case Record():
            stated = "".join(f"\n\n{name}: {plain_markdown(value)}" for name, value in action.statements)
            return written(case, to_html(f"{action.markdown}{stated}\n\nBy us\n\n{action.reference}"), private=True)
        case Change():
            tags = tuple(t for t in dict.fromkeys((*case.ticket.tags, *action.add)) if t not in action.drop)
            values = {name: getattr(action, name) for name in ("status", "agent", "community", "type")}
            new = {name: value for name, value in values.items() if value is not None}
            return replace(case, ticket=replace(case.ticket, **new, tags=tags))
        case Post():
            return replace(case, announced=case.announced | {action.ref})
    raise AssertionError(action)


@pytest.mark.parametrize("path", [p for p in FILES if p.stem != WEBHOOK], ids=lambda p: p.stem)
def test_a_plan_that_was_interrupted_anywhere_resumes_as_itself(path: Any) -> None:
    said = read(path)
    case, decision = build_case(said.get("case", {})), said.get("decision", {})
    first = plan(case, **decision)
    for action in first.actions:
        case = done(case, action)
        again = plan(case, **decision)
        assert again.moved(first.digest) == (), action.key
        assert again.digest == first.digest, action.key
    assert all(action.landed(case) for action in again.actions) if first.actions else True


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_second_later_the_plan_is_the_same(path: Any) -> None:
    said = read(path)
    case, decision = build_case(said.get("case", {})), said.get("decision", {})
    assert plan(replace(case, now=case.now + timedelta(seconds=1)), **decision).digest == plan(case, **decision).digest


def test_a_webhook_between_intent_and_record_is_another_plan_and_afterwards_all_is_done() -> None:
    case = build_case(read(next(p for p in FILES if p.stem == WEBHOOK))["case"])
    first = plan(case)
    case = done(case, first.actions[0])
    assert plan(case).outcome == "unclear"
    for action in first.actions[2:]:
        case = done(case, action)
    assert all(action.landed(case) for action in plan(case).actions)


TOUCHED = {"hub_changes": {"aurora-aws": ["jonas-weber"]}}


def test_another_hour_that_leaves_the_first_candidate_leaves_the_plan() -> None:
    case = build_case(TOUCHED)
    early, late = plan(replace(case, now=case.now - timedelta(hours=7))), plan(case)
    assert early.actions[1].sentence() != late.actions[1].sentence(), "the advice did not change: this shows nothing"
    assert early.digest == late.digest


def test_advice_that_changes_no_action_leaves_the_plan() -> None:
    case = build_case(TOUCHED)
    busy = replace(case, agents=tuple(replace(agent, open_tickets=1) for agent in case.agents))
    older = replace(
        case, hub_changes={"aurora-aws": (replace(case.hub_changes["aurora-aws"][0], at=case.now - timedelta(days=9)),)}
    )
    assert {plan(busy).digest, plan(older).digest} == {plan(case).digest}


def test_another_first_candidate_is_another_plan() -> None:
    case = build_case(TOUCHED)
    other = replace(
        case,
        hub_changes={"aurora-aws": (HubChange("mei-tanaka", case.now, "Change"),)},
        now=case.now - timedelta(hours=17),
    )
    assert plan(other).moved(plan(case).digest) == ("the actions",)


def test_our_own_words_and_those_of_colleagues_leave_the_plan() -> None:
    case = build_case(TOUCHED)
    noted = written(case, "<p>I think it is the image.</p>", private=True, by=case.agents[3].id)
    tagged = replace(case, ticket=replace(case.ticket, tags=("vip",)))
    assert {plan(noted).digest, plan(tagged).digest} == {plan(case).digest}


def moved(case: Case, newer: Case) -> tuple[str, ...]:
    before, after = plan(case), plan(newer)
    assert before.digest != after.digest
    return after.moved(before.digest)


def test_a_new_reply_of_the_requester_moves_it() -> None:
    case = build_case(TOUCHED)
    assert moved(
        case, written(case, "It also fails on staging.", private=False, by=case.requester.id, incoming=True)
    ) == ("the replies",)


@pytest.mark.parametrize(
    "change", [{"subject": "Kernel still dies"}, {"body": "Importing numpy fails with ModuleNotFoundError."}]
)
def test_another_text_of_the_ticket_moves_it(change: dict[str, str]) -> None:
    case = build_case(TOUCHED)
    assert "the ticket's text" in moved(case, replace(case, ticket=replace(case.ticket, **change)))  # type: ignore[arg-type]


def test_another_list_of_representatives_moves_it() -> None:
    case = build_case(TOUCHED)
    longer = replace(case.communities[0], listed=("Ada Lindgren", "Otto Berg"))
    assert moved(case, replace(case, communities=(longer,))) == ("the representatives",)


def test_another_address_of_a_representative_moves_it() -> None:
    case = build_case(TOUCHED)
    home = case.communities[0]
    contacts = (replace(home.contacts[0], mail="ada@elsewhere.example"), *home.contacts[1:])
    assert moved(case, replace(case, communities=(replace(home, contacts=contacts),))) == ("the representatives",)


def test_another_address_of_the_requester_moves_it() -> None:
    case = build_case(TOUCHED)
    assert moved(case, replace(case, requester=replace(case.requester, mail="ada@elsewhere.example"))) == (
        "the requester",
    )


def test_a_hub_that_goes_down_moves_it() -> None:
    case = build_case(TOUCHED)
    fallen = replace(case, probes=tuple(replace(probe, up=False, seen="answers 503") for probe in case.probes))
    assert "the hubs" in moved(case, fallen)


def test_a_page_about_the_hub_moves_it_and_another_does_not() -> None:
    case = build_case(TOUCHED)
    ours = replace(case, pages=(Page("Q1", "Nodes fail", "triggered", "aurora.hubs.example.org", ""),))
    others = replace(case, pages=(Page("Q2", "Nodes fail", "triggered", "delta.hubs.example.org", ""),))
    assert "the pages" in moved(case, ours)
    assert plan(others).digest == plan(case).digest


@pytest.mark.parametrize(
    "decision",
    [
        {"agent": "Jonas Weber"},
        {"community": "Aurora Climate Lab"},
        {"category": "broken"},
        {"impact": "High"},
        {"incident": "no"},
    ],
    ids=lambda decision: next(iter(decision)),
)
def test_a_decision_moves_it_even_where_it_says_what_the_advice_says(decision: dict[str, str]) -> None:
    case = build_case(TOUCHED)
    before, after = plan(case), plan(case, **decision)
    assert before.digest != after.digest
    assert "the decision" in after.moved(before.digest)


def test_two_spellings_of_a_decision_are_one() -> None:
    case = build_case(TOUCHED)
    assert (
        plan(case, agent="jonas", impact="high").digest
        == plan(case, agent="JONAS.WEBER@staff.example.org", impact="High").digest
    )


def test_two_changes_are_named_both_and_a_foreign_digest_names_nothing() -> None:
    case = build_case(TOUCHED)
    before = plan(case)
    newer = written(case, "News", private=False, by=case.requester.id, incoming=True)
    newer = replace(newer, requester=replace(newer.requester, mail="ada@elsewhere.example"))
    assert plan(newer).moved(before.digest) == ("the replies", "the requester")
    for foreign in ("p-1", "p-1234567890-abc", "nonsense", ""):
        assert before.moved(foreign) == ()
    assert before.moved(before.digest) == ()
