"""What resembles a ticket: by the words that are rare among all, never by those that every request holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from building import build_case
from yardstick import ENOUGH, yards

from deskbook.model.case import Case
from deskbook.model.records import Issue, TicketSummary
from deskbook.runbooks.timebox.similar import similar

LONG_AGO = datetime(2026, 9, 1, tzinfo=UTC)
FORM = "### Freshdesk ticket link\n\nhttps://desk.example.org/a/tickets/7\n\n### Short description\n\n{}\n\n_No response_\n"
OTHERS = (
    "Add two people to the admins", "A bigger memory choice", "RStudio for the statistics course", "Newer version of GDAL",
    "Shared folder for the class", "Invoice for October", "Meeting about next year", "Profile list is empty",
)  # fmt: skip


def ticket(number: int, subject: str, **more: object) -> TicketSummary:
    base = build_case({}).ticket
    url = f"https://desk.example.org/a/tickets/{number}"
    return TicketSummary(replace(base, id=number, subject=subject, body="", url=url, **more))  # type: ignore[arg-type]


def issue(number: int, title: str, said: str = "", **more: object) -> Issue:
    url = f"https://tracker.example.org/issues/{number}"
    made = Issue(number, title, url, "open", FORM.format(said), "grace", LONG_AGO)
    return replace(made, **more)  # type: ignore[arg-type]


def case_of(subject: str, body: str) -> Case:
    return build_case({"ticket": {"subject": subject, "body": body}})


XARRAY = case_of("xarray no longer imports", "Importing xarray fails on https://aurora.hubs.example.org with an ImportError about coders.")  # fmt: skip
EARLIER = [ticket(number, subject) for number, subject in enumerate(OTHERS, 11)]


def test_a_ticket_and_an_issue_about_the_same_matter_are_found_and_the_shared_words_named() -> None:
    found = similar(
        XARRAY,
        [*EARLIER, ticket(88, "xarray imports are broken", status="Resolved")],
        [issue(12, "[Support] Kernel image", "ImportError: cannot import name coders from xarray")],
    )
    assert [(one.what, one.state) for one in found] == [("issue 12", "open"), ("ticket 88", "Resolved")]
    assert found[0].because == "both speak of 'coders', 'importerror' and 'xarray'"
    assert found[1].because == "both speak of 'imports' and 'xarray'"
    assert found[1].title == "xarray imports are broken"
    assert found[1].url == "https://desk.example.org/a/tickets/88"


def test_an_earlier_ticket_is_known_by_its_text_but_not_by_what_it_quotes_or_who_signs() -> None:
    said = "<p>Hello,</p><p>importing coders fails since Monday.</p><p>Ada Lindgren</p>"
    quoted = "<blockquote>importing coders fails</blockquote><p>Never mind.</p><p>Ada Lindgren</p>"
    letter = ticket(88, "A question")
    earlier = [
        replace(letter, ticket=replace(letter.ticket, id=n, body=body)) for n, body in ((88, said), (89, quoted))
    ]
    asked = case_of("xarray no longer imports", "Importing it says something about coders. Ada Lindgren")
    (found,) = similar(asked, [*EARLIER, *earlier], [])
    assert (found.what, found.because) == ("ticket 88", "both speak of 'coders' and 'importing'")


def test_nothing_resembles_a_ticket_about_something_else() -> None:
    assert similar(XARRAY, EARLIER, [issue(12, "[Support] Bigger disks", "They are full.")]) == ()
    assert similar(XARRAY, [], []) == ()


def test_the_ticket_itself_is_never_like_itself_nor_are_issues_that_speak_of_it() -> None:
    own = issue(12, "[Support] xarray no longer imports")
    known = replace(XARRAY, issues=(own,))
    assert similar(known, [ticket(XARRAY.ticket.id, XARRAY.ticket.subject)], [own]) == ()


def test_deleted_tickets_and_spam_are_left_out() -> None:
    earlier = [ticket(88, "xarray imports", deleted=True), ticket(89, "xarray imports", spam=True)]
    assert similar(XARRAY, earlier, []) == ()


def test_words_of_every_request_and_addresses_do_not_count() -> None:
    polite = case_of(
        "Please help us with our hub", "Hello, thank you for support on https://aurora.hubs.example.org, 42."
    )
    earlier = [ticket(88, "Please help us with our hub"), ticket(89, "aurora.hubs.example.org https://aurora 42")]
    assert similar(polite, earlier, []) == ()


def test_a_word_that_many_papers_share_does_not_count() -> None:
    everywhere = [ticket(number, f"xarray {subject}") for number, subject in enumerate(OTHERS, 31)]
    assert similar(XARRAY, everywhere, []) == ()


def test_one_shared_word_of_the_body_alone_is_not_enough() -> None:
    asked = case_of("A question", "We plot on a globe with cartopy.")
    assert similar(asked, [ticket(88, "cartopy upgrade")], []) == ()
    assert similar(case_of("cartopy", "We plot."), [ticket(88, "cartopy upgrade")], []) != ()


def test_the_headings_of_the_form_are_no_words_of_an_issue() -> None:
    asked = case_of("Freshdesk description", "A short description of freshdesk")
    assert similar(asked, [], [issue(12, "Disks", "They are full.")]) == ()


def test_at_most_five_are_named_and_ties_stay_in_the_order_in_which_they_came() -> None:
    case = case_of("xarray zarr icechunk kerchunk", "")
    words = ["xarray", "zarr", "icechunk", "kerchunk"]
    earlier = [ticket(50 + i, word) for i, word in enumerate(words)]
    issues = [issue(60 + i, word) for i, word in enumerate(words)]
    found = similar(case, earlier, issues)
    assert [one.what for one in found] == ["ticket 50", "ticket 51", "ticket 52", "ticket 53", "issue 60"]
    assert found == similar(case, earlier, issues)


def test_more_and_rarer_words_weigh_more() -> None:
    case = case_of("xarray zarr icechunk", "")
    earlier = [ticket(51, "xarray"), ticket(52, "xarray zarr icechunk"), ticket(53, "zarr kernels stop")]
    assert next(one.what for one in similar(case, earlier, [])) == "ticket 52"


def test_a_year_of_tickets_and_hostile_text_are_compared_in_no_time() -> None:
    body = "a-" * 50_000 + " " + "x.y." * 20_000
    earlier = [ticket(number, f"{OTHERS[number % 8]} {number}a") for number in range(200, 2_200)]
    case, issues = case_of("xarray", body), [issue(n, "xarray", body) for n in range(50)]
    assert yards(lambda: similar(case, earlier, issues)) < ENOUGH
