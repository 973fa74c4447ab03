"""The helpdesk: a look-alike of Freshdesk's REST API v2.

Reading order: `records` (what is kept), `account` (who may ask, how often), `forms` and `lists` (what a request may say),
then a file per resource. `seeding` loads a situation; `incoming` and `outgoing` are the mail.
"""

from __future__ import annotations

import re
from typing import Any

from deskbook_sandbox.freshdesk import (
    account,
    agents,
    attachments,
    companies,
    contacts,
    conversations,
    satisfaction,
    search,
    seeding,
    settings,
    ticket_writes,
    tickets,
    time_entries,
)
from deskbook_sandbox.freshdesk.incoming import Incoming, receive
from deskbook_sandbox.freshdesk.outgoing import outbox
from deskbook_sandbox.freshdesk.problems import not_allowed
from deskbook_sandbox.freshdesk.records import SCHEMA, select
from deskbook_sandbox.freshdesk.satisfaction import answer_survey
from deskbook_sandbox.freshdesk.shapes import ticket_view
from deskbook_sandbox.freshdesk.ticket_life import flag_overdue
from deskbook_sandbox.http import Request, Response, Service
from deskbook_sandbox.store.database import Store

__all__ = ["SERVICE", "Incoming", "answer_survey", "outbox", "receive"]

EVERYTHING = ("conversations", "requester", "company", "stats")
ALL = -1


def _guard(request: Request) -> Response | None:
    flag_overdue(request.store)
    return account.guard(request)


def _unknown(request: Request, wrong_verb: bool) -> Response:
    """404 with nothing; for a wrong verb 405, which names the right ones."""
    if not wrong_verb:
        return Response(404)
    path = request.path.removeprefix(account.PREFIX).rstrip("/")
    fitting = (route.method for route in SERVICE.routes if re.fullmatch(re.sub(r"<.*?>", r"\\d+", route.rule), path))
    return not_allowed(request.method, sorted(set(fitting))).response


def _state(store: Store) -> dict[str, Any]:
    flag_overdue(store)
    found = select(store, "ticket", "ORDER BY id")
    return {"tickets": [ticket_view(store, ticket, EVERYTHING, conversations=ALL) for ticket in found]}


SERVICE = Service(
    name="freshdesk",
    prefix=account.PREFIX,
    routes=(
        *tickets.ROUTES,
        *ticket_writes.ROUTES,
        *conversations.ROUTES,
        *time_entries.ROUTES,
        *satisfaction.ROUTES,
        *contacts.ROUTES,
        *companies.ROUTES,
        *agents.ROUTES,
        *settings.ROUTES,
        *search.ROUTES,
        *attachments.ROUTES,
    ),
    schema=SCHEMA,
    guard=_guard,
    finish=account.finish,
    unknown=_unknown,
    seed=seeding.load_seed,
    state=_state,
    fault=account.fault,
)
