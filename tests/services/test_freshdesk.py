"""The helpdesk adapter reads what the sandbox has."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from helpdesks import NOW, ORGANIZATION, asked, control, staff, ticket, write

from deskbook.errors import NotFound
from deskbook.services.freshdesk.client import Freshdesk
from deskbook_sandbox.server import Running


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


@pytest.mark.parametrize("minutes", [-10, 0, 10])
def test_now_goes_on_with_this_machines_clock_put_right_by_the_helpdesks(minutes: int, sandbox: Running) -> None:
    live = Freshdesk(sandbox.url, "sandbox", ORGANIZATION, clock="wall")
    assert abs(live.now() - datetime.now(UTC)) < timedelta(minutes=1)
    theirs = datetime.now(UTC) + timedelta(minutes=minutes)
    control(sandbox, "clock", {"now": theirs.isoformat()})
    live.me()
    assert abs(live.ahead - timedelta(minutes=minutes)) < timedelta(minutes=1)
    assert abs(live.now() - theirs) < timedelta(minutes=1)
