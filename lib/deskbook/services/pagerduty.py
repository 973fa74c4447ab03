"""Adapter of the pager: read and write incidents in PagerDuty. A write names who acts by the mail in its From header."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from deskbook.config.organization import Hub
from deskbook.errors import NotFound, Refused
from deskbook.model.case import mentions
from deskbook.model.records import Page, PageNote
from deskbook.services import reply
from deskbook.services.checks import Check, Lacking, among, listed, untold
from deskbook.services.http import Service, checked_key

KEY = "PAGERDUTY_TOKEN"
LIMIT = 100
MOST = 10_000  # PagerDuty refuses to page further
P1 = "P1"
BY_ID = "id "  # an incident that groups alerts has no key of its own


class PagerDuty:
    """A Pager. `service` names the service on which pages are made; empty: one named after the hub, else the only one."""

    def __init__(self, url: str, token: str, service: str = "") -> None:
        token = checked_key(KEY, token)
        self._service = service
        self._http = Service(
            name="PagerDuty",
            base=url,
            headers={
                "Authorization": f"Token token={token}",
                "Accept": "application/vnd.pagerduty+json;version=2",
            },
            secrets=(token,),
            key=KEY,
            address="PAGERDUTY_API_URL",
            rights="must be allowed to read and write incidents, and to read services, priorities and users",
            explain=explain,
        )
        self._makers: dict[str, str] = {}  # the ids of who made the pages that were read, by page
        self._mails: dict[str, str] | None = None

    # Reading.

    def checks(self, mails: Sequence[str], hubs: Sequence[Hub]) -> tuple[Check, ...]:
        def services() -> str:
            names = self._services()
            bare = [hub.name for hub in hubs if not self._fitting(names, (hub.name, hub.cluster))]
            if bare or (self._service and not self._fitting(names, ())):
                lacks = f"none is called {self._service}" if self._service else f"none is meant for {listed(bare)}"
                raise Lacking(f"{lacks}; there is {listed(names.values()) or 'none'}")
            return listed(names.values())

        def people() -> str:
            among("user", mails, self._people().values())
            return f"all {len(mails)} who work on pages"

        def priority() -> str:
            return "P1 is there" if self._p1() else "there is no P1: high urgency takes its place"

        def abilities() -> str:
            complain, told = self._http.bent("/abilities"), self._http.get("/abilities")
            reply.must(complain, told, "abilities", list)
            return among("ability", ("urgencies",), reply.texts(complain, told, "abilities"))

        add = "Add them in PagerDuty with the mail that organization.yaml has"
        mend = "Name one as service under incident in organization.yaml"
        return (
            Check("account", self.account, f"Check PAGERDUTY_API_URL and {KEY}"),
            Check("abilities", abilities, "Let the account's plan have urgencies"),
            Check("reads incidents", lambda: f"open ones: {len(self.open_pages())}", "Let the token read incidents"),
            Check("services", services, mend),
            Check("priorities", priority, "Let the token read priorities"),
            Check("people", people, add),
            Check("writes", untold("whether the token is read-only no call tells"), "Make one that may write"),
        )

    def clock(self) -> datetime:
        """PagerDuty's own time, asked now."""
        return self._http.clock("/abilities")

    def account(self) -> str:
        """The person of a token of their own; an account's token belongs to nobody, and PagerDuty says so by a 400."""
        try:
            complain, told = self._http.bent("/users/me"), self._http.get("/users/me")
            return reply.must(complain, reply.must(complain, told, "user", dict), "email", str)
        except Refused as error:
            if "(400" not in str(error):
                raise
            return "whoever runs it: the token is the whole account's"

    def open_pages(self) -> tuple[Page, ...]:
        """The incidents that nobody has resolved, however old."""
        return self._found({"statuses[]": ["triggered", "acknowledged"]})

    def latest(self, key: str) -> Page | None:
        """The newest page with that key, open or resolved; or the one of that id, written `id Q123`."""
        if key.startswith(BY_ID):
            path = f"/incidents/{quote(key.removeprefix(BY_ID), safe='')}"
            with suppress(NotFound):
                return self._page(self._http.need(self._http.get(path), "incident", path), self._http.bent(path))
            return None
        pages = self._found({"incident_key": key})
        return max(pages, key=lambda page: (page.open, str(page.created), page.id), default=None)

    def detailed(self, page: Page) -> Page:
        """The same page with its notes and who made it, and whether it is a P1: by its priority, or where the account has
        no priority called P1, by its high urgency."""
        path = f"/incidents/{page.id}/notes"
        complain = self._http.bent(path)
        notes = reply.listed(complain, self._http.get(path), "notes")
        said = tuple(
            PageNote(self._mail_of(_id_in(complain, note, "user")), reply.maybe(complain, note, "content", str) or "")
            for note in notes
        )
        p1 = page.p1 or (not page.priority and page.urgency == "high" and self._p1() is None)
        return replace(page, p1=p1, notes=said, by=self._mail_of(self._makers.get(page.id, "")))

    # Writing.

    def declare(self, key: str, title: str, details: str, *, hubs: Sequence[str], to: str, by: str) -> Page:
        """A new P1; where an open page has the key already, that one: PagerDuty refuses a second, and so do we."""
        priority = self._p1()
        wish = {
            "type": "incident",
            "title": title,
            "service": {"id": self._service_for(hubs), "type": "service_reference"},
            "urgency": "high",
            "incident_key": key,
            "body": {"type": "incident_body", "details": details},
            "assignments": [{"assignee": {"id": self._user(to), "type": "user_reference"}}],
            **({"priority": {"id": priority, "type": "priority_reference"}} if priority else {}),
        }
        try:
            answer = self._as(by).write("POST", "/incidents", {"incident": wish})
        except Refused:
            there = self.latest(key)
            if there is None or not there.open:
                raise
            return there
        lost = self._http.silent("POST /incidents")
        return self._page(reply.must(lost, answer, "incident", dict), lost)

    def raise_to_p1(self, page_id: str, *, by: str) -> None:
        priority = self._p1()
        wish = {"priority": {"id": priority, "type": "priority_reference"}} if priority else {"urgency": "high"}
        page = self._change(page_id, wish, by)
        self._shows(page_id, page.p1 if priority else page.urgency == "high", "the priority")

    def acknowledge(self, page_id: str, *, by: str) -> None:
        page = self._change(page_id, {"status": "acknowledged"}, by)
        self._shows(page_id, page.status == "acknowledged", "the status")

    def reassign(self, page_id: str, *, to: str, by: str) -> None:
        assignee = {"id": self._user(to), "type": "user_reference"}
        page = self._change(page_id, {"assignments": [{"assignee": assignee}]}, by)
        self._shows(page_id, bool(page.assigned), "the person")

    def resolve(self, page_id: str, *, said: str, by: str) -> None:
        """Resolve it, with these words as its resolution note."""
        page = self._change(page_id, {"status": "resolved", "resolution": said}, by)
        self._shows(page_id, page.status == "resolved", "the status")

    def note(self, page_id: str, said: str, *, by: str) -> None:
        path = f"/incidents/{page_id}/notes"
        answer = self._as(by).write("POST", path, {"note": {"content": said}})
        lost = self._http.silent(f"POST {path}")
        reply.must(lost, reply.must(lost, answer, "note", dict), "id", str)

    def _change(self, page_id: str, changes: Mapping[str, Any], by: str) -> Page:
        """The page as the answer shows it; AnswerLost where it shows none."""
        wish = {"type": "incident_reference", **changes}
        path = f"/incidents/{page_id}"
        answer = self._as(by).write("PUT", path, {"incident": wish})
        lost = self._http.silent(f"PUT {path}")
        return self._page(reply.must(lost, answer, "incident", dict), lost)

    def _shows(self, page_id: str, shown: bool, what: str) -> None:
        if not shown:
            raise self._http.silent(f"PUT /incidents/{page_id}")(f"{what} is not what was set")

    def _as(self, by: str) -> Service:
        return replace(self._http, headers={**self._http.headers, "From": by})

    # What writing refers to.

    def _p1(self) -> str | None:
        """The id of the account's priority P1; None where it has none."""
        return next((one["id"] for one in self._all("priorities") if _named(one) == P1), None)

    def _service_for(self, hubs: Sequence[str]) -> str:
        """The service of the first hub (or cluster) that one is named after; else the one that is configured, or alone."""
        names = self._services()
        if found := self._fitting(names, hubs):
            return found[0]
        known = ", ".join(list(names.values())[:10]) or "none"
        text = f"no service is meant for {' or '.join(hubs)} ({known}). Name one as service under incident in organization.yaml"
        raise self._http.error(Refused, text)

    def _services(self) -> dict[str, str]:
        """The names of all services, by id."""
        return {str(one["id"]): _named(one) for one in self._all("services")}

    def _fitting(self, names: Mapping[str, str], hubs: Sequence[str]) -> list[str]:
        if self._service:
            return [id for id, name in names.items() if name.lower() == self._service.lower()]
        fitting = [id for hub in hubs for id, name in names.items() if mentions(name, hub)]
        return fitting or (list(names) if len(names) == 1 else [])

    def _user(self, mail: str) -> str:
        """The id of the person with that mail; Refused where the pager knows nobody by it."""
        for one in self._all("users", query=mail):
            if (reply.maybe(self._http.bent("/users"), one, "email", str) or "").lower() == mail.lower():
                return str(one["id"])
        raise self._http.error(Refused, f"nobody has the mail {mail}; add them in PagerDuty, or name somebody else")

    def _mail_of(self, id: str) -> str:
        """The mail of whom an answer refers to; empty for a monitor, an app, or somebody who has left."""
        if id and self._mails is None:
            self._mails = self._people()
        return (self._mails or {}).get(id, "")

    def _people(self) -> dict[str, str]:
        """The mails of everybody, by id."""
        complain = self._http.bent("/users")
        return {str(one["id"]): reply.maybe(complain, one, "email", str) or "" for one in self._all("users")}

    def _all(self, what: str, **asked: str) -> list[dict[str, Any]]:
        path = f"/{what}"
        found: list[dict[str, Any]] = []
        for offset in range(0, MOST, LIMIT):
            complain = self._http.bent(path)
            answer = self._http.get(path, {**asked, "limit": LIMIT, "offset": offset})
            found += reply.listed(complain, answer, what)
            for one in found:
                reply.must(complain, one, "id", str)
            if not reply.maybe(complain, answer, "more", bool):
                break
        return found

    def _found(self, asked: Mapping[str, Any]) -> tuple[Page, ...]:
        asked = {
            **asked,
            # The people in full, with their mails, and how it began, with who made it.
            "include[]": ["body", "acknowledgers", "assignees", "first_trigger_log_entries"],
            "date_range": "all",  # without it, an incident of last month is left out
            "limit": LIMIT,
        }
        found: dict[str, Page] = {}
        for offset in range(0, MOST, LIMIT):
            answer = self._http.get("/incidents", {**asked, "offset": offset})
            complain = self._http.bent("/incidents")
            incidents = reply.listed(complain, answer, "incidents")
            for incident in incidents:
                page = self._page(incident, complain)
                found.setdefault(page.id, page)
            if not reply.maybe(complain, answer, "more", bool) or not incidents:
                break
        return tuple(found.values())

    def _page(self, incident: dict[str, Any], complain: reply.Complain) -> Page:
        """`complain` makes the error of what is not PagerDuty's."""

        def part(key: str) -> dict[str, Any]:
            return reply.maybe(complain, incident, key, dict) or {}

        def words(key: str) -> str:
            return reply.maybe(complain, incident, key, str) or ""

        id, title = reply.must(complain, incident, "id", str), reply.text(complain, incident, "title")
        details = part("body").get("details") or ""
        service = reply.maybe(complain, part("service"), "summary", str) or ""
        if maker := _id_in(complain, part("first_trigger_log_entry"), "agent"):
            self._makers[id] = maker
        key, priority = words("incident_key"), _named(part("priority"))
        about = (
            title,
            details if isinstance(details, str) else json.dumps(details, ensure_ascii=False),
            service,
            key,
        )
        return Page(
            id=id,
            title=title,
            status=reply.must(complain, incident, "status", str),
            about="\n".join(str(part) for part in about if part),
            url=words("html_url"),
            key=key,
            p1=priority == P1,
            priority=priority,
            urgency=words("urgency"),
            acknowledged=_people(complain, reply.objects(complain, incident, "acknowledgements"), "acknowledger"),
            assigned=_people(complain, reply.objects(complain, incident, "assignments"), "assignee"),
            created=_moment(complain, incident, "created_at"),
            resolved=_moment(complain, incident, "resolved_at"),
        )


def _id_in(complain: reply.Complain, record: Any, key: str) -> str:
    """The id of what stands there; empty where there is nothing."""
    return reply.maybe(complain, reply.maybe(complain, record, key, dict) or {}, "id", str) or ""


def _people(complain: reply.Complain, entries: Sequence[Any], role: str) -> tuple[str, ...]:
    """Mails of people, or their names where the pager tells no more."""
    people = [reply.maybe(complain, entry, role, dict) or {} for entry in entries]
    told = ([reply.maybe(complain, one, key, str) for key in ("email", "summary")] for one in people)
    return tuple(mail or name or "" for mail, name in told)


def _named(thing: Mapping[str, Any]) -> str:
    """What a priority or a service is called; empty where that is no text."""
    return next((name for key in ("name", "summary") if isinstance(name := thing.get(key), str) and name), "")


def _moment(complain: reply.Complain, incident: Mapping[str, Any], key: str) -> datetime | None:
    return reply.moment(complain, incident, key) if incident.get(key) is not None else None


def explain(body: Any) -> str:
    """An error of PagerDuty's on one line."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return str(error or "")
    more = error.get("errors")
    return ": ".join(str(part) for part in (error.get("message"), *(more if isinstance(more, list) else ())) if part)
