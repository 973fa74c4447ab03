"""The large situation: believable, quick to make, quick to read."""

from __future__ import annotations

from datetime import UTC, datetime

from conftest import ORGANIZATION, Client
from yardstick import yards

from deskbook_sandbox.generate import generate
from deskbook_sandbox.server import open_store, start


def test_a_year_of_tickets_is_read_quickly():
    with start(ORGANIZATION, seed=None) as running:
        client = Client(running)
        client.control("/switches", {"limits": False})
        generate(running.store, 1500)
        client.get("/tickets", per_page=100)
        read = []
        assert yards(lambda: read.extend(client.get("/tickets", per_page=100))) < 30
        assert len(read) == 100
        state = client.control("/state")
        assert len(state["tickets"]) == 1500
        tracked = {int(issue["body"].split("/a/tickets/")[1].split()[0]) for issue in state["issues"]}
        assert len(tracked) == len(state["issues"]) >= 140
        assert {ticket["id"] for ticket in state["tickets"] if ticket["status"] == 3} <= tracked
        assert {ticket["status"] for ticket in state["tickets"]} == {2, 3, 4, 5}
        assert len(client.get("/companies", per_page=100)) == 50
        assert client.get("/search/tickets", query='"status:2"')["total"] > 10


def test_the_same_number_gives_the_same_year():
    found = []
    for _ in range(2):
        store = open_store(ORGANIZATION, seed=None, now=datetime(2026, 11, 23, tzinfo=UTC))
        generate(store, 60)
        rows = store.db.execute("SELECT id, subject, requester_id, status, created_at FROM fd_tickets").fetchall()
        found.append([tuple(row) for row in rows])
        store.close()
    assert found[0] == found[1]
