"""Search, its language, and its lag."""

from __future__ import annotations

import time

import pytest


def _ids(client, query, kind="tickets"):
    return [each["id"] for each in client.get(f"/search/{kind}", query=f'"{query}"')["results"]]


def test_conditions_are_combined(quick):
    quick.change("/tickets/101", {"priority": 4, "tags": ["urgent", "it's"], "type": "Incident"})
    quick.change("/tickets/102", {"priority": 3})
    assert _ids(quick, "priority:4") == [101]
    assert set(_ids(quick, "priority:>3")) == {101, 102, 111}
    assert set(_ids(quick, "priority:4 OR priority:3")) == {101, 102, 111}
    assert _ids(quick, "(priority:4 OR priority:3) AND tag:'urgent'") == [101]
    assert _ids(quick, "tag:'it\\'s'") == [101]
    assert _ids(quick, "type:'Incident' AND status:2") == [101]
    assert set(_ids(quick, "tag:'waiting-approval'")) == {106, 107, 108}
    assert _ids(quick, "cf_hub_url:'https://delta.hubs.example.org'") == [110]
    assert 125 not in _ids(quick, "agent_id:null AND status:2")


def test_dates_are_days(quick):
    assert _ids(quick, "created_at:<'2026-11-18'") == [131]
    assert 131 not in _ids(quick, "created_at:>'2026-11-22'")
    assert 121 in _ids(quick, "created_at:'2026-11-22'")


def test_deleted_and_spam_are_never_found(quick):
    total = quick.get("/search/tickets", query='"status:>2"')["total"]
    assert total == 29


def test_contacts_and_companies_are_found(quick):
    assert len(_ids(quick, "email:'Ada@aurora.example.org'", "contacts")) == 1
    company = quick.get("/search/companies", query="\"domain:'coral.example.org'\"")["results"][0]
    assert company["name"] == "Coral Reef Observatory"
    assert len(_ids(quick, f"company_id:{company['id']} AND active:true", "contacts")) == 5


def test_thirty_a_page_and_ten_pages(quick):
    for number in range(5):
        quick.ticket(subject=str(number))
    first = quick.api("GET", "/search/tickets", params={"query": '"status:>2"'})
    assert (len(first.json()["results"]), first.json()["total"]) == (30, 34)
    assert "page=2" in first.links["next"]["url"]
    assert len(quick.get("/search/tickets", query='"status:>2"', page=2)["results"]) == 4
    assert quick.problems("GET", "/search/tickets", query='"status:2"', page=11)["page"][0] == "invalid_value"
    assert "description" not in first.json()["results"][0]


@pytest.mark.parametrize(
    "query",
    [
        "status:2", '"status:2', '""', '"status 2"', '"status:2 AND"', '"(status:2"', '"status:2)"', '"status:2 tag:\'x\'"',
        '"subject:\'x\'"', "\"status:'open'\"", '"tag:3"', '"created_at:\'yesterday\'"', "\"tag:>'x'\"", '"' + "(" * 200 + '"',
        '"' + "status:2 OR " * 60 + 'status:2"', "\"tag:'x' OR '1'='1'\"", '"active:true"',
    ],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused(quick, query):
    assert quick.problems("GET", "/search/tickets", query=query)


def test_a_search_without_a_query_is_refused(quick):
    assert quick.problems("GET", "/search/tickets")["query"][0] == "missing_field"


def test_the_index_lags_behind_even_when_the_clock_stands(sandbox):
    sandbox.control("/switches", {"index_lag": 600})
    number = sandbox.ticket(priority=4)["id"]
    sandbox.change("/tickets/101", {"priority": 4})
    sandbox.api("DELETE", "/tickets/111")
    assert _ids(sandbox, "priority:4") == []
    assert _ids(sandbox, "priority:3") == [111]
    assert 101 in _ids(sandbox, "priority:1")
    sandbox.control("/switches", {"index_lag": 0.05})
    time.sleep(0.1)
    assert set(_ids(sandbox, "priority:4")) == {101, number}
    assert _ids(sandbox, "priority:3") == []
    assert 101 not in _ids(sandbox, "priority:1")


def test_what_is_found_is_shown_as_it_was(sandbox):
    sandbox.control("/switches", {"index_lag": 60})
    for status in (3, 4):
        sandbox.change("/tickets/101", {"status": status})
    found = sandbox.get("/search/tickets", query='"status:2"', page=1)["results"]
    assert {each["status"] for each in found} == {2}
    sandbox.control("/switches", {"index_lag": 0})
    assert 101 in _ids(sandbox, "status:4")


def test_a_fresh_seed_is_indexed(sandbox):
    assert sandbox.get("/search/tickets", query='"status:>2"')["total"] == 29
    sandbox.control("/reset", {})
    assert sandbox.get("/search/tickets", query='"status:>2"')["total"] == 29
