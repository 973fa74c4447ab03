"""The helpdesk adapter, against the sandbox; and against a few answers that only odd accounts give."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from test_http import Asked, serving
from yardstick import ENOUGH, yards

from deskbook.config.organization import load_organization
from deskbook.errors import AnswerLost, NotFound, Refused, ServiceError, Unavailable
from deskbook.model.records import Ticket
from deskbook.services.freshdesk.client import Freshdesk
from deskbook.services.freshdesk.fields import choices_in, hours_in, is_true, names_in
from deskbook.services.freshdesk.links import linked, ticket_address
from deskbook_sandbox.server import Running, start

ORGANIZATION = load_organization()
HELPDESK = ORGANIZATION.support.helpdesk
NOW = datetime(2026, 11, 23, 17, 55, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with start(ORGANIZATION, seed=None, now=NOW) as running:
        control(running, "switches", {"limits": False, "index_lag": 0, "sla_delay": 0})
        yield running


@pytest.fixture
def sandbox(server: Running) -> Running:
    requests.post(f"{server.url}/sandbox/reset", json={"seed": None}, timeout=10).raise_for_status()
    return server


@pytest.fixture
def desk(sandbox: Running) -> Freshdesk:
    return Freshdesk(sandbox.url, "sandbox", ORGANIZATION)


def control(sandbox: Running, what: str, body: Any) -> Any:
    answer = requests.post(f"{sandbox.url}/sandbox/{what}", json=body, timeout=10)
    assert answer.ok, answer.text
    return answer.json()


def asked(sandbox: Running) -> dict[str, int]:
    counts: dict[str, int] = requests.get(f"{sandbox.url}/sandbox/state", timeout=10).json()["requests"]
    return counts


def mails(sandbox: Running) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = requests.get(f"{sandbox.url}/sandbox/outbox", timeout=10).json()
    return sent


def write(sandbox: Running, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    answer = requests.request(method, f"{sandbox.url}/api/v2{path}", json=body, auth=("sandbox", "X"), timeout=10)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def ticket(sandbox: Running, **more: Any) -> int:
    body = {
        "email": "ada@aurora.example.org",
        "name": "Ada Lindgren",
        "subject": "It is down",
        "description": "<b>Help</b>",
    }
    return int(write(sandbox, "/tickets", {**body, "status": 2, "priority": 1, **more})["id"])


def staff(desk: Freshdesk, mail: str) -> int:
    return next(agent.id for agent in desk.agents() if agent.mail.startswith(mail))


# Reading.


def test_a_ticket_is_read_in_our_words(sandbox: Running, desk: Freshdesk) -> None:
    grace = staff(desk, "grace")
    number = ticket(
        sandbox,
        type="Incident",
        tags=["one", "two"],
        responder_id=grace,
        status=3,
        custom_fields={"cf_hub_url": " https://aurora.hubs.example.org "},
    )
    found = desk.ticket(number)
    assert (found.id, found.subject, found.status, found.source) == (number, "It is down", "Pending", "Portal")
    assert (found.type, found.agent, set(found.tags)) == ("Incident", grace, {"one", "two"})
    assert found.hub_url == "https://aurora.hubs.example.org"
    assert found.created == NOW
    assert found.url == f"{ORGANIZATION.support.helpdesk}/a/tickets/{number}"
    assert "Help" in found.body
    assert not found.deleted
    assert not found.spam


def test_a_ticket_names_its_group(sandbox: Running, desk: Freshdesk) -> None:
    groups = requests.get(f"{sandbox.url}/api/v2/groups", auth=("sandbox", "X"), timeout=10).json()
    number = ticket(sandbox, group_id=groups[0]["id"])
    assert desk.ticket(number).group == groups[0]["name"]


def test_files_of_a_reply_are_counted(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    requests.post(
        f"{sandbox.url}/api/v2/tickets/{number}/notes",
        data={"body": "<p>Look</p>", "incoming": "true", "private": "false"},
        files=[("attachments[]", ("error.png", b"not really", "image/png"))],
        auth=("sandbox", "X"),
        timeout=10,
    ).raise_for_status()
    assert [entry.files for entry in desk.entries(number)] == [1]


def test_a_ticket_is_read_with_one_call_and_never_kept(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    desk.ticket(number)
    write(sandbox, f"/tickets/{number}", {"status": 4}, "PUT")
    assert desk.ticket(number).status == "Resolved"
    assert asked(sandbox)[f"GET /api/v2/tickets/{number}"] == 2


def test_a_ticket_that_is_not_there_says_so(desk: Freshdesk) -> None:
    with pytest.raises(NotFound, match=r"ticket 999 is not there \(404\): check the number in its address"):
        desk.ticket(999)


def test_a_deleted_ticket_can_still_be_read(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    write(sandbox, f"/tickets/{number}", {}, "DELETE")
    assert desk.ticket(number).deleted


def test_a_conversation_is_read_to_its_last_page_in_order(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    for count in range(105):
        write(sandbox, f"/tickets/{number}/notes", {"body": f"note {count}"})
    entries = desk.entries(number)
    assert [entry.position for entry in entries] == list(range(105))
    assert [entry.body.split("note ")[1].split("<")[0] for entry in entries] == [str(n) for n in range(105)]
    assert all(entry.private and not entry.incoming and entry.author == desk.me().id for entry in entries)


def test_a_customers_mail_and_our_reply_are_told_apart(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    desk.reply(number, "<p>We look.</p>")
    control(sandbox, "incoming", {"ticket_id": number, "from": "ada@aurora.example.org", "body": "Thanks"})
    ours, theirs = desk.entries(number)
    assert (ours.incoming, ours.private, theirs.incoming, theirs.private) == (False, False, True, False)
    assert theirs.author == desk.ticket(number).requester


def test_the_answer_to_a_survey_is_known_as_one(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    desk.update(number, {"status": "Resolved"})
    control(sandbox, "survey-answer", {"ticket_id": number, "rating": 103, "feedback": "Fine"})
    assert [entry.survey for entry in desk.entries(number)] == [True]


def test_a_contact_comes_with_all_its_communities(sandbox: Running, desk: Freshdesk) -> None:
    first, second = (write(sandbox, "/companies", {"name": name})["id"] for name in ("Aurora", "Borealis"))
    contact = write(
        sandbox,
        "/contacts",
        {
            "name": "Ada",
            "email": "ada@x.example.org",
            "company_id": first,
            "other_companies": [{"company_id": second, "view_all_tickets": False}],
        },
    )
    found = desk.contact(contact["id"])
    assert (found.name, found.mail, found.communities) == ("Ada", "ada@x.example.org", (first, second))
    for community in (first, second):
        assert [(c.name, set(c.communities)) for c in desk.contacts_of(community)] == [("Ada", {first, second})]


def test_an_agent_who_writes_a_ticket_is_found_too(desk: Freshdesk) -> None:
    me = desk.me()
    found = desk.contact(me.id)
    assert (found.name, found.mail, found.communities) == (me.name, me.mail, ())


def test_nobody_is_not_found(desk: Freshdesk) -> None:
    with pytest.raises(NotFound, match="neither a contact nor an agent"):
        desk.contact(1)


def test_communities_come_with_their_representatives_and_budget(sandbox: Running, desk: Freshdesk) -> None:
    fields = ORGANIZATION.fields
    custom = {fields.representatives: "Ada Lindgren\r\n\n  Otto  Berg \nAda Lindgren", fields.own_funding: True}
    write(sandbox, "/companies", {"name": "Aurora", "domains": ["Aurora.example.org"], "custom_fields": custom})
    write(sandbox, "/companies", {"name": "Borealis"})
    aurora, borealis = desk.communities()
    assert (aurora.name, aurora.domains, aurora.own_funding) == ("Aurora", ("aurora.example.org",), True)
    assert aurora.listed == ("Ada Lindgren", "Otto Berg")
    assert (borealis.listed, borealis.budget_hours, borealis.own_funding) == ((), None, False)


def test_a_list_is_read_to_its_last_page(sandbox: Running, desk: Freshdesk) -> None:
    company = write(sandbox, "/companies", {"name": "Aurora"})["id"]
    for count in range(101):
        write(sandbox, "/contacts", {"name": f"P{count}", "email": f"p{count}@x.example.org", "company_id": company})
    assert len(desk.contacts_of(company)) == 101


def test_agents_are_joined_with_the_staff_and_read_once(sandbox: Running, desk: Freshdesk) -> None:
    names = {agent.mail: agent.person.name for agent in desk.agents() if agent.person}
    assert names == {person.mail: person.name for person in ORGANIZATION.people}
    desk.agents()
    desk.me()
    desk.me()
    counts = asked(sandbox)
    assert (counts["GET /api/v2/agents"], counts["GET /api/v2/agents/me"]) == (1, 1)


@pytest.mark.parametrize(
    ("more", "automatic"),
    [
        ({}, False),
        ({"headers": {"Auto-Submitted": "auto-replied"}}, True),
        ({"headers": {"X-Failed-Recipients": "a@b.org"}}, True),
        ({"headers": {"Precedence": "list"}}, False),
        ({"auto_response": True}, True),
        ({"from": "MAILER-DAEMON@aurora.example.org"}, True),
    ],
)
def test_what_the_helpdesk_tells_of_a_mail_is_read(
    sandbox: Running, desk: Freshdesk, more: dict[str, Any], automatic: bool
) -> None:
    mail = {"from": "ada@aurora.example.org", "subject": "x", "body": "y", **more}
    number = control(sandbox, "incoming", mail)["ticket_id"]
    control(sandbox, "incoming", {**mail, "ticket_id": number})
    (said,) = desk.entries(number)
    assert said.automatic is automatic
    assert said.to == (ORGANIZATION.support.mail,)
    opened = desk.ticket(number)
    assert dict(opened.headers) == more.get("headers", {})
    assert opened.automatic is bool(more.get("auto_response") or "Auto-Submitted" in more.get("headers", {}))


def test_open_tickets_say_who_has_them(sandbox: Running, desk: Freshdesk) -> None:
    grace, mei = staff(desk, "grace"), staff(desk, "mei")
    for agent, times, status in ((grace, 31, 2), (mei, 2, 2), (mei, 1, 4)):
        for _ in range(times):
            ticket(sandbox, responder_id=agent, status=status)
    ticket(sandbox)
    assert Counter(each.agent for each in desk.open_tickets()) == {grace: 31, mei: 2, None: 1}


def test_now_is_the_sandboxs_clock(sandbox: Running, desk: Freshdesk) -> None:
    assert desk.now() == NOW
    control(sandbox, "clock", {"now": "2027-01-02T03:04:05Z"})
    desk.open_tickets()
    assert desk.now() == datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_now_is_this_machines_clock_where_that_is_wanted(sandbox: Running) -> None:
    live = Freshdesk(sandbox.url, "sandbox", ORGANIZATION, clock="wall")
    assert abs((live.now() - datetime.now(UTC)).total_seconds()) < 5


# Writing.


def test_a_reply_mails_the_requester_and_the_copies_once(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    conversation = desk.reply(number, "<p>We look.</p>", ["otto@aurora.example.org"])
    (mail,) = mails(sandbox)
    assert (mail["to"], mail["cc"]) == (["ada@aurora.example.org"], ["otto@aurora.example.org"])
    assert conversation == str(desk.entries(number)[-1].id)


def test_who_is_in_copy_of_a_mail_is_known_by_bare_address(sandbox: Running, desk: Freshdesk) -> None:
    first = {"from": "ada@aurora.example.org", "body": "Help", "cc": ["Otto Berg <Otto@aurora.example.org>"]}
    number = control(sandbox, "incoming", first)["ticket_id"]
    assert desk.ticket(number).cc == ("otto@aurora.example.org",)
    more = {"from": "ada@aurora.example.org", "body": "More", "ticket_id": number, "cc": ["dean@aurora.example.org"]}
    control(sandbox, "incoming", more)
    assert desk.ticket(number).cc == ("otto@aurora.example.org", "dean@aurora.example.org")


def test_a_note_is_private_and_mails_nobody(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    conversation = desk.note(number, "<p>Ref 1-1-triage.acknowledge</p>")
    (entry,) = desk.entries(number)
    assert (str(entry.id), entry.private) == (conversation, True)
    assert mails(sandbox) == []


def test_a_change_is_written_in_the_helpdesks_own_terms(sandbox: Running, desk: Freshdesk) -> None:
    company = write(sandbox, "/companies", {"name": "Aurora"})["id"]
    number, grace = ticket(sandbox), staff(desk, "grace")
    desk.update(
        number, {"status": "Closed", "agent": grace, "community": company, "type": "Incident", "tags": ("a", "b")}
    )
    found = desk.ticket(number)
    assert (found.status, found.agent, found.community, found.type) == ("Closed", grace, company, "Incident")
    assert set(found.tags) == {"a", "b"}


def test_no_changes_are_no_call(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    desk.update(number, {})
    assert f"PUT /api/v2/tickets/{number}" not in asked(sandbox)


@pytest.mark.parametrize("changes", [{"status": "Snoozed"}, {"colour": "red"}, {"tags": "one"}])
def test_a_change_that_cannot_be_made_is_refused_before_any_is(
    sandbox: Running, desk: Freshdesk, changes: dict[str, object]
) -> None:
    number = ticket(sandbox)
    with pytest.raises(Refused):
        desk.update(number, {"type": "Incident", **changes})
    assert desk.ticket(number).type is None


def test_a_refused_value_is_named_with_its_field(sandbox: Running, desk: Freshdesk) -> None:
    with pytest.raises(Refused, match=r"type: .*Incident"):
        desk.update(ticket(sandbox), {"type": "No such type"})


def test_a_deleted_ticket_is_not_changed(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    note = int(desk.note(number, "Words"))
    write(sandbox, f"/tickets/{number}", {}, "DELETE")
    with pytest.raises(Refused, match="was deleted or marked as spam"):
        desk.update(number, {"status": "Closed"})
    with pytest.raises(Refused, match="was deleted or marked as spam"):
        desk.book(number, desk.me().id, 5, "worked", billable=True)
    with pytest.raises(Refused, match="was deleted or marked as spam"):
        desk.edit_note(note, "Other words")


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"truncate": True}])
def test_a_lost_answer_is_reported_not_repeated(sandbox: Running, desk: Freshdesk, fault: dict[str, Any]) -> None:
    number = ticket(sandbox)
    control(sandbox, "faults", [{"method": "POST", "path": "/api/v2/tickets/*/reply", **fault}])
    with pytest.raises(AnswerLost, match="look before repeating"):
        desk.reply(number, "<p>We look.</p>")
    assert len(mails(sandbox)) == 1


def test_a_request_lost_on_its_way_counts_as_uncertain(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    control(sandbox, "faults", [{"method": "POST", "path": "/api/v2/tickets/*/notes", "drop": "before"}])
    with pytest.raises(AnswerLost):
        desk.note(number, "<p>Done.</p>")
    assert desk.entries(number) == ()
    assert asked(sandbox)[f"POST /api/v2/tickets/{number}/notes"] == 1


def test_a_reading_call_survives_two_stumbles(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    orders = [
        {"method": "GET", "path": f"/api/v2/tickets/{number}", "status": 500, "times": 1},
        {"method": "GET", "path": f"/api/v2/tickets/{number}", "truncate": True, "times": 1},
    ]
    control(sandbox, "faults", orders)
    assert desk.ticket(number).id == number


def test_a_helpdesk_that_is_out_of_order_is_unavailable(sandbox: Running, desk: Freshdesk) -> None:
    control(sandbox, "faults", [{"path": "/api/v2/*", "status": 503}])
    with pytest.raises(Unavailable, match="503"):
        desk.agents()


def test_a_write_turned_away_for_its_number_lands_once(sandbox: Running, desk: Freshdesk) -> None:
    number = ticket(sandbox)
    order = {"method": "POST", "path": "/api/v2/*", "status": 429, "retry_after": 1, "times": 1}
    control(sandbox, "faults", [order])
    desk.reply(number, "<p>We look.</p>")
    assert len(mails(sandbox)) == 1


def test_a_wrong_key_names_the_setting_and_not_the_key(sandbox: Running) -> None:
    with pytest.raises(Refused, match="FRESHDESK_API_KEY") as caught:
        Freshdesk(sandbox.url, "a-wrong-key", ORGANIZATION).me()
    assert "a-wrong-key" not in str(caught.value)


# Accounts that differ.

TICKET: dict[str, Any] = {
    "id": 7,
    "subject": None,
    "description": None,
    "status": 9,
    "source": 12,
    "type": None,
    "requester_id": "103028899369",
    "responder_id": None,
    "company_id": None,
    "group_id": None,
    "tags": [],
    "custom_fields": {},
    "created_at": "2026-11-20T10:00:00+01:00",
    "spam": True,
    "sentiment_score": 87,
}


@contextmanager
def account(answers: dict[str, Any]) -> Iterator[Freshdesk]:
    """A helpdesk that gives these answers by path, and 404 to all else."""

    def answer(request: Asked, n: int) -> None:
        path = request.path.removeprefix("/api/v2").partition("?")[0]
        if path in answers:
            request.say(200, json.dumps(answers[path]))
        else:
            request.say(404)

    with serving(answer) as local:
        yield Freshdesk(local.url, "key", ORGANIZATION)


def read_from(answers: dict[str, Any]) -> Ticket:
    with account(answers) as desk:
        return desk.ticket(7)


def test_whoever_left_the_staff_takes_no_ticket_but_is_still_known_as_an_author() -> None:
    def agent(number: int, active: bool = True, **more: Any) -> dict[str, Any]:
        return {"id": number, "contact": {"name": f"A{number}", "email": f"a{number}@x.org", "active": active}, **more}

    with account({"/agents": [agent(1), agent(2, active=False), agent(3, deactivated=True)]}) as desk:
        assert [(each.id, each.active) for each in desk.agents()] == [(1, True), (2, False), (3, False)]
        assert desk.contact(2).name == "A2"


def test_whom_the_helpdesk_lists_under_a_company_belongs_to_it() -> None:
    with account({"/contacts": [{"id": 1, "name": "Ada", "email": None, "company_id": 5}]}) as desk:
        assert desk.contacts_of(6)[0].communities == (5, 6)


def test_keys_we_do_not_know_and_blanks_are_no_trouble() -> None:
    found = read_from({"/tickets/7": TICKET})
    assert (found.subject, found.body, found.status, found.source) == ("", "", "status 9", "source 12")
    assert (found.requester, found.spam, found.deleted) == (103028899369, True, False)
    assert found.created == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_a_status_of_the_accounts_own_is_looked_up() -> None:
    fields = [{"name": "subject"}, {"name": "status", "choices": {"2": ["Open", "Open"], "9": ["On hold", "Waiting"]}}]
    assert read_from({"/tickets/7": TICKET, "/ticket_fields": fields}).status == "On hold"


@pytest.mark.parametrize("missing", ["requester_id", "status", "created_at", "tags"])
def test_a_missing_key_is_named(missing: str) -> None:
    with pytest.raises(ServiceError, match=f"/tickets/7: '{missing}' is missing"):
        read_from({"/tickets/7": {key: value for key, value in TICKET.items() if key != missing}})


@pytest.mark.parametrize(("key", "value"), [("requester_id", "nobody"), ("created_at", "yesterday")])
def test_a_value_of_the_wrong_kind_is_named(key: str, value: object) -> None:
    with pytest.raises(ServiceError, match=f"'{key}' is '{value}'"):
        read_from({"/tickets/7": {**TICKET, key: value}})


def test_an_answer_that_is_no_ticket_is_an_error_of_ours() -> None:
    with pytest.raises(ServiceError, match="missing from the answer"):
        read_from({"/tickets/7": ["not", "a", "ticket"]})


@pytest.mark.parametrize(
    "choices",
    [{"9": ["On hold", "Waiting"]}, {"9": "On hold"}, {"On hold": 9}, [{"id": 9, "label": "On hold"}]],
)
def test_choices_are_read_in_every_shape_they_come_in(choices: Any) -> None:
    assert choices_in(choices) == {9: "On hold"}


@pytest.mark.parametrize("choices", [None, "On hold", ["On hold"], {"a": {"b": ["c"]}}])
def test_choices_without_codes_are_none(choices: Any) -> None:
    assert choices_in(choices) == {}


@pytest.mark.parametrize(
    ("field", "hours"),
    [(5, 5.0), ("2,5", 2.5), (" 3 ", 3.0), (None, None), ("", None), ("plenty", None), (-1, None), ("nan", None)],
)
def test_hours_are_read_from_numbers_and_texts(field: Any, hours: float | None) -> None:
    assert hours_in(field) == hours


@pytest.mark.parametrize(
    ("field", "truth"), [(True, True), ("Yes", True), (1, True), (False, False), (None, False), ("no", False)]
)
def test_own_funding_is_read_from_boxes_and_texts(field: Any, truth: bool) -> None:
    assert is_true(field) is truth


def test_names_are_taken_as_written_one_a_line() -> None:
    assert names_in("Ada <b>Lindgren</b>\r\n\r\n Otto\tBerg\nOtto Berg\n") == ("Ada <b>Lindgren</b>", "Otto Berg")


# What a text links to.


def test_links_to_our_helpdesk_are_found_and_no_others() -> None:
    body = """https://2i2c.freshdesk.com/a/tickets/12, [one](https://2i2c.freshdesk.com/helpdesk/tickets/7?x=1#note)
    <https://2I2C.freshdesk.com/a/tickets/12/> `http://2i2c.freshdesk.com/a/tickets/9`. **https://2i2c.freshdesk.com/a/contacts/43000123/timeline**
    https://2i2c.freshdesk.com.evil.example/a/tickets/1 https://evil.example/?u=https://2i2c.freshdesk.com/a/tickets/2
    https://evil@2i2c.freshdesk.com/a/tickets/3 https://other.freshdesk.com/a/tickets/4 https://2i2c.freshdesk.com/a/tickets/filters/5
    https://2i2c.freshdesk.com/a/tickets/6x https://2i2c.freshdesk.com/a/tickets/٣ https://[bad /a/tickets/8
    https://2i2c.freshdesk.com/a/tickets/99999999999999999999 https://2i2c.freshdesk.com/helpdesk/contacts/5"""
    assert linked(HELPDESK, body) == ((12, 7, 9), (43000123,))


def test_our_own_address_is_recognised() -> None:
    assert linked(HELPDESK, f"### Freshdesk ticket link\n\n{ticket_address(HELPDESK, 101)}\n\nmore") == ((101,), ())


@pytest.mark.parametrize("piece", ["https://", "https://2i2c.freshdesk.com/a/tickets/1 ", "https://[", "https://a."])
def test_a_long_hostile_text_takes_no_time(piece: str) -> None:
    assert yards(lambda: linked(HELPDESK, piece * (200_000 // len(piece)))) < ENOUGH
