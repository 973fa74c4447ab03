"""Endpoints for what an administrator sets: ticket fields, canned responses, hours, service levels, mailboxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deskbook_sandbox.freshdesk.forms import FORMS, read_changes, read_form
from deskbook_sandbox.freshdesk.lists import PAGED, found, option, paged_list
from deskbook_sandbox.freshdesk.markup import plain, sanitize
from deskbook_sandbox.freshdesk.problems import no_such
from deskbook_sandbox.freshdesk.records import ACCOUNT, Record, add_doc, docs, get, put_doc
from deskbook_sandbox.freshdesk.routing import created, route
from deskbook_sandbox.http import Request, Response
from deskbook_sandbox.store.database import Store


def _ticket_fields(request: Request) -> Response:
    kind = option(request, "type", [field["type"] for field in ACCOUNT["fields"]])
    fields = [field for field in docs(request.store, "field") if kind in (None, field["type"])]
    return Response(body=[_with_choices(request.store, field) for field in fields])


def _with_choices(store: Store, field: Record) -> Record:
    """The choices of a field; each kind of field has its own shape for them."""
    choices: Mapping[str, Callable[[], Any]] = {
        "default_status": lambda: {str(code): words for code, words in ACCOUNT["statuses"].items()},
        "default_priority": lambda: ACCOUNT["priorities"],
        "default_source": lambda: ACCOUNT["sources"],
        "default_ticket_type": lambda: list(store.organization.ticket_types.values()),
        "default_group": lambda: {group["name"]: group["id"] for group in docs(store, "group")},
        "default_agent": lambda: {agent["contact"]["name"]: agent["id"] for agent in docs(store, "agent")},
    }
    return {**field, "choices": choices[field["type"]]()} if field["type"] in choices else field


def _readable(kind: str) -> tuple[Callable[[Request], Response], Callable[[Request, int], Response]]:
    """The handlers that list and view documents of one kind."""

    def listing(request: Request) -> Response:
        return paged_list(request, docs(request.store, kind))

    def view(request: Request, number: int) -> Response:
        return Response(body=found(request, kind, number))

    return listing, view


def _helpdesk(request: Request) -> Response:
    return Response(body={"primary_language": "en", "supported_languages": [], "portal_languages": []})


def _folders(request: Request) -> Response:
    canned = docs(request.store, "canned")

    def item(folder: Record) -> Record:
        return {**folder, "responses_count": sum(each["folder_id"] == folder["id"] for each in canned)}

    return paged_list(request, docs(request.store, "folder"), item)


def _of_folder(request: Request, number: int) -> list[Record]:
    found(request, "folder", number)
    return [each for each in docs(request.store, "canned") if each["folder_id"] == number]


def _folder(request: Request, number: int) -> Response:
    responses = [{"id": each["id"], "title": each["title"]} for each in _of_folder(request, number)]
    return Response(
        body={"id": number, "name": found(request, "folder", number)["name"], "canned_responses": responses}
    )


def _responses(request: Request, number: int) -> Response:
    return paged_list(request, _of_folder(request, number))


def _response(request: Request, number: int) -> Response:
    return Response(body=found(request, "canned", number))


def _changed(request: Request, kind: str, doc: Record, sent: Record) -> Response:
    """The document, stored with what was sent."""
    doc = {**doc, **sent, "updated_at": request.store.stamp()}
    put_doc(request.store, kind, doc["id"], doc)
    return Response(body=doc)


def _change_policy(request: Request, number: int) -> Response:
    return _changed(request, "policy", found(request, "policy", number), read_changes(request, "policy"))


def _new_folder(request: Request) -> Response:
    folder = add_doc(request.store, "folder", read_form(request, FORMS["folder"]))
    return created(request, folder, f"/canned_response_folders/{folder['id']}")


def _rename_folder(request: Request, number: int) -> Response:
    return _changed(request, "folder", found(request, "folder", number), read_form(request, FORMS["folder"]))


def _new_response(request: Request) -> Response:
    response = add_doc(request.store, "canned", _texts(request, read_form(request, FORMS["canned"])))
    return created(request, response, f"/canned_responses/{response['id']}")


def _change_response(request: Request, number: int) -> Response:
    response = found(request, "canned", number)
    return _changed(request, "canned", response, _texts(request, {**response, **read_changes(request, "canned")}))


def _texts(request: Request, response: Record) -> Record:
    """The response with its HTML cleaned and its plain text beside it."""
    if get(request.store, "folder", response["folder_id"]) is None:
        raise no_such("folder_id", "folder")
    markup = sanitize(response["content_html"])
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
