"""Mails and notes of a plan, each in full and in a field of its own, so that they may be written anew before they go."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets

from deskbook.engine.actions import Message
from deskbook.engine.plan import Plan
from deskbook.language.text import to_html


class Letters:
    """The fields of one form. `changed` is called whenever somebody has written."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.view = ipywidgets.VBox()
        self._changed_by_person, self._own = changed, dict[str, str]()
        self._ours: dict[str, str] = {}
        self._boxes: dict[str, ipywidgets.Textarea] = {}
        self._filling = False

    def begin(self, texts: str) -> None:
        """Forget what was written, and begin with these texts."""
        self._own = dict(json.loads(texts)) if texts else {}

    def show(self, plan: Plan, ours: Plan) -> None:
        """The messages that this plan would write; `ours` is the same plan in our own words."""
        ahead = [action for action in messages(plan) if not action.landed(plan.case)]
        self._ours = {action.key: readable(action.words) for action in messages(ours)}
        self._filling = True
        for action in ahead:
            box = self._boxes.get(action.key) or self._box(action.key)
            box.description = action.sentence()
            box.value = readable(action.words)
        self._filling = False
        shown = tuple(self._boxes[action.key] for action in ahead)
        if self.view.children != shown:
            self.view.children = shown

    def texts(self, ours: Plan) -> str:
        """What the person wrote of those messages that this plan has: where the way has changed, the others rest."""
        kept = {action.key: self._own[action.key] for action in messages(ours) if action.key in self._own}
        return json.dumps(kept, sort_keys=True, ensure_ascii=False) if kept else ""

    @property
    def written(self) -> bool:
        return bool(self._own)

    def _box(self, key: str) -> ipywidgets.Textarea:
        box = ipywidgets.Textarea(
            continuous_update=False, placeholder="Empty: our words again", layout={"width": "auto", "max_width": "60em"}
        )
        box.add_class("deskbook-letter")
        box.observe(lambda change: self._changed(key, change["new"]), names="value")
        self._boxes[key] = box
        return box

    def _changed(self, key: str, words: str) -> None:
        if self._filling:
            return
        if words.strip() and words != self._ours.get(key):
            self._own[key] = words
        else:
            self._own.pop(key, None)
        self._changed_by_person()


def messages(plan: Plan) -> Sequence[Message]:
    return [action for action in plan.actions if isinstance(action, Message)]


def without(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values in our own words."""
    return {**values, "texts": ""} if "texts" in values else dict(values)


def readable(words: str) -> str:
    """Markdown without the marks that keep foreign words from acting, where it says the same without them."""
    plain = re.sub(r"\\([^\w\s])", r"\1", words)
    return plain if plain == words or to_html(plain) == to_html(words) else words
