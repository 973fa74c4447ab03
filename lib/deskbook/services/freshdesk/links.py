"""Build and find addresses of tickets and contacts in Freshdesk."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from deskbook.language.text import LONGEST


def ticket_address(helpdesk: str, ticket_id: int) -> str:
    return f"{tickets_at(helpdesk)}{ticket_id}"


def tickets_at(helpdesk: str) -> str:
    """What comes before a ticket's number in its address."""
    return f"{helpdesk.rstrip('/')}/a/tickets/"


def linked(helpdesk: str, text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The tickets and the contacts of this helpdesk that a text links to, each once, in its order."""
    ours = urlsplit(helpdesk).netloc.lower()
    tickets: dict[int, None] = {}
    contacts: dict[int, None] = {}
    for address in re.findall(r"https?://[^\s<>()\[\]\"'`|\\]+", text[:LONGEST], re.IGNORECASE):
        try:
            place = urlsplit(address.rstrip(".,;:!?*_"))
        except ValueError:
            continue
        path = re.match(r"/(?:(?:a|helpdesk)/(tickets)|a/contacts)/([0-9]{1,18})(?:/|$)", place.path)
        if path and place.netloc.lower() == ours:
            (tickets if path[1] else contacts)[int(path[2])] = None
    return tuple(tickets), tuple(contacts)
