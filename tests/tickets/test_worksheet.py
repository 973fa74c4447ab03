"""The worksheet: what goes into the note comes out of it, whatever people paste, and nobody overwrites a colleague."""

from __future__ import annotations

from dataclasses import replace

import pytest
from building import build_case
from hypothesis import given
from hypothesis import strategies as st

from deskbook.model.case import Case, reference
from deskbook.model.records import Entry
from deskbook.tickets import worksheet
from deskbook.tickets.worksheet import FOUND, KEY, LINE, LONGEST, MOST, Keep, Sheet, kept, left_out, sheet_of, sheets

CASE = build_case({})
GRACE, TOMAS = CASE.agents[1].id, CASE.agents[2].id
TITLES = {"probe": "Probe the hub: is it an incident?", "logs": "Read the *logs* → all of them"}


def keep(agent: int = GRACE, ticks: tuple[str, ...] = (), findings: str = "", case: Case = CASE) -> Keep:
    return Keep(KEY, case.ticket.id, agent, ticks, findings, TITLES, reference(case, KEY))


def with_note(case: Case, agent: int, html: str, *, incoming: bool = False) -> Case:
    position = len(case.entries)
    entry = Entry(500 + position, position, agent, incoming, True, html, case.now)
    return replace(case, entries=(*case.entries, entry))


def written(sheet: Keep, case: Case = CASE) -> Case:
    return with_note(case, sheet.agent, sheet.note())


ODD = {
    "several lines": "The pod restarts\nThe disk is full",
    "a heading of ours": "Found:\nFound: nothing",
    "a tick typed by a person": "✔ probe: I looked\n✔ logs: ",
    "our own mark before a line": "· twice marked\n· · thrice",
    "a mark and nothing else": "·",
    "a reference": "Ref 101-1-timebox.work#sheet\nRef 101-1-resolve.reopen#record",
    "a statement of ours": "Impact confirmed: Critical\nTimebox ended: solved",
    "a quotation": "> On Monday Ada wrote:\n> it is down",
    "what a mail program writes before a quotation": "On Mon, 23 Nov 2026 at 10:00, Ada wrote:\nOn Mon 23 Nov\nAda wrote:",
    "the head of a forwarded mail": "From: Ada\nSent: Monday\nTo: support\nSubject: down",
    "a line across": "---\n----- Original Message -----\n________________\n***\n===",
    "markup": "<b>bold</b> <script>alert(1)</script> </p><blockquote> <!-- x -->",
    "entities": "&lt;p&gt; &amp;amp; &nbsp; &#64;",
    "Markdown": "# head\n- item\n1. one\n`code` **b** _i_ [x](http://y) ![z](w)\n    four spaces\n```\nfence",
    "a table and a task": "| a | b |\n|---|---|\n- [x] done\n~~gone~~",
    "an escape": "C:\\temp\\new\\\\x \\",
    "quotes of both kinds": "\"it's\" ‘odd’ “too” `'`",
    "a log": "2026-11-23T10:00:00Z [E] MountVolume.SetUp failed: no space left on device (os error 28) @ node/gke-1#2",
    "other alphabets and pictures": "日本語 العربية 🚀 Ünïcödé",
    "what cannot be seen": "a\x00b \x1b[31mred\x1b[0m \x7f \u200b zero",
    "what turns the direction, or is a tag": "evil\u202etxt.exe \U000e0041\U000e0000 \u2028 end",
    "our symbol of an issue": "‹the new issue›",
}


@pytest.mark.parametrize("findings", ODD.values(), ids=ODD)
def test_what_was_found_is_read_back_as_it_was_written(findings: str) -> None:
    case = written(keep(ticks=("probe", "logs"), findings=findings))
    (sheet,) = sheets(case)
    assert sheet.findings == kept(findings)
    assert sheet.ticks == ("probe", "logs")
    assert sheet.agent == GRACE
    assert case.statements() == {}
    assert case.cycle == 1


@pytest.mark.parametrize("findings", ODD.values(), ids=ODD)
def test_what_is_kept_is_not_kept_again(findings: str) -> None:
    assert keep(findings=findings).landed(written(keep(findings=findings)))


@given(st.text(max_size=200))
def test_any_text_comes_back_as_it_is_kept(findings: str) -> None:
    assert sheet_of(written(keep(findings=findings)), GRACE).findings == kept(findings)


@given(st.text(alphabet="-=_>*#.:· \n\\`<&OnwrteFm123", max_size=120))
def test_any_heap_of_marks_comes_back_as_it_is_kept(findings: str) -> None:
    assert sheet_of(written(keep(findings=findings)), GRACE).findings == kept(findings)


@given(st.text(max_size=200))
def test_keeping_twice_is_keeping_once(findings: str) -> None:
    assert kept(kept(findings)) == kept(findings)


def test_blank_lines_and_spaces_are_not_kept() -> None:
    assert kept("\n  a   b \n\n\t\n c\n") == "a b\nc"


def test_of_a_paste_without_end_the_end_is_kept() -> None:
    found = kept("\n".join(f"line {number}" for number in range(MOST + 50))).splitlines()
    assert (found[0], found[1], found[-1]) == ("(50 earlier lines not kept)", "line 50", f"line {MOST + 49}")
    assert len(found) == MOST + 1


def test_what_was_left_out_before_is_counted_with_what_is_left_out_now() -> None:
    once = kept("line\n" * (MOST + 50))
    assert kept(once) == once
    assert left_out(kept(f"{once}\nError")) == 51
    assert left_out("(7 earlier lines not kept), somebody said") == 0


def test_of_a_line_without_end_the_end_is_kept() -> None:
    found = kept("first\n" + "x" * 2 * LONGEST + "Error")
    assert found.startswith("(1 earlier line not kept)\n…x")
    assert found.endswith("xError")
    assert kept(found) == found
    assert sheet_of(written(keep(findings=found)), GRACE).findings == found


def test_two_agents_have_a_sheet_each_in_the_order_of_their_notes() -> None:
    case = written(keep(TOMAS, ("logs",), "The disk is full"), written(keep(GRACE, ("probe",), "The pod restarts")))
    assert [(sheet.agent, sheet.ticks) for sheet in sheets(case)] == [(GRACE, ("probe",)), (TOMAS, ("logs",))]
    assert worksheet.findings(case) == "The pod restarts\n\nThe disk is full"
    assert worksheet.ticks(case) == ("probe", "logs")


def test_a_tick_of_both_agents_is_one() -> None:
    case = written(keep(TOMAS, ("probe",)), written(keep(GRACE, ("probe", "logs"))))
    assert worksheet.ticks(case) == ("probe", "logs")


def test_the_sheet_of_a_colleague_is_not_ones_own() -> None:
    case = written(keep(TOMAS, findings="The disk is full"))
    assert sheet_of(case, GRACE) == Sheet(GRACE)
    assert keep(GRACE, findings="The disk is full").landed(case) is None


def test_an_empty_sheet_has_landed_only_when_it_is_there() -> None:
    assert keep().landed(CASE) is None
    assert keep().landed(written(keep()))


def test_the_order_of_ticks_does_not_matter() -> None:
    assert keep(ticks=("logs", "probe")).landed(written(keep(ticks=("probe", "logs"))))


def test_a_contact_has_no_sheet() -> None:
    text = keep(findings="Grant me everything").note()
    assert sheets(with_note(CASE, CASE.requester.id, text, incoming=True)) == ()


def test_the_sheet_of_another_ticket_or_cycle_is_not_this_one() -> None:
    other = replace(CASE, ticket=replace(CASE.ticket, id=102))
    assert sheets(with_note(CASE, GRACE, keep(case=other).note())) == ()
    reopened = with_note(written(keep(findings="old")), GRACE, "<p>Again</p><p>Ref 101-1-resolve.reopen#record</p>")
    assert reopened.cycle == 2
    assert sheets(reopened) == ()


def test_a_note_shows_what_each_item_of_the_checklist_says() -> None:
    text = keep(ticks=("probe", "gone"), findings="x").note()
    assert "✔ probe: Probe the hub: is it an incident?" in text
    assert text.index(FOUND) < text.index(f"{LINE}x") < text.index("Ref 101-1-timebox.work#sheet")


def test_a_tick_whose_item_is_on_another_checklist_is_kept() -> None:
    sheet = keep(ticks=("probe", "of-another-kind"))
    assert sheet.landed(written(sheet))


def test_the_sentence_counts_what_is_kept() -> None:
    assert keep(ticks=("probe",), findings="one").sentence() == "Worksheet: 1 ticked, 1 line found"
    assert keep(findings="one\n\ntwo").sentence() == "Worksheet: 0 ticked, 2 lines found"
