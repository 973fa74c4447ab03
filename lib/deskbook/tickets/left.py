"""What a sweep left on a ticket that it could not finish: a proposal, or something that a person decides.

It is kept with what lists told of the ticket then. While they tell the same, the ticket need not be read again, and its
proposal stands; the plan itself is planned anew whenever somebody approves it, and has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from pydantic import AwareDatetime, ValidationError

from deskbook.config.loader import Frozen
from deskbook.engine.actions import Action, Change, Reply
from deskbook.services.ports import Memory
from deskbook.tickets.next_step import Item, View

NAME = "sweep"  # under which the memory has it
AGAIN = timedelta(days=1)  # what lists do not tell, such as a contact's new address, is looked for this often

Told = Mapping[str, str | None]  # what lists tell of one ticket; None: whatever they tell now


class Left(Frozen):
    """`said` is one line in our own words, `command` has a proposal carried out, which `does` this; `needs` are for people
    alone.

    `down`: one of its hubs did not answer then.
    """

    told: Told
    at: AwareDatetime  # when it was worked
    said: str = ""
    command: str = ""
    does: str = ""
    needs: tuple[str, ...] = ()
    down: bool = False

    def stands(self, view: View) -> bool:
        """Whether lists still tell the same, and not for long."""
        now = told_of(view)
        same = all(value is None or now.get(name) == value for name, value in self.told.items())
        return same and view.now - self.at < AGAIN


class Kept(Frozen):
    """What one sweep leaves for the next: a cache. `rules` is a fingerprint of those it followed.

    `begun` are the tickets on which a sweep began and of which it saw no good end.
    `told` is what the last digest told of each ticket, `closed` are those closed since, or worked on by a sweep that died.
    `untold` are those of which chat could not be told at once, each with the step that it was at.
    """

    now: AwareDatetime | None = None
    rules: str = ""
    left: Mapping[int, Left] = {}
    begun: tuple[int, ...] = ()
    told_at: AwareDatetime | None = None
    told: Mapping[int, str] = {}
    closed: tuple[int, ...] = ()
    untold: Mapping[int, str] = {}


NOTHING = Kept()


def recalled(memory: Memory) -> Kept:
    """What the memory has; nothing where it is not as we write it."""
    try:
        return Kept.model_validate(memory.recall(NAME))
    except ValidationError:
        return NOTHING


def told_of(view: View) -> dict[str, str | None]:
    """What lists tell of a ticket that a plan for it may lean on."""
    ticket, listed = view.ticket, view.listed
    community = view.communities.get(ticket.community or 0)
    issues = (f"{each.number} {each.state} {' '.join(each.assignees)}" for each in view.issues)
    return {
        "status": ticket.status,
        "type": str(ticket.type),
        "agent": str(ticket.agent),
        "community": str(ticket.community),
        "tags": " ".join(sorted(ticket.tags)),
        "hub": str(ticket.hub_url),
        "replied": str(listed.replied),
        "reopened": str(listed.reopened),
        "answered": str(listed.answered or listed.first_answer),
        "representatives": "; ".join(community.listed) if community else "",
        "issues": "; ".join(issues),
    }


def told_after(view: View, done: Iterable[Action]) -> dict[str, str | None]:
    """The same once these actions of ours have landed: they are no news."""
    ticket, mailed = view.ticket, False
    for action in done:
        if isinstance(action, Change):
            new = {name: getattr(action, name) for name in ("status", "agent", "community", "type")}
            tags = tuple(tag for tag in dict.fromkeys((*ticket.tags, *action.add)) if tag not in action.drop)
            ticket = replace(ticket, **{name: value for name, value in new.items() if value is not None}, tags=tags)
        mailed = mailed or isinstance(action, Reply)
    told = told_of(replace(view, listed=replace(view.listed, ticket=ticket)))
    return {**told, "answered": None} if mailed else told


def with_proposals(items: Iterable[Item], views: Iterable[View], kept: Kept) -> tuple[Item, ...]:
    """The items, each with the proposal that still stands: its command, and what it does."""
    view_of = {view.ticket.id: view for view in views}

    def proposed(item: Item) -> Item:
        left = kept.left.get(item.ticket.id)
        if not (left and left.command and left.stands(view_of[item.ticket.id])):
            return item
        return replace(item, proposed=left.command, does=left.does)

    return tuple(map(proposed, items))
