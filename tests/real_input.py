"""Triages real requests: 171 hubs and 27 tickets from ../shared/data, unattended, and prints what became of each.

Run as a script (`make real`), or imported by the tests. The people who ask are invented; the rest is as recorded.
"""

from __future__ import annotations

import csv
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from building import build_case

from deskbook.assembly import connect
from deskbook.config.organization import SHIPPED, load_organization
from deskbook.config.settings import Settings
from deskbook.engine.plan import Plan, Receipt
from deskbook.language.dates import spelled
from deskbook.runbooks.triage import plan as triage
from deskbook.runbooks.workshop import plan as workshop
from deskbook.ui import blocks as ui
from deskbook_sandbox import server

DATA = Path(__file__).parents[2] / "shared" / "data"
ABSENT = "there is no folder shared/data beside this project: real input is passed over"
NOW = "2026-11-23T17:55:00Z"

# Clusters on which every hub is another community's.
SHARED = {"cloudbank", "2i2c", "2i2c-uk", "2i2c-aws-us", "opensci", "ucec", "hhmi"}
# How requests name a hub that has no address in them, and whose it is.
SPOKEN = {
    "openscapes": "openscapeshub",
    "earthscope": "earthscope",
    "awi-ciroh": "awi-ciroh",
    "cryocloud": "nasa-cryo",
    "ciroh": "awi-ciroh",
    "utoronto": "utoronto",
    "uc merced": "ucmerced",
}

# What the records say beside their columns, as the community would have written it.
DAYS = {"2092": ("Two separate days: 10 February 2023 and 17 February 2023.",)}
ASIDES = {
    "6440": "Everything must be ready by 8 August 2025.",
    "8241": "We fear for the disks: all read the same files at once.",
    "8242": "Please revert it after 20 July 2026.",
    "8493": "Please change the shared password and reset the hub before it.",
    "8723": "Please reset the hub on 10-13 August 2026.",
}
WRITTEN = {"4144": "2024-05-01"}  # the ticket came before the issue, and notice counts from the ticket
UNSPOKEN_FOR = {"3071"}  # no representative is named; somebody of ours took it on


@dataclass(frozen=True)
class Triaged:
    ticket: int
    subject: str
    receipt: Receipt
    community: str
    category: str
    agent: str


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hubs() -> list[dict[str, str]]:
    """Every hub as organization.yaml writes it."""
    found = []
    for row in rows("hubs.csv"):
        found.append(
            {
                "name": re.sub(r"[^a-z0-9.-]", "-", f"{row['cluster']}-{row['hub']}".lower()),
                "title": row["display_name"],
                "url": f"https://{row['domain']}",
                "cluster": row["cluster"],
                "community": "",
                "provider": row["provider"],
                "paid_by": "organization" if row["paid_by_us"] == "True" else "community",
            }
        )
    main = {
        row["cluster"]: row["display_name"]
        for kind in ("staging", "prod")
        for row in rows("hubs.csv")
        if row["hub"] == kind
    }
    for hub in found:
        title = hub["title"] if hub["cluster"] in SHARED else main.get(hub["cluster"], hub["title"])
        hub["community"] = (
            re.sub(r"[\s:-]*\(?\b(?:staging|prod|ephemeral)\b\)?$", "", title, flags=re.I).strip() or title
        )
    return found


def organization(path: Path) -> None:
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**data, "hubs": hubs()}, allow_unicode=True, sort_keys=False), encoding="utf-8")


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def seed(path: Path) -> None:
    known = hubs()
    communities = dict.fromkeys(hub["community"] for hub in known)
    companies = [
        {"name": name, "domains": [f"{slug(name)}.example.org"], "representatives": [f"Rep of {name}"]}
        for name in communities
    ]
    contacts = [
        {"name": f"Rep of {name}", "email": f"rep@{slug(name)}.example.org", "companies": [name]}
        for name in communities
    ]
    contacts.append({"name": "Unknown Sender", "email": "someone@elsewhere.example.net", "companies": []})
    tickets = [*_events(known), *_trackers(known)]
    content = {"now": NOW, "companies": companies, "contacts": contacts, "tickets": tickets}
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _sender(text: str, known: list[dict[str, str]]) -> str:
    """The address of a representative of the community whose hub a request names; a stranger where it names none."""
    for hub in known:
        if hub["url"].split("//")[1] == text.strip():
            return f"rep@{slug(hub['community'])}.example.org"
    for word, cluster in SPOKEN.items():
        if word in text.lower():
            community = next(hub["community"] for hub in known if hub["cluster"] == cluster)
            return f"rep@{slug(community)}.example.org"
    return "someone@elsewhere.example.net"


def _events(known: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    for index, row in enumerate(rows("event_requests.csv")):
        number = row["freshdesk_ticket"].split(";")[0]
        body = [
            "We plan an event on our hub.",
            *DAYS.get(row["issue"], (f"Begin: {row['event_start']}", f"End: {row['event_end']}")),
            f"Active hours: {row['active_hours'] or 'not known yet'}",
            f"Number of attendees: {row['attendees'] or 'not known yet'}",
            f"Hub: {row['hub_url'] or 'not known yet'}",
            *([ASIDES[row["issue"]]] if row["issue"] in ASIDES else []),
        ]
        yield {
            "id": int(number) if number else 90000 + index,
            "from": _sender(row["hub_url"], known),
            "subject": f"[EVENT] workshop {row['hub_url']}".strip(),
            "body": "\n".join(body),
            "created": f"{WRITTEN.get(row['issue'], row['issue_created'])}T09:00:00Z",
            "source": "mail",
        }


def events() -> list[tuple[dict[str, str], Plan, workshop.Advice]]:
    """Every recorded event, from whom it came, with the plan for it on that day and what we understand of it."""
    known = hubs()
    found = []
    for row, ticket in zip(rows("event_requests.csv"), _events(known), strict=True):
        sender = ticket["from"]
        community = next((h["community"] for h in known if f"@{slug(h['community'])}." in sender), "A community")
        named = [] if row["issue"] in UNSPOKEN_FOR else ["Rep"]
        case = build_case(
            {
                "organization": {"hubs": known, "sprint": {"first": "2022-01-05", "days": 14}},
                "now": ticket["created"],
                "from": "Rep",
                "communities": {community: {"listed": named, "contacts": [f"Rep <{sender}>"]}},
                "ticket": {
                    "subject": ticket["subject"],
                    "body": ticket["body"].replace("\n", "<br>"),
                    "created": ticket["created"],
                    "type": "Workshop Request",
                    "community": community,
                    "agent": "" if named else "Grace Holloway",
                },
            }
        )
        decision = workshop.Decision()
        found.append((row, workshop.plan(case, decision), workshop.assess(case, decision)))
    return found


def event_table(found: list[tuple[dict[str, str], Plan, workshop.Advice]]) -> str:
    head = ("Issue", "Days", "Notice", "Hours", "Attendees", "Hub", "To ask, and for a person")
    lines = [
        (
            row["issue"],
            spelled(advice.event.spans),
            str(advice.notice),
            advice.event.value("active_hours") or "–",
            advice.event.value("attendees") or "–",
            advice.event.value("hub_url") or "–",
            " / ".join((*advice.event.missing, *plan.needs_human)) or "–",
        )
        for row, plan, advice in found
    ]
    return ui.text([ui.Rows(lines, head)])


def _trackers(known: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    taken = {ticket["id"] for ticket in _events(known)}
    for index, row in enumerate(rows("support_trackers.csv")):
        numbers = [int(n) for n in re.findall(r"tickets/(\d+)", row["ticket_url_path"]) if int(n) not in taken]
        text = row["title_subject"]
        yield {
            "id": numbers[0] if numbers else 91000 + index,
            "from": _sender(text, known),
            "subject": row["title_subject"],
            "body": f"{text}\nKind: {row['request_type'] or 'not given'}\nEarlier: {row['ticket_url_path'] or 'none'}",
            "created": f"{row['created']}T09:00:00Z",
            "source": "mail",
        }


def triage_all(folder: Path) -> list[Triaged]:
    """Every ticket of the seed, triaged with `apply` and no word from a person."""
    organization(folder / "organization.yaml")
    seed(folder / "seed.yaml")
    with server.start(
        load_organization(folder / "organization.yaml"), seed=folder / "seed.yaml", plan="addon-2000"
    ) as running:
        desk = connect(Settings(sandbox_url=running.url, organization=folder / "organization.yaml"))
        found = []
        for entry in yaml.safe_load((folder / "seed.yaml").read_text(encoding="utf-8"))["tickets"]:
            case = desk.case(entry["id"])
            receipt = triage.plan(case, triage.Decision()).run(desk, apply=True)
            after = desk.case(entry["id"])
            agent = after.agent(after.ticket.agent)
            community = after.community(after.ticket.community)
            found.append(
                Triaged(
                    entry["id"],
                    entry["subject"],
                    receipt,
                    community.name if community else "–",
                    after.ticket.type or "–",
                    agent.name if agent else "–",
                )
            )
        return found


def table(found: list[Triaged]) -> str:
    head = ("Ticket", "Subject", "Community", "Type", "Agent", "Next", "Needs a person")
    lines = [
        (
            str(t.ticket),
            t.subject[:34],
            t.community[:30],
            t.category,
            t.agent,
            t.receipt.next or t.receipt.outcome,
            "; ".join(t.receipt.needs_human) or "–",
        )
        for t in found
    ]
    return ui.text([ui.Rows(lines, head)])


if __name__ == "__main__":
    if not DATA.is_dir():
        print(ABSENT)
        sys.exit(0)
    with tempfile.TemporaryDirectory() as folder:
        done = triage_all(Path(folder))
    print(table(done))
    print(f"\n{len(done)} tickets; {sum(bool(t.receipt.needs_human) for t in done)} need a person.")
    print(f"\nThe events as they are understood:\n\n{event_table(events())}")
    sys.exit(any(t.receipt.failure for t in done))
