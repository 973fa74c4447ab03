"""The chat adapters: with a bot token, and with a webhook."""

from __future__ import annotations

import json
import re
import traceback
from typing import Any

import pytest
import requests
from test_http import Asked, serving, unused_address

from deskbook.config.organization import load_organization
from deskbook.errors import AnswerLost, NotFound, Refused, ServiceError, Unavailable
from deskbook.services.checks import Check, Lacking, Untold
from deskbook.services.slack import Slack, SlackWebhook
from deskbook_sandbox.server import Running

ORGANIZATION = load_organization()
CHANNEL = ORGANIZATION.chat.support
REF = "Ref 101-1-triage.incident"


@pytest.fixture
def chat(sandbox: Running) -> Slack:
    return Slack(f"{sandbox.url}/slack/api/", "sandbox")


def control(sandbox: Running, what: str, body: Any) -> None:
    requests.post(f"{sandbox.url}/sandbox/{what}", json=body, timeout=10).raise_for_status()


def said(sandbox: Running) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = requests.get(f"{sandbox.url}/sandbox/state", timeout=10).json()["chat"]
    return messages


def refusing(word: str, **more: Any) -> Any:
    return serving(lambda request, n: request.say(200, json.dumps({"ok": False, "error": word, **more})))


def test_what_was_posted_is_found_again_by_its_reference(chat: Slack) -> None:
    assert chat.reads
    assert chat.posted(CHANNEL) == frozenset()
    stamp = chat.post(CHANNEL, "Grace has ticket 101.", REF)
    chat.post(CHANNEL, "And another.", "Ref 102-1-triage.incident")
    assert float(stamp) > 0
    assert chat.posted(CHANNEL) == {REF, "Ref 102-1-triage.incident"}


def test_of_two_messages_with_one_reference_the_first_stays(chat: Slack) -> None:
    first, later, other = (chat.post(CHANNEL, "A day", ref) for ref in ("Ref 0-1-x", "Ref 0-1-x", "Ref 0-1-y"))
    assert [chat.first(CHANNEL, told, "Ref 0-1-x") for told in (first, later, later)] == [True, False, False]
    assert chat.first(CHANNEL, other, "Ref 0-1-y")


def test_a_channel_may_be_named_without_its_sign(chat: Slack) -> None:
    chat.post(CHANNEL.removeprefix("#"), "Hello", REF)
    assert chat.posted(CHANNEL) == {REF}


def test_another_channel_does_not_count(chat: Slack) -> None:
    chat.post(CHANNEL, "Hello", REF)
    assert chat.posted(ORGANIZATION.chat.team) == frozenset()


def test_a_message_of_last_quarter_is_not_read_again(sandbox: Running, chat: Slack) -> None:
    chat.post(CHANNEL, "Hello", REF)
    control(sandbox, "clock", {"advance": 31 * 86_400})
    chat = Slack(f"{sandbox.url}/slack/api", "sandbox")
    assert chat.posted(CHANNEL) == frozenset()


def test_every_page_of_a_channel_is_read(chat: Slack) -> None:
    for count in range(201):
        chat.post(CHANNEL, "Hello", f"Ref {count}-1-triage.incident")
    assert len(chat.posted(CHANNEL)) == 201


def test_foreign_text_neither_calls_people_nor_links_nor_formats(sandbox: Running, chat: Slack) -> None:
    chat.post(CHANNEL, "<!here> @everyone <https://evil.example.org|harmless> & *bold*", REF)
    text = said(sandbox)[-1]["text"]
    assert "<!here>" not in text
    assert "@everyone" not in text
    assert "<https" not in text
    assert "@\u200beveryone" in text


def test_a_message_is_sent_as_plain_text_without_previews() -> None:
    with serving(lambda request, n: request.say(200, '{"ok": true, "ts": "1.2"}')) as local:
        assert Slack(local.url, "key").post("C0123456789", "a < b", REF) == "1.2"
        assert local.headers[0]["authorization"] == "Bearer key"
        body = json.loads(local.bodies[0])
    assert (body["text"], body["mrkdwn"], body["unfurl_links"], body["link_names"]) == ("a &lt; b", False, False, False)
    assert body["metadata"] == {"event_type": "deskbook", "event_payload": {"ref": REF}}


def test_metadata_of_others_is_not_ours() -> None:
    forged = {"event_type": "deskbook", "event_payload": {"ref": "Ref 3-1-triage.x"}}
    messages = [
        {
            "ts": "1.0",
            "user": "U1",
            "bot_id": "B1",
            "metadata": {"event_type": "deskbook", "event_payload": {"ref": REF}},
        },
        {
            "user": "U1",
            "bot_id": "B1",
            "metadata": {"event_type": "else", "event_payload": {"ref": "Ref 1-1-triage.x"}},
        },
        {"user": "U1", "bot_id": "B1", "metadata": {"event_type": "deskbook"}},
        {"user": "U1", "bot_id": "B1", "text": "Ref 2-1-triage.x"},
        {"user": "U1", "bot_id": "B2", "metadata": forged},
        {"user": "U1", "metadata": forged},
        {"metadata": forged},
    ]
    known = {"ok": True, "user_id": "U1", "bot_id": "B1", "messages": messages}
    with serving(lambda request, n: request.say(200, json.dumps(known))) as local:
        assert Slack(local.url, "key").posted("C0123456789") == {REF}


def test_a_persons_token_finds_what_that_person_posted() -> None:
    mine = {"event_type": "deskbook", "event_payload": {"ref": REF}}
    known = {"ok": True, "user_id": "U1", "messages": [{"ts": "1.0", "user": "U1", "metadata": mine}]}
    theirs = {"user": "U2", "metadata": {**mine, "event_payload": {"ref": "Ref 3-1-triage.x"}}}
    told = json.dumps({**known, "messages": [*known["messages"], theirs]})
    with serving(lambda request, n: request.say(200, told)) as local:
        assert Slack(local.url, "key").posted("C0123456789") == {REF}


@pytest.mark.parametrize("token", ["wrong", "xoxb-1-2-3"])
def test_a_wrong_token_names_the_setting_and_not_itself(sandbox: Running, token: str) -> None:
    with pytest.raises(Refused, match="SLACK_BOT_TOKEN") as caught:
        Slack(f"{sandbox.url}/slack/api", token).posted(CHANNEL)
    assert token not in str(caught.value).replace("SLACK_BOT_TOKEN", "")


def test_a_channel_that_is_not_there_says_what_to_do(chat: Slack) -> None:
    with pytest.raises(NotFound, match=r"#nowhere .*invite the app"):
        chat.post("#nowhere", "Hello", REF)


@pytest.mark.parametrize(
    ("word", "more", "kind", "remedy"),
    [
        ("not_in_channel", {}, Refused, "/invite"),
        ("channel_not_found", {}, NotFound, "organization.yaml"),
        ("missing_scope", {"needed": "chat:write"}, Refused, "lacks chat:write"),
        ("token_revoked", {}, Refused, "Check SLACK_BOT_TOKEN"),
        ("ratelimited", {}, Unavailable, "Try again"),
        ("internal_error", {}, AnswerLost, "look before repeating"),
        ("something_new", {}, Refused, "something_new"),
    ],
)
def test_a_refusal_with_status_200_is_still_one(
    word: str, more: dict[str, Any], kind: type[ServiceError], remedy: str
) -> None:
    with refusing(word, **more) as local, pytest.raises(kind, match=remedy):
        Slack(local.url, "key").post("C0123456789", "Hello", REF)


def test_a_stumble_while_reading_leaves_nothing_uncertain() -> None:
    with refusing("internal_error") as local, pytest.raises(Unavailable):
        Slack(local.url, "key").posted("C0123456789")


def test_a_lost_answer_is_reported_not_repeated(sandbox: Running, chat: Slack) -> None:
    control(sandbox, "faults", [{"method": "POST", "path": "/slack/api/chat.postMessage", "drop": "after"}])
    with pytest.raises(AnswerLost):
        chat.post(CHANNEL, "Hello", REF)
    assert len(said(sandbox)) == 1
    assert chat.posted(CHANNEL) == {REF}


# The webhook.


def test_a_webhook_writes_and_cannot_be_read(sandbox: Running) -> None:
    chat = SlackWebhook(f"{sandbox.url}/slack/services/T0/B0/sandbox")
    assert not chat.reads
    assert chat.post(CHANNEL, "Grace & @here", REF) == "sent"
    assert chat.posted(CHANNEL) == frozenset()
    assert said(sandbox)[-1]["text"] == "Grace &amp; @\u200bhere"


@pytest.mark.parametrize(("status", "body"), [(500, "oops"), (200, "<html>"), (200, "")])
def test_a_webhook_that_does_not_say_ok_leaves_it_uncertain(status: int, body: str) -> None:
    with serving(lambda request, n: request.say(status, body)) as local:
        with pytest.raises(AnswerLost):
            SlackWebhook(f"{local.url}/services/T0/B0/s3cret").post(CHANNEL, "Hello", REF)
        assert len(local.asked) == 1


@pytest.mark.parametrize("status", [403, 404, 410, 302])
def test_a_webhooks_address_never_stands_in_an_error(status: int) -> None:
    with (
        serving(lambda request, n: request.say(status, f"no {request.path}")) as local,
        pytest.raises(ServiceError) as caught,
    ):
        SlackWebhook(f"{local.url}/services/T0/B0/s3cret").post(CHANNEL, "Hello", REF)
    assert "s3cret" not in "".join(traceback.format_exception_only(caught.value))


def test_a_webhook_that_nobody_answers_has_written_nothing() -> None:
    with pytest.raises(Unavailable, match="Nothing was written") as caught:
        SlackWebhook(f"{unused_address()}/services/T0/B0/s3cret").post(CHANNEL, "Hello", REF)
    assert "s3cret" not in str(caught.value)


def channel(sandbox: Running, name: str) -> dict[str, Any]:
    known = requests.get(f"{sandbox.url}/sandbox/state", timeout=10).json()["channels"]
    return dict(next(one for one in known if one["name"] == name))


def test_a_channel_is_made_once_and_found_again(sandbox: Running, chat: Slack) -> None:
    assert not chat.has("#inc-aurora")
    made = chat.open("#inc-aurora", "No threads")
    other = Slack(f"{sandbox.url}/slack/api/", "sandbox")
    assert other.open("#inc-aurora", "Another purpose") == made
    assert chat.has("inc-aurora")
    assert channel(sandbox, "inc-aurora")["purpose"]["value"] == "No threads"
    chat.post("#inc-aurora", "Hello", REF)
    assert other.posted("#inc-aurora") == {REF}


def test_a_channel_that_somebody_has_just_made_is_seen(sandbox: Running, chat: Slack) -> None:
    assert not chat.has("#inc-aurora")
    Slack(f"{sandbox.url}/slack/api/", "sandbox").open("#inc-aurora", "")
    assert chat.has("#inc-aurora")


def test_people_are_invited_by_mail_also_twice(sandbox: Running, chat: Slack) -> None:
    chat.open("#inc-aurora", "")
    people = [ORGANIZATION.people[0].mail, ORGANIZATION.people[6].mail]
    assert chat.invite("#inc-aurora", people) == ()
    assert chat.invite("#inc-aurora", [*people, "nobody@elsewhere.example.org"]) == ("nobody@elsewhere.example.org",)
    assert channel(sandbox, "inc-aurora")["num_members"] == 3


def test_a_channel_whose_maker_got_no_further_says_its_purpose_when_people_come(sandbox: Running, chat: Slack) -> None:
    Slack(f"{sandbox.url}/slack/api/", "sandbox").open("#inc-aurora", "")
    chat.invite("#inc-aurora", [], "No threads")
    assert channel(sandbox, "inc-aurora")["purpose"]["value"] == "No threads"
    chat.invite("#inc-aurora", [], "Another one")
    assert channel(sandbox, "inc-aurora")["purpose"]["value"] == "No threads"


def test_a_message_calls_people_by_their_mail(sandbox: Running, chat: Slack) -> None:
    sam = ORGANIZATION.with_role("manager")[0]
    chat.post(CHANNEL, "Sam & <others>: please look", REF, [sam.mail])
    (message,) = said(sandbox)
    assert re.fullmatch(r"Sam &amp; &lt;others&gt;: please look <@U[A-Z0-9]+>", message["text"])
    missed = chat.post(CHANNEL, "Hello", "Ref 101-1-triage.screen", ["nobody@elsewhere.example.org"])
    assert "nobody@elsewhere.example.org could be named only, not called" in missed


def test_a_message_is_posted_though_the_app_may_not_look_for_people() -> None:
    def answer(request: Asked, n: int) -> None:
        if "lookupByEmail" in request.path:
            request.say(200, json.dumps({"ok": False, "error": "missing_scope", "needed": "users:read.email"}))
        else:
            request.say(200, json.dumps({"ok": True, "ts": "1.2"}))

    with serving(answer) as local:
        told = Slack(local.url, "token").post("C12345678", "Hello", REF, ["ada@a.org"])
    assert told == "1.2 (ada@a.org could be named only, not called)"


@pytest.mark.parametrize("word", ["user_disabled", "cant_invite", "user_is_ultra_restricted"])
def test_somebody_who_cannot_be_invited_is_named_and_the_others_are(word: str) -> None:
    def answer(request: Asked, n: int) -> None:
        if "lookupByEmail" in request.path:
            request.say(200, json.dumps({"ok": True, "user": {"id": f"U{n}"}}))
        elif "invite" in request.path:
            request.say(200, json.dumps({"ok": False, "error": word} if n < 3 else {"ok": True, "channel": {}}))

    with serving(answer) as local:
        assert Slack(local.url, "token").invite("C12345678", ["ada@a.org", "ben@a.org"]) == ("ada@a.org",)


def test_a_channel_name_that_an_archived_one_has_is_said(sandbox: Running, chat: Slack) -> None:
    place = chat.open("#inc-aurora", "")
    requests.post(
        f"{sandbox.url}/slack/api/conversations.archive",
        json={"channel": place},
        headers={"Authorization": "Bearer sandbox"},
        timeout=10,
    ).raise_for_status()
    assert not Slack(f"{sandbox.url}/slack/api/", "sandbox").has("#inc-aurora")
    with pytest.raises(NotFound, match="an archived or hidden channel has this name"):
        chat.open("#inc-aurora", "")


def test_a_missing_right_to_make_channels_is_named() -> None:
    with (
        refusing("missing_scope", needed="channels:manage") as local,
        pytest.raises(Refused, match="making #inc-aurora: SLACK_BOT_TOKEN lacks channels:manage"),
    ):
        Slack(local.url, "token").open("#inc-aurora", "")


def test_a_webhook_makes_no_channels(sandbox: Running) -> None:
    hook = SlackWebhook(f"{sandbox.url}/slack/services/T0/B0/sandbox")
    assert not hook.has(CHANNEL)
    assert hook.invite(CHANNEL, ["a@b.example.org"]) == ("a@b.example.org",)
    with pytest.raises(Refused, match="a webhook makes no channels"):
        hook.open("#inc-aurora", "")


def test_scopes_that_the_app_lacks_are_named_and_where_none_are_told_that_is_said() -> None:
    def answer(told: dict[str, str]) -> Any:
        known = json.dumps({"ok": True, "user_id": "U1", "bot_id": "B1", "channels": []})
        return serving(lambda request, n: request.say(200, known, **told))

    def scopes(local: Any) -> Check:
        return next(check for check in Slack(local.url, "key").checks([CHANNEL]) if check.name == "scopes")

    some, missing = (
        "channels:read,chat:write, channels:history",
        "metadata.message:read, channels:manage, users:read.email",
    )
    with (
        answer({"X-OAuth-Scopes": some}) as local,
        pytest.raises(Lacking, match=re.escape(f"no scope {missing}; there")),
    ):
        scopes(local).look()
    with answer({}) as local, pytest.raises(Untold):
        scopes(local).look()


def test_a_message_that_is_too_long_loses_its_end(sandbox: Running, chat: Slack) -> None:
    chat.post(CHANNEL, "a<b " * 20_000, REF)
    assert REF in chat.posted(CHANNEL)
