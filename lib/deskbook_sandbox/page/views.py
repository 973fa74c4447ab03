"""What the sandbox's page shows, read from the services' own tables: small pages of JSON, foreign text already safe."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from unicodedata import combining, normalize
from uuid import uuid4

from deskbook_sandbox import hubs
from deskbook_sandbox.freshdesk.records import Record, docs, get, mail_told, select
from deskbook_sandbox.http import Request
from deskbook_sandbox.page.text import place_of, safe_html
from deskbook_sandbox.pagerduty import service as pagerduty
from deskbook_sandbox.slack import service as slack
from deskbook_sandbox.store.database import Store

Json = dict[str, Any]

PAGE = 25
STATUSES = {2: "Open", 3: "Pending", 4: "Resolved", 5: "Closed", 6: "Waiting on customer", 7: "Waiting on third party"}
PRIORITIES = {1: "Low", 2: "Medium", 3: "High", 4: "Urgent"}
SOURCES = {1: "mail", 2: "portal", 3: "phone", 7: "chat", 9: "web widget", 10: "outbound mail"}
FILTERS = {
    "unresolved": "deleted = 0 AND spam = 0 AND status NOT IN (4, 5)",
    "open": "deleted = 0 AND spam = 0 AND status = 2",
    "pending": "deleted = 0 AND spam = 0 AND status = 3",
    "resolved": "deleted = 0 AND spam = 0 AND status = 4",
    "closed": "deleted = 0 AND spam = 0 AND status = 5",
    "all": "deleted = 0 AND spam = 0",
    "hidden": "(deleted = 1 OR spam = 1)",
}
# A contact that belongs to a company, by default or besides.
MEMBER = """deleted = 0 AND (company_id = ? OR EXISTS (SELECT 1 FROM json_each(coalesce(other_companies, '[]'))
    WHERE json_extract(value, '$.company_id') = ?))"""
_NOTE, _SURVEY, _FORWARD = 2, 6, 8
_BOOT = f"{os.getpid()}-{uuid4().hex[:8]}"
_counted: dict[int, tuple[str, Json]] = {}


def pulse(store: Store) -> Json:
    """A version that moves with every write, the clock, and how much there is of everything."""
    foreign = store.value("PRAGMA data_version")
    version = f"{_BOOT}.{id(store)}.{store.db.total_changes}.{foreign}"
    known = _counted.get(id(store))
    if known is None or known[0] != version:
        _counted.clear()
        _counted[id(store)] = known = (version, _counts(store))
    frozen = "frozen" in (store.recall("clock") or {})
    return {"version": version, "now": store.stamp(), "frozen": frozen, "counts": known[1]}


def _counts(store: Store) -> Json:
    tickets = dict.fromkeys(FILTERS, 0)
    rows = store.rows("SELECT status, deleted OR spam, count(*) FROM fd_tickets GROUP BY 1, 2")
    for status, hidden, count in rows:
        kept = {2: "open", 3: "pending", 4: "resolved", 5: "closed"}.get(status)
        names = ["hidden"] if hidden else ["all", *([kept] if kept else [])]
        if not hidden and status not in (4, 5):
            names.append("unresolved")
        for name in names:
            tickets[name] += count
    return {
        "tickets": tickets,
        "said": _one(store, "SELECT count(*) FROM fd_conversations"),
        "mail": _one(store, "SELECT count(*) FROM fd_outbox"),
        "issues": _one(store, "SELECT count(*) FROM gh_issues WHERE state = 'open' AND pull = 0"),
        "comments": _one(store, "SELECT count(*) FROM gh_comments"),
        "chat": len(slack.SERVICE.state(store)["chat"]),
        "pager": sum(page["status"] != "resolved" for page in pagerduty.SERVICE.state(store)["pager"]),
        "down": [hub["name"] for hub in hubs.SERVICE.state(store)["hubs"] if not hub["up"]],
    }


def paged(name: str, total: int, page: int, read: Callable[[str], list[Json]]) -> Json:
    """One page of `total` entries under `name`; `read` takes the LIMIT of a query."""
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    return {name: read(f"LIMIT {PAGE} OFFSET {PAGE * (page - 1)}"), "total": total, "page": page, "pages": pages}


def _one(store: Store, query: str) -> int:
    return int(store.value(query))


def number_of(request: Request, name: str, default: int = 1, most: int = 1_000_000) -> int:
    text = request.query.get(name, "")
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 10 else default


# The queue


def queue(store: Store, status: str, words: str, page: int, sort: str = "changed") -> Json:
    """One page of tickets; `words` are looked for in the subject, the requester and the tags, a number is an id."""
    where, values = FILTERS.get(status, FILTERS["unresolved"]), []
    for word in words.split()[:6]:
        mark = "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
        where += r""" AND (subject LIKE ? ESCAPE '\' OR tags LIKE ? ESCAPE '\' OR fd_tickets.id = ? OR requester_id IN
            (SELECT id FROM fd_contacts WHERE name LIKE ? ESCAPE '\' OR email LIKE ? ESCAPE '\')
            OR company_id IN (SELECT id FROM fd_companies WHERE name LIKE ? ESCAPE '\'))"""
        bare = word.lstrip("#")
        number = int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 10 else 0
        values += [mark, mark, number, mark, mark, mark]
    order = "created_at" if sort == "created" else "updated_at"
    total, names = store.value(f"SELECT count(*) FROM fd_tickets WHERE {where}", *values), _agents(store)

    def read(limit: str) -> list[Json]:
        found = select(store, "ticket", f"WHERE {where} ORDER BY {order} DESC, id DESC {limit}", values)
        return [_line(store, ticket, names) for ticket in found]

    return paged("tickets", total, page, read)


def _line(store: Store, ticket: Record, agents: Mapping[int, Json]) -> Json:
    asker, company = _person(store, ticket["requester_id"], agents), company_name(store, ticket["company_id"])
    return {
        "id": ticket["id"],
        "subject": ticket["subject"] or "(no subject)",
        "status": STATUSES.get(ticket["status"], f"Status {ticket['status']}"),
        "priority": PRIORITIES.get(ticket["priority"], ""),
        "type": ticket["type"],
        "requester": asker["name"],
        "company": company,
        "agent": agents[ticket["responder_id"]]["name"] if ticket["responder_id"] in agents else None,
        "tags": ticket["tags"] or [],
        "created": ticket["created_at"],
        "updated": ticket["updated_at"],
        "due": ticket["due_by"],
        "spam": ticket["spam"],
        "deleted": ticket["deleted"],
    }


def _agents(store: Store) -> dict[int, Json]:
    return {
        agent["id"]: {"id": agent["id"], "name": agent["contact"]["name"], "mail": agent["contact"]["email"]}
        for agent in docs(store, "agent")
    }


def _person(store: Store, number: int | None, agents: Mapping[int, Json]) -> Json:
    if number is not None and number in agents:
        return {**agents[number], "ours": True}
    contact = get(store, "contact", number) if number else None
    if contact is None:
        return {"id": number, "name": "somebody unknown", "mail": None, "ours": False}
    mail = contact["email"]
    return {"id": number, "name": contact["name"] or mail or "no name", "mail": mail, "ours": False}


def company_name(store: Store, number: int | None) -> str | None:
    row = store.row("SELECT name FROM fd_companies WHERE id = ?", number or 0)
    return row["name"] if row else None


# One ticket


def ticket(store: Store, number: int) -> Json | None:
    found = get(store, "ticket", number)
    if found is None:
        return None
    agents = _agents(store)
    repository = store.organization.tracker.repository
    asker = _person(store, found["requester_id"], agents)
    said = select(store, "conversation", "WHERE ticket_id = ? ORDER BY id LIMIT 500", (number,))
    texts = [found["description"] or "", *(message["body"] or "" for message in said)]
    stamps = ("first_responded_at", "pending_since", "reopened_at", "resolved_at", "closed_at")
    return {
        **_line(store, found, agents),
        "agent_id": found["responder_id"],
        "status_id": found["status"],
        "source": SOURCES.get(found["source"], f"source {found['source']}"),
        "group": next((group["name"] for group in docs(store, "group") if group["id"] == found["group_id"]), None),
        "respond_by": found["fr_due_by"],
        "cc": found["cc_emails"] or [],
        "fields": {key: value for key, value in (found["custom_fields"] or {}).items() if value not in (None, "")},
        "stamps": [[key.removesuffix("_at").replace("_", " "), found[key]] for key in stamps if found[key]],
        "requester": asker | {"companies": _companies_of(store, found["requester_id"])},
        "community": community(store, found["company_id"], asker["id"]),
        "messages": [
            _first(store, found, asker, repository),
            *(_message(store, one, agents, repository) for one in said),
        ],
        "time": [_time(entry, agents) for entry in select(store, "time entry", "WHERE ticket_id = ?", (number,))],
        "mails": [_mail(mail) for mail in select(store, "mail", "WHERE ticket_id = ? ORDER BY id", (number,))],
        "issues": _mentioned(store, texts, repository),
        "ratings": _one(store, f"SELECT count(*) FROM fd_ratings WHERE ticket_id = {int(number)}"),
        "agents": list(agents.values()),
        "statuses": [[key, STATUSES[key]] for key in (2, 3, 4, 5)],
    }


def _automatic(store: Store, kind: str, number: int) -> bool:
    told = mail_told(store, kind, number)
    return bool(told and told["auto_response"])


def _first(store: Store, found: Record, asker: Json, repository: str) -> Json:
    outgoing = found["source"] == 10
    return {
        "id": 0,
        "kind": "reply" if outgoing else "incoming",
        "who": _support_address(found) if outgoing else asker["name"],
        "mail": None if outgoing else asker["mail"],
        "at": found["created_at"],
        "html": safe_html(found["description"] or "", repository),
        "to": found["to_emails"] or [],
        "cc": found["cc_emails"] or [],
        "files": _files(found),
        "automatic": _automatic(store, "ticket", found["id"]),
        "first": True,
    }


def _support_address(found: Record) -> str:
    return str(found["support_email"] or "the support address")


def _message(store: Store, one: Record, agents: Mapping[int, Json], repository: str) -> Json:
    who = _person(store, one["user_id"], agents)
    kind = (
        "note"
        if one["private"]
        else "incoming"
        if one["incoming"]
        else "public-note"
        if one["source"] == _NOTE
        else "reply"
    )
    if one["source"] in (_SURVEY, _FORWARD):
        kind = {_SURVEY: "survey", _FORWARD: "forward"}[one["source"]]
    return {
        "id": one["id"],
        "kind": kind,
        "who": who["name"],
        "mail": who["mail"],
        "at": one["created_at"],
        "html": safe_html(one["body"] or "", repository),
        "to": one["to_emails"] or [],
        "cc": one["cc_emails"] or [],
        "files": _files(one),
        "automatic": _automatic(store, "conversation", one["id"]),
        "edited": one["last_edited_at"],
    }


def _files(record: Record) -> list[str]:
    return [str(file.get("name", "file")) for file in record["attachments"] or [] if isinstance(file, dict)]


def _time(entry: Record, agents: Mapping[int, Json]) -> Json:
    return {
        "id": entry["id"],
        "who": agents.get(entry["agent_id"], {"name": "somebody"})["name"],
        "minutes": round((entry["seconds"] or 0) / 60),
        "running": entry["timer_running"],
        "note": entry["note"] or "",
        "at": entry["executed_at"] or entry["created_at"],
    }


def _companies_of(store: Store, number: int | None) -> list[str]:
    contact = get(store, "contact", number) if number else None
    if contact is None:
        return []
    others = [item.get("company_id") for item in contact["other_companies"] or [] if isinstance(item, dict)]
    return [name for one in (contact["company_id"], *others) if (name := company_name(store, one))]


def community(store: Store, number: int | None, asker: int | None = None) -> Json | None:
    """The company, and each representative it lists with the one contact of that name, if there is exactly one."""
    company = get(store, "company", number) if number else None
    if company is None:
        return None
    fields, names = company["custom_fields"] or {}, store.organization.fields
    listed = [line.strip() for line in str(fields.get(names.representatives) or "").splitlines() if line.strip()]
    members = select(
        store,
        "contact",
        f"WHERE {MEMBER} LIMIT 1000",
        (number, number),
    )
    people = []
    for name in listed:
        fitting = [contact for contact in members if _bare(contact["name"] or "") == _bare(name)]
        one = fitting[0] if len(fitting) == 1 else None
        people.append(
            {
                "name": name,
                "mail": one["email"] if one else None,
                "contacts": len(fitting),
                "asks": one is not None and one["id"] == asker,
            }
        )
    return {
        "name": company["name"],
        "domains": company["domains"] or [],
        "note": company["note"] or "",
        "budget": fields.get(names.budget_hours),
        "own_funding": bool(fields.get(names.own_funding)),
        "representatives": people,
        "asked_by_one": any(one["asks"] for one in people),
    }


def _bare(name: str) -> str:
    """A name without case, accents and spaces."""
    return "".join(c for c in normalize("NFKD", name) if not combining(c)).casefold().replace(" ", "")


def _mentioned(store: Store, texts: Iterable[str], repository: str) -> list[Json]:
    numbers: dict[int, None] = {}
    for text in texts:
        for address in re.findall(r"https?://[^\s<>\"']+", text):
            place = place_of(address.rstrip(".,;:!?)"), repository)
            if place and place.startswith("#/issues/"):
                numbers[int(place.rpartition("/")[2])] = None
    found = (store.row("SELECT * FROM gh_issues WHERE number = ?", one) for one in numbers)
    return [{"number": row["number"], "title": row["title"], "state": row["state"]} for row in found if row]


# Mail


def mails(store: Store, page: int) -> Json:
    """Outgoing mail, newest first."""
    repository = store.organization.tracker.repository

    def read(limit: str) -> list[Json]:
        rows = select(store, "mail", f"ORDER BY id DESC {limit}")
        return [_mail(row) | {"html": safe_html(row["body"] or "", repository)} for row in rows]

    return paged("mails", _one(store, "SELECT count(*) FROM fd_outbox"), page, read)


def _mail(mail: Record) -> Json:
    return {key: mail[key] for key in ("id", "kind", "ticket_id", "at", "to", "cc", "bcc", "subject")}


def contacts(store: Store, words: str) -> list[Json]:
    """Contacts to write in as, best known first; at most twenty."""
    mark = "%" + re.sub(r"([\\%_])", r"\\\1", words.strip()) + "%"
    where = r"""WHERE deleted = 0 AND email IS NOT NULL AND (name LIKE ? ESCAPE '\' OR email LIKE ? ESCAPE '\')
        ORDER BY company_id IS NULL, name LIMIT 20"""
    return [
        {"name": one["name"], "mail": one["email"], "company": company_name(store, one["company_id"])}
        for one in select(store, "contact", where, (mark, mark))
    ]
