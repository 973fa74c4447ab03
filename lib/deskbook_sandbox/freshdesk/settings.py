"""What an administrator sets: ticket fields, canned responses, hours, service levels, mailboxes. Mostly to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deskbook_sandbox.freshdesk.forms import NAME, NUMBER, NUMBERS, TEXT, Fields, choice, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, option, paged_list
from deskbook_sandbox.freshdesk.markup import cleaned, plain
from deskbook_sandbox.freshdesk.problems import invalid, not_found
from deskbook_sandbox.freshdesk.records import Record, docs, get_doc, new_id, put_doc
from deskbook_sandbox.freshdesk.routing import made, route
from deskbook_sandbox.freshdesk.ticket_life import PRIORITIES, SOURCES, STATUSES
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.world import World

FIELD_TYPES = (
    "default_requester",
    "default_subject",
    "default_ticket_type",
    "default_source",
    "default_status",
    "default_priority",
    "default_group",
    "default_agent",
    "default_description",
    "default_company",
    "custom_text",
)

CANNED: Fields = {
    "title": NAME,
    "content_html": TEXT,
    "folder_id": NUMBER,
    "visibility": choice((0, 1, 2)),
    "group_ids": NUMBERS,
}
FOLDER: Fields = {"name": NAME}
POLICY: Fields = {"name": NAME, "description": TEXT}


def _ticket_fields(call: Call) -> Answer:
    kind = option(call, "type", FIELD_TYPES)
    fields = [field for field in docs(call.world, "field") if kind in (None, field["type"])]
    return Answer(body=[_with_choices(call.world, field) for field in fields])


def _with_choices(world: World, field: Record) -> Record:
    """The choices of a field; each kind of field has its own shape for them."""
    choices: Mapping[str, Callable[[], Any]] = {
        "default_status": lambda: {str(code): words for code, words in STATUSES.items()},
        "default_priority": lambda: PRIORITIES,
        "default_source": lambda: SOURCES,
        "default_ticket_type": lambda: list(world.organization.ticket_types.values()),
        "default_group": lambda: {group["name"]: group["id"] for group in docs(world, "group")},
        "default_agent": lambda: {agent["contact"]["name"]: agent["id"] for agent in docs(world, "agent")},
    }
    return {**field, "choices": choices[field["type"]]()} if field["type"] in choices else field


def _readable(kind: str) -> tuple[Callable[[Call], Answer], Callable[[Call, int], Answer]]:
    """The handlers that list and view documents of one kind."""

    def listing(call: Call) -> Answer:
        return paged_list(call, docs(call.world, kind))

    def view(call: Call, number: int) -> Answer:
        return Answer(body=_doc(call, kind, number))

    return listing, view


def _doc(call: Call, kind: str, number: int) -> Record:
    doc = get_doc(call.world, kind, number)
    if doc is None:
        raise not_found()
    return doc


def _helpdesk(call: Call) -> Answer:
    return Answer(body={"primary_language": "en", "supported_languages": [], "portal_languages": []})


def _folders(call: Call) -> Answer:
    canned = docs(call.world, "canned")

    def item(folder: Record) -> Record:
        return {**folder, "responses_count": sum(each["folder_id"] == folder["id"] for each in canned)}

    return paged_list(call, docs(call.world, "folder"), item)


def _of_folder(call: Call, number: int) -> list[Record]:
    _doc(call, "folder", number)
    return [each for each in docs(call.world, "canned") if each["folder_id"] == number]


def _folder(call: Call, number: int) -> Answer:
    responses = [{"id": each["id"], "title": each["title"]} for each in _of_folder(call, number)]
    return Answer(body={"id": number, "name": _doc(call, "folder", number)["name"], "canned_responses": responses})


def _responses(call: Call, number: int) -> Answer:
    return paged_list(call, _of_folder(call, number))


def _response(call: Call, number: int) -> Answer:
    return Answer(body=_doc(call, "canned", number))


def _change_policy(call: Call, number: int) -> Answer:
    policy = _doc(call, "policy", number)
    sent = {name: value for name, value in read_form(call, POLICY).items() if value is not None}
    put_doc(call.world, "policy", number, {**policy, **sent, "updated_at": call.world.stamp()})
    return Answer(body=_doc(call, "policy", number))


def _new_folder(call: Call) -> Answer:
    sent = read_form(call, FOLDER, required=("name",))
    now = call.world.stamp()
    folder = {"id": new_id(call.world, "folder"), "name": sent["name"], "personal": False}
    put_doc(call.world, "folder", folder["id"], {**folder, "created_at": now, "updated_at": now})
    return made(call, _doc(call, "folder", folder["id"]), f"/canned_response_folders/{folder['id']}")


def _rename_folder(call: Call, number: int) -> Answer:
    folder = _doc(call, "folder", number)
    name = read_form(call, FOLDER, required=("name",))["name"]
    put_doc(call.world, "folder", number, {**folder, "name": name, "updated_at": call.world.stamp()})
    return Answer(body=_doc(call, "folder", number))


def _new_response(call: Call) -> Answer:
    sent = read_form(call, CANNED, required=("title", "content_html", "folder_id", "visibility"))
    number, now = new_id(call.world, "canned"), call.world.stamp()
    blank = {"id": number, "group_ids": [], "attachments": [], "created_at": now}
    _keep_response(call, number, {**blank, **sent})
    return made(call, _doc(call, "canned", number), f"/canned_responses/{number}")


def _change_response(call: Call, number: int) -> Answer:
    response = _doc(call, "canned", number)
    sent = {name: value for name, value in read_form(call, CANNED).items() if value is not None}
    _keep_response(call, number, {**response, **sent})
    return _response(call, number)


def _keep_response(call: Call, number: int, response: Record) -> None:
    if get_doc(call.world, "folder", response["folder_id"]) is None:
        raise invalid("folder_id", "There is no folder matching the given folder_id")
    markup = cleaned(response["content_html"])
    texts = {"content": plain(markup), "content_html": markup, "updated_at": call.world.stamp()}
    put_doc(call.world, "canned", number, {**response, **texts})


_LISTS = (
    ("/business_hours", "hours", "When the staff works."),
    ("/email_configs", "mailbox", "The mailboxes."),
    ("/products", "product", "Products; there are none."),
)

ROUTES = (
    route("GET", "/ticket_fields", _ticket_fields, "Fields of a ticket and their choices.", query=("type",)),
    route("GET", "/settings/helpdesk", _helpdesk, "Languages."),
    *(route("GET", rule, _readable(kind)[0], note, query=PAGED) for rule, kind, note in _LISTS),
    *(route("GET", f"{rule}/<int:number>", _readable(kind)[1], "One of them.") for rule, kind, _ in _LISTS),
    route("GET", "/sla_policies", _readable("policy")[0], "Service levels.", query=PAGED),
    route("PUT", "/sla_policies/<int:number>", _change_policy, "Rename or describe one.", fields=POLICY),
    route("GET", "/canned_response_folders", _folders, "Folders of canned responses.", query=PAGED),
    route("POST", "/canned_response_folders", _new_folder, "A new folder.", fields=FOLDER, source="recorded live"),
    route("GET", "/canned_response_folders/<int:number>", _folder, "One folder and its titles."),
    route(
        "PUT", "/canned_response_folders/<int:number>", _rename_folder, "Rename.", fields=FOLDER, source="recorded live"
    ),
    route("GET", "/canned_response_folders/<int:number>/responses", _responses, "The responses in it.", query=PAGED),
    route("POST", "/canned_responses", _new_response, "A new canned response.", fields=CANNED),
    route("GET", "/canned_responses/<int:number>", _response, "One canned response."),
    route("PUT", "/canned_responses/<int:number>", _change_response, "Change one.", fields=CANNED),
)
