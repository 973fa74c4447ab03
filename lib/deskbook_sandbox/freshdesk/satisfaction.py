"""Satisfaction: the survey, and what people answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.account import demand, has
from deskbook_sandbox.freshdesk.conversation_shapes import SURVEY
from deskbook_sandbox.freshdesk.conversations import said
from deskbook_sandbox.freshdesk.forms import PAIRS, TEXT, Fields, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, number, option, paged, paged_list, since
from deskbook_sandbox.freshdesk.markup import from_mail
from deskbook_sandbox.freshdesk.problems import UNKNOWN_FIELD, Problems, one_of
from deskbook_sandbox.freshdesk.records import Record, add, change, docs, get, select
from deskbook_sandbox.freshdesk.routing import made, route
from deskbook_sandbox.freshdesk.tickets import found, writable
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.world import World

FEATURE = "Surveys"
RATINGS = (103, 102, 101, 100, -101, -102, -103)
FEEDBACK_CATEGORY = 7

FORM: Fields = {"feedback": TEXT, "ratings": PAIRS}


def _shown(rating: Record) -> dict[str, Any]:
    return {
        "id": rating["id"],
        "survey_id": rating["survey_id"],
        "user_id": rating["user_id"],
        "agent_id": rating["agent_id"],
        "feedback": rating["feedback"],
        "group_id": rating["group_id"],
        "ticket_id": rating["ticket_id"],
        "created_at": rating["created_at"],
        "updated_at": rating["updated_at"],
        "ratings": rating["ratings"],
    }


def rate(world: World, ticket: Record, ratings: Mapping[str, int], feedback: str | None) -> Record:
    """Keep an answer: it also appears as a conversation, and counts as something the requester said."""
    now = world.stamp()
    survey = docs(world, "survey")[0]
    values = {"body_text": feedback, "incoming": True, "user_id": ticket["requester_id"]}
    said(world, ticket, from_mail(feedback or ""), {**values, "source": SURVEY, "category": FEEDBACK_CATEGORY})
    change(world, "ticket", ticket["id"], {"requester_responded_at": now, "updated_at": now})
    return add(
        world,
        "rating",
        {
            "survey_id": survey["id"],
            "user_id": ticket["requester_id"],
            "agent_id": ticket["responder_id"],
            "group_id": ticket["group_id"],
            "ticket_id": ticket["id"],
            "feedback": feedback,
            "ratings": dict(ratings),
            "created_at": now,
            "updated_at": now,
        },
    )


def answer_survey(world: World, ticket_id: int, rating: int, feedback: str) -> dict[str, Any] | str:
    """The requester's answer to the survey: the rating as the helpdesk shows it, or why it cannot be."""
    ticket = get(world, "ticket", ticket_id)
    if ticket is None:
        return f"there is no ticket {ticket_id}; see /sandbox/state"
    if rating not in RATINGS:
        return f"rating {rating} is none of {', '.join(map(str, RATINGS))}"
    if not has(world, FEATURE):
        return "this plan has no surveys; change the switches"
    return _shown(rate(world, ticket, {"default_question": rating}, feedback or None))


def _create(call: Call, ticket_id: int) -> Answer:
    demand(call.world, FEATURE)
    ticket = writable(call, ticket_id)
    sent = read_form(call, FORM, required=("ratings",))
    problems = Problems()
    questions = {question["id"] for question in docs(call.world, "survey")[0]["questions"]}
    for name, value in sent["ratings"].items():
        if name not in questions:
            problems.add(f"ratings.{name}", UNKNOWN_FIELD, "invalid_field")
        elif isinstance(value, bool) or value not in RATINGS:
            problems.add(f"ratings.{name}", one_of(RATINGS))
    if "default_question" not in sent["ratings"]:
        problems.add("ratings.default_question", one_of(RATINGS), "missing_field")
    problems.stop()
    rating = rate(call.world, ticket, sent["ratings"], sent.get("feedback"))
    return made(call, _shown(rating), f"/tickets/{ticket_id}/satisfaction_ratings")


def _of_ticket(call: Call, ticket_id: int) -> Answer:
    demand(call.world, FEATURE)
    return _page(call, ["ticket_id = ?"], [found(call, ticket_id)["id"]])


def _list(call: Call) -> Answer:
    demand(call.world, FEATURE)
    where, values = ["1"], list[Any]()
    created, user = since(call, "created_since"), number(call, "user_id")
    for condition, value in (("created_at >= ?", created), ("user_id = ?", user)):
        if value is not None:
            where.append(condition)
            values.append(value)
    return _page(call, where, values)


def _page(call: Call, where: list[str], values: list[Any]) -> Answer:
    def fetch(limit: int, offset: int) -> list[Record]:
        tail = f"WHERE {' AND '.join(where)} ORDER BY id LIMIT ? OFFSET ?"
        return select(call.world, "rating", tail, [*values, limit, offset])

    return paged(call, fetch, _shown)


def _surveys(call: Call) -> Answer:
    demand(call.world, FEATURE)
    state = option(call, "state", ("active",))
    return paged_list(call, [survey for survey in docs(call.world, "survey") if survey["active"] or not state])


_TICKET = "/tickets/<int:ticket_id>/satisfaction_ratings"

ROUTES = (
    route("GET", "/surveys", _surveys, "The surveys.", query=("state", *PAGED)),
    route("GET", "/surveys/satisfaction_ratings", _list, "All answers.", query=("created_since", "user_id", *PAGED)),
    route("POST", _TICKET, _create, "An answer to the survey.", fields=FORM, required=("ratings",)),
    route("GET", _TICKET, _of_ticket, "The answers about a ticket.", query=PAGED),
)
