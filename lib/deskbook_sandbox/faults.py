"""Inject faults: which request fails how, and how often."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deskbook.config.loader import Frozen


class Order(Frozen):
    """One entry of POST /sandbox/faults. Without `times` it holds until the list is replaced."""

    method: str = "*"
    path: str
    status: Annotated[int, Field(ge=200, le=599)] | None = None
    delay: Annotated[float, Field(ge=0, le=600)] | None = None
    drop: Literal["before", "after"] | None = None
    truncate: bool = False
    times: Annotated[int, Field(ge=1)] | None = None
    chance: Annotated[float, Field(ge=0, le=1)] = 1.0
    headers: Mapping[str, Annotated[str, Field(pattern=r"^[\x20-\x7e]*$")]] = {}
    retry_after: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.status is None and self.delay is None and self.drop is None and not self.truncate:
            raise ValueError("says no failure; add one of status, delay, drop, truncate")
        return self


@dataclass
class Fault:
    """An order and how often it may still be applied (None: without end)."""

    order: Order
    left: int | None


def matching_fault(faults: list[Fault], method: str, path: str) -> Order | None:
    """The first order that fits this request and has uses left; counts the use. Call it under the store's lock."""
    for fault in faults:
        order = fault.order
        if fault.left == 0 or order.method.upper() not in ("*", method) or not fnmatchcase(path, order.path):
            continue
        if order.chance < 1 and random.random() >= order.chance:
            continue
        if fault.left is not None:
            fault.left -= 1
        return order
    return None


def headers_of(order: Order) -> dict[str, str]:
    """The headers that a response with the fault's status carries."""
    headers = dict(order.headers)
    if order.retry_after is not None:
        headers["Retry-After"] = str(order.retry_after)
    elif order.status == 429:
        headers.setdefault("Retry-After", "1")
    return headers
