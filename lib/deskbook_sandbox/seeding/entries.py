"""Validate the parts of a seed that only one service understands; errors name place and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from deskbook.config.loader import Frozen, complain
from deskbook_sandbox.seeding.seed import moment
from deskbook_sandbox.store.database import Store

E = TypeVar("E", bound=Frozen)


def entries(data: Mapping[str, Any], part: str, model: type[E]) -> list[E]:
    """The entries of `part` as frozen objects; DefinitionError lists what is wrong with the first bad one."""
    found = []
    for index, item in enumerate(data.get(part) or ()):
        try:
            found.append(model.model_validate(item))
        except ValidationError as error:
            lines = []
            for problem in error.errors():
                place = "/".join(str(step) for step in (part, index, *problem["loc"]))
                lines.append(f"/{place}: {problem['msg']}; the keys are {', '.join(_keys(model))}")
            raise complain("seed", "/", "\n".join(lines)) from None
    return found


def stamp(store: Store, data: Mapping[str, Any], text: str | None) -> str:
    """A seed's moment as the services write it; the seed's own now, where it names none."""
    now = data.get("now") or store.now()
    return store.stamp(moment(text, now) if text else now)


def _keys(model: type[Frozen]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
