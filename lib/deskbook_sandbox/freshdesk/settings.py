"""What an administrator sets: ticket fields, canned responses, hours, service levels, mailboxes. Mostly to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deskbook_sandbox.freshdesk.forms import FORMS, read_changes, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, found, option, paged_list
from deskbook_sandbox.freshdesk.markup import cleaned, plain
from deskbook_sandbox.freshdesk.problems import no_such
from deskbook_sandbox.freshdesk.records import ACCOUNT, Record, add_doc, docs, get, put_doc
from deskbook_sandbox.freshdesk.routing import made, route
from deskbook_sandbox.http import Answer, Call
from deskbook_sandbox.store.world import World


def _ticket_fields(call: Call) -> Answer:
    kind = option(call, "type", [field["type"] for field in ACCOUNT["fields"]])
    fields = [field for field in docs(call.world, "field") if kind in (None, field["type"])]
    return Answer(body=[_with_choices(call.world, field) for field in fields])


def _with_choices(world: World, field: Record) -> Record:
    """The choices of a field; each kind of field has its own shape for them."""
    choices: Mapping[str, Callable[[], Any]] = {
        "default_status": lambda: {str(code): words for code, words in ACCOUNT["statuses"].items()},
        "default_priority": lambda: ACCOUNT["priorities"],
        "default_source": lambda: ACCOUNT["sources"],
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
        return Answer(body=found(call, kind, number))

    return listing, view


def _helpdesk(call: Call) -> Answer:
    return Answer(body={"primary_language": "en", "supported_languages": [], "portal_languages": []})


def _folders(call: Call) -> Answer:
    canned = docs(call.world, "canned")

    def item(folder: Record) -> Record:
        return {**folder, "responses_count": sum(each["folder_id"] == folder["id"] for each in canned)}

    return paged_list(call, docs(call.world, "folder"), item)


def _of_folder(call: Call, number: int) -> list[Record]:
    found(call, "folder", number)
    return [each for each in docs(call.world, "canned") if each["folder_id"] == number]


def _folder(call: Call, number: int) -> Answer:
    responses = [{"id": each["id"], "title": each["title"]} for each in _of_folder(call, number)]
    return Answer(body={"id": number, "name": found(call, "folder", number)["name"], "canned_responses": responses})


def _responses(call: Call, number: int) -> Answer:
    return paged_list(call, _of_folder(call, number))


def _response(call: Call, number: int) -> Answer:
    return Answer(body=found(call, "canned", number))


def _changed(call: Call, kind: str, doc: Record, sent: Record) -> Answer:
    """The document, stored with what was sent."""
    doc = {**doc, **sent, "updated_at": call.world.stamp()}
    put_doc(call.world, kind, doc["id"], doc)
    return Answer(body=doc)


def _change_policy(call: Call, number: int) -> Answer:
    return _changed(call, "policy", found(call, "policy", number), read_changes(call, "policy"))


def _new_folder(call: Call) -> Answer:
    folder = add_doc(call.world, "folder", read_form(call, FORMS["folder"]))
    return made(call, folder, f"/canned_response_folders/{folder['id']}")


def _rename_folder(call: Call, number: int) -> Answer:
    return _changed(call, "folder", found(call, "folder", number), read_form(call, FORMS["folder"]))


def _new_response(call: Call) -> Answer:
    response = add_doc(call.world, "canned", _texts(call, read_form(call, FORMS["canned"])))
    return made(call, response, f"/canned_responses/{response['id']}")


def _change_response(call: Call, number: int) -> Answer:
    response = found(call, "canned", number)
    return _changed(call, "canned", response, _texts(call, {**response, **read_changes(call, "canned")}))


def _texts(call: Call, response: Record) -> Record:
    """The response with its HTML cleaned and its plain text beside it."""
    if get(call.world, "folder", response["folder_id"]) is None:
        raise no_such("folder_id", "folder")
    markup = cleaned(response["content_html"])
    return {**response, "content": plain(markup), "content_html": markup}


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
    route("PUT", "/sla_policies/<int:number>", _change_policy, "Rename or describe one.", form=FORMS["policy"]),
    route("GET", "/canned_response_folders", _folders, "Folders of canned responses.", query=PAGED),
    route(
        "POST", "/canned_response_folders", _new_folder, "A new folder.", form=FORMS["folder"], source="recorded live"
    ),
    route("GET", "/canned_response_folders/<int:number>", _folder, "One folder and its titles."),
    route(
        "PUT",
        "/canned_response_folders/<int:number>",
        _rename_folder,
        "Rename.",
        form=FORMS["folder"],
        source="recorded live",
    ),
    route("GET", "/canned_response_folders/<int:number>/responses", _responses, "The responses in it.", query=PAGED),
    route("POST", "/canned_responses", _new_response, "A new canned response.", form=FORMS["canned"]),
    route("GET", "/canned_responses/<int:number>", _response, "One canned response."),
    route("PUT", "/canned_responses/<int:number>", _change_response, "Change one.", form=FORMS["canned"].partial),
)
