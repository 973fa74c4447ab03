"""GitHub's calls for the labels of an issue and of the repository."""

from __future__ import annotations

import re
import sqlite3

from deskbook_sandbox.github import calls, records, shapes
from deskbook_sandbox.github.calls import Json, base, found, invalid, mapping, names, page, text
from deskbook_sandbox.github.shapes import owner_of_token
from deskbook_sandbox.http import Answer, Call, Ended

LONGEST_NAME = 50


# Labels of an issue


def issue_labels(call: Call, number: int) -> Answer:
    issue_row(call, number)
    return page(call, shapes.labels_of(call.world, number), lambda row: shapes.label(call.world, base(call), row))


def add_issue_labels(call: Call, number: int) -> Answer:
    issue_row(call, number)
    records.relabel(call.world, owner_of_token(call.world), number, _label_list(call))
    return _all(call, number)


def replace_issue_labels(call: Call, number: int) -> Answer:
    issue_row(call, number)
    replace_labels(call, number, _label_list(call))
    return _all(call, number)


def remove_issue_labels(call: Call, number: int) -> Answer:
    issue_row(call, number)
    replace_labels(call, number, [])
    return Answer(204)


def remove_issue_label(call: Call, number: int, name: str) -> Answer:
    issue_row(call, number)
    if name.lower() not in {row["name"].lower() for row in shapes.labels_of(call.world, number)}:
        raise Ended(calls.refuse(404, "Label does not exist"))
    records.relabel(call.world, owner_of_token(call.world), number, remove=[name])
    return _all(call, number)


# Labels of the repository


def list_labels(call: Call) -> Answer:
    rows = call.world.rows("SELECT * FROM gh_labels ORDER BY name")
    return page(call, rows, lambda row: shapes.label(call.world, base(call), row))


def create_label(call: Call) -> Answer:
    body = mapping(call)
    name = _label_name(call, body, "name")
    if name is None:
        raise invalid("Label", "name", "missing_field")
    row = records.add_label(call.world, name, _color(body) or records.PLAIN, text(body, "description"))
    shape = shapes.label(call.world, base(call), row)
    return Answer(201, shape, {"Location": shape["url"]})


def get_label(call: Call, name: str) -> Answer:
    return Answer(200, shapes.label(call.world, base(call), _label(call, name)))


def edit_label(call: Call, name: str) -> Answer:
    row = _label(call, name)
    body = mapping(call)
    new = _label_name(call, body, "new_name", except_for=name) or row["name"]
    description = text(body, "description") if "description" in body else row["description"]
    color = _color(body) or row["color"]
    call.world.update("gh_labels", {"id": row["id"]}, name=new, color=color, description=description)
    return get_label(call, new)


def delete_label(call: Call, name: str) -> Answer:
    row = _label(call, name)
    call.world.delete("gh_issue_labels", label=row["id"])
    call.world.delete("gh_labels", id=row["id"])
    return Answer(204)


# Shared with the calls for issues


def issue_row(call: Call, number: int) -> sqlite3.Row:
    return found(records.find(call.world, number))


def replace_labels(call: Call, number: int, wanted: list[str]) -> None:
    keep = {name.lower() for name in wanted}
    going = [row["name"] for row in shapes.labels_of(call.world, number) if row["name"].lower() not in keep]
    records.relabel(call.world, owner_of_token(call.world), number, wanted, going)


def labels_in(body: Json) -> list[str] | None:
    if body.get("labels") is None:
        return None
    return _checked(names(body["labels"], "labels"))


# Below


def _label(call: Call, name: str) -> sqlite3.Row:
    return found(records.find_label(call.world, name))


def _all(call: Call, number: int) -> Answer:
    return Answer(200, [shapes.label(call.world, base(call), row) for row in shapes.labels_of(call.world, number)])


def _label_list(call: Call) -> list[str]:
    """The labels of a body that is a bare array, or an object with one."""
    data = call.json()
    if isinstance(data, dict):
        data = data.get("labels")
    return _checked(names([] if data is None else data, "labels"))


def _checked(wanted: list[str]) -> list[str]:
    for name in wanted:
        if not name or len(name) > LONGEST_NAME:
            raise invalid("Label", "name", value=name)
    return wanted


def _label_name(call: Call, body: Json, field: str, except_for: str = "") -> str | None:
    name = text(body, field)
    if name is None:
        return None
    if not name.strip() or len(name) > LONGEST_NAME:
        raise invalid("Label", "name", "missing_field" if not name.strip() else "invalid", value=name)
    held = records.find_label(call.world, name.strip())
    if held and held["name"].lower() != except_for.lower():
        raise invalid("Label", "name", "already_exists")
    return name.strip()


def _color(body: Json) -> str | None:
    color = text(body, "color")
    if color is not None and not re.fullmatch(r"[0-9a-fA-F]{6}", color):
        raise invalid("Label", "color", value=color)
    return color.lower() if color else None
