"""A real JupyterHub, as `make hub` starts it: people with servers of their own, one sandbox, one sweep."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
import requests
from browsing import apply_button, browser
from labs import Lab
from playwright.sync_api import Browser, expect
from practice_hub import Hub, practice_hub

pytestmark = [pytest.mark.e2e, pytest.mark.long]
TICKET = 102
PATIENCE = 90  # seconds; two cores may be busy with other tests


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with practice_hub(tmp_path_factory.mktemp("hub")) as started:
        yield started


def come_in(hub: Hub, name: str) -> requests.Session:
    """Log in as a browser does, with any password; the session then is that person's."""
    session = requests.Session()
    session.trust_env = False
    session.get(f"{hub.address}/hub/login").raise_for_status()
    form = {"username": name, "password": "any", "_xsrf": session.cookies.get("_xsrf", path="/hub/")}
    session.post(f"{hub.address}/hub/login", data=form, allow_redirects=False)
    return session


def server(hub: Hub, session: requests.Session, name: str) -> str:
    """The address of somebody's server, once it is up."""
    session.get(f"{hub.address}/hub/spawn")
    address = f"{hub.address}/user/{name}"
    end = time.monotonic() + PATIENCE
    while not (answer := session.get(f"{address}/lab")).url.startswith(f"{address}/lab"):  # by way of the hub's login
        assert time.monotonic() < end, f"{answer.url}: {hub.log}"
        time.sleep(0.2)
    return address


def test_somebody_of_the_staff_comes_in_and_finds_her_own_copies_and_the_shared_sandbox(hub: Hub) -> None:
    session = come_in(hub, "mei.tanaka")
    address = server(hub, session, "mei.tanaka")
    names = [each["name"] for each in session.get(f"{address}/api/contents").json()["content"]]
    assert "00 Desk.ipynb" in names
    assert (hub.folder / "people/mei.tanaka/runs/00 Desk.ipynb").is_file()
    where = session.get(f"{address}/", allow_redirects=False).headers["Location"]
    assert where.startswith("/user/mei.tanaka/lab/tree/00%20Desk.ipynb")

    # a link on a page of the handbook, or in a message
    link = session.get(f"{hub.address}/hub/user-redirect/deskbook/open/triage?ticket_id=102")
    assert link.url == f"{address}/lab/tree/tickets/102/triage.ipynb"
    assert (hub.folder / "people/mei.tanaka/runs/tickets/102/triage.ipynb").is_file()

    # the sandbox's page, by way of her own server
    page = f"{address}/sandbox"
    assert "<title>Sandbox" in session.get(f"{page}/").text
    for origin, status in ((hub.address, 200), ("http://evil.example.com", 403)):
        said = session.post(f"{page}/sandbox/clock", json={"advance": 60}, headers={"Origin": origin})
        assert said.status_code == status, said.text
    stranger = requests.get(f"{page}/", timeout=5, allow_redirects=False)
    assert stranger.status_code in (302, 403)


def test_without_code_the_desk_is_a_page_that_opens_a_form_and_asks_no_other_site(hub: Hub) -> None:
    wrong: list[str] = []
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        ours = (hub.address, "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(ours) or wrong.append(request.url))
        page.goto(f"{hub.address}/hub/user-redirect/voila/render/00 Desk.ipynb")
        page.fill("#username_input", "mei.tanaka")
        page.fill("#password_input", "any")
        page.click("#login_submit")
        page.get_by_role("button", name="Open 127", exact=True).press("Enter")
        expect(apply_button(page)).to_be_visible()
        assert page.locator(".deskbook-bar select").first.bounding_box()["width"] > 80  # type: ignore[index]
        apply_button(page).press("Enter")
        page.locator(".deskbook-drawn", has_text="Receipt: triage, ticket 127").wait_for()
    assert wrong == []


def test_nobody_sees_into_a_colleagues_server(hub: Hub) -> None:
    """Whoever could would act with that colleague's keys; whoever looks after the hub may start and stop servers alone."""
    server(hub, come_in(hub, "mei.tanaka"), "mei.tanaka")
    for name in ("noor.haddad", "priya.raman"):
        answer = come_in(hub, name).get(f"{hub.address}/user/mei.tanaka/lab")
        assert answer.status_code == 403, answer.url


def test_the_sweep_ran_once_and_left_its_record_where_every_desk_reads_it(hub: Hub) -> None:
    end = time.monotonic() + PATIENCE
    while not list((hub.folder / "runs/nights").rglob("*sweep*.html")):
        assert time.monotonic() < end, hub.log
        time.sleep(0.2)


def at_work(chromium: Browser, hub: Hub, name: str) -> Lab:
    """Somebody who has come in by a browser of her own, at the desk with everybody's tickets."""
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    lab = Lab(f"{hub.address}/user/{name}", hub.sandbox, hub.folder / "people" / name, page)
    page.goto(f"{hub.address}/hub/login")
    page.locator("#username_input").fill(name)
    page.locator("#password_input").fill("any")
    page.locator("#login_submit").click()
    lab.here.locator(".deskbook-again").wait_for()
    lab.field("Whose").select_option(label="everybody's")
    return lab


def test_of_two_people_at_one_ticket_one_triages_it_and_the_other_is_told_who_is_at_it(hub: Hub) -> None:
    with browser() as chromium:
        mei, grace = (at_work(chromium, hub, name) for name in ("mei.tanaka", "grace.holloway"))
        for lab in (mei, grace):
            lab.row(TICKET).click()
            expect(lab.apply).to_contain_text("send 1 mail")
        mails = len(mei.state("outbox"))
        # Mei's mail is on its way until Grace was told; what Grace does meanwhile finds her at work.
        mei.tell("faults", [{"method": "POST", "path": f"/api/v2/tickets/{TICKET}/reply", "delay": 600, "times": 1}])
        mei.apply.click()
        for _ in range(10 * PATIENCE):
            if "in progress" in json.dumps(mei.get(f"/api/v2/tickets/{TICKET}/conversations")):
                break
            mei.page.wait_for_timeout(100)
        grace.apply.click()
        told = grace.here.locator(".deskbook-drawn:focus")
        expect(told).to_contain_text("Mei Tanaka")
        expect(told).to_contain_text(f"is at ticket {TICKET}")
        mei.tell("faults", [])
        grace.picture("hub-told-who-is-at-it")
        expect(mei.here.locator(".deskbook-drawn:focus")).to_contain_text(f"Receipt: triage, ticket {TICKET}")
        mei.picture("hub-triaged")
        assert [mail["ticket_id"] for mail in mei.state("outbox")[mails:]] == [TICKET]
        assert mei.wrong == grace.wrong == []
