"""The board's own workflow, where an organisation has one."""

from __future__ import annotations

from conftest import Client

ISSUES = "/github/repos/2i2c-org/infrastructure/issues"


def _make(client: Client, **issue: object) -> int:
    headers = {"Authorization": "token sandbox"}
    answer = client.session.post(f"{client.url}{ISSUES}", json=issue, headers=headers, timeout=5)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["number"])


def test_new_support_issues_go_onto_the_board_by_themselves_only_where_it_is_switched_on(empty):
    by_hand = _make(empty, title="By hand", labels=["support"])
    assert empty.control("/switches")["board_automation"] is False
    empty.control("/switches", {"board_automation": True})
    other = _make(empty, title="Another matter")
    by_itself = _make(empty, title="By itself", labels=["support"])
    on_board = {item["number"] for item in empty.control("/state")["board"]}
    assert by_itself in on_board
    assert not {by_hand, other} & on_board
