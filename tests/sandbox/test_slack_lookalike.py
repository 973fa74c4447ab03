"""The chat behaves as Slack does: `ok` and its errors, channels, messages with metadata, threads, the webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import requests
from conftest import ORGANIZATION, Client

SUPPORT = ORGANIZATION.chat.support


@dataclass(frozen=True)
class Chat:
    client: Client

    def say(self, method: str, token: str = "sandbox", **said: Any) -> Any:
        answer = self.client.session.post(
            f"{self.client.url}/slack/api/{method}", json=said, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 200
        return answer.json()

    def ask(self, method: str, **query: Any) -> Any:
        answer = self.client.session.get(
            f"{self.client.url}/slack/api/{method}", params=query, headers={"Authorization": "Bearer sandbox"}
        )
        assert answer.status_code == 200
        return answer.json()

    def texts(self, **query: Any) -> list[str]:
        return [message["text"] for message in self.ask("conversations.history", **query)["messages"]]


@pytest.fixture
def chat(quick: Client) -> Chat:
    quick.control("/reset", {"seed": None})
    return Chat(quick)


def test_every_method_needs_the_token(chat: Chat) -> None:
    assert chat.say("auth.test", token="no") == {"ok": False, "error": "invalid_auth"}
    assert requests.post(f"{chat.client.url}/slack/api/auth.test").json() == {"ok": False, "error": "not_authed"}
    assert chat.say("auth.test")["ok"] is True


def test_metadata_shows_only_to_those_who_ask(chat: Chat) -> None:
    metadata = {"event_type": "deskbook", "event_payload": {"ref": "101-1"}}
    sent = chat.say("chat.postMessage", channel=SUPPORT, text="hello", metadata=metadata)
    assert sent["message"]["metadata"] == metadata
    plain = chat.ask("conversations.history", channel=sent["channel"])["messages"][0]
    assert "metadata" not in plain
    whole = chat.ask("conversations.history", channel=sent["channel"], include_all_metadata="true")["messages"][0]
    assert whole["metadata"] == metadata
    (told,) = chat.client.control("/state")["chat"]
    assert (told["channel_name"], told["text"], told["metadata"]) == (SUPPORT.removeprefix("#"), "hello", metadata)


def test_a_form_says_the_same_as_json(chat: Chat) -> None:
    form = {"channel": SUPPORT, "text": "x", "metadata": '{"event_type": "a", "event_payload": {}}', "token": "sandbox"}
    answer = requests.post(f"{chat.client.url}/slack/api/chat.postMessage", data=form).json()
    assert answer["message"]["metadata"]["event_type"] == "a"


def test_history_is_newest_first_in_pages_and_within_times(chat: Chat) -> None:
    sent = [chat.say("chat.postMessage", channel=SUPPORT, text=str(number)) for number in range(5)]
    channel = sent[0]["channel"]
    assert len({message["ts"] for message in sent}) == 5
    assert chat.texts(channel=channel) == ["4", "3", "2", "1", "0"]
    first = chat.ask("conversations.history", channel=channel, limit=2)
    assert first["has_more"] is True
    cursor = first["response_metadata"]["next_cursor"]
    assert chat.texts(channel=channel, limit=2, cursor=cursor) == ["2", "1"]
    assert chat.texts(channel=channel, oldest=sent[2]["ts"]) == ["4", "3"]
    assert chat.texts(channel=channel, oldest=sent[2]["ts"], inclusive="true") == ["4", "3", "2"]
    assert chat.texts(channel=channel, latest=sent[1]["ts"]) == ["0"]


def test_a_reply_stays_in_its_thread(chat: Chat) -> None:
    parent = chat.say("chat.postMessage", channel=SUPPORT, text="parent")
    chat.say("chat.postMessage", channel=SUPPORT, text="below", thread_ts=parent["ts"])
    assert chat.texts(channel=parent["channel"]) == ["parent"]
    thread = chat.ask("conversations.replies", channel=parent["channel"], ts=parent["ts"])["messages"]
    assert [message["text"] for message in thread] == ["parent", "below"]


def test_a_message_can_be_changed_and_deleted(chat: Chat) -> None:
    sent = chat.say("chat.postMessage", channel=SUPPORT, text="one")
    assert chat.say("chat.update", channel=sent["channel"], ts=sent["ts"], text="two")["text"] == "two"
    assert chat.say("chat.delete", channel=sent["channel"], ts=sent["ts"])["ok"] is True
    assert chat.texts(channel=sent["channel"]) == []


def test_an_incident_gets_its_channel_once(chat: Chat) -> None:
    made = chat.say("conversations.create", name="incident-ember")["channel"]
    user = chat.ask("users.lookupByEmail", email=ORGANIZATION.people[1].mail.upper())["user"]["id"]
    assert chat.say("conversations.invite", channel=made["id"], users=user)["channel"]["num_members"] == 2
    assert chat.say("conversations.setTopic", channel=made["id"], topic="P1")["channel"]["topic"]["value"] == "P1"
    assert "incident-ember" in [one["name"] for one in chat.ask("conversations.list")["channels"]]
    assert chat.say("conversations.invite", channel=made["id"], users=user)["error"] == "already_in_channel"
    assert chat.say("conversations.create", name="incident-ember")["error"] == "name_taken"
    assert chat.say("conversations.join", channel=made["id"])["warning"] == "already_in_channel"


@pytest.mark.parametrize(
    ("method", "said", "error"),
    [
        ("chat.postMessage", {"channel": "nowhere", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": SUPPORT}, "no_text"),
        ("chat.postMessage", {"channel": SUPPORT, "text": "x" * 40_001}, "msg_too_long"),
        (
            "chat.postMessage",
            {"channel": SUPPORT, "text": "x", "metadata": {"event_type": 5}},
            "invalid_metadata_schema",
        ),
        ("chat.postMessage", {"channel": SUPPORT, "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": SUPPORT, "text": "x", "thread_ts": "1"}, "thread_not_found"),
        ("chat.postMessage", {"channel": 5, "text": []}, "channel_not_found"),
        ("conversations.create", {"name": "Not A Name"}, "invalid_name_specials"),
        ("conversations.create", {}, "invalid_name_required"),
        ("conversations.history", {"channel": SUPPORT, "cursor": "zzz"}, "invalid_cursor"),
        ("conversations.history", {"channel": SUPPORT, "oldest": "yesterday"}, "invalid_ts_oldest"),
        ("conversations.invite", {"channel": SUPPORT, "users": "U0"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "nobody@example.org"}, "users_not_found"),
        ("chat.update", {"channel": SUPPORT, "ts": "1.2", "text": "x"}, "message_not_found"),
        ("chat.fly", {}, "unknown_method"),
    ],
)
def test_refusals_come_with_http_200(chat: Chat, method: str, said: dict[str, Any], error: str) -> None:
    answer = chat.say(method, **said)
    assert (answer["ok"], answer["error"]) == (False, error)


def test_broken_json_is_refused_in_slacks_way(chat: Chat) -> None:
    headers = {"Authorization": "Bearer sandbox", "Content-Type": "application/json"}
    for body, error in ((b"{", "invalid_json"), (b"[1]", "json_not_object")):
        answer = requests.post(f"{chat.client.url}/slack/api/chat.postMessage", data=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (200, error)


def test_the_webhook_answers_in_plain_text_and_posts(chat: Chat) -> None:
    hook = f"{chat.client.url}/slack/services/T0/B0/"
    answer = requests.post(hook + "sandbox", json={"text": "from the hook"})
    assert (answer.status_code, answer.text) == (200, "ok")
    assert chat.client.control("/state")["chat"][0]["text"] == "from the hook"
    for path, body, status, text in (
        ("wrong", {"text": "x"}, 403, "invalid_token"),
        ("sandbox", {}, 400, "no_text"),
        ("sandbox", [1], 400, "invalid_payload"),
    ):
        answer = requests.post(hook + path, json=body)
        assert (answer.status_code, answer.text) == (status, text)


def test_a_crowd_is_told_to_wait_only_on_order(chat: Chat) -> None:
    chat.client.control("/faults", [{"path": "/slack/*", "status": 429, "times": 1, "retry_after": 3}])
    answer = requests.post(f"{chat.client.url}/slack/api/auth.test", headers={"Authorization": "Bearer sandbox"})
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["error"]) == (429, "3", "ratelimited")
    assert chat.say("auth.test")["ok"] is True
