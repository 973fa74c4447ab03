"""Onboarding is planned: a file for each rule, and what its parameters may say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from building import PROCESS, read
from onboarding import COMMUNITIES, FILES, facts_of, planned

from deskbook.errors import ParameterError
from deskbook.runbooks.onboard.decision import decide
from deskbook.runbooks.onboard.facts import faults
from deskbook.runbooks.onboard.plan import plan

EXPECTED = {"outcome", "road", "actions", "landed", "needs_human", "because", "subject", "better"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_plan(path: Path) -> None:
    said = read(path)
    expect = said["expect"]
    assert not set(expect) - EXPECTED, f"a file may expect {EXPECTED}"
    found = planned(said)
    assert found.outcome == expect["outcome"], found.steps_taken
    assert [action.key for action in found.actions] == list(expect.get("actions", {}))
    for action in found.actions:
        assert expect["actions"][action.key] in action.sentence()
    assert [action.key for action in found.actions if action.landed(found.case)] == expect.get("landed", [])
    assert len(found.needs_human) == len(expect.get("needs_human", [])), found.needs_human
    for need, words in zip(found.needs_human, expect.get("needs_human", []), strict=True):
        assert words in need
    if "road" in expect:
        assert [f"{f.step} {f.outcome}" for f in found.steps_taken] == expect["road"]
    told = "\n".join(f.because for f in found.steps_taken)
    assert all(words in told for words in expect.get("because", []))
    assert found.subject == expect.get("subject", found.subject)
    if "better" in expect:
        hints = [f"{f.community}: {f.says}" for f in faults(found.case) if f.remedy == "better"]
        assert all(words in hint for words, hint in zip(expect["better"], hints, strict=True))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_road_is_one_of_the_process_and_planning_twice_gives_the_same_digest(path: Path) -> None:
    said = read(path)
    found = planned(said)
    for here, there in zip(found.steps_taken, found.steps_taken[1:], strict=False):
        assert PROCESS.target(here.step, here.outcome) == there.step
    assert "." not in PROCESS.target(found.steps_taken[-1].step, found.steps_taken[-1].outcome)
    assert {action.key.split("#")[0] for action in found.actions} <= {finding.step for finding in found.steps_taken}
    assert len({action.key for action in found.actions}) == len(found.actions)
    assert found.digest == planned(said).digest


def test_every_outcome_is_reached_by_some_file() -> None:
    steps = {step.id: set(step.outcomes) for step in PROCESS.steps() if step.runbook == "onboard"}
    seen: dict[str, set[str]] = {step: set() for step in steps}
    for path in FILES:
        for finding in planned(read(path)).steps_taken:
            seen[finding.step].add(finding.outcome)
    assert seen == steps


def test_a_company_that_is_there_already_keeps_the_digest_of_the_plan_that_began_to_make_it() -> None:
    decision = read(next(path for path in FILES if path.stem.startswith("killed")))["decision"]
    half = {"communities": {decision["community"]: {"domains": [decision["domains"]]}}}
    wish = decide(**decision)
    assert plan(facts_of({}, wish)).digest == plan(facts_of(half, wish)).digest


def test_an_approval_falls_when_somebody_joins_the_list_who_would_leave() -> None:
    wish = decide(community="Aurora Climate Lab", representatives="Ada Lindgren <ada@aurora.example.org>")
    seen = plan(facts_of({}, wish))
    more = {**COMMUNITIES["Aurora Climate Lab"], "listed": ["Ada Lindgren", "Otto Berg", "Uma Ek"]}
    assert plan(facts_of({"communities": {"Aurora Climate Lab": more}}, wish)).moved(seen.digest) == (
        "who leaves the list",
    )


def test_somebody_known_by_a_second_address_is_the_same_person() -> None:
    wish = decide(
        community="Aurora Climate Lab",
        representatives="Ada Lindgren <ada@home.example.org>; Otto Berg <otto@aurora.example.org>",
    )
    facts = facts_of({}, wish)
    ada = next(who for who in facts.people if who.name == "Ada Lindgren")
    found = plan(replace(facts, people=(*facts.people, replace(ada, mail="ada@home.example.org"))))
    assert (found.outcome, found.needs_human) == ("made", ())
    assert all(action.landed(found.case) for action in found.actions)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"domains": "https://a.org"}, "write the domain alone"),
        ({"domains": "a.org/x"}, "write the domain alone"),
        ({"domains": "ada@a.org"}, "is a mail address"),
        ({"domains": "a.org; b.org"}, "write them as a.org, b.org"),
        ({"domains": "localhost"}, "is no domain"),
        ({"representatives": "Ada Lindgren"}, "has no mail address"),
        ({"representatives": "ada@a.org"}, "has no name"),
        ({"representatives": "<ada@a.org>"}, "has no name"),
        ({"representatives": "Ada <ada@a>"}, "is no mail address"),
        ({"representatives": "Ada <ada@a.org"}, "is no mail address"),
        ({"representatives": "Ada <ada@a.org>, Ben <ben@a.org>"}, "put a semicolon between them"),
        ({"representatives": "Ada <ada@a.org>; Ben <ADA@a.org>"}, "ada@a.org is there twice"),
        ({"representatives": "Ada L <ada@a.org>; ADÁ L <ben@a.org>"}, "'ADÁ L' is there twice"),
        ({"representatives": "; ".join(f"P{i} <p{i}@a.org>" for i in range(21))}, "20 at most"),
        ({"community": ""}, "community: is empty"),
        ({"community": "A <b>"}, "is no name"),
        ({"community": "x" * 101}, "100 characters at most"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_to_write(given: dict[str, str], said: str) -> None:
    with pytest.raises(ParameterError, match=said.replace("'", ".")):
        decide(**{"community": "Glacier", "domains": "glacier.example.org", **given})


def test_parameters_are_read_as_people_write_them() -> None:
    found = decide(
        community=" Glacier   Mapping ",
        domains="Glacier.example.org., ice.example.org,\nglacier.example.org",
        representatives='"Gro  Isaksen" <Gro@Glacier.example.org>;\n Ivo Lund<ivo@ice.example.org>;',
    )
    assert found.community == "Glacier Mapping"
    assert found.domains == ("glacier.example.org", "ice.example.org")
    assert [str(who) for who in found.representatives] == [
        "Gro Isaksen <gro@glacier.example.org>",
        "Ivo Lund <ivo@ice.example.org>",
    ]
    assert decide(community=50).community == "50"
