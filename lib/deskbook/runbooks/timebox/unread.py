"""Replies that came while the timebox ran: nothing goes out until somebody says that they read them."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskbook.errors import ParameterError
from deskbook.language.redaction import redact
from deskbook.language.text import shorten, words_of
from deskbook.model.case import Case
from deskbook.model.records import Entry
from deskbook.tickets import stopwatch
from deskbook.tickets.authority import agreed

READ = "Reply read"  # what a plan puts on record: the number of the latest reply that somebody says they read


def unread(case: Case, said: str = "") -> tuple[Entry, ...]:
    """The replies of this cycle that nobody has read, as far as the ticket tells; `said` numbers the latest read one.

    Read is what one of us answered since, what was there when it was triaged or when the work began, and a plain yes.
    """
    known = {said, case.statements().get(READ, "")}
    seen = [entry.position for entry in case.replies() if str(entry.id) in known]
    keys = {ref.entry.id: ref.key for ref in case.references()}
    for entry in case.entries:
        key = keys.get(entry.id, "")
        public = not (entry.incoming or entry.private) and case.agent(entry.author) is not None
        if key.startswith("resolve.reopen") or (public and (not key or key.startswith("triage."))):
            seen.append(entry.position)
    began, community = _began(case), case.community(case.ticket.community)
    yes = agreed(case, community) if community else None
    since = case.replies(max(seen, default=-1))
    return tuple(e for e in since if e != yes and not (began and e.at < began))


def asks(case: Case, replies: tuple[Entry, ...]) -> str:
    """What a person has to do about them, with the words of the latest."""
    last = replies[-1]
    before = f" ({len(replies) - 1} more before it)" if len(replies) > 1 else ""
    words = shorten(redact(words_of(last.body, quotes=False), case.own_words), 300)
    return (
        f"{_name(case, last)} wrote on {last.at:%d %B %H:%M} UTC{before}: “{words}”. No issue and no mail goes out until "
        f"that is read: then run again with read_reply={last.id}."
    )


def reply_number(name: str, case: Case, value: object) -> str:
    """The number of a reply on the ticket; ParameterError for any other."""
    said, replies = str(value or "").strip(), [str(entry.id) for entry in case.replies()]
    if said in ("", "0") or said in replies:
        return said if said in replies else ""
    known = f"the latest is {replies[-1]}" if replies else "there is none yet"
    raise ParameterError(f"{name}: no reply on this ticket has the number {said!r}; {known}")


def _began(case: Case) -> datetime | None:
    """When the work of this cycle began, not later than that: minutes that were booked were worked before."""
    sittings = stopwatch.sittings(case)
    return min((e.started - timedelta(seconds=0 if e.running else e.seconds) for e in sittings), default=None)


def _name(case: Case, entry: Entry) -> str:
    people = [case.requester, *(contact for community in case.communities for contact in community.contacts)]
    return next((person.name for person in people if person.id == entry.author), "Somebody")
