"""Lists of tickets while tickets change under them: none is missed, and what was read once is not read again."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from deskbook.config.organization import load_organization
from deskbook.errors import ServiceError
from deskbook.model.records import Ticket, TicketSummary, Unfinished
from deskbook.services.freshdesk import around, kept, lists
from deskbook.services.freshdesk.client import Freshdesk
from deskbook.services.http import Service
from deskbook.services.memory import FolderMemory, ShortMemory
from deskbook.services.ports import Memory
from deskbook_sandbox import generate
from deskbook_sandbox.freshdesk.records import new_id
from deskbook_sandbox.server import Running, start
from deskbook_sandbox.store.database import Store

ORGANIZATION = load_organization()
PAGE = 25
CHANGES = 6  # tickets that change while one page is read
OLD = 400  # days; nothing that was generated has been touched for so long
SWEEPS = 200
MANY = 100  # unfinished tickets
COMPANIES = 120  # more than a page


@pytest.fixture(scope="module")
def busy() -> Iterator[Running]:
    with start(ORGANIZATION) as running:
        switch(running, limits=False, index_lag=0, sla_delay=0)
        generate.generate(running.store, 500, COMPANIES)
        yield running


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", PAGE)


def switch(running: Running, **switches: int) -> None:
    requests.post(f"{running.url}/sandbox/switches", json=switches, timeout=60).raise_for_status()


def desk(running: Running) -> Freshdesk:
    return Freshdesk(running.url, "sandbox", ORGANIZATION)


def live(store: Store) -> dict[int, int]:
    """The status of each unfinished ticket, by number."""
    rows = store.rows("SELECT id, status FROM fd_tickets WHERE status != 5 AND deleted = 0 AND spam = 0")
    return {row["id"]: row["status"] for row in rows}


def shown(found: Unfinished) -> dict[int, str]:
    return {each.ticket.id: each.ticket.status for each in found.tickets}


def calls(running: Running) -> Counter[str]:
    return Counter({call: count for call, count in running.store.requests.items() if " /api/v2" in call})


class People:
    """They open, move, reopen, close and delete tickets, and say of each when."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.dice = store, random.Random(seed)
        self.changed: set[int] = set()

    def __call__(self) -> None:
        self.store.advance(20)
        numbers = list(live(self.store))
        with self.store.transaction():
            for _ in range(CHANGES):
                self._one(self.dice.choice(numbers))

    def _one(self, number: int) -> None:
        now, what = self.store.stamp(), self.dice.random()
        values: dict[str, Any] = {"updated_at": now}
        few = len(live(self.store)) < MANY
        if what < 0.3:
            values["status"] = self.dice.choice((2, 3, 4, 6))
        elif what < 0.35:
            values["deleted"] = 1
        elif what < 0.6 and few:  # a new one, like this
            row = self.store.row("SELECT * FROM fd_tickets WHERE id = ?", number)
            assert row is not None
            new = {**row, "id": new_id(self.store, "ticket"), "status": 2, "created_at": now, **values}
            self.store.insert("fd_tickets", **new)
            self.changed.add(new["id"])
            return
        elif what < 0.6:
            values["status"] = 5
        self.store.update("fd_tickets", {"id": number}, **values)
        self.changed.add(number)


def test_no_ticket_is_missed_while_six_change_with_each_page(
    busy: Running, pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hundred sweeps of one desk: one in 25 has lost what the one before left, or reads all since a day has passed."""
    people, memory, read = People(busy.store, seed=7), ShortMemory(), lists._page

    def meanwhile(*asked: Any) -> Any:
        people()
        return read(*asked)

    monkeypatch.setattr(lists, "_page", meanwhile)
    helpdesk, missed = desk(busy), []
    for number in range(SWEEPS):
        if number % 25 == 0:
            memory = ShortMemory()
        busy.store.advance(1800)
        before, people.changed = live(busy.store), set()
        found = shown(helpdesk.queue(memory))
        quiet = {ticket for ticket in before if ticket not in people.changed}
        missed += [(number, ticket) for ticket in quiet if ticket not in found]
        missed += [(number, ticket) for ticket in found if ticket not in before and ticket not in people.changed]
    assert missed == []


def test_what_has_not_changed_is_not_read_again(busy: Running, pages: None) -> None:
    busy.store.advance(3600)
    memory = ShortMemory()
    first = desk(busy).queue(memory)
    assert set(shown(first)) == set(live(busy.store))
    before = calls(busy)
    again = desk(busy).queue(memory)
    made = calls(busy) - before
    assert again.tickets == first.tickets
    assert made["GET /api/v2/tickets"] == 2  # what changed, and what was deleted
    assert made["GET /api/v2/search/tickets"] == 0


def test_all_unfinished_tickets_take_a_page_for_each_hundred_and_two_more(busy: Running, pages: None) -> None:
    busy.store.advance(60)
    before = calls(busy)
    found = desk(busy).queue()
    made = calls(busy) - before
    assert (set(shown(found)), found.unseen) == (set(live(busy.store)), 0)
    assert made["GET /api/v2/tickets"] <= -(-len(found.tickets) // PAGE) + 2
    assert made["GET /api/v2/search/tickets"] == 0


def test_a_deleted_and_a_closed_ticket_leave_and_a_reopened_one_comes_back(busy: Running, pages: None) -> None:
    memory, helpdesk = ShortMemory(), desk(busy)
    gone, closed, *_ = shown(helpdesk.queue(memory))
    busy.store.advance(60)
    requests.delete(f"{busy.url}/api/v2/tickets/{gone}", auth=("sandbox", "X"), timeout=10).raise_for_status()
    helpdesk.update(closed, {"status": "Closed"})
    assert not {gone, closed} & set(shown(helpdesk.queue(memory)))
    busy.store.advance(60)
    helpdesk.update(closed, {"status": "Open"})
    assert shown(helpdesk.queue(memory))[closed] == "Open"


Lists = tuple[dict[int, tuple[str, ...]], dict[int, bool]]


def in_a_new_process(running: Running, memory: Memory) -> tuple[Counter[str], Lists]:
    """What is asked for a queue, and what that tells of communities and agents."""
    before, helpdesk = calls(running), desk(running)
    found = [each.ticket for each in helpdesk.queue(memory).tickets]
    communities = helpdesk.communities(listed={each.community for each in found if each.community})
    agents = helpdesk.agents(listed={each.agent for each in found if each.agent})
    assert helpdesk.me().mail
    told = {each.id: each.listed for each in communities}, {each.id: each.active for each in agents}
    return calls(running) - before, told


def api(running: Running, method: str, path: str, body: Any = None) -> Any:
    answer = requests.request(method, f"{running.url}/api/v2{path}", json=body, auth=("sandbox", "X"), timeout=60)
    answer.raise_for_status()
    return answer.json()


def test_where_nothing_changed_a_new_process_asks_three_times(busy: Running, pages: None, tmp_path: Path) -> None:
    ticket_of_now(busy)
    first, told = in_a_new_process(busy, FolderMemory(tmp_path))
    assert first["GET /api/v2/companies"] == 2
    made, again = in_a_new_process(busy, FolderMemory(tmp_path))
    assert again == told
    assert made == {"GET /api/v2/tickets": 2, "GET /api/v2/search/companies": 1}


def test_a_community_that_changed_or_came_today_is_known(busy: Running, pages: None, tmp_path: Path) -> None:
    number = ticket_of_now(busy)
    memory = FolderMemory(tmp_path)
    changed = min(in_a_new_process(busy, memory)[1][0])
    busy.store.advance(3600)
    api(busy, "PUT", f"/companies/{changed}", {"custom_fields": {"community_representatives": "Ada Lind"}})
    made, (communities, _) = in_a_new_process(busy, memory)
    assert communities[changed] == ("Ada Lind",)
    assert made["GET /api/v2/companies"] == 0
    switch(busy, index_lag=600)  # then the search does not know it yet
    new = api(busy, "POST", "/companies", {"name": "Tidepool Institute"})["id"]
    busy.store.update("fd_tickets", {"id": number}, company_id=new, updated_at=busy.store.stamp())
    made, (communities, _) = in_a_new_process(busy, memory)
    switch(busy, index_lag=0)
    assert new in communities
    assert made["GET /api/v2/companies"] == 0


def test_an_agent_that_was_not_there_is_looked_for_once(busy: Running, pages: None, tmp_path: Path) -> None:
    number, memory = ticket_of_now(busy), FolderMemory(tmp_path)
    in_a_new_process(busy, memory)
    busy.store.update("fd_tickets", {"id": number}, responder_id=999, updated_at=busy.store.stamp())
    made = [in_a_new_process(busy, memory)[0]["GET /api/v2/agents"] for _ in range(2)]
    busy.store.update("fd_tickets", {"id": number}, responder_id=None)
    assert made == [1, 0]


@pytest.mark.parametrize("told", ["nothing", "something else", "of another key", "a day ago"])
def test_what_surrounds_the_tickets_is_read_again_where(busy: Running, pages: None, told: str, tmp_path: Path) -> None:
    ticket_of_now(busy)
    memory, path = FolderMemory(tmp_path), tmp_path / f"{around.NAME}.json"
    in_a_new_process(busy, memory)
    if told == "nothing":
        path.unlink()
    elif told == "something else":
        path.write_text(path.read_text().replace("staff.example.org", "staff.example.net"))
    elif told == "of another key":
        left = around.Around("another", busy.store.now, memory)
        left.put("agents", [])
    elif told == "a day ago":
        busy.store.advance(kept.WHOLE.total_seconds())
    made, _ = in_a_new_process(busy, memory)
    assert [made[f"GET /api/v2/{each}"] for each in ("agents", "agents/me", "companies", "groups")] == [1, 1, 2, 1]


@pytest.mark.parametrize("bent", ["/tickets", "/agents", "/companies"])
def test_an_answer_that_is_not_as_promised_is_not_left_for_the_next_run(
    busy: Running, pages: None, bent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would fail every run for a day, until somebody deleted the cache."""
    ticket_of_now(busy)
    memory, get, records = FolderMemory(tmp_path), Service.get, Service.records
    wrong = {"subject": [7], "contact": {"email": [7]}, "name": [7]}

    def otherwise(path: str, found: Any) -> Any:
        return [{**each, **wrong} for each in found] if path == bent else found

    with monkeypatch.context() as patched:
        patched.setattr(Service, "get", lambda http, path, *asked: otherwise(path, get(http, path, *asked)))
        patched.setattr(Service, "records", lambda http, path, *asked: otherwise(path, records(http, path, *asked)))
        with pytest.raises(ServiceError, match=bent):
            in_a_new_process(busy, memory)
    in_a_new_process(busy, memory)


def test_after_a_day_all_is_read_anew(busy: Running, pages: None) -> None:
    memory, helpdesk = ShortMemory(), desk(busy)
    number = list(shown(helpdesk.queue(memory)))[5]
    busy.store.update("fd_tickets", {"id": number}, spam=1)  # which lists of changes do not tell
    assert number in shown(helpdesk.queue(memory))
    busy.store.advance(kept.WHOLE.total_seconds())
    assert number not in shown(helpdesk.queue(memory))


def _of_another_desk(left: dict[str, Any]) -> dict[str, Any]:
    rows = [[900_000 + at, *row[1:]] for at, row in enumerate(left["tickets"])]
    return {**left, "tickets": rows, "last": 900_000}


# What may lie where a run left the tickets, from what it left.
ODD: dict[str, Callable[[dict[str, Any]], object]] = {
    "nothing in it": lambda left: {},
    "another desk": _of_another_desk,
    "fields of another version": lambda left: {**left, "fields": left["fields"][1:]},
    "records as an older version left them": lambda left: {**left, "tickets": [{"id": left["last"], "subject": "x"}]},
    "read by other rules": lambda left: {**left, "by": "another hub_url"},
    "rows cut short": lambda left: {**left, "tickets": [row[:9] for row in left["tickets"]]},
    "rows without the last time": lambda left: {**left, "tickets": [row[:-1] for row in left["tickets"]]},
    "rows that are texts": lambda left: {**left, "tickets": [str(row) for row in left["tickets"]]},
    "times without a zone": lambda left: {
        **left,
        "tickets": [
            [cell.removesuffix("+00:00") if isinstance(cell, str) else cell for cell in row] for row in left["tickets"]
        ],
    },
    "no tickets": lambda left: {**left, "tickets": None},
}


@pytest.mark.parametrize("told", [*ODD, "no file", "no JSON"])
def test_what_was_left_is_a_cache_and_may_be_anything(busy: Running, pages: None, told: str, tmp_path: Path) -> None:
    helpdesk, memory = desk(busy), FolderMemory(tmp_path)
    first = helpdesk.queue(memory)
    path = tmp_path / f"{kept.NAME}.json"
    if told == "no file":
        path.unlink()
    elif told == "no JSON":
        path.write_text(path.read_text()[:100])
    else:
        path.write_text(json.dumps(ODD[told](json.loads(path.read_text()))))
    assert shown(helpdesk.queue(memory)) == shown(first)
    assert set(shown(first)) == set(live(busy.store))


def test_a_memory_that_cannot_be_written_costs_calls_alone(busy: Running, pages: None) -> None:
    class Full(ShortMemory):
        def keep(self, name: str, data: object) -> None:
            raise ServiceError("no space left")

    memory = Full()
    assert shown(desk(busy).queue(memory)) == shown(desk(busy).queue(memory))


def test_what_changed_since_a_moment_is_told_in_the_same_pass(busy: Running, pages: None) -> None:
    memory, helpdesk = ShortMemory(), desk(busy)
    since = helpdesk.clock() - timedelta(days=30)
    before = calls(busy)
    found = helpdesk.queue(memory, since)
    made = calls(busy) - before
    wanted = busy.store.rows(
        "SELECT id FROM fd_tickets WHERE updated_at >= ? AND deleted = 0 AND spam = 0", busy.store.stamp(since)
    )
    assert {each.ticket.id for each in found.touched} == {row["id"] for row in wanted}
    assert made["GET /api/v2/tickets"] <= len(wanted) // (PAGE - 1) + 2
    helpdesk.queue(memory)
    assert {each.ticket.id for each in helpdesk.queue(memory, since).touched} == {row["id"] for row in wanted}


def test_more_tickets_of_one_second_than_a_page_has_are_all_read(busy: Running, pages: None) -> None:
    busy.store.advance(3600)
    some = list(live(busy.store))[: 3 * PAGE]
    for number in some:
        busy.store.update("fd_tickets", {"id": number}, updated_at=busy.store.stamp())
    assert set(some) <= set(lists.changed_since(desk(busy)._http, busy.store.now(), tuple))


def test_where_the_search_ends_what_is_older_is_found_in_another_list(
    busy: Running, pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SEARCH_PAGES", 1)  # thirty tickets in place of three hundred
    busy.store.advance(OLD * 86_400)
    assert len(live(busy.store)) > 40
    found = desk(busy).queue()
    assert (set(shown(found)), found.unseen) == (set(live(busy.store)), 0)


def test_what_no_list_shows_is_counted_and_stays_so(
    busy: Running, pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SEARCH_PAGES", 1)
    monkeypatch.setattr(lists, "by_status", lambda *asked: ({}, False))  # a helpdesk that sorts otherwise
    busy.store.advance(OLD * 86_400)
    memory, helpdesk = ShortMemory(), desk(busy)
    number = ticket_of_now(busy)
    found = helpdesk.queue(memory)
    assert number in shown(found)
    assert len(found.tickets) + found.unseen == len(live(busy.store))
    assert found.unseen > 0
    assert helpdesk.queue(memory).unseen == found.unseen


def ticket_of_now(running: Running) -> int:
    """One that is touched now."""
    number = min(live(running.store))
    running.store.update("fd_tickets", {"id": number}, updated_at=running.store.stamp())
    return number


def test_where_another_field_names_the_hub_all_is_read_anew(busy: Running, pages: None) -> None:
    """What was left was read by the field of before."""
    memory = ShortMemory()
    number = ticket_of_now(busy)
    busy.store.update(
        "fd_tickets", {"id": number}, custom_fields=json.dumps({"cf_other": "https://aurora.example.org"})
    )
    assert hub_of(desk(busy).queue(memory), number) is None
    fields = ORGANIZATION.fields.model_copy(update={"hub_url": "cf_other"})
    other = Freshdesk(busy.url, "sandbox", ORGANIZATION.model_copy(update={"fields": fields}))
    assert hub_of(other.queue(memory), number) == "https://aurora.example.org"


def hub_of(found: Unfinished, number: int) -> str | None:
    return next(each.ticket.hub_url for each in found.tickets if each.ticket.id == number)


def test_what_is_left_names_no_secret_of_a_subject(busy: Running, pages: None) -> None:
    memory, number = ShortMemory(), ticket_of_now(busy)
    busy.store.update("fd_tickets", {"id": number}, subject="My password is hunter2seventeen")
    told = desk(busy).queue(memory)
    assert "hunter2seventeen" not in str(memory.recall(kept.NAME))
    assert desk(busy).queue(memory).tickets == told.tickets


def test_a_ticket_comes_back_as_it_was_left() -> None:
    at, memory = datetime(2026, 11, 23, 17, 55, tzinfo=UTC), ShortMemory()
    ticket = Ticket(
        id=7, subject="Fünf", body="", status="Waiting on Nobody", source="Email", type=None, requester=8, agent=None,
        community=9, group="group 10", tags=("a", "b"), hub_url="https://aurora.example.org", created=at, url="https://x.example/7",
        automatic=True, headers=(("Auto-Submitted", "auto-replied"), ("Date", "Mon")), cc=("ada@example.org",), updated=at,
    )  # fmt: skip
    left = TicketSummary(ticket, at, None, at, None, at, None, at)
    kept.keep(
        memory,
        kept.Kept(at, at, (7, at), {7: left}, at, 0, {"groups": [(10, "group 10")], "statuses": []}),
        "these rules",
    )
    assert kept.recalled(memory, "these rules") == kept.Kept(
        at, at, (7, at), {7: left}, at, 0, {"groups": [(10, "group 10")], "statuses": []}
    )
    assert kept.recalled(memory, "other rules") is None


def test_a_number_that_no_file_can_hold_costs_calls_alone() -> None:
    """Some accounts put numbers in quotes, of whatever length."""
    at, memory = datetime(2026, 11, 23, 17, 55, tzinfo=UTC), ShortMemory()
    ticket = Ticket(10**25, "", "", "Open", "Email", None, 8, None, None, None, (), None, at, "", updated=at)
    kept.keep(
        memory,
        kept.Kept(at, at, (10**25, at), {10**25: TicketSummary(ticket)}, at, 0, {"groups": [], "statuses": []}),
        "",
    )
    assert kept.recalled(memory, "") is None


def test_a_closed_ticket_that_is_not_as_promised_stops_no_queue(
    busy: Running, pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is nobody's work; only who asks for what changed in any status is told."""
    memory, helpdesk, read = ShortMemory(), desk(busy), lists._page
    number = list(shown(helpdesk.queue(memory)))[3]
    busy.store.advance(60)
    busy.store.update("fd_tickets", {"id": number}, status=5, updated_at=busy.store.stamp())
    ticket_of_now(busy)

    def bent(*asked: Any) -> Any:
        return [{**each, "subject": [7]} if each["id"] == number else each for each in read(*asked)]

    monkeypatch.setattr(lists, "_page", bent)
    assert set(shown(helpdesk.queue(memory))) == set(live(busy.store))
    with pytest.raises(ServiceError, match="/tickets: 'subject' is a list"):
        helpdesk.queue(memory, helpdesk.clock() - timedelta(hours=1))
