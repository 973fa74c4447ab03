"""Forms and templates as people fill them: what is a question, what is an answer, and what they wrote beside them."""

from __future__ import annotations

import pytest
from building import build_case
from yardstick import ENOUGH, yards

from deskbook.language.forms import filled

FORMS = {
    "an example in a question": (
        "Hours? (e.g., 5am - 5pm US/Pacific)\n9am - 5pm US/Eastern\nNumber of attendees\n100",
        [("Hours?", "9am - 5pm US/Eastern"), ("Number of attendees", "100")],
    ),
    "an issue form": (
        "<h3>Hub URL</h3><p>kelp.example.org</p><h3>What happened?</h3><p>It fails.</p><p>Always.</p><h3>Log</h3><p><em>_No response_</em></p>",
        [("Hub URL", "kelp.example.org"), ("What happened?", "It fails.\nAlways."), ("Log", "")],
    ),
    "a table": (
        "<table><tr><th>Question</th><th>Answer</th></tr><tr><td>Course</td><td>Ice</td></tr><tr><td>Special needs</td><td></td></tr></table>",
        [("Course", "Ice"), ("Special needs", "")],
    ),
    "a table in Markdown": ("| Hub | kelp |\n|---|---|\n| Users | 40 |", [("Hub", "kelp"), ("Users", "40")]),
    "labels": ("<b>Hub:</b> kelp<br><b>Affected (how many?):</b> us<br><b>Phone:</b>", [("Hub", "kelp"), ("Affected", "us"), ("Phone", "")]),
    "labels over their answers": ("Number of attendees:\n40\nDates:\n3-5 Feb\nHub:\nkelp", [("Number of attendees", "40"), ("Dates", "3-5 Feb"), ("Hub", "kelp")]),
    "questions and answers": ("Q: Which hub?\nA: kelp\nQ: How many people?\nA: 40", [("Which hub?", "kelp"), ("How many people?", "40")]),
    "answers behind quoted questions": ("&gt; Which hub?<br>kelp<br>&gt; Until when?<br>no end", [("Which hub?", "kelp"), ("Until when?", "no end")]),
    "boxes below a question": ("Which kind?\n[ ] Error\n[x] Wish\n\nHub: kelp", [("Which kind?", "Wish"), ("Hub", "kelp")]),
    "boxes beside a question": ("Do you need GPUs? [ ] yes [x] no\nIs it an exam? yes [x] no [ ]", [("Do you need GPUs?", "no"), ("Is it an exam?", "yes")]),
    "columns of plain text": ("Course name    Ice\nStart date     2027-02-01", [("Course name", "Ice"), ("Start date", "2027-02-01")]),
    "what the template left to fill in": ("Dates (e.g. 3-5 March):\nHub: ______\nPeople: e.g. 40", [("Dates", ""), ("Hub", ""), ("People", "")]),
    "what brackets tell apart": ("Start (day): 8 Feb\nStart (hour): 9:00", [("Start (day)", "8 Feb"), ("Start (hour)", "9:00")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "answers"), FORMS.values(), ids=FORMS.keys())
def test_a_form_is_read_as_questions_and_answers(text: str, answers: list[tuple[str, str]]) -> None:
    assert [tuple(answer) for answer in filled(text).answers] == answers


NO_FORMS = {
    "questions of their own": "How do I install xarray?\nIs there a page about it?\nThanks, Bo",
    "questions with words behind them": "Can you help? My kernel dies.\nWhich log do you want? I have many.",
    "a line with a colon": "Hello, nobody can log in.\nError: 503 Service Unavailable",
    "a traceback": "Traceback (most recent call last):\nModuleNotFoundError: No module named 'x'\nRuntimeError: y\nKeyError: z",
    "code": "```\nmemory: 4G\nimage: lab\nhub: kelp\n```",
    "figures in a table": "| Hub | Memory | Users |\n|---|---|---|\n| kelp | 4 | 7 |\n| reef | 8 | 9 |",
    "a list": "Two things:\n- the hub is slow\n- nobody can log in",
    "names in brackets": "Could Bo (bo@lab.example.org) and Al (al@lab.example.org) get access?",
}


@pytest.mark.parametrize("text", NO_FORMS.values(), ids=NO_FORMS.keys())
def test_what_only_looks_like_a_form_stays_the_persons_words(text: str) -> None:
    found = filled(text)
    assert found.answers == ()
    words = " ".join(found.words.split())
    assert all(word in words for word in ("503", "KeyError", "nobody", "kelp") if word in text)


def test_what_stands_outside_of_every_question_is_free() -> None:
    found = filled("Hello, Kim gave me this.\n\n### Package\nbrms\n\n### Needed by\nFriday\n\nMany thanks, Bo")
    assert found.free == "Hello, Kim gave me this.\nMany thanks, Bo"


def test_a_yes_makes_the_question_the_persons_words_and_a_no_does_not() -> None:
    form = "**Is the hub down for everyone? (then call us)**<br>{}<br><br>**Hub**<br>kelp"
    assert filled(form.format("Yes")).words == "Is the hub down for everyone? Yes\nkelp"
    assert filled(form.format("No")).words == "No\nkelp"


def test_ticked_options_are_words_and_others_are_not() -> None:
    found = filled("- [x] Hub is down for several people\n- [ ] A wish\n\nHub: kelp")
    assert found.ticked == ("Hub is down for several people",)
    assert "wish" not in found.words


def test_the_words_of_a_case_hold_no_label() -> None:
    body = "<h3>Is everybody locked out?</h3><p>No</p><h3>What do you need?</h3><p>Please install xarray</p>"
    assert build_case({"ticket": {"subject": "Form", "body": body}}).own_words == "Form\nNo\nPlease install xarray"


@pytest.mark.parametrize(
    "piece", ["a: b\n", "Q? (e.g. x)\n", " | a", "[ ] x ", "**a** ", "### h\n\n", "(((", "x\t", "   a", "&gt; a?\nb\n"]
)
def test_no_text_keeps_it_busy(piece: str) -> None:
    assert yards(lambda: filled((piece * 20_000)[:100_000])) < ENOUGH
