"""Fields of a form: what is declared of a decision's parameters, and the widget in which each is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets

from deskbook.engine.cycles import OWN
from deskbook.engine.parameters import Options, by_labels, declared
from deskbook.language.text import shorten

LONGEST_OPTION = 70  # characters; a longer one widens the opened list beyond the page


@dataclass(frozen=True)
class Field:
    """One thing to decide. `options` are (what is shown, value); the empty value takes the advice.

    Without options it is a text, or with `whole` a whole number from 0 to that; `long` gives a text several lines. Where
    there is nothing to advise, `hint` says what a person may write.
    """

    name: str
    label: str
    options: Sequence[tuple[str, str]] = ()
    advised: str = ""
    hint: str = ""
    long: bool = False
    whole: int = 0


@dataclass(frozen=True)
class Sheet:
    """What a form shows: its fields, the values it begins with, and the reasons for what is advised."""

    fields: tuple[Field, ...]
    values: Mapping[str, Any]
    reasons: tuple[str, ...] = ()


def sheet_of(
    facts: Any,
    decision: Any,
    advised: Mapping[str, str],
    reasons: Sequence[str] = (),
    *,
    options: Mapping[str, Options] | None = None,
    values: Mapping[str, Any] | None = None,
    first: Sequence[str] = (),
) -> Sheet:
    """A field for each declared parameter of a decision.

    `options` and `values` stand in the place of what the declaration offers and the decision holds; empty reasons are
    left out. The fields named in `first` stand on top, the others in their declared order.
    """
    told = options or {}
    fields = tuple(
        Field(
            name=each.name,
            label=each.parameter.label,
            options=told.get(each.name) or (each.parameter.options(facts) if each.parameter.options else ()),
            advised=advised.get(each.name, ""),
            hint=each.parameter.hint,
            long=each.parameter.long,
            whole=each.parameter.most,
        )
        for each in sorted(declared(decision.__class__), key=lambda each: each.name not in first)
        if each.name not in OWN
    )
    begin = {each.name: getattr(decision, each.name) for each in fields}
    return Sheet(fields, {**begin, **(values or {})}, tuple(reason for reason in reasons if reason))


def in_words(fields: Sequence[Field], text: str) -> str:
    """A sentence for people who see fields: `incident=yes` is said as the field's label and what it offers."""
    labels = {field.name: field.label for field in fields}
    offered = {(field.name, value): shown for field in fields for shown, value in field.options}
    begin, colon, rest = by_labels(text, labels, offered).partition(":")
    return f"{labels[begin].rstrip('?') if begin in labels else begin}{colon}{rest}"


def advised_label(advised: str) -> str:
    return f"{advised} (advised)"


def box_of(field: Field, value: Any) -> ipywidgets.ValueWidget:
    """The widget in which this field is filled in, holding the value."""
    wide = {"width": "auto", "max_width": "46em"}
    if field.options:
        known = [each for _, each in field.options]
        options = [
            (advised_label(field.advised) if field.advised else "(as advised)", ""),
            *((shorten(shown, LONGEST_OPTION), each) for shown, each in field.options),
            *([(value, value)] if value and value not in known else []),
        ]
        return ipywidgets.Dropdown(options=options, value=value, description=field.label, layout=wide)
    if field.whole:
        box = ipywidgets.BoundedIntText(
            value=value, max=field.whole, description=field.label, continuous_update=False, layout={"width": "18em"}
        )
    else:
        kind = ipywidgets.Textarea if field.long else ipywidgets.Text
        box = kind(
            value=value,
            description=field.label,
            placeholder=field.advised or field.hint,
            continuous_update=False,  # a plan for each finished sentence, not for each letter
            layout=wide,
            **({"rows": 4} if field.long else {}),
        )
    return box


def row_of(field: Field, box: ipywidgets.Widget) -> ipywidgets.Widget:
    """A number has no room for a hint inside, so it stands beside it."""
    if not field.whole or not field.advised:
        return box
    hint = field.advised if field.advised.startswith("0") else f"0: {field.advised}"
    return ipywidgets.HBox([box, ipywidgets.Label(hint)], layout={"flex_flow": "row wrap", "align_items": "center"})
