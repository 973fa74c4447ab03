"""REST endpoints for the labels of an issue and of the repository."""

from __future__ import annotations

import re
import sqlite3

from deskbook_sandbox.github import calls, records, shapes
from deskbook_sandbox.github.calls import Json, base, found, invalid, mapping, names, page, text
from deskbook_sandbox.github.shapes import owner_of_token
from deskbook_sandbox.http import Abort, Request, Response

LONGEST_NAME = 50


# Labels of an issue


def issue_labels(request: Request, number: int) -> Response:
    issue_row(request, number)
    return page(
        request, shapes.labels_of(request.store, number), lambda row: shapes.label(request.store, base(request), row)
    )


def add_issue_labels(request: Request, number: int) -> Response:
    issue_row(request, number)
    records.relabel(request.store, owner_of_token(request.store), number, _label_list(request))
    return _all(request, number)


def replace_issue_labels(request: Request, number: int) -> Response:
    issue_row(request, number)
    replace_labels(request, number, _label_list(request))
    return _all(request, number)


def remove_issue_labels(request: Request, number: int) -> Response:
    issue_row(request, number)
    replace_labels(request, number, [])
    return Response(204)


def remove_issue_label(request: Request, number: int, name: str) -> Response:
    issue_row(request, number)
    if name.lower() not in {row["name"].lower() for row in shapes.labels_of(request.store, number)}:
        raise Abort(calls.refuse(404, "Label does not exist"))
    records.relabel(request.store, owner_of_token(request.store), number, remove=[name])
    return _all(request, number)


# Labels of the repository


def list_labels(request: Request) -> Response:
    rows = request.store.rows("SELECT * FROM gh_labels ORDER BY name")
    return page(request, rows, lambda row: shapes.label(request.store, base(request), row))


def create_label(request: Request) -> Response:
    body = mapping(request)
    name = _label_name(request, body, "name")
    if name is None:
        raise invalid("Label", "name", "missing_field")
    row = records.add_label(request.store, name, _color(body) or records.PLAIN, text(body, "description"))
    shape = shapes.label(request.store, base(request), row)
    return Response(201, shape, {"Location": shape["url"]})


def get_label(request: Request, name: str) -> Response:
    return Response(200, shapes.label(request.store, base(request), _label(request, name)))


def edit_label(request: Request, name: str) -> Response:
    row = _label(request, name)
    body = mapping(request)
    new = _label_name(request, body, "new_name", except_for=name) or row["name"]
    description = text(body, "description") if "description" in body else row["description"]
    color = _color(body) or row["color"]
    request.store.update("gh_labels", {"id": row["id"]}, name=new, color=color, description=description)
    return get_label(request, new)


def delete_label(request: Request, name: str) -> Response:
    row = _label(request, name)
    request.store.delete("gh_issue_labels", label=row["id"])
    request.store.delete("gh_labels", id=row["id"])
    return Response(204)


# Shared with the endpoints for issues


def issue_row(request: Request, number: int) -> sqlite3.Row:
    return found(records.find(request.store, number))


def replace_labels(request: Request, number: int, wanted: list[str]) -> None:
    keep = {name.lower() for name in wanted}
    going = [row["name"] for row in shapes.labels_of(request.store, number) if row["name"].lower() not in keep]
    records.relabel(request.store, owner_of_token(request.store), number, wanted, going)


def labels_in(body: Json) -> list[str] | None:
    if body.get("labels") is None:
        return None
    return _checked(names(body["labels"], "labels"))


# Below


def _label(request: Request, name: str) -> sqlite3.Row:
    return found(records.find_label(request.store, name))


def _all(request: Request, number: int) -> Response:
    return Response(
        200, [shapes.label(request.store, base(request), row) for row in shapes.labels_of(request.store, number)]
    )


def _label_list(request: Request) -> list[str]:
    """The labels of a body that is a bare array, or an object with one."""
    data = request.json()
    if isinstance(data, dict):
        data = data.get("labels")
    return _checked(names([] if data is None else data, "labels"))


def _checked(wanted: list[str]) -> list[str]:
    for name in wanted:
        if not name or len(name) > LONGEST_NAME:
            raise invalid("Label", "name", value=name)
    return wanted


def _label_name(request: Request, body: Json, field: str, except_for: str = "") -> str | None:
    name = text(body, field)
    if name is None:
        return None
    if not name.strip() or len(name) > LONGEST_NAME:
        raise invalid("Label", "name", "missing_field" if not name.strip() else "invalid", value=name)
    held = records.find_label(request.store, name.strip())
    if held and held["name"].lower() != except_for.lower():
        raise invalid("Label", "name", "already_exists")
    return name.strip()


def _color(body: Json) -> str | None:
    color = text(body, "color")
    if color is not None and not re.fullmatch(r"[0-9a-fA-F]{6}", color):
        raise invalid("Label", "color", value=color)
    return color.lower() if color else None
