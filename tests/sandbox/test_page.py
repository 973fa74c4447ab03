"""The sandbox's page for people: what it reads, what it lets a person do, and that foreign text stays text."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from deskbook.config.organization import load_organization
from deskbook_sandbox.page.text import safe_html, safe_markdown
from deskbook_sandbox.server import Running, start

REPOSITORY = "2i2c-org/infrastructure"
BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), "")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def sandbox() -> Iterator[Running]:
    with start(load_organization()) as running:
        yield running


def read(sandbox: Running, path: str) -> Any:
    answer = requests.get(sandbox.url + path, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def write(sandbox: Running, path: str, body: Any, status: int = 201) -> Any:
    answer = requests.post(sandbox.url + path, json=body, timeout=10)
    assert answer.status_code == status, answer.text
    return answer.json()


def write_in(sandbox: Running, **more: Any) -> int:
    mail = {"from": "Ada Lindgren <ada@aurora.example.org>", "subject": "Help", "body": "Please help.", **more}
    return int(write(sandbox, "/sandbox/incoming", mail)["ticket_id"])


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>steal()</script>",
        "<img src=x onerror=steal()>",
        "<svg onload=steal()><script>steal()</script></svg>",
        '<a href="javascript:steal()">click</a>',
        '<a href="//evil.example.com">click</a>',
        '<a href="https://evil.example.com/?<script>steal()</script>">click</a>',
        '<p style="position:fixed;inset:0" onclick="steal()">p</p><style>*{display:none}</style>',
        '<iframe src="https://evil.example.com"></iframe><form action="https://evil.example.com"><input></form>',
        '<math><mtext><table><mglyph><style><img src=x onerror="steal()">',
        '<a title="<img src=x onerror=steal()>">t</a>',
        "<<script>script>steal()<</script>/script>",
        '<a href="#/hubs"><span class="address" id="view">x</span></a>',
    ],
)
def test_hostile_markup_keeps_no_script_no_style_no_picture_and_no_way_out(hostile: str) -> None:
    for shown in (safe_html(hostile, REPOSITORY), safe_markdown(hostile, REPOSITORY)):
        tags = re.findall(r"<[^>]*>", shown)
        allowed = (
            r"</?(?:p|div|br|hr|ul|ol|li|blockquote|pre|table|thead|tbody|tr|th|td|b|strong|i|em|u|s|code|span|a)>"
        )
        ours = r'<span class="address">|<a href="#/(?:issues|tickets)/\d+">'
        assert [tag for tag in tags if not re.fullmatch(f"{allowed}|{ours}", tag)] == []


def test_a_link_shows_where_it_would_lead_and_one_to_an_issue_or_a_ticket_leads_to_our_view() -> None:
    assert safe_html('<a href="https://a.example.org/x">here</a>') == (
        'here <span class="address">(https://a.example.org/x)</span>'
    )
    issue = f"https://github.com/{REPOSITORY}/issues/12"
    assert safe_html(f"<p>See {issue}.</p>", REPOSITORY) == f'<p>See <a href="#/issues/12">{issue}</a>.</p>'
    assert '<a href="#/tickets/101">it</a>' in safe_html('<a href="https://x.freshdesk.com/a/tickets/101">it</a>')


def test_what_an_issue_s_form_asks_stands_out_from_what_was_answered() -> None:
    assert safe_markdown("### Impact\n\nHigh") == "<p><strong>Impact</strong></p>\n<p>High</p>\n"


def test_the_page_says_it_is_a_sandbox_and_lists_tickets_without_javascript(sandbox: Running) -> None:
    answer = requests.get(sandbox.url + "/", timeout=10)
    assert "Nothing leaves this machine" in answer.text
    assert "xarray no longer imports on our hub" in answer.text
    assert "<script>alert" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\son\w+=|style=|https?://", answer.text.split("<noscript>")[0])


def test_its_files_are_served_and_nothing_else_is(sandbox: Running) -> None:
    for name in (
        "page.css",
        "page.js",
        "dom.js",
        "queue.js",
        "ticket.js",
        "places.js",
        "companies.js",
        "compose.js",
        "icon.svg",
    ):
        answer = requests.get(f"{sandbox.url}/static/{name}", timeout=10)
        assert answer.status_code == 200
        assert "http://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    for name in ("page.html", "..%2fpage.py", "%2e%2e", "nothing.js"):
        assert requests.get(f"{sandbox.url}/static/{name}", timeout=10).status_code == 404


def test_only_this_machine_and_no_foreign_page_may_read_or_write(sandbox: Running) -> None:
    for headers in ({"Host": "evil.example.com"}, {"Origin": "https://evil.example.com"}, {"Origin": "null"}):
        for method, path in (("GET", "/page/queue"), ("GET", "/"), ("POST", "/page/tickets/101/say")):
            assert requests.request(method, sandbox.url + path, headers=headers, timeout=10).status_code == 403


def test_the_version_moves_with_every_write_and_stands_still_otherwise(sandbox: Running) -> None:
    first = read(sandbox, "/page/pulse")
    for path in (
        "/page/queue",
        "/page/tickets/101",
        "/page/mail",
        "/page/issues",
        "/page/chat",
        "/page/pager",
        "/page/hubs",
    ):
        read(sandbox, path)
    assert read(sandbox, "/page/pulse") == first
    write_in(sandbox)
    second = read(sandbox, "/page/pulse")
    assert second["version"] != first["version"]
    assert second["counts"]["tickets"]["open"] == first["counts"]["tickets"]["open"] + 1
    write(sandbox, "/sandbox/clock", {"advance": 3600}, 200)
    assert read(sandbox, "/page/pulse")["version"] != second["version"]


def test_what_the_page_reads_is_not_counted_as_a_request_of_the_services(sandbox: Running) -> None:
    read(sandbox, "/page/queue")
    read(sandbox, "/page/chat")
    number = write_in(sandbox)
    write(sandbox, f"/page/tickets/{number}/say", {"text": "Hello", "agent_id": agent(sandbox)})
    assert read(sandbox, "/sandbox/state")["requests"] == {}


def test_the_queue_is_read_in_pages_and_finds_by_status_words_and_number(sandbox: Running) -> None:
    for index in range(30):
        write_in(sandbox, subject=f"Cluster question {index}")
    page = read(sandbox, "/page/queue?q=cluster+question&page=2")
    assert (page["total"], page["pages"], page["page"], len(page["tickets"])) == (30, 2, 2, 5)
    assert [one["id"] for one in read(sandbox, "/page/queue?status=all&q=%23101")["tickets"]][:1] == [101]
    assert read(sandbox, "/page/queue?q=100%25")["total"] == 0
    assert read(sandbox, "/page/queue?status=closed")["tickets"] == []
    assert read(sandbox, "/page/queue?page=999999&status=nonsense")["page"] > 1


def agent(sandbox: Running) -> int:
    return int(read(sandbox, "/page/tickets/101")["agents"][0]["id"])


def test_a_ticket_shows_its_requester_community_and_representatives(sandbox: Running) -> None:
    ticket = read(sandbox, "/page/tickets/101")
    assert ticket["requester"]["mail"] == "ada@aurora.example.org"
    assert ticket["community"]["name"] == "Aurora Climate Lab"
    assert ticket["community"]["asked_by_one"]
    assert {person["name"] for person in ticket["community"]["representatives"]} == {"Ada Lindgren", "Oskar Nyberg"}
    assert requests.get(f"{sandbox.url}/page/tickets/999999", timeout=10).status_code == 404


def test_a_company_shows_its_list_and_its_contacts_with_all_their_communities(sandbox: Running) -> None:
    listed = read(sandbox, "/page/companies")
    assert [one["name"] for one in listed["companies"]][:2] == ["Aurora Climate Lab", "Borealis University"]
    number = next(one["id"] for one in listed["companies"] if one["name"] == "Delta Hydrology Network")
    delta = read(sandbox, f"/page/companies/{number}")
    names = {person["name"]: [one["name"] for one in person["companies"]] for person in delta["contacts"]}
    assert names["Dana Okafor"] == ["Coral Reef Observatory", "Delta Hydrology Network"]
    assert [who["contacts"] for who in delta["representatives"]] == [1, 1, 1]
    assert delta["total"] == len(delta["contacts"]) == 3
    assert requests.get(f"{sandbox.url}/page/companies/1", timeout=10).status_code == 404


def test_the_hostile_ticket_of_the_seed_stays_text(sandbox: Running) -> None:
    ticket = read(sandbox, "/page/tickets/124")
    shown = "".join(message["html"] for message in ticket["messages"])
    assert "<script" not in shown
    assert "<img" not in shown
    assert "href" not in shown


def test_an_agent_replies_and_notes_through_the_helpdesk(sandbox: Running) -> None:
    number, who = write_in(sandbox), agent(sandbox)
    write(sandbox, f"/page/tickets/{number}/say", {"text": "Hello\n\n<b>two</b>\nlines", "agent_id": who})
    write(sandbox, f"/page/tickets/{number}/say", {"text": "For us", "agent_id": who, "private": True})
    messages = read(sandbox, f"/page/tickets/{number}")["messages"]
    assert [message["kind"] for message in messages] == ["incoming", "reply", "note"]
    assert messages[1]["html"] == "<p>Hello</p><p>&lt;b&gt;two&lt;/b&gt;<br>lines</p>"
    outbox = read(sandbox, "/sandbox/outbox")
    assert [(mail["kind"], mail["to"]) for mail in outbox] == [("reply", ["ada@aurora.example.org"])]
    assert read(sandbox, "/page/mail")["mails"][0]["ticket_id"] == number


def test_an_automatic_reply_is_shown_as_one(sandbox: Running) -> None:
    number = write_in(sandbox, headers={"Auto-Submitted": "auto-replied"})
    write_in(sandbox, ticket_id=number)
    shown = read(sandbox, f"/page/tickets/{number}")["messages"]
    assert [message["automatic"] for message in shown] == [True, False]


def test_an_agent_resolves_and_the_requester_answers_the_survey(sandbox: Running) -> None:
    number = write_in(sandbox)
    write(sandbox, f"/page/tickets/{number}/change", {"status": 4, "responder_id": agent(sandbox)}, 200)
    assert read(sandbox, "/sandbox/outbox")[0]["kind"] == "survey"
    write(sandbox, "/sandbox/survey-answer", {"ticket_id": number, "rating": 103, "feedback": "Good"})
    ticket = read(sandbox, f"/page/tickets/{number}")
    assert ticket["ratings"] == 1
    assert ticket["messages"][-1]["kind"] == "survey"


def test_what_the_helpdesk_refuses_is_said_in_words_and_changes_nothing(sandbox: Running) -> None:
    before = read(sandbox, "/page/tickets/101")
    bad = write(sandbox, "/page/tickets/101/say", {"text": "Hello", "agent_id": 1}, 400)
    assert "user_id" in bad["error"]
    write(sandbox, "/page/tickets/101/say", {"text": "   ", "agent_id": 1}, 400)
    write(sandbox, "/page/tickets/101/change", {"status": 99}, 400)
    write(sandbox, "/page/tickets/999999/change", {"status": 3}, 404)
    assert requests.post(f"{sandbox.url}/page/tickets/101/say", data="{", timeout=10).status_code == 400
    assert read(sandbox, "/page/tickets/101") == before


def test_known_contacts_are_suggested(sandbox: Running) -> None:
    found = read(sandbox, "/page/contacts?q=lindgren")["contacts"]
    assert found == [{"name": "Ada Lindgren", "mail": "ada@aurora.example.org", "company": "Aurora Climate Lab"}]


def test_an_empty_sandbox_shows_too() -> None:
    with start(load_organization(), seed=None) as sandbox:
        assert "None yet." in requests.get(sandbox.url + "/", timeout=10).text
        for path in (
            "/page/queue",
            "/page/mail",
            "/page/issues",
            "/page/chat",
            "/page/pager",
            "/page/hubs",
            "/page/companies",
        ):
            read(sandbox, path)


@pytest.mark.e2e
@pytest.mark.skipif(not BROWSER, reason="no chromium is installed here")
def test_a_person_writes_in_sees_the_ticket_replies_and_sees_the_mail(sandbox: Running) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page, watching = browser.new_page(), browser.new_page()
        trouble: list[str] = []
        for one in (page, watching):
            one.on("console", lambda message: trouble.append(message.text))
            one.on("pageerror", lambda error: trouble.append(str(error)))
            one.on("request", lambda asked: trouble.extend([] if asked.url.startswith(sandbox.url) else [asked.url]))
        watching.goto(f"{sandbox.url}/#/tickets")
        page.goto(f"{sandbox.url}/#/write")
        page.get_by_label("From").fill("Ada Lindgren <ada@aurora.example.org>")
        page.get_by_label("Subject").fill("My kernel <b>dies</b>")
        page.get_by_label("Message").fill("It stopped this morning.\n<img src=x onerror=alert(1)>")
        page.get_by_role("button", name="Send to support").click()
        page.get_by_role("heading", name="My kernel <b>dies</b>").wait_for()
        watching.get_by_role("link", name="My kernel <b>dies</b>").wait_for()
        page.get_by_label("Message").fill("We look at it.")
        # What somebody types outlives what happens meanwhile.
        write_in(sandbox, body="One more thing", ticket_id=int(page.url.rpartition("/")[2]))
        page.get_by_text("One more thing").wait_for()
        assert page.get_by_label("Message").input_value() == "We look at it."
        page.get_by_role("button", name="Send the reply").click()
        page.locator(".message.reply").get_by_text("We look at it.").wait_for()
        page.get_by_role("link", name=re.compile("^Mail")).click()
        page.get_by_role("listitem").filter(has_text="We look at it.").get_by_text("ada@aurora.example.org").wait_for()
        browser.close()
    assert trouble == []
