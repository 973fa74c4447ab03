"""What the helpdesk's key may do, and whether the account has what the organisation's file names. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deskbook.config.organization import Organization
from deskbook.errors import Refused
from deskbook.model.records import Agent
from deskbook.services import reply
from deskbook.services.checks import Check, Lacking, among, listed, untold
from deskbook.services.freshdesk.fields import LACKING, STATUSES, Record, choices_in, number_in, part_in, text_in
from deskbook.services.http import Service

ALL_TICKETS = 1  # an agent's ticket_scope: not only those of a group, or their own
NEEDED = (2, 3, 4, 5)  # codes of statuses: Open, Pending, Resolved, Closed
ME, FIELDS = "/agents/me", "/ticket_fields"
FILE = "Correct the name in organization.yaml, or add it in the helpdesk"
ADMINISTRATOR = "Make the owner of the key an administrator"


def checks(http: Service, organization: Organization, agents: Callable[[], tuple[Agent, ...]]) -> tuple[Check, ...]:
    def account() -> str:
        contact = part_in(http, http.get(ME), "contact", ME)
        name, mail = (text_in(http, contact, key, ME) for key in ("name", "email"))
        return f"{name} <{mail}> at {http.base.removesuffix('/api/v2')}"

    def scope() -> str:
        if number_in(http, http.get(ME), "ticket_scope", ME) != ALL_TICKETS:
            raise Lacking(
                "the agent sees the tickets of their groups alone, or their own; lists leave out others silently"
            )
        return f"all; {_asked(http, '/tickets')}"

    def staff() -> str:
        people = [p for p in organization.people if {"triager", "agent"} & set(p.roles)]
        active = {agent.mail.lower() for agent in agents() if agent.active}
        missing = [f"{person.name} <{person.mail}>" for person in people if person.mail.lower() not in active]
        if missing:
            raise Lacking(f"no active agent has the mail of {listed(missing)}")
        return f"{len(active)} active agents, and all {len(people)} who take tickets are among them"

    def time() -> str:
        try:
            return _asked(http, "/time_entries")
        except Refused as error:
            if LACKING in str(error):
                return "the account's plan has none: minutes are written in private notes"
            raise

    def types() -> str:
        field = _named(http, FIELDS).get("ticket_type", {})
        choices = reply.texts(http.bent(FIELDS), field, "choices")
        return among("ticket type", organization.ticket_types.values(), choices)

    def statuses() -> str:
        own = choices_in(_named(http, FIELDS).get("status", {}).get("choices"))
        among("status", map(str, NEEDED), map(str, own))
        return listed(
            f"{own[code]}" + (f" ({STATUSES[code]})" if own[code] != STATUSES[code] else "") for code in NEEDED
        )

    def hub_field() -> str:
        return among("ticket field", [organization.fields.hub_url], _named(http, FIELDS))

    def company_fields() -> str:
        names = organization.fields
        wanted = (names.representatives, names.budget_hours, names.own_funding)
        return among("company field", wanted, _named(http, "/company_fields"))

    def groups() -> str:
        return among("group", [organization.support.group], _named(http, "/groups"))

    return (
        Check("account", account, "Check FRESHDESK_URL and FRESHDESK_API_KEY"),
        Check("sees every ticket", scope, "Give the owner of the key global access to tickets"),
        Check("lists agents", staff, f"{ADMINISTRATOR}, and the people under people in organization.yaml agents"),
        Check("reads companies", lambda: _asked(http, "/companies"), "Let the role of the key's owner see companies"),
        Check("reads contacts", lambda: _asked(http, "/contacts"), "Let the role of the key's owner see contacts"),
        Check("reads time entries", time, "Let the role of the key's owner see and book time for every agent"),
        Check(
            "writes", untold("no call tells before the first one does"), "Its role has to allow replies, notes, changes"
        ),
        Check("group", groups, f"{FILE}. {ADMINISTRATOR} if it may not be read"),
        Check("ticket types", types, FILE),
        Check("statuses", statuses, "Activate them: the process moves tickets through these four"),
        Check("ticket field for the hub", hub_field, FILE),
        Check("company fields", company_fields, FILE),
    )


def _asked(http: Service, path: str) -> str:
    """That a list may be read, by its first record."""
    found = _records(http, path, {"per_page": 1})
    return "may be read" if found else "may be read; there are none, or none that it may see"


def _named(http: Service, path: str) -> dict[str, Record]:
    """A list's records, by their names."""
    return {text_in(http, record, "name", path): record for record in _records(http, path)}


def _records(http: Service, path: str, asked: Mapping[str, Any] | None = None) -> tuple[Record, ...]:
    return reply.listed(http.bent(path), {"the list": http.get(path, asked)}, "the list")
