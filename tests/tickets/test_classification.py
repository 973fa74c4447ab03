"""What kind of request a ticket is, how grave, and what it leaves out, judged from realistic words."""

from __future__ import annotations

import pytest
from building import build_case

from deskbook.config.organization import Category
from deskbook.language.text import shorten
from deskbook.model.case import Case
from deskbook.tickets.classification import classify, impact_of, missing, reports_outage


def said(subject: str, body: str = "", **more: object) -> Case:
    return build_case({"ticket": {"subject": subject, "body": body}, **more})


BROKEN = [
    ("No GPU", "When I choose the GPU profile I wait forever."),
    ("PDF", "The PDF export fails for everybody."),
    ("Kernel dies", "Every time I open the large notebook the kernel dies after a minute."),
    ("Cannot import xarray", "ModuleNotFoundError: No module named 'xarray'"),
    ("Disk", "OSError: [Errno 28] No space left on device"),
    ("Slow", "Since Monday everything on the hub is very slow."),
    ("Login", "I cannot log in, it says 403 forbidden."),
    ("dask", "The workers are stuck in pending and my cluster times out."),
    ("Hub down", "Our hub is down, please help."),
    ("Help", "Nobody can log in since this morning."),
    ("502", "We get a 502 on every page."),
    ("Spawn", "Servers do not start, the progress bar never ends."),
    ("Error 503 Service Unavailable", "see above"),
    ("Jupyter", "The hub seems to be down again for the whole class."),
    ("Workshop hub is down", "The hub is unreachable and the workshop begins in an hour."),
    ("Kernel trouble", "During the workshop yesterday the kernel crashed for three people."),
    ("nbgitpuller", "The link no longer works; it ends with 'fatal: could not read'."),
    ("Grafana", "The Grafana dashboards fail to load."),
]
CHANGE = [
    ("RStudio", "Could you install RStudio on our hub?"),
    ("More memory", "We need 500 GB of storage, please increase the limit."),
    ("New user", "Please add Otto as an admin."),
    ("GPU", "We would like a profile with a GPU from January on."),
    ("Image", "Please upgrade the image to Python 3.13."),
    ("Shared folder", "Could we have a shared folder, so that everyone can read the results?"),
    ("Permissions", "Please grant Otto admin access."),
    ("Revert", "Please remove the extra disk that we asked for in the spring."),
    ("New colleague", "How can she get onto the hub? Her GitHub is adler-geo."),
    ("numpy", "rasterio needs libgdal.so.34, please install it."),
    ("502 users", "We have 502 users now and would like larger nodes."),
]
GUIDANCE = [
    ("Teaching", "How do I set up nbgrader for an exam with 30 students?"),
    ("Dask or a bigger machine", "I process 2 TB of netCDF. Would you advise to use Dask or a larger node?"),
    ("Question", "How do I share a notebook with my group?"),
    ("Files", "Where are the files kept, and is there a backup?"),
    ("Advice", "Which image do you recommend for teaching geospatial analysis?"),
    ("Costs", "What is a reasonable budget for forty learners?"),
    ("Documentation", "Is there documentation on nbgitpuller links?"),
    ("Sharing", "I'd like to show my notebook to a colleague. What is the easiest way?"),
    ("Limits", "How can I find out whether a job gets killed by the memory limit?"),
    ("Fitting", "How can I plot error bars with the packages of the hub?"),
    ("Grafana", "How do I open the Grafana dashboards?"),
    ("Fwd: a notice", "I got this mail. Does it mean that our hub is in trouble, and do I have to do something?"),
    ("Fwd: maintenance", "See below. Is our class affected by this?"),
]
WORKSHOP = [
    ("Workshop in December", "We run a workshop on 10 December with 40 participants."),
    ("Event", "We are planning a hackathon from 2027-02-10 to 2027-02-12, about 120 people."),
    ("Summer school 2027", "Please prepare the hub for our summer school in July."),
    ("Exam on the hub", "Our exam will be on 5 December with 80 students."),
    ("Password", "Please change the shared password of our hub before 3 December."),
    ("Hub password", "Could you reset the hub password on 16 October?"),
    ("Workshop set-up", "Two days, 09:00-17:00 Pacific, attendees still to be counted, next month."),
    ("Day of the river", "The shared account of the school classes needs a new password before 11 December."),
    ("Rotate", "Please rotate the password for the workshop hub after the course."),
]
NOBODY_KNOWS = [
    ("Hello", "Thank you for the call."),
    ("Meeting", "Shall we talk on Thursday about the coming year?"),
    ("Thanks", "I attended your workshop with many people last year and liked it."),
    ("After the event", "Our workshop was great, 50 people came. Thanks again."),
    ("My account", "I forgot my password, please reset my password."),
    ("Workshop next week", "We hold a workshop on Monday, and last time the kernels crashed."),
    ("Our grant", "The grant of our lab ends in June."),
    ("News", "Any update?"),
    ("Exam", "In the middle of our exam the notebooks crash."),
    ("Good news", "It runs without any errors now."),
    ("", ""),
    ("Re: workshop hub", "Thanks!"),
]
TABLE: list[tuple[str, str, Category | None]] = [
    (subject, body, kind)  # type: ignore[misc]
    for kind, rows in (
        ("broken", BROKEN),
        ("change", CHANGE),
        ("guidance", GUIDANCE),
        ("workshop", WORKSHOP),
        (None, NOBODY_KNOWS),
    )
    for subject, body in rows
]


@pytest.mark.parametrize(
    ("subject", "body", "kind"), TABLE, ids=[f"{k}: {shorten(s or 'empty', 30)}" for s, _, k in TABLE]
)
def test_the_words_of_a_ticket_say_what_it_is(subject: str, body: str, kind: Category | None) -> None:
    found = classify(said(subject, f"<p>{body}</p>"))
    assert found.category == kind, found.because
    assert found.because


@pytest.mark.parametrize(
    "words",
    [
        "Our hub is down", "hub down", "The hub is unreachable", "Nobody can log in", "We see 502 everywhere", "HTTP 500 on every page", "It gives us 503", "The hub gives 503 since noon",
        "500 Internal Server Error", "Everyone gets an error at login", "I cannot reach the hub", "We can't log in to our hub",
        "Servers do not start", "The servers don't start", "There is an outage", "503 Service Unavailable", "The site went down",
    ],
)  # fmt: skip
def test_an_outage_is_heard(words: str) -> None:
    assert reports_outage(said("Help", words))


@pytest.mark.parametrize(
    "words",
    [
        "We need 500 GB", "We have 502 users", "Everyone can read the folder", "Make sure that everybody can see it",
        "The price is down", "Scroll is down there", "My kernel dies", "Importing xarray fails", "Please install RStudio",
        "We wait for the outage report of last week", "<blockquote>Our hub is down</blockquote>Thanks", "Settle down",
    ],
)  # fmt: skip
def test_no_outage_is_heard_where_there_is_none(words: str) -> None:
    assert not reports_outage(said("Help", words))


@pytest.mark.parametrize(
    ("words", "category", "impact"),
    [
        ("The image reference of the profile is gone", "broken", "Critical"),
        ("Pods end with ImagePullBackOff", "broken", "Critical"),
        ("The storage quota is not applied", "broken", "Critical"),
        ("Grafana shows nothing", "broken", "Critical"),
        ("Prometheus fails", "broken", "Critical"),
        ("Please raise the storage quota", "change", "Critical"),
        ("Please bump the image tag to 2026.11", "change", "Critical"),
        ("The profile list needs another choice", "change", "Critical"),
        ("The dashboards show nothing", "broken", "Critical"),
        ("Nobody can log in", "broken", "High"),
        ("Nobody can log in", None, "High"),
        ("How do I open Grafana?", "guidance", "Low"),
        ("Nobody can start a server", "broken", "High"),
        ("My whole class sees it", "broken", "High"),
        ("AttributeError in class Foo", "broken", "Medium"),
        ("Kernel dies", "broken", "Medium"),
        ("Nobody can start a server", "incident", "High"),
        ("Please install RStudio", "change", "Low"),
        ("anything", None, "Low"),
    ],
)
def test_the_first_view_of_the_impact_follows_from_the_words(
    words: str, category: Category | None, impact: str
) -> None:
    found, because = impact_of(said("x", words), category)
    assert found == impact
    assert because


def test_a_report_without_a_hub_and_without_an_error_is_asked_for_both() -> None:
    questions = missing(said("Help", "It is broken"), "broken")
    assert len(questions) == 2
    assert "Which hub" in questions[0]
    assert "which message" in questions[1]


def test_a_report_that_says_enough_is_asked_nothing() -> None:
    assert missing(build_case({}), "broken") == ()


def test_an_outage_that_we_cannot_see_is_asked_about() -> None:
    assert any(
        "We can reach the hub" in q for q in missing(said("x", "aurora.hubs.example.org is unreachable"), "broken")
    )


def test_a_wish_in_three_words_is_asked_for_more() -> None:
    assert missing(said("RStudio", "please install"), "change")
    assert not missing(
        said("RStudio", "please install RStudio in the image of our hub before the course begins in March"), "change"
    )


def test_a_question_is_answered_not_questioned() -> None:
    assert missing(said("Question", "How?"), "guidance") == ()
    assert missing(said("", ""), None) == ()
