"""A reply that is not what a service promises is an error of ours that names the call, in every adapter.

As many bent replies as DESKBOOK_BENT says (a few hundred without it), chosen by the seed DESKBOOK_SEED, which is shown
with whatever fails.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from bent import WHOLE, Bent, Reply, Tape, bend, playing, recording
from helpdesks import control, ticket
from trackers import commit_to, put_issue

from deskbook.config.organization import load_organization
from deskbook.errors import AnswerLost, DeskbookError, NotFound, Refused, ServiceError
from deskbook.model.records import Page
from deskbook.services.checks import Check, Lacking, Untold
from deskbook.services.freshdesk.client import Freshdesk
from deskbook.services.github.client import GitHub
from deskbook.services.hubs import HttpHubs
from deskbook.services.pagerduty import PagerDuty
from deskbook.services.ports import Chat, Helpdesk, Pager, Tracker
from deskbook.services.reply import parsed
from deskbook.services.slack import Slack
from deskbook_sandbox.server import Running, start

ORGANIZATION = load_organization()
NOW = datetime(2026, 11, 23, 17, 55, tzinfo=UTC)
START, END = NOW - timedelta(days=30), NOW + timedelta(days=1)
ME = "grace.holloway@staff.example.org"
SEED = os.environ.get("DESKBOOK_SEED", "1")
COUNT = int(os.environ.get("DESKBOOK_BENT", "600"))
ADAPTERS: Mapping[str, Callable[[str], Any]] = {
    "freshdesk": lambda url: Freshdesk(url, "sandbox", ORGANIZATION),
    "github": lambda url: GitHub(f"{url}/github", "sandbox", ORGANIZATION, patient=False),
    "slack": lambda url: Slack(f"{url}/slack/api/", "sandbox"),
    "pagerduty": lambda url: PagerDuty(f"{url}/pagerduty", "sandbox"),
    "hubs": lambda url: HttpHubs(lambda hub: f"{url}/hubs/{hub.name}"),
}


@dataclass(frozen=True)
class Known:
    """What was laid into the sandbox, for the calls to speak of."""

    ticket: int
    other: int
    note: int
    agent: int
    contact: int
    community: int
    second: int
    entry: int
    timer: int
    issue: int
    login: str
    page: Page
    later: str


def looked(checks: Iterable[Check]) -> list[tuple[str, str]]:
    """What each check finds; the first that lacks something is raised."""
    found = []
    for check in checks:
        try:
            found.append((check.name, check.look()))
        except Untold as told:
            found.append((check.name, str(told)))
    return found


Call = Callable[[Any, Known], Any]
# Each call of each adapter; the name begins with the adapter's. Those that write come where they can.
CALLS: dict[str, Call] = {
    "freshdesk me": lambda f, k: f.me(),
    "freshdesk now": lambda f, k: f.now(),
    "freshdesk clock": lambda f, k: f.clock(),
    "freshdesk checks": lambda f, k: looked(f.checks()),
    "freshdesk agents": lambda f, k: f.agents(),
    "freshdesk ticket": lambda f, k: f.ticket(k.ticket),
    "freshdesk entries": lambda f, k: f.entries(k.ticket),
    "freshdesk whole": lambda f, k: f.whole(k.ticket),
    "freshdesk contact": lambda f, k: f.contact(k.contact),
    "freshdesk contact, an agent": lambda f, k: f.contact(k.agent),
    "freshdesk contacts": lambda f, k: f.contacts(),
    "freshdesk contacts_of": lambda f, k: f.contacts_of(k.community),
    "freshdesk contact_by_mail": lambda f, k: f.contact_by_mail("ada@aurora.example.org"),
    "freshdesk communities": lambda f, k: f.communities(),
    "freshdesk open_tickets": lambda f, k: f.open_tickets(),
    "freshdesk queue": lambda f, k: f.queue(),
    "freshdesk tickets_of": lambda f, k: f.tickets_of(k.community),
    "freshdesk tickets_since": lambda f, k: f.tickets_since(START),
    "freshdesk time_entries": lambda f, k: f.time_entries(k.ticket),
    "freshdesk timers_of": lambda f, k: f.timers_of(k.agent),
    "freshdesk time_entries_since": lambda f, k: f.time_entries_since(START, END),
    "freshdesk ratings_since": lambda f, k: f.ratings_since(START, END),
    "github account": lambda g, k: g.account(),
    "github clock": lambda g, k: g.clock(),
    "github checks": lambda g, k: looked(g.checks()),
    "github board_options": lambda g, k: g.board_options(),
    "github hub_changes": lambda g, k: g.hub_changes("aurora-aws"),
    "github issues": lambda g, k: g.issues(START),
    "github issue": lambda g, k: g.issue(k.issue),
    "github assigned": lambda g, k: g.assigned(k.login),
    "github tracked": lambda g, k: g.tracked(),
    "github marked": lambda g, k: g.marked([k.issue]),
    "slack account": lambda s, k: s.account(),
    "slack clock": lambda s, k: s.clock(),
    "slack checks": lambda s, k: looked(s.checks([ORGANIZATION.chat.support])),
    "slack posted": lambda s, k: s.posted(ORGANIZATION.chat.support),
    "slack has": lambda s, k: s.has(ORGANIZATION.chat.team),
    "pagerduty account": lambda p, k: p.account(),
    "pagerduty clock": lambda p, k: p.clock(),
    "pagerduty checks": lambda p, k: looked(p.checks([ME], ORGANIZATION.hubs)),
    "pagerduty open_pages": lambda p, k: p.open_pages(),
    "pagerduty latest": lambda p, k: p.latest("hub-aurora"),
    "pagerduty latest by id": lambda p, k: p.latest(f"id {k.page.id}"),
    "pagerduty detailed": lambda p, k: p.detailed(k.page),
    "hubs probe": lambda h, k: h.probe(ORGANIZATION.hubs[0]),
}
WRITES: dict[str, Call] = {
    "freshdesk reply": lambda f, k: f.reply(k.other, "<p>Hello</p>"),
    "freshdesk note": lambda f, k: f.note(k.other, "<p>Seen</p>"),
    "freshdesk edit_note": lambda f, k: f.edit_note(k.note, "<p>Done, <b>by us</b></p>"),
    "freshdesk update": lambda f, k: f.update(
        k.other, {"status": "Pending", "agent": k.agent, "community": k.community, "type": "Guidance Request", "tags": ("one", "two")}
    ),
    "freshdesk stop_timer": lambda f, k: f.stop_timer(k.timer, 30),
    "freshdesk start_timer": lambda f, k: f.start_timer(k.other, k.agent, "Ref 1", billable=True),
    "freshdesk book": lambda f, k: f.book(k.other, k.agent, 95, "Ref 2", billable=False),
    "freshdesk unbook": lambda f, k: f.unbook(k.entry),
    "freshdesk delete_note": lambda f, k: f.delete_note(k.note),
    "freshdesk create_community": lambda f, k: f.create_community("Nautilus", ["nautilus.example.org"], "Deep"),
    "freshdesk change_community": lambda f, k: f.change_community(
        k.community, {"domains": ("a.example.org",), "description": "New", "representatives": ("Ada Lindgren",)}
    ),
    "freshdesk create_contact": lambda f, k: f.create_contact("New One", "new@aurora.example.org", k.community),
    "freshdesk add_to_community": lambda f, k: f.add_to_community(k.contact, k.second),
    "github open": lambda g, k: g.open("It breaks", "Broken", [ORGANIZATION.tracker.support_label]),
    "github comment": lambda g, k: g.comment(k.issue, "Seen"),
    "github comment_once": lambda g, k: g.comment_once(k.issue, "Seen <!-- Ref 7-1-a.b -->", "7-1-a.b"),
    "github retitle": lambda g, k: g.retitle(k.issue, "It breaks again"),
    "github close_as_duplicate": lambda g, k: g.close_as_duplicate(k.issue, 1),
    "github reopen": lambda g, k: g.reopen(k.issue),
    "github assign": lambda g, k: g.assign(k.issue, k.login),
    "github set_board": lambda g, k: g.set_board(k.issue, {"Type": "support", "Estimate": "5"}),
    "slack post": lambda s, k: s.post(ORGANIZATION.chat.support, "Hello", "Ref 101-1-x.y", [ME]),
    "slack first": lambda s, k: s.first(ORGANIZATION.chat.support, k.later, "Ref 101-1-triage.incident"),
    "slack open": lambda s, k: s.open("#incident-reef", "The reef is down"),
    "slack invite": lambda s, k: s.invite(ORGANIZATION.chat.support, [ORGANIZATION.people[1].mail]),
    "pagerduty declare": lambda p, k: p.declare("hub-coral", "Down", "All", hubs=["coral"], to=ME, by=ME),
    "pagerduty raise_to_p1": lambda p, k: p.raise_to_p1(k.page.id, by=ME),
    "pagerduty acknowledge": lambda p, k: p.acknowledge(k.page.id, by=ME),
    "pagerduty reassign": lambda p, k: p.reassign(k.page.id, to=ME, by=ME),
    "pagerduty note": lambda p, k: p.note(k.page.id, "Seen", by=ME),
    "pagerduty resolve": lambda p, k: p.resolve(k.page.id, said="Over", by=ME),
}  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """What the sandbox replied to a call."""

    replies: tuple[Reply, ...]
    known: Known


@pytest.fixture(scope="module")
def tapes() -> Iterator[Callable[[str], Recorded]]:
    """What the sandbox replies to each call, recorded once all: writes after all that only reads."""
    with start(ORGANIZATION, now=NOW) as running, recording(running.url) as tape:
        known = lay(running)
        found: dict[str, Recorded] = {}
        for name, call in (CALLS | WRITES).items():
            tape.replies.clear()
            call(ADAPTERS[name.split()[0]](tape.url), known)
            found[name] = Recorded(tuple(tape.replies), known)
        yield found.__getitem__


@pytest.fixture(scope="module")
def player() -> Iterator[Tape]:
    with playing() as tape:
        yield tape


def lay(sandbox: Running) -> Known:
    """Something of everything that a service can tell of."""
    control(sandbox, "switches", {"limits": False, "index_lag": 0, "sla_delay": 0})
    desk = Freshdesk(sandbox.url, "sandbox", ORGANIZATION)
    first, second = (each.id for each in desk.communities()[:2])
    agent = next(each.id for each in desk.agents() if each.mail == ME)
    number = ticket(sandbox, company_id=first, cc_emails=["x@y.example.org"], tags=["a"], responder_id=agent)
    note = int(desk.note(number, "<p>One</p>"))
    desk.reply(number, "<p>Two</p>")
    desk.book(number, agent, 10, "Ref", billable=True)
    spare = int(desk.book(number, agent, 20, "Ref", billable=True))
    timer = int(desk.start_timer(number, agent, "Ref 3", billable=True))
    other = ticket(sandbox)
    desk.update(number, {"status": "Resolved"})
    control(sandbox, "survey-answer", {"ticket_id": number, "rating": 103, "feedback": "Fine"})
    commit_to(sandbox, "aurora-aws", "grace-holloway", 20)
    login = next(each.login for each in ORGANIZATION.people if each.login)
    mark = "Broken.\n\n<!-- Ref 101-1-timebox.track -->\n"
    issue = put_issue(sandbox, body=mark, author=login, labels=[ORGANIZATION.tracker.support_label])
    tracker = ADAPTERS["github"](sandbox.url)
    tracker.assign(issue, login)
    tracker.comment(issue, mark)
    tracker.set_board(issue, {"Type": "support", "Impact": "High", "Estimate": "3", "Iteration": "Iteration 56"})
    pager, chat = ADAPTERS["pagerduty"](sandbox.url), ADAPTERS["slack"](sandbox.url)
    page = pager.declare("hub-aurora", "Down", "Aurora is down", hubs=["aurora"], to=ME, by=ME)
    pager.note(page.id, "Seen", by=ME)
    _, later = (chat.post(ORGANIZATION.chat.support, "Hello", "Ref 101-1-triage.incident") for _ in range(2))
    contact = desk.ticket(number).requester
    return Known(number, other, note, agent, contact, first, second, spare, timer, issue, login, page, later)


PREFIX = {
    "freshdesk": "/api/v2",
    "github": "/github",
    "slack": "/slack/api",
    "pagerduty": "/pagerduty",
    "hubs": "/hubs",
}
# How GitHub's calls are named in words; others are named by their paths.
WORDS = ("issue", "issues", "the board", "the comments", "the commits", "the token's owner", "its clock", "/repos/")


def played(tape: Tape, name: str, recorded: Recorded, place: int, bent: Reply) -> Any:
    tape.replies[:] = [*recorded.replies[:place], bent, *recorded.replies[place + 1 :]]
    return (CALLS | WRITES)[name](ADAPTERS[name.split()[0]](tape.url), recorded.known)


def names_the_call(name: str, text: str, recorded: Recorded) -> bool:
    adapter = name.split()[0]
    paths = {each.path.partition("?")[0].removeprefix(PREFIX[adapter]) for each in recorded.replies} | {"/agents/me"}
    return any(path in text for path in (WORDS if adapter == "github" else paths))


def may_stand(bent: Bent) -> bool:
    """What is no wrong value in truth: other companies are bare numbers in lists, a page's details are what its sender likes, GraphQL says null of what we may not see,
    and a field of the account's own is of whatever type they chose.
    """
    free = ("other_companies is [5]", "nodes is [null]", "body/details", "/support_budget_hours", "/dedicated_funding")
    return not bent.wrong or any(each in bent.what for each in free)


@pytest.mark.parametrize("name", [*CALLS, *WRITES])
def test_a_bent_reply_is_an_error_that_names_the_call_or_makes_no_difference(
    name: str, tapes: Callable[[str], Recorded], player: Tape
) -> None:
    recorded, random = tapes(name), Random(f"{SEED} {name}")
    undisturbed = played(player, name, recorded, 0, recorded.replies[0])
    wrong = []
    for _ in range(max(1, COUNT // len(CALLS | WRITES))):
        place = random.randrange(len(recorded.replies))
        bent = bend(recorded.replies[place], random)
        try:
            found = played(player, name, recorded, place, bent.reply)
        except Lacking:
            continue  # a check that says of a bent reply that something is lacking takes it for no right
        except DeskbookError as error:
            refusal = not bent.wrong and isinstance(
                error, NotFound | Refused
            )  # whoever is asked for is not in the list
            if not isinstance(error, ServiceError) or not (refusal or names_the_call(name, str(error), recorded)):
                wrong.append(f"{bent.what}: {type(error).__name__}: {error}")
        except Exception as error:
            wrong.append(f"{bent.what}: untyped {type(error).__name__}: {error}")
        else:
            if found != undisturbed and not may_stand(bent) and not name.startswith("hubs"):
                wrong.append(f"{bent.what}: taken for a value: {found}")
    assert not wrong, f"seed {SEED}, {bent.reply.path}:\n" + "\n".join(wrong)


def writing(recorded: Recorded) -> list[int]:
    """The replies to what writes: a DELETE is answered by nothing, and what is asked of GitHub's board is read back."""
    return [
        place
        for place, each in enumerate(recorded.replies)
        if each.method in ("POST", "PUT", "PATCH") and not each.path.endswith(("/graphql", "/conversations.setPurpose"))
    ]


@pytest.mark.parametrize("name", WRITES)
def test_a_write_whose_answer_tells_nothing_is_not_done(
    name: str, tapes: Callable[[str], Recorded], player: Tape
) -> None:
    recorded = tapes(name)
    for place in writing(recorded):
        for what, status, body in WHOLE:
            reply = recorded.replies[place]
            bent = replace(reply, status=status or reply.status, body=body)
            with pytest.raises(AnswerLost, match="look before repeating"):
                print(what, played(player, name, recorded, place, bent))


# What each write sets, where its answer shows it, and another value that stands there though nothing was refused.
SET: tuple[tuple[str, str, Any], ...] = (
    ("freshdesk edit_note", "body", "<p>One</p>"),
    ("freshdesk update", "status", 2),
    ("freshdesk update", "responder_id", None),
    ("freshdesk update", "company_id", 7),
    ("freshdesk update", "type", "Incident"),
    ("freshdesk update", "tags", ["one"]),
    ("freshdesk start_timer", "timer_running", False),
    ("freshdesk stop_timer", "timer_running", True),
    ("freshdesk stop_timer", "time_spent", "00:10"),
    ("freshdesk book", "time_spent", "01:34"),
    ("freshdesk create_community", "domains", []),
    ("freshdesk change_community", "custom_fields", {"community_representatives": "Somebody Else"}),
    ("freshdesk change_community", "description", "Old"),
    ("freshdesk create_contact", "company_id", None),
    ("freshdesk add_to_community", "other_companies", []),
    ("github retitle", "title", "It breaks"),
    ("pagerduty raise_to_p1", "incident/priority", None),
    ("pagerduty acknowledge", "incident/status", "triggered"),
    ("pagerduty reassign", "incident/assignments", []),
    ("pagerduty resolve", "incident/status", "acknowledged"),
    ("slack post", "ts", None),
)


@pytest.mark.parametrize(("name", "field", "value"), SET)
def test_a_write_whose_answer_shows_another_value_is_not_done(
    name: str, field: str, value: Any, tapes: Callable[[str], Recorded], player: Tape
) -> None:
    recorded = tapes(name)
    place = writing(recorded)[-1]
    told = json.loads(recorded.replies[place].body)
    *way, last = field.split("/")
    inner = told[way[0]] if way else told
    assert inner[last] != value
    inner[last] = value
    with pytest.raises(AnswerLost):
        played(player, name, recorded, place, replace(recorded.replies[place], body=json.dumps(told).encode()))


def test_every_adapters_every_call_is_bent() -> None:
    """What a port can be asked, but for what it answers without a call."""
    quiet = {"ahead", "linked", "reads"}
    for port, name in ((Helpdesk, "freshdesk"), (Tracker, "github"), (Chat, "slack"), (Pager, "pagerduty")):
        asked = {each for each in vars(port) if not each.startswith("_")} - quiet
        bent = {each.partition(" ")[2].replace(",", " ").split()[0] for each in CALLS | WRITES if each.startswith(name)}
        assert asked == bent


def test_half_a_character_is_replaced_and_whole_ones_stay() -> None:
    body = rb'["\ud83d\ude00", "\ud800 x", "\udcff", "\\ud800", "\u00e9"]'
    assert parsed(body) == ["\U0001f600", "\ufffd x", "\ufffd", "\\ud800", "é"]
