"""Endpoints for the satisfaction survey and its ratings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskbook_sandbox.freshdesk.account import has, require_feature
from deskbook_sandbox.freshdesk.conversations import add_conversation
from deskbook_sandbox.freshdesk.forms import FORMS, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, found, number, option, paged_list, paged_records, since, writable
from deskbook_sandbox.freshdesk.markup import from_mail
from deskbook_sandbox.freshdesk.problems import UNKNOWN_FIELD, Problems, one_of
from deskbook_sandbox.freshdesk.records import ACCOUNT, Record, add, change, docs, get
from deskbook_sandbox.freshdesk.routing import created, route
from deskbook_sandbox.freshdesk.shapes import SURVEY, shape
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.database import Store

FEATURE = "Surveys"
RATINGS = tuple(ACCOUNT["survey"]["questions"][0]["accepted_ratings"])
FEEDBACK_CATEGORY = 7


def _shown(rating: Record) -> Record:
    return shape("rating", rating)


def add_rating(store: Store, ticket: Record, ratings: Mapping[str, int], feedback: str | None) -> Record:
    """Keep an answer: it also appears as a conversation, and counts as something the requester said."""
    now = store.stamp()
    survey = docs(store, "survey")[0]
    values = {"body_text": feedback, "incoming": True, "user_id": ticket["requester_id"]}
    add_conversation(
        store, ticket, from_mail(feedback or ""), {**values, "source": SURVEY, "category": FEEDBACK_CATEGORY}
    )
    change(store, "ticket", ticket["id"], {"requester_responded_at": now, "updated_at": now})
    about = {"user_id": ticket["requester_id"], "agent_id": ticket["responder_id"], "group_id": ticket["group_id"]}
    given = {"ticket_id": ticket["id"], "feedback": feedback, "ratings": dict(ratings)}
    return add(store, "rating", {"survey_id": survey["id"], **about, **given})


def answer_survey(store: Store, ticket_id: int, rating: int, feedback: str) -> dict[str, Any] | str:
    """The requester's answer to the survey: the rating as the helpdesk shows it, or why it cannot be."""
    ticket = get(store, "ticket", ticket_id)
    if ticket is None:
        return f"there is no ticket {ticket_id}; see /sandbox/state"
    if rating not in RATINGS:
        return f"rating {rating} is none of {', '.join(map(str, RATINGS))}"
    if not has(store, FEATURE):
        return "this plan has no surveys; change the switches"
    return _shown(add_rating(store, ticket, {"default_question": rating}, feedback or None))


def _create(request: Request, ticket_id: int) -> Response:
    require_feature(request.store, FEATURE)
    ticket = writable(request, "ticket", ticket_id)
    sent = read_form(request, FORMS["rating"])
    problems = Problems()
    questions = {question["id"] for question in docs(request.store, "survey")[0]["questions"]}
    for name, value in sent["ratings"].items():
        if name not in questions:
            problems.add(f"ratings.{name}", UNKNOWN_FIELD, "invalid_field")
        elif isinstance(value, bool) or value not in RATINGS:
            problems.add(f"ratings.{name}", one_of(RATINGS))
    if "default_question" not in sent["ratings"]:
        problems.add("ratings.default_question", one_of(RATINGS), "missing_field")
    problems.stop()
    rating = add_rating(request.store, ticket, sent["ratings"], sent.get("feedback"))
    return created(request, _shown(rating), f"/tickets/{ticket_id}/satisfaction_ratings")


def _of_ticket(request: Request, ticket_id: int) -> Response:
    require_feature(request.store, FEATURE)
    mine = ("ticket_id = ?", found(request, "ticket", ticket_id)["id"])
    return paged_records(request, "rating", [mine], _shown)


def _list(request: Request) -> Response:
    require_feature(request.store, FEATURE)
    conditions = (("created_at >= ?", since(request, "created_since")), ("user_id = ?", number(request, "user_id")))
    return paged_records(request, "rating", conditions, _shown)


def _surveys(request: Request) -> Response:
    require_feature(request.store, FEATURE)
    state = option(request, "state", ("active",))
    return paged_list(request, [survey for survey in docs(request.store, "survey") if survey["active"] or not state])


_TICKET = "/tickets/<int:ticket_id>/satisfaction_ratings"

ROUTES = (
    route("GET", "/surveys", _surveys, "The surveys.", query=("state", *PAGED)),
    route("GET", "/surveys/satisfaction_ratings", _list, "All answers.", query=("created_since", "user_id", *PAGED)),
    route("POST", _TICKET, _create, "An answer to the survey.", form=FORMS["rating"]),
    route("GET", _TICKET, _of_ticket, "The answers about a ticket.", query=PAGED),
)
