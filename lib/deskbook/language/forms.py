"""Reads filled forms and templates: which lines are questions, which are answers, and what a person wrote beside them.

A text is a form where its lines show it: headings, a table, several lines `Label: value`, questions with examples in
brackets, or questions with their answers below. Anything less stays free text, so that no word of a person is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from deskbook.language.form_lines import CLOSING, EMPTY, EXAMPLE, MARK, YES, Line, is_on, line_of, same
from deskbook.language.form_shape import shaped
from deskbook.language.text import layout

MOST = 300  # lines of a message that may be a form; what follows is free text
_NUMBER = re.compile(r"\W?\d{1,2}$")


class Answer(NamedTuple):
    """A question without marks, examples and final colon, and what was answered; '' where nothing was.

    Several lines, and several ticked options, are lines of `value`.
    """

    question: str
    value: str

    @property
    def affirmed(self) -> bool:
        """Whether a plain yes makes the question the person's statement."""
        return same(YES + r".{0,200}", self.value)


@dataclass(frozen=True)
class Filled:
    """A message in its order: answers of a form, options ticked under no question, and free lines."""

    parts: tuple[Answer | str, ...]
    ticked: tuple[str, ...] = ()

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(part for part in self.parts if isinstance(part, Answer))

    @property
    def free(self) -> str:
        """The lines that a person wrote outside of every question."""
        return "\n".join(part for part in self.parts if isinstance(part, str))

    @property
    def words(self) -> str:
        """What the person says, with no label in it: free lines, answers, ticked options, and a question that a yes affirms."""
        said = [part if isinstance(part, str) else _statement(part) for part in self.parts]
        return "\n".join(line for line in [*said, *self.ticked] if line)


@lru_cache(maxsize=256)
def filled(html: str) -> Filled:
    """The form in a message, plain or HTML; no answers where it is none. Pure: the same text gives the same form."""
    page = re.sub(r"<!--.*?-->\n?", "", "\n".join(layout(html)), flags=re.DOTALL).split("\n")
    lines = [line_of(line, page[i + 1] if i + 1 < len(page) else "") for i, line in enumerate(page[:MOST])]
    form = _Walk(shaped(lines[:MOST])).parts()
    return replace(form, parts=(*form.parts, *(line for line in page[MOST:] if line)))


def _statement(answer: Answer) -> str:
    return f"{answer.question} {answer.value}" if answer.affirmed else answer.value


# From lines to answers.


class _Walk:
    """Goes through the lines once, with the question that is open."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.found: list[tuple[str, list[str]] | str] = []
        self.ticked: list[str] = []
        self.open: list[str] | None = None  # the lines of the answer to the question that was asked last
        self.heading = False  # that question is a heading
        self.asked = False  # it is answered on the lines below
        self.gap = False  # a gap stood between it and its answer
        labels = [line for line in lines if line.kind == "label"]
        self.below = bool(labels) and not any(line.value for line in labels)  # `Label:`, a gap, the answer

    def parts(self) -> Filled:
        for index, line in enumerate(self.lines):
            if line.kind == "gap":
                self.at_gap(index)
            elif line.kind in ("heading", "label", "asked", "quoted"):
                self.at_question(index, line)
            elif line.kind == "tick":
                self.at_tick(line)
            elif line.kind == "footer":
                self.open = None
            elif line.kind == "text" or (line.kind == "hint" and self.open != []):
                self.at_text(index, line)
        parts = (part if isinstance(part, str) else Answer(part[0], _value(part[1])) for part in self.found)
        return Filled(tuple(parts), tuple(self.ticked))

    def at_gap(self, index: int) -> None:
        """A gap ends an answer, but not one under a heading, nor one that goes on before the next question."""
        kind = "heading" if self.heading else "asked" if self.asked else ""
        if self.open:
            goes_on = (self.heading and self.gap) or (kind and self.later(index, kind, "quoted"))
            self.open = self.open if goes_on else None
        elif self.open is not None:
            self.gap = True
            if not (kind or self.below or self.later(index, "label")):
                self.open = None

    def later(self, index: int, *kinds: str) -> bool:
        """Whether ticks come after a gap, or text and then another question: they belong to the question before it."""
        after = [line.kind for line in self.lines[index:] if line.kind != "gap"]
        return after[:1] == ["tick"] or (after[:1] == ["text"] and any(kind in kinds for kind in after))

    def at_question(self, index: int, line: Line) -> None:
        if line.kind != "heading" and self.heading and self.open is not None:
            if self.open or not self.only_labels(index):
                self.open.append(line.text)  # a heading's answer may hold labels and questions
                return
            self.found.pop()  # a heading over labels is the name of their section
        self.heading, self.gap, self.asked = line.kind == "heading", False, line.kind in ("asked", "quoted")
        self.open = [line.value] if line.value else []
        self.found.append((line.question, self.open))

    def only_labels(self, index: int) -> bool:
        """Whether every line from here to the next heading is a label or a question with its answer beside it."""
        end = next((i for i in range(index, len(self.lines)) if self.lines[i].kind == "heading"), len(self.lines))
        kinds = {line.kind for line in self.lines[index:end]}
        return kinds <= {"label", "gap", "tick", "rule", "footer"}

    def at_tick(self, line: Line) -> None:
        if self.open is None:
            self.ticked += [line.value] if line.ticked else []
        elif line.ticked:
            self.open.append(line.value)

    def at_text(self, index: int, line: Line) -> None:
        if self.open and same(CLOSING, line.text):
            self.open = None
        if self.open is not None:
            self.open.append(line.text)
        elif not self.section(index):
            self.found.append(line.text)

    @cached_property
    def numbered(self) -> dict[str, list[int]]:
        """The lines that end in a number, by what stands before it."""
        found = dict[str, list[int]]()
        for index, line in enumerate(self.lines):
            if (name := _NUMBER.sub("", line.text)) != line.text:
                found.setdefault(name, []).append(index)
        return found

    def section(self, index: int) -> bool:
        """`Training 1` over labels, and `Training 2` over the same: the name of a section, which nobody wrote."""
        alike = self.numbered.get(_NUMBER.sub("", self.lines[index].text), ())
        return len(alike) > 1 and all(self.lines[i + 1 : i + 2] and self.lines[i + 1].kind == "label" for i in alike)


def _value(lines: list[str]) -> str:
    text = "\n".join(lines).strip()
    boxes = re.findall(MARK, text)
    if len(boxes) > 1:  # [ ] yes [x] no, or yes [ ] no [x]
        options = [option.strip(" ,;/|\n") for option in re.split(MARK, text)]
        options = options[:-1] if options[0] else options[1:]
        return "\n".join(option for option, mark in zip(options, boxes, strict=False) if is_on(mark))
    return "" if same(EMPTY, text) or same(rf"[(\[]?(?:{EXAMPLE})[^\n]{{1,160}}", text) else text
