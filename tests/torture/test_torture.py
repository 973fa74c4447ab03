"""The short form of `make torture`: each promise, each runbook and each kind of disturbance at least once.

What is red is named in words that run it alone: `python -m torture` and the cell's name. DESKBOOK_TORTURE_SEED repeats a
choice. Each kind is one test, so that the cores share them.
"""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest

from deskbook.runbooks.catalog import NAMES
from torture import counting, hostile, interleave, page, window
from torture.cells import Cell, Verdict
from torture.person import ACTS, TALK, TICKET
from torture.scenarios import derived, road, scenarios, writes
from torture.seen import Item, difference, doubled, more_than_once, plain
from torture.short import KINDS, SEED, chosen, one_of_each
from torture.wire import Call
from torture.world import world

pytestmark = pytest.mark.long  # all of them on one core, which has the undisturbed runs


def held(kind: str) -> None:
    """Every chosen cell of this kind keeps the promise."""
    red = []
    for cell in chosen(kind):
        verdict = KINDS[kind].run(cell)
        if verdict.faults:
            red.append(f"python -m torture {cell}\n    {verdict}")
    assert not red, f"seed {SEED}: {len(red)} red\n" + "\n".join(red)


def test_two_at_once_do_it_once() -> None:
    held("interleave")


def test_two_runbooks_on_one_ticket_come_to_what_one_after_the_other_does() -> None:
    held("crossed")


def test_several_processes_at_once_do_it_once() -> None:
    held("processes")


def test_nothing_of_a_persons_is_overwritten() -> None:
    held("person")


def test_whatever_fails_a_plain_run_goes_on() -> None:
    held("fault")


def test_a_strangers_mark_counts_for_nothing_and_nothing_private_leaves() -> None:
    held("strangers")


def test_hostile_words_are_words() -> None:
    held("hostile")


def test_a_terminal_is_told_nothing_that_it_would_obey() -> None:
    held("terminal")


def test_rubbish_is_taken_or_refused_by_its_name() -> None:
    held("rubbish")


def test_a_run_costs_two_calls_more_at_most() -> None:
    grown = [line for name in scenarios() for line in counting.grown(name)]
    assert not grown, grown


def test_a_claim_costs_two_calls_at_most() -> None:
    costs = {name: counting.of_claim(name) for name in one_of_each(Random(SEED)) if road(name).scenario.ticket}
    assert max(costs.values()) <= counting.MORE, costs
    assert min(costs.values()) > 0, costs  # each of them has one


@pytest.mark.parametrize("name", NAMES)
def test_every_runbook_that_writes_is_disturbed(name: str) -> None:
    """Also one that was made a moment ago: its cases say that it writes, its declaration says how to run it."""
    assert writes(name) <= (name in {scenario.runbook for scenario in scenarios().values()})


def test_a_runbook_without_a_road_of_its_own_gets_one() -> None:
    made = derived("incident")
    assert made is not None
    assert (made.runbook, made.given) == ("incident", {"ticket_id": 111})


def test_every_scenario_writes_something() -> None:
    assert [name for name in scenarios() if road(name).after == road(name).before] == []


def test_a_second_run_adds_nothing() -> None:
    here = world()
    for name in one_of_each(Random(SEED)):
        made = road(name)
        here.back(made.kept)
        for _ in range(2):
            assert not here.run(made.scenario.runbook, made.scenario.given).failure
        assert not difference(made.after, here.seen()), name


def test_the_page_of_promises_names_tests_that_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", page.PAGE.read_text(encoding="utf-8")))
    assert len(named) > len(KINDS)
    assert named <= set(globals())


def test_the_counts_on_the_page_are_those_that_were_found() -> None:
    cell = Cell("terminal", "triage", "ansi/due")
    old = f"Before\n\n{page.MARK}\n\n| rubbish | a | 1 | 1 | 1 | 0 |\n| window | b | 9 | 8 | 7 | 1 |\n\n{page.WIDE}narrow\n"
    text = page.counted(old, [(cell, Verdict(lost=["x"]))])
    assert text.startswith("Before\n")
    assert text.endswith(f"| window | b | 9 | 8 | 7 | 1 |\n\n{page.WIDE}narrow\n")
    lines = [line.split(" | ") for line in text.splitlines() if line.startswith(("| terminal", "| rubbish"))]
    assert [line[3:] for line in lines] == [["1", "0", "1 |"], ["1", "1", "0 |"]]


def test_the_window_is_a_row_of_its_own_with_what_landed_in_it() -> None:
    calls = road("triage").calls
    mails = [call.number for call in calls if call.path.endswith("/reply")]
    found = [(Cell("interleave", "triage", f"{mails[0]}-late"), Verdict(window=["x"]))]
    found += [(Cell("interleave", "triage", str(mails[0])), Verdict()), (Cell("fault", "triage", "kill@2"), Verdict())]
    assert window.line(found).endswith(" | 1 | 0 | 1 |")
    assert window.line(found[1:]) == ""
    assert all(each.calls <= interleave.NEAR for each in window.of("triage"))


# That the judges see what they are to judge.


def mail(number: int) -> Counter[Item]:
    return Counter({Item("mail", "101 reply Ref 101-1-triage.acknowledge", "Hello"): number})


def test_a_second_mail_a_lost_one_and_another_word_are_seen() -> None:
    assert difference(mail(1), mail(1)) == []
    assert doubled(mail(1), mail(2)) == difference(mail(1), mail(2))
    assert more_than_once(mail(1), mail(2))
    assert difference(mail(1), Counter())[0].startswith("lost")
    other = Counter({Item("mail", "101 reply Ref 101-1-triage.acknowledge", "Bye"): 1})
    assert difference(mail(1), other)[0].startswith("otherwise")


def test_digests_ids_and_moments_are_no_difference() -> None:
    one = plain("plan p-0123456789-abc, conversation 67000000101, 2026-11-23T17:55:00Z")
    assert one == plain("plan p-9876543210-def, conversation 67000000102, 2026-11-23T18:00:00Z")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("api/v2/tickets/101/reply", {"body": hostile.SHAPES["script"]}),
        ("api/v2/tickets/101/notes", {"body": hostile.SHAPES["image"]}),
        ("api/v2/tickets/101/reply", {"body": f'<a href="{hostile.SHAPES["script-link"][8:-1]}">x</a>'}),
        ("github/repos/a/b/issues", {"title": "x", "body": hostile.SHAPES["mention"]}),
        ("github/repos/a/b/issues", {"title": "x", "body": hostile.SHAPES["slash"]}),
        ("github/repos/a/b/issues", {"title": "x", "body": hostile.SHAPES["link"]}),
        ("github/repos/a/b/issues", {"title": hostile.SHAPES["bidi"], "body": ""}),
        ("slack/api/chat.postMessage", {"text": hostile.SHAPES["chat-mention"]}),
        ("slack/api/chat.postMessage", {"text": hostile.MADE}),
    ],
)
def test_what_acts_is_seen(path: str, said: dict[str, str]) -> None:
    assert list(hostile.acted(Call(1, "POST", path, said)))


def test_a_harmless_word_in_every_place_stops_no_run() -> None:
    """Else the hostile ones would be tried on runs that do nothing."""
    here = world()
    for name in one_of_each(Random(SEED)):
        made = road(name)
        here.back(made.kept)
        with here.store.transaction():
            hostile.plant(made.scenario.ticket)
        ran = here.run(made.scenario.runbook, hostile.with_shape(made, "word"), hostile.exchanged("word"))
        written = sum(call.writes for call in ran.calls)
        assert written == sum(call.writes for call in made.calls), f"{name}: {ran.failure}"


def test_a_verdict_names_what_was_broken() -> None:
    verdict = Verdict(doubled=["a mail"])
    assert list(verdict.faults) == ["doubled"]
    assert str(Cell("interleave", "triage", "17")) == "interleave triage 17"


@pytest.mark.parametrize("act", ACTS)
def test_a_run_looks_where_a_persons_act_would_show(act: str) -> None:
    """Else every act would count as one before the run, or as one that nobody could have seen."""
    looked = [any(re.search(ACTS[act].looks, f"{c.method} {c.path}") for c in road(name).calls) for name in scenarios()]
    assert any(looked)
    if ACTS[act].looks in (TICKET, TALK):
        assert all(seen for seen, scenario in zip(looked, scenarios().values(), strict=True) if scenario.ticket)
