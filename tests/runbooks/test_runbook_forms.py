"""Forms: what they show, what they say of a change and of a refusal, and what Apply is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ipywidgets
import pytest
from test_road import advance, get, post, run, writes_in

from deskbook.engine import MIME
from deskbook.engine.since import since_then
from deskbook.language.text import to_html
from deskbook.runbooks.catalog import RUNBOOKS, runbook
from deskbook.services.ports import Desk
from deskbook.tickets import stopwatch, worksheet
from deskbook.ui import blocks as ui
from deskbook.ui import views
from deskbook.ui.effects import effects
from deskbook.ui.fields import Field, in_words
from deskbook.ui.forms import Form
from deskbook_sandbox.server import Running

OF_TICKETS = [name for name, book in RUNBOOKS.items() if book.of_ticket]


def form_of(desk: Desk, name: str, ticket: int, **given: Any) -> Form:
    book = runbook(name)
    case = book.read(desk, ticket_id=ticket)
    return book.form(desk, case, book.decide(case, **given))


def apply_of(form: Form) -> ipywidgets.Button:
    button: ipywidgets.Button = form._bar.children[0]
    return button


def test_apply_says_what_it_does_to_the_world_and_is_off_afterwards(desk: Desk) -> None:
    form = form_of(desk, "triage", 101)
    assert apply_of(form).description == "Apply this plan: send 1 mail, write 1 note, make 2 changes"
    apply_of(form).click()
    assert (apply_of(form).description, apply_of(form).disabled) == ("Applied", True)
    assert "Receipt: triage, ticket 101" in form._receipt_slot.view.value


def test_a_click_on_the_button_of_an_older_plan_applies_nothing(desk: Desk) -> None:
    form = form_of(desk, "triage", 101)
    older = apply_of(form)
    form._inputs["impact"].value = "Low"
    older.click()
    assert "had just changed" in form._said.value
    assert desk.case(101).ticket.agent is None


def test_after_it_the_way_on_leads_to_the_tickets_own_notebook_or_to_the_form_in_its_place(desk: Desk) -> None:
    asked: list[tuple[str, int]] = []

    def notebook(name: str, ticket: int) -> str:
        asked.append((name, ticket))
        return f"../{ticket}/{name}.ipynb"

    form = form_of(replace(desk, notebook=notebook), "triage", 101)
    apply_of(form).click()
    onward = form._after.children[-1]
    assert (onward.description, onward.button_style) == ("Go on: Timebox", "primary")
    onward.click()
    assert asked == [("timebox", 101)]
    assert 'data-deskbook-open="../101/timebox.ipynb"' in form._after.children[-1].value
    here = form_of(desk, "triage", 102)
    apply_of(here).click()
    here._after.children[-1].click()
    assert "Ticket 102" in said(here._after.children[-1])


def test_where_nothing_comes_next_the_way_leads_back_to_the_desk(desk: Desk) -> None:
    form = form_of(replace(desk, notebook=lambda name, ticket: f"../../{name or '00 Desk'}.ipynb"), "triage", 112)
    assert form.plan.next is None
    apply_of(form).click()
    assert 'data-deskbook-open="../../00 Desk.ipynb"' in form._after.children[-1].value
    assert "data-deskbook-now" not in form._after.children[-1].value


def test_once_a_field_changes_the_receipt_is_told_to_be_of_the_earlier_plan(desk: Desk) -> None:
    form = form_of(desk, "triage", 101)
    form.show(form.plan.run(desk))
    form._inputs["impact"].value = "Medium"
    assert "Nothing written yet" in form._receipt_slot.view.value
    apply_of(form).click()
    assert "earlier plan" not in form._receipt_slot.view.value
    for impact in ("Low", "High"):
        form._inputs["impact"].value = impact
        assert form._receipt_slot.view.value.count("<summary>Receipt of the earlier plan</summary>") == 1


@pytest.mark.parametrize(
    ("sandbox", "words"), [(True, "SANDBOX:</strong> nothing"), (False, "LIVE:</strong> people get")]
)
def test_whether_people_get_what_is_applied_stands_beside_what_is_decided(
    sandbox: bool, words: str, desk: Desk
) -> None:
    form = form_of(replace(desk, sandbox=sandbox), "triage", 101)
    assert words in said(form.controls()[0])


def test_an_effect_that_failed_is_told_once_by_what_it_is(desk: Desk, running: Running) -> None:
    post(running.url, "/sandbox/faults", [{"method": "PUT", "path": "/api/v2/tickets/101", "status": 400}])
    form = form_of(desk, "triage", 101)
    apply_of(form).click()
    shown = form._receipt_slot.view.value
    assert shown.count("was refused (400") == 1
    assert "triage.associate:" not in shown
    assert "Not done: " in shown


def test_run_again_after_all_is_done_the_notebook_says_so_and_leads_on(desk: Desk) -> None:
    form = form_of(desk, "triage", 101)
    form.show(form.plan.run(desk))
    assert form._after.children == ()
    run(desk, "triage", 101)
    again = form_of(desk, "triage", 101)
    receipt = again.plan.run(desk)
    again.show(receipt)
    assert [button.description for button in again._after.children] == ["Go on: Timebox"]
    told = ui.text(views.receipt(receipt))
    assert "All done already: triage, ticket 101" in told
    assert told.count("already done") == len(receipt.actions)


def test_a_refusal_says_who_did_what_and_the_plan_above_is_the_new_one(desk: Desk, running: Running) -> None:
    form = form_of(desk, "triage", 101)
    before = form.plan.digest
    writes_in(running.url, desk, 101, "It works again, thank you.")
    apply_of(form).click()
    assert "Not done: Ada Lindgren wrote on Mon 23 Nov 2026 17:55 UTC (conversation " in form._receipt_slot.view.value
    assert form.plan.digest != before
    assert "It works again" in form._facts.value
    assert desk.case(101).ticket.agent is None


def test_another_number_brings_another_ticket_with_what_is_advised_there(desk: Desk) -> None:
    form = form_of(desk, "triage", 101, impact="Low")
    assert form._number is not None
    form._number.value = 102
    assert form.case.ticket.id == 102
    assert form.values["impact"] == ""
    assert "Ticket 102" in form._facts.value
    assert "ticket 102" in form._plan_slot.view.value


def test_a_number_of_no_ticket_is_told_and_applies_nothing(desk: Desk) -> None:
    form = form_of(desk, "triage", 101)
    assert form._number is not None
    form._number.value = 9_999_999
    assert 'role="alert"' in form._said.value
    assert apply_of(form).disabled


def test_what_cannot_be_planned_is_said_in_the_fields_words_and_can_be_mended(desk: Desk) -> None:
    form = form_of(desk, "resolve", 110)
    form._inputs["exception_by"].value = form.fields[2].options[0][1]
    assert "Until iteration: say until which iteration" in form._said.value
    assert apply_of(form).disabled
    form._inputs["exception_by"].value = ""
    assert form._said.value == ""


def test_parameters_are_said_as_labels_with_what_they_offer() -> None:
    fields = (Field("outcome", "Outcome", (("It is fixed", "fixed"),)), Field("incident", "Incident?"))
    told = in_words(fields, "Run again with outcome=fixed or incident=yes; 2=2.")
    assert told == "Run again with Outcome “It is fixed” or Incident “yes”; 2=2."
    assert (
        in_words(fields, "Else close it: outcome=no-survey, message=…")
        == "Else close it: Outcome “no-survey”, “Message”"
    )
    command = "Proposed: deskbook run resolve ticket_id=101 outcome=fixed"
    assert in_words(fields, command) == command
    assert (
        in_words(fields, "See https://hub.example.org/?outcome=fixed") == "See https://hub.example.org/?outcome=fixed"
    )
    assert in_words(fields, "outcome: 'x' is not accepted") == "Outcome: 'x' is not accepted"


@pytest.mark.parametrize("name", OF_TICKETS)
def test_no_form_asks_in_the_words_of_parameters(desk: Desk, name: str) -> None:
    """What a person reads in a form names its fields."""
    form = form_of(desk, name, runbook(name)._decision.PRACTICE)
    for field in form.fields:
        assert f"{field.name}=" not in said(form.boxed()), field.name


def test_what_another_runbook_is_asked_and_what_a_receipt_asks_is_said_by_labels_too(desk: Desk) -> None:
    """Programs, and a page without a form, still have the parameters' own words."""
    run(desk, "triage", 105)
    waiting = form_of(desk, "escalate", 105)
    assert "run triage again with Approved “mail”" in waiting._plan_slot.view.value
    assert "approved=" not in said(waiting.boxed())
    form = form_of(desk, "resolve", 110, outcome="fixed")
    receipt = form.plan.run(desk, apply=True)
    form.show(receipt)
    assert "Say what was done: “Message”" in form._receipt_slot.view.value
    assert "message=…" in str(form._receipt_slot._bundle(receipt)[MIME]["needs_human"])


def test_apply_names_what_is_still_missing_by_the_fields_label(desk: Desk) -> None:
    form = form_of(desk, "timebox", 102, outcome="unsolved")
    assert "open 1 issue" in apply_of(form).description
    assert "Missing: Wanted." in form._bar.children[1].value
    assert "Say what is wanted: “Wanted”" in form._plan_slot.view.value
    form._inputs["description"].value = "Servers with 32 GB."
    assert len(form._bar.children) == 1
    resolving = form_of(desk, "resolve", 110, outcome="fixed")
    assert "Missing: Message." in resolving._bar.children[1].value


def test_the_timebox_in_another_form_has_what_helps_and_reads_a_pasted_log(desk: Desk) -> None:
    form = form_of(desk, "timebox", 102)
    assert form.help._log in inside(form.boxed())
    form.help._log.value = "OSError: [Errno 28] No space left on device"
    assert "No space left" in form.help._found.value


def test_the_stopwatch_counts_on_in_the_page_only_while_it_runs(desk: Desk) -> None:
    form = form_of(desk, "timebox", 102)
    assert "data-deskbook-seconds" not in form._clock.value
    form._watch.click()
    assert 'data-deskbook-seconds="0"' in form._clock.value
    assert form._watch.description == "Pause"


def test_start_tick_and_pause_cost_five_calls_and_claim_nothing(desk: Desk, running: Running) -> None:
    """They are the agent's own: no colleague's run is held up by them, and none holds them up."""
    form = form_of(desk, "timebox", 102)

    def calls(does: Callable[[], object]) -> int:
        before = sum(get(running.url, "/sandbox/state")["requests"].values())
        does()
        return sum(get(running.url, "/sandbox/state")["requests"].values()) - before

    box = form._boxes[0]
    desk.helpdesk.note(102, to_html(f"Run {'ab' * 6} 0badcafe 7 1, on far-away\n\nRef 102-1-escalate.claim"))
    made = [calls(form._watch.click), calls(lambda: setattr(box, "value", True)), calls(form._watch.click)]
    assert made == [5, 5, 5]
    case = desk.case(102)
    assert (worksheet.ticks(case), stopwatch.running(case)) == ((box.tick,), ())
    assert [entry.agent for entry in stopwatch.sittings(case)] == [case.me.id]
    assert not any(key.startswith("DELETE") for key in get(running.url, "/sandbox/state")["requests"])


def test_ticks_of_another_window_are_not_written_over(desk: Desk) -> None:
    one, other = form_of(desk, "timebox", 102), form_of(desk, "timebox", 102)
    first, second = one._boxes[:2]
    first.value = True
    other._boxes[0].value, other._boxes[1].value = False, True
    one._boxes[2].value = True
    assert "written anew after this was planned" in one._wrong.value
    assert worksheet.ticks(desk.case(102)) == (second.tick,)
    assert [box.value for box in one._boxes[:3]] == [False, True, False]  # as the ticket has them


def test_a_stopwatch_set_going_in_another_window_is_one(desk: Desk) -> None:
    one, other = form_of(desk, "timebox", 102), form_of(desk, "timebox", 102)
    one._watch.click()
    other._watch.click()
    assert len(stopwatch.sittings(desk.case(102))) == 1
    assert other._watch.description == "Pause"


def test_links_lead_to_the_sandbox_where_it_is_one(desk: Desk) -> None:
    run(desk, "timebox", 102, minutes=25, outcome="unsolved")
    form = form_of(desk, "timebox", 102)
    number = desk.case(102).issues[0].number
    for address in (f"{desk.page}/#/tickets/102", f"{desk.page}/#/issues/{number}", desk.page):
        assert f'href="{address}"' in form._facts.value
    live = form_of(replace(desk, page=""), "timebox", 102)
    assert f'href="{live.case.ticket.url}"' in live._facts.value


def test_what_happened_meanwhile_is_told_with_who_did_it(desk: Desk, running: Running) -> None:
    before = desk.case(101)
    assert since_then(before, before) == []
    run(desk, "triage", 101, agent="Mei")
    post(running.url, "/sandbox/hubs/aurora", {"up": False})
    told = since_then(before, desk.case(101))
    assert told[0].startswith("Priya Raman's run of triage wrote on Mon 23 Nov 2026 17:55 UTC")
    assert told[1].endswith("is down")


def test_what_is_done_already_is_no_effect(desk: Desk) -> None:
    run(desk, "triage", 101)
    assert effects(form_of(desk, "triage", 101).plan) == ""


def inside(widget: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    return [widget, *(each for child in getattr(widget, "children", ()) for each in inside(child))]


def said(widget: ipywidgets.Widget) -> str:
    """All that the pages inside a widget say."""
    return " ".join(each.value for each in inside(widget) if isinstance(each, ipywidgets.HTML))


def test_every_mail_stands_in_full_in_its_field_and_goes_as_it_was_written_there(desk: Desk, running: Running) -> None:
    form = form_of(desk, "triage", 101)
    (letter,) = form._letters.view.children
    assert letter.description == "Reply to Ada: received, Mei Tanaka has it"
    assert letter.value.startswith("Hello Ada,\n")
    assert "Ref 101" not in letter.value
    before = form.plan.digest
    letter.value = "Dear Ada,\n\nMei looks at it *today*."
    assert form.plan.digest != before
    form._inputs["impact"].value = "Low"  # what was written stays
    apply_of(form).click()
    (mail,) = get(running.url, "/sandbox/outbox")
    assert "Mei looks at it <em>today</em>." in mail["body"]
    assert "Hello Ada" not in mail["body"]
    assert form._letters.view.children == ()


def test_an_emptied_field_has_our_words_again(desk: Desk) -> None:
    form = form_of(desk, "triage", 101)
    (letter,) = form._letters.view.children
    ours, digest = letter.value, form.plan.digest
    letter.value = "Mine."
    letter.value = ""
    assert letter.value == ours
    form._inputs["impact"].value = "Low"
    form._inputs["impact"].value = ""
    assert form.plan.digest == digest


def test_where_the_way_has_changed_what_was_written_rests_and_comes_back(desk: Desk) -> None:
    form = form_of(desk, "timebox", 102, outcome="unsolved")
    number = len(form._letters.view.children)
    letter = form._letters.view.children[-1]
    letter.value = "It takes us longer."
    form._inputs["outcome"].value = "solved"
    assert form._said.value == ""
    form._inputs["outcome"].value = "unsolved"
    assert len(form._letters.view.children) == number
    assert form._letters.view.children[-1].value == "It takes us longer."
    assert "It takes us longer." in form.values["texts"]


def test_texts_that_the_notebook_was_given_are_in_the_fields(desk: Desk) -> None:
    form = form_of(desk, "triage", 101, texts='{"triage.acknowledge": "We have it."}')
    assert [letter.value for letter in form._letters.view.children] == ["We have it."]


def test_a_form_that_stood_open_for_long_still_writes(desk: Desk, running: Running) -> None:
    form, watch = form_of(desk, "triage", 101), form_of(desk, "timebox", 102)
    advance(running.url, minutes=45)
    watch._watch.click()
    assert (watch._watch.description, watch._wrong.value) == ("Pause", "")
    advance(running.url, minutes=20)
    apply_of(form).click()
    assert apply_of(form).description == "Applied"
