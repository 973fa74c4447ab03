"""The tracker's issue forms: written as GitHub writes them, read back from what people made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
import yaml
from building import ORGANIZATION
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from yardstick import ENOUGH, yards

from deskbook.errors import DefinitionError, ParameterError
from deskbook.tickets.classification import IMPACTS
from deskbook.tickets.issue_form import (
    EMPTY,
    EVENT,
    SUPPORT,
    form_of,
    forms,
    neutral,
    neutral_title,
    read,
    read_form,
    render,
)

FULL = {
    "ticket": "https://2i2c.freshdesk.com/a/tickets/101",
    "request_type": "Something is not working",
    "impact": "High",
    "description": "xarray no longer imports.",
    "investigation": "The image was rebuilt on Monday.\n\nTwo versions are installed.",
}
WRITTEN = """### Ticket link

https://2i2c.freshdesk.com/a/tickets/101

### Request type

Something is not working

### Impact

High

### Short description

xarray no longer imports.

### Investigation results

The image was rebuilt on Monday.

Two versions are installed."""


def test_a_body_is_what_github_writes() -> None:
    assert render(SUPPORT, FULL) == WRITTEN


def test_what_was_written_is_read_back() -> None:
    assert read(SUPPORT, render(SUPPORT, FULL)) == FULL


def test_an_empty_field_says_so_and_is_read_as_empty() -> None:
    body = render(SUPPORT, {**FULL, "investigation": " "})
    assert body.endswith(f"### Investigation results\n\n{EMPTY}")
    assert read(SUPPORT, body)["investigation"] == ""


def test_a_field_that_is_not_named_holds_what_the_web_form_holds_at_first() -> None:
    body = render(EVENT, {"ticket": "https://2i2c.freshdesk.com/a/tickets/122", "representative": "Coral Reyes"})
    assert read(EVENT, body)["tasks"].startswith("- [ ] ")
    assert read(EVENT, body)["begin"] == ""
    assert read(EVENT, render(EVENT, {"ticket": "x", "representative": "y", "tasks": ""}))["tasks"] == ""


@pytest.mark.parametrize("name", [SUPPORT, EVENT])
def test_every_field_makes_the_round_trip(name: str) -> None:
    values = {
        field.id: field.attributes.options[-1] if field.attributes.options else f"value of {field.id}"
        for field in form_of(name).fields
    }
    assert read(name, render(name, values)) == values


PIECES = ["a", " ", "\n", "\\", "#", "### Impact", "### Ticket link\n", "\r\n"]
TEXT = st.lists(st.sampled_from(PIECES)).map("".join)


@given(TEXT, TEXT)
def test_no_value_can_pass_for_another_field(description: str, investigation: str) -> None:
    def tidy(text: str) -> str:
        return text.replace("\r\n", "\n").strip()

    description = f"x{description}"
    found = read(SUPPORT, render(SUPPORT, {**FULL, "description": description, "investigation": investigation}))
    assert found == {**FULL, "description": tidy(description), "investigation": tidy(investigation)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"impct": "High"}, r"form freshdesk-ticket-tracker has no field 'impct' \(ticket, .*did you mean impact"),
        ({"ticket": ""}, r"form freshdesk-ticket-tracker, field 'ticket' is required; give ticket link"),
        ({"impact": " "}, r"field 'impact' is required; give Low, Medium, High, Critical"),
        ({"impact": "high"}, r"field 'impact' cannot be 'high'; it is one of Low, .*did you mean High"),
        ({"description": "x" * 70_000}, r"70\d\d\d characters are more than an issue holds \(65536\); .*description"),
    ],
)
def test_a_value_that_the_form_would_not_take_is_refused_with_a_reason(change: Mapping[str, str], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        render(SUPPORT, {**FULL, **change})


def test_a_required_field_that_is_left_out_is_named() -> None:
    with pytest.raises(ParameterError, match="field 'representative' is required"):
        render(EVENT, {"ticket": "x"})


def test_an_unknown_form_says_which_there_are() -> None:
    with pytest.raises(ParameterError, match="no issue form 'event' \\(event-for-a-community, freshdesk-ticket-track"):
        render("event", {})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": ""}, "/body/0: needs an id and attributes.label"),
        ({"type": "checkboxes"}, "/body/0/type"),
        ({"type": "dropdown"}, "/body/0: a dropdown has attributes.options"),
        ({"id": "second"}, "/body/0: 'second' shares its id or label"),
    ],
)
def test_a_broken_form_names_file_place_and_remedy(tmp_path: Path, change: Mapping[str, str], words: str) -> None:
    first = {"type": "input", "id": "first", "attributes": {"label": "First"}, **change}
    second = {"type": "input", "id": "second", "attributes": {"label": "Second"}}
    path = tmp_path / "form.yml"
    path.write_text(
        yaml.safe_dump({"name": "F", "description": "d", "title": "", "labels": [], "body": [first, second]})
    )
    with pytest.raises(DefinitionError, match=f"form.yml @ {words}"):
        read_form(path)


def test_the_forms_say_what_the_organisation_says() -> None:
    support, event = form_of(SUPPORT), form_of(EVENT)
    options = {field.id: field.attributes.options for field in support.fields}
    assert set(options["request_type"]) == set(ORGANIZATION.request_types.model_dump().values())
    assert options["impact"] == IMPACTS
    assert (support.name, event.name) == (ORGANIZATION.tracker.support_form, ORGANIZATION.tracker.event_form)
    assert support.labels == (ORGANIZATION.tracker.support_label,)
    assert event.labels == (ORGANIZATION.tracker.event_label,)
    assert support.title == "[Support] "


@pytest.mark.parametrize("path", forms().values(), ids=lambda path: path.stem)
def test_github_takes_the_form(path: Path) -> None:
    """Its rules for issue forms: allowed keys, unique ids of letters, digits, - and _, options that are text."""
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(form) <= {"name", "description", "title", "labels", "assignees", "projects", "type", "body"}
    assert all(form[key] for key in ("name", "description", "body"))
    assert any(field["type"] != "markdown" for field in form["body"])
    ids = [field["id"] for field in form["body"] if field["type"] != "markdown"]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in ids)
    allowed = {
        "markdown": {"value"},
        "input": {"label", "description", "placeholder", "value"},
        "textarea": {"label", "description", "placeholder", "value", "render"},
        "dropdown": {"label", "description", "multiple", "options", "default"},
    }
    for field in form["body"]:
        assert set(field["attributes"]) <= allowed[field["type"]]
        assert all(isinstance(value, str | list) for value in field["attributes"].values())
        options = field["attributes"].get("options", ["one"])
        assert len(options) == len(set(options))
        assert all(isinstance(option, str) and option.lower() != "none" for option in options)


BY_HAND = """I moved this here from chat.\r
\r
### Ticket link\r
\r
https://2i2c.freshdesk.com/a/tickets/44\r
\r
###  IMPACT ###\r
High\r
### Short description\r
\r
It fails.\r
\r
### What I did\r
\r
```\r
### Ticket link\r
```\r
\r
### Investigation results\r
\r
_No response_\r
\r
<!-- Ref 44-1-timebox.track -->\r
"""


def test_a_body_that_people_changed_is_still_read() -> None:
    found = read(SUPPORT, BY_HAND)
    assert found == {
        "ticket": "https://2i2c.freshdesk.com/a/tickets/44",
        "request_type": "",
        "impact": "High",
        "description": "It fails.\n\n### What I did\n\n```\n### Ticket link\n```",
        "investigation": "",
    }


@pytest.mark.parametrize("body", ["", "Please look at the hub.", "## Impact\n\nHigh", "\n### \n###\n#"])
def test_an_issue_without_the_form_has_empty_fields(body: str) -> None:
    assert set(read(SUPPORT, body).values()) == {""}


def test_no_choice_in_an_older_form_is_empty() -> None:
    assert read(SUPPORT, "### Impact\n\nNone")["impact"] == ""
    assert read(SUPPORT, "### Short description\n\nNone")["description"] == "None"


@dataclass
class Shown:
    html: str

    @property
    def text(self) -> str:
        return re.sub(r"<[^>]*>", "", self.html)


def shown(text: str) -> Shown:
    """As GitHub shows it, but for what it looks for in the text that is left: that is asserted here."""
    found = Shown(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    assert not re.search(r"@[\w-]", found.text)
    assert not re.search(r"#\d|\bGH-\d", found.text, re.IGNORECASE)
    assert not re.search(r"[a-z]://|\bwww\.[a-z]", found.text, re.IGNORECASE)
    assert not re.search(r"^\s*/", found.text, re.MULTILINE)
    return found


HOSTILE = [
    "@octocat and @2i2c-org/engineering, please",
    "fixes #12, closes 2i2c-org/infrastructure#12 and resolves gh-12",
    "see https://github.com/2i2c-org/infrastructure/issues/12 or www.example.org or HTTPS://EXAMPLE.org",
    "write to ada@aurora.example.org",
    "/close",
    "  /label ~bug",
    "\u200b/close",
    "![tracked](https://example.org/x.png) and [a link](javascript:x) and <https://example.org>",
    "<img src=x onerror=alert(1)><!-- gone <details>",
    "# Title\n\nTitle\n===\n\nTitle\n---",
    "> quoted\n\n- list\n* list\n1. list\n2) list\n\n    code\n\n```\n@octocat\n```",
    "a | b\n--- | ---\nc | d",
    "&#64;octocat &commat;octocat \\@octocat `@octocat` @\u200boctocat #\u206012",
    "**bold** __bold__ ~~gone~~ $x$ :tada:",
    "[x]: https://example.org\n[x]",
    "\u202etxet",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_neutral_text_acts(text: str) -> None:
    found = shown(neutral(text))
    assert set(re.findall(r"</?(\w+)", found.html)) <= {"p"}
    assert "<!--" not in found.html
    assert "\u202e" not in found.html


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\u202e" not in text and "\u2060" not in text])
def test_a_neutral_text_is_read_as_it_was_written(text: str) -> None:
    def plain(words: str) -> str:
        return re.sub(r"[\s\u200b]+", "", words)

    assert plain(unescape(shown(neutral(text)).text)) == plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_neutral_title_is_one_line_that_mentions_nobody(text: str) -> None:
    title = neutral_title(text)
    assert not re.search(r"@[\w-]|#\d|\bgh-\d|[a-z]://|\n|\u202e", title, re.IGNORECASE)
    assert title.count("\\") == text.count("\\")


def test_a_traceback_keeps_its_lines_and_its_indentation() -> None:
    trace = 'Traceback:\n  File "x.py", line 1\n    import xarray'
    assert neutral(trace).replace("\u00a0", " ").replace("\\", "") == trace


def test_texts_are_bounded() -> None:
    assert len(neutral_title("word " * 1000)) <= 120
    assert neutral("x" * 50_000) == "x" * 9_999 + "…"
    assert neutral("\u200b" * 50_000 + "late") == "…"


def test_a_neutral_text_stays_one_value_of_the_form() -> None:
    text = neutral("### Impact\n\nLow\n\n### Investigation results\n\nnone")
    assert read(SUPPORT, render(SUPPORT, {**FULL, "description": text})) == {**FULL, "description": text}


@pytest.mark.parametrize("piece", ["### Impact\n", "\\", "<!--", "https://", "@a#1", "# ", "\u00a0", "![](", "**_"])
def test_long_hostile_texts_take_no_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert yards(lambda: (read(SUPPORT, text), neutral(text), neutral_title(text))) < ENOUGH
