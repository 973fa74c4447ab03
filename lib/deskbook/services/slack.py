"""Adapter of the chat: Slack's Web API with a bot token, or its incoming webhook without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from deskbook.errors import AnswerLost, NotFound, Refused, ServiceError, Unavailable
from deskbook.language.text import printable, shorten
from deskbook.services import reply
from deskbook.services.checks import Check, Lacking, Untold, among, scopes_in, untold
from deskbook.services.http import MOST_PAGES, Service, checked_address, checked_key
from deskbook.services.ports import READ_BACK

KEY = "SLACK_BOT_TOKEN"
HOOK = "SLACK_WEBHOOK_URL"
LONGEST = 39_000  # characters of a message, less than the 40,000 of which Slack takes no more
EVENT = "deskbook"  # the type of the metadata in which a message carries its reference
SELF = "/auth.test"  # asks who we are
AT_ONCE = 200  # messages or channels of one page
# The last two are for incidents: their channels are made, and people invited whom only their mail tells.
SCOPES = (
    "channels:read", "channels:history", "chat:write", "metadata.message:read", "channels:manage", "users:read.email"
)  # fmt: skip

# What Slack's words mean to whoever reads the error, and what to do.
KEY_ERRORS = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
}
PASSING = {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
THERE = {"already_in_channel", "cant_invite_self"}
# Somebody who cannot be invited is no reason to stop.
MISSED = {"cant_invite", "user_not_found", "user_disabled", "user_is_restricted", "user_is_ultra_restricted"}
REMEDIES = {
    "channel_not_found": "check its name under chat in organization.yaml, and invite the app to it",
    "not_in_channel": "invite the app: write /invite and its name in that channel",
    "is_archived": "the channel is archived; name another one under chat in organization.yaml",
    "msg_too_long": "the message is too long; shorten it",
}


class Slack:
    """A Chat that can be read back: what we posted is found by its metadata."""

    def __init__(self, url: str, token: str) -> None:
        token = checked_key(KEY, token)
        self._http = Service(
            name="Slack",
            base=url,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            secrets=(token,),
            key=KEY,
            address="the way to slack.com",
            rights=f"needs the scopes {', '.join(SCOPES)}",
            explain=lambda body: str(body.get("error") or "") if isinstance(body, dict) else "",
        )
        self._ids: dict[str, str] | None = None
        self._joined: set[str] = set()  # the ids of the channels that the app is in
        self._untold: set[str] = set()  # those of the channels that say no purpose
        self._own: tuple[str, str, str] | None = None

    def account(self) -> str:
        return self._account()[2]

    def checks(self, channels: Sequence[str]) -> tuple[Check, ...]:
        def scopes() -> str:
            self._tested()
            told = scopes_in(self._http.told)
            return among("scope", SCOPES, told) if told else untold("the answers of Slack name none")()

        def channel(name: str) -> Callable[[], str]:
            def look() -> str:
                if self._channel(name) not in self._joined:
                    raise Lacking("the app is not in it")
                return "the app is in it"

            return look

        invite = "Write /invite and the app's name in it, or correct the name under chat in organization.yaml"
        return (
            Check("account", self.account, f"Check {KEY}"),
            Check("scopes", scopes, "Add them to the app, and install it again"),
            *(Check(f"channel {name}", channel(name), invite) for name in dict.fromkeys(channels)),
        )

    def clock(self) -> datetime:
        """Slack's own time, asked now."""
        return self._http.clock(SELF)

    @property
    def reads(self) -> bool:
        return True

    def posted(self, channel: str, *, ever: bool = False) -> frozenset[str]:
        """The references that our own messages carry in that channel, however many others are there."""
        return frozenset(ref for ref, _ in self._ours(channel, READ_BACK if not ever else None))

    def first(self, channel: str, told: str, ref: str) -> bool:
        """Whether our message is the first with its reference; else it is taken back. Others wrote within this hour."""
        stamp = told.partition(" ")[0]
        if min((ts for known, ts in self._ours(channel, timedelta(hours=1)) if known == ref), default=stamp) == stamp:
            return True
        answer = self._write("/chat.delete", {"channel": self._channel(channel), "ts": stamp})
        if answer["ok"] is not True and answer.get("error") != "message_not_found":
            raise self._refusal(answer, f"taking a message in {channel} back", wrote=True)
        return False

    def _ours(self, channel: str, back: timedelta | None) -> Iterator[tuple[str, str]]:
        """The reference and the stamp of each message of ours there, of that time or of all; the newest first."""
        asked: dict[str, Any] = {"channel": self._channel(channel), "include_all_metadata": "true"}
        if self._http.date and back:  # Slack's own clock, as told with the channels
            asked["oldest"] = f"{(self._http.date - back).timestamp():.0f}"
        for page in self._pages("/conversations.history", asked):
            complain = self._http.bent("/conversations.history")
            for message in reply.listed(complain, page, "messages"):
                metadata = reply.maybe(complain, message, "metadata", dict) or {}
                if reply.maybe(complain, metadata, "event_type", str) == EVENT and self._is_ours(message, complain):
                    payload = reply.maybe(complain, metadata, "event_payload", dict) or {}
                    if ref := reply.maybe(complain, payload, "ref", str):
                        yield ref, reply.must(complain, message, "ts", str)

    def _is_ours(self, message: Mapping[str, Any], complain: reply.Complain) -> bool:
        """Whether the app of our token wrote it: any other app can give its messages the same metadata."""
        bot, user, _ = self._account()
        return reply.maybe(complain, message, "bot_id" if bot else "user", str) == (bot or user)

    def _account(self) -> tuple[str, str, str]:
        """The ids of the token's bot (empty for a person's token) and user, and both in words."""
        if self._own is None:
            told, complain = self._tested(), self._http.bent(SELF)
            bot, name, team, url = (reply.maybe(complain, told, key, str) for key in ("bot_id", "user", "team", "url"))
            words = f"{name or 'an account without a name'} of {team or url}"
            self._own = bot or "", reply.must(complain, told, "user_id", str), shorten(words)
        return self._own

    def _tested(self) -> dict[str, Any]:
        """What Slack says of our token."""
        told: dict[str, Any] = self._http.get(SELF)
        if not reply.must(self._http.bent(SELF), told, "ok", bool):
            raise self._refusal(told, f"GET {SELF}", wrote=False)
        return told

    def post(self, channel: str, text: str, ref: str, people: Sequence[str] = ()) -> str:
        """Write in the channel; the message's time stamp, which is its id, and who could not be called."""
        called = {mail: self._called(mail) for mail in people}
        mentions = "".join(f" <@{user}>" for user in called.values() if user)
        plain = _plain(text)
        metadata = {"event_type": EVENT, "event_payload": {"ref": ref}}
        message = {"channel": self._channel(channel), "metadata": metadata, **plain, "text": plain["text"] + mentions}
        answer = self._write("/chat.postMessage", message)
        if answer["ok"] is not True:
            raise self._refusal(answer, f"writing in {channel}", wrote=True)
        missed = ", ".join(mail for mail, user in called.items() if not user)
        stamp = reply.must(self._http.silent("/chat.postMessage"), answer, "ts", str)
        return f"{stamp} ({missed} could be named only, not called)" if missed else stamp

    def has(self, channel: str) -> bool:
        """Whether there is such a channel, that is not archived, as of now."""
        return _bare(channel) in self._listed(anew=_bare(channel) not in (self._ids or {}))

    def open(self, channel: str, purpose: str) -> str:
        """Make a public channel, or take the one of that name that is there; its id."""
        answer = self._write("/conversations.create", {"name": _bare(channel), "is_private": False})
        if answer["ok"] is not True and answer.get("error") != "name_taken":
            raise self._refusal(answer, f"making {channel}", wrote=True)
        self._ids = None
        if answer["ok"] is not True and not self.has(channel):
            text = f"making {channel}: an archived or hidden channel has this name; bring it back, or make another one"
            raise self._http.error(NotFound, text)
        made = self._channel(channel)
        if answer["ok"] is True:  # a purpose that fails is no reason to be without the channel
            self._tell(made, purpose)
        return made

    def _tell(self, place: str, purpose: str) -> None:
        self._write("/conversations.setPurpose", {"channel": place, "purpose": shorten(purpose, 240)})
        self._untold.discard(place)

    def invite(self, channel: str, mails: Sequence[str], purpose: str = "") -> tuple[str, ...]:
        """Bring people in who are not there yet; the mails of those whom Slack does not know or does not let in.

        A channel that says no purpose, since whoever made it got no further, says this one.
        """
        place, missed = self._channel(channel), []
        if purpose and place in self._untold:
            self._tell(place, purpose)
        for mail in mails:
            user = self._user(mail)
            if not user:
                missed.append(mail)
                continue
            answer = self._write("/conversations.invite", {"channel": place, "users": user})
            if answer["ok"] is True:
                reply.must(self._http.silent("/conversations.invite"), answer, "channel", dict)
            elif answer.get("error") in MISSED:
                missed.append(mail)
            elif answer.get("error") not in THERE:
                raise self._refusal(answer, f"inviting {mail} to {channel}", wrote=False)
        return tuple(missed)

    def _called(self, mail: str) -> str:
        """The same, for a message that matters more than the call in it: empty also where the app may not look."""
        try:
            return self._user(mail)
        except Refused:
            return ""

    def _user(self, mail: str) -> str:
        """The id of the person with this address; empty where Slack knows none."""
        path = "/users.lookupByEmail"
        complain = self._http.bent(path)
        found = self._http.get(path, {"email": mail})
        if reply.must(complain, found, "ok", bool):
            return reply.must(complain, reply.must(complain, found, "user", dict), "id", str)
        if found.get("error") == "users_not_found":
            return ""
        raise self._refusal(found, f"looking for {mail}", wrote=False)

    def _write(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._http.write("POST", path, body)
        reply.must(self._http.silent(path), answer, "ok", bool)
        found: dict[str, Any] = answer
        if not found["ok"]:
            reply.must(self._http.silent(path), found, "error", str)
        return found

    def _channel(self, channel: str) -> str:
        """The id of a channel named with or without its #; an id stays as it is."""
        name = _bare(channel)
        if re.fullmatch(r"[CG][A-Z0-9]{8,}", name):
            return name
        known = self._listed()
        if name not in known:
            self_help = REMEDIES["channel_not_found"]
            raise self._http.error(NotFound, f"there is no channel #{name} that the app can see; {self_help}")
        return known[name]

    def _listed(self, *, anew: bool = False) -> dict[str, str]:
        """The ids of all channels by their names, read once unless `anew`."""
        if self._ids is None or anew:
            asked = {"types": "public_channel,private_channel", "exclude_archived": "true"}
            self._ids = {}
            for page in self._pages("/conversations.list", asked):
                complain = self._http.bent("/conversations.list")
                for each in reply.listed(complain, page, "channels"):
                    id = reply.must(complain, each, "id", str)
                    self._ids[reply.must(complain, each, "name", str)] = id
                    self._joined |= {id} if reply.maybe(complain, each, "is_member", bool) else set()
                    said = reply.maybe(complain, each, "purpose", dict) or {"value": "not told"}
                    self._untold |= set() if said.get("value") else {id}
        return self._ids

    def _pages(self, path: str, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(MOST_PAGES):
            page = self._http.get(path, {**asked, "limit": AT_ONCE, **({"cursor": cursor} if cursor else {})})
            complain = self._http.bent(path)
            if not reply.must(complain, page, "ok", bool):
                raise self._refusal(page, f"GET {path}", wrote=False)
            yield page
            onward = reply.maybe(
                complain, reply.maybe(complain, page, "response_metadata", dict) or {}, "next_cursor", str
            )
            onward = onward or ""
            if onward in ("", cursor):
                return
            cursor = onward
        raise self._http.error(ServiceError, f"the pages of {path} have no end; what we wrote cannot be looked for")

    def _refusal(self, answer: Mapping[str, Any], what: str, *, wrote: bool) -> ServiceError:
        told = answer.get("error")
        word = shorten(told, 60) if isinstance(told, str) and told else "no reason given"
        if word in KEY_ERRORS:
            return self._http.error(Refused, f"the token is not accepted ({word}). Check {KEY}")
        if word == "missing_scope":
            scope = answer.get("needed") or "the scope that it lacks"
            return self._http.error(Refused, f"{what}: {KEY} lacks {scope}. Add it to the app and install it again")
        if word in PASSING and wrote and word != "ratelimited":
            text = f"{what}: Slack stumbled ({word}). It may have landed. Run again: it will look before repeating it"
            return self._http.error(AnswerLost, text)
        if word in PASSING:
            return self._http.error(Unavailable, f"{what}: Slack cannot now ({word}). Try again in a few minutes")
        remedy = REMEDIES.get(word, f"see what Slack's documentation says of {word}")
        return self._http.error(NotFound if word == "channel_not_found" else Refused, f"{what}: {word}; {remedy}")


class SlackWebhook:
    """A Chat that cannot be read back. Its address is its key, and fixes the channel."""

    def __init__(self, url: str) -> None:
        url = checked_address(HOOK, url)
        self._http = Service(
            name="Slack",
            base=url,
            headers={},
            secrets=(url, urlsplit(url).path),
            key=HOOK,
            address=HOOK,
            rights="belongs to an app that may no longer post; make a new webhook",
            explain=lambda body: "",
        )

    def account(self) -> str:
        return "an incoming webhook, which fixes the channel"

    def checks(self, channels: Sequence[str]) -> tuple[Check, ...]:
        return (Check("webhook", untold("it answers nothing but to a message; nothing can be read back"), ""),)

    def clock(self) -> datetime:
        raise Untold("a webhook tells no time")

    @property
    def reads(self) -> bool:
        return False

    def posted(self, channel: str, *, ever: bool = False) -> frozenset[str]:
        """Nothing: a webhook only writes."""
        return frozenset()

    def post(self, channel: str, text: str, ref: str, people: Sequence[str] = ()) -> str:
        """Write in the webhook's own channel; "sent", since it names no message. It calls nobody: it knows no people."""
        answer = self._http.send("POST", "", _plain(text))
        if answer.body.strip() != b"ok":
            raise self._http.error(AnswerLost, f"the webhook did not say ok. Look in {channel} before repeating it")
        return "sent"

    def first(self, channel: str, told: str, ref: str) -> bool:
        """Taken for so: a webhook sees nothing."""
        return True

    def has(self, channel: str) -> bool:
        """Not known: a webhook sees no channels."""
        return False

    def open(self, channel: str, purpose: str) -> str:
        raise self._http.error(Refused, f"a webhook makes no channels. Make {channel} by hand, or set {KEY}")

    def invite(self, channel: str, mails: Sequence[str], purpose: str = "") -> tuple[str, ...]:
        return tuple(mails)


def _bare(channel: str) -> str:
    return channel.removeprefix("#")


def _plain(text: str) -> dict[str, Any]:
    """A message of that text, in which nothing acts: no mention, no markup, no preview of a link."""
    text = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "@\u200b")
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    options = {"mrkdwn": False, "parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}
    return {"text": text, **options}
