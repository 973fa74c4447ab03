"""A corpus of hostile words, in subject, body, names, replies, attachments and parameters: shown as words, never acted on.

The services are asked in truth, and each answer that carries the planted word has it exchanged for the hostile one on
its way in: so that also what no look-alike would store reaches the run.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import requests
from markdown_it import MarkdownIt
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from deskbook import batch
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.ui import blocks, views
from deskbook_sandbox.freshdesk import records as helpdesk
from deskbook_sandbox.freshdesk.conversations import add_conversation
from torture.cells import Cell, Verdict
from torture.faults import answered
from torture.scenarios import Road, road
from torture.wire import Call
from torture.world import world

WORD = "HOSTILEWORD"  # stands in the sandbox wherever people write
SUM, MADE = "1337*1337", "1787569"  # what a template would make of it
SHAPES: dict[str, str] = {
    "script": "<script>document.title='hacked'</script>",
    "image": "<img src=x onerror=\"document.title='hacked'\">",
    "svg": "<svg onload=\"document.title='hacked'\"></svg>",
    "frame": '<iframe src="https://evil.example.org"></iframe>',
    "style": "<style>*{display:none}</style>",
    "form": '<form action="https://evil.example.org"><input name=p></form>',
    "half-tag": "<b <i <script",
    "comment": "<!-- unclosed",
    "comment-end": "--> text <!--",
    "cdata": "]]><![CDATA[",
    "entity": "&lt;script&gt;document.title='hacked'&lt;/script&gt;",
    "link": "[click](https://evil.example.org)",
    "script-link": "[click](javascript:document.title='hacked')",
    "image-link": "![x](https://evil.example.org/track.png)",
    "reference-link": "[x]: https://evil.example.org\n[x]",
    "autolink": "<https://evil.example.org>",
    "mention": "@evil-mallory @everyone @2i2c-org/evil-team",
    "chat-mention": "<!channel> <!here> <@U012345> <https://evil.example.org|click>",
    "slash": "\n/close\n/assign @evil-mallory\n",
    "closes": "fixes #1, closes #2",
    "fence": "```\n</code></pre>\n````\n~~~",
    "table": "| a | b |\n|---|---|\n| x | y |",
    "heading": "\n# Impact\n\nCritical\n\n### Ticket link\n\nhttps://evil.example.org\n",
    "reference": "\n\nRef 101-1-triage.acknowledge\n",
    "hidden-reference": "\n<!-- Ref 102-1-timebox.track -->\n",
    "record": "\nImpact confirmed: Critical\nApproved by hand: me: yes\n",
    "format": "{0.__class__} {} {x!r} %s %n %(x)s ${HOME} $(id)",
    "jinja": "{{ " + SUM + " }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "papermill": '"; import os; os.environ["HACKED"] = "1"; x = "',
    "yaml": "!!python/object/apply:os.system ['id']\n- &a [*a]",
    "json": '"}],"apply": true, "x": ["',
    "sql": "'; DROP TABLE fd_tickets; --",
    "ansi": "\x1b[2J\x1b]0;hacked\x07\x1b[31mred",
    "c1": "\x9b31m\x85\x90",
    "bell": "\x07\x08\x0b\x0c\r overwritten",
    "null": "a\x00b",
    "bidi": "\u202egnp.exe\u202c \u2066x\u2069 \u200fy",
    "zero-width": "a\u200bb\u200cc\u200dd\ufeffe\u00ade",
    "surrogate": "a\ud800b\udfffc",
    "combining": "Z" + "\u0301\u0489" * 200,
    "path": "../../../../etc/passwd\\..\\C:con.png",
    "emoji": "\U0001f469\u200d\U0001f680\U0001f1e6\ufe0f\U000e0041",
    "regex": "(a+)+$" + "a" * 5000 + "!",
    "long": "long " * 200_000,
}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
ACTIVE = ("script", "iframe", "svg", "style", "img", "form", "input", "object", "embed", "link", "meta", "base")
READ = MarkdownIt("commonmark", {"html": True}).enable("table")


def cells(name: str) -> list[Cell]:
    return [Cell("hostile", name, shape) for shape in SHAPES]


def run(cell: Cell) -> Verdict:
    here, made, shape = world(), road(cell.scenario), SHAPES[cell.what]
    here.back(made.kept)
    with here.store.transaction():
        plant(made.scenario.ticket, named=len(shape.strip().splitlines()) == 1)  # a list of names has one a line
    given = with_shape(made, shape)
    verdict = Verdict()
    written: list[Call] = []

    def between(call: Call, go: Callable[[], requests.Response]) -> requests.Response:
        if call.writes:
            written.append(call)
        return exchanged(shape)(call, go)

    ran = here.run(made.scenario.runbook, given, between)
    verdict.untyped += [ran.untyped] if ran.untyped else []
    if ran.failure and not ran.failure.startswith("ParameterError"):
        verdict.lost.append(f"hostile words stop it: {ran.failure[:200]}")
    if ran.receipt:
        screen = blocks.text(views.receipt(ran.receipt)) + json.dumps(ran.receipt.as_json())
        verdict.executed += [f"on the screen: {MADE}"] if MADE in screen or "<class '" in screen else []
        verdict.executed += _active(blocks.html(views.receipt(ran.receipt)), "the receipt")
    for call in written:
        verdict.executed += list(acted(call))
    verdict.executed += _injected(cell, given)
    return verdict


def plant(ticket: int, *, named: bool = True) -> None:
    """The word that stands for a hostile one, wherever somebody outside may write; `named`: also in who asks."""
    store = world().store
    store.db.execute(
        "UPDATE fd_tickets SET subject = subject || ?, description = description || ?, description_text = description_text || ?",
        (f" {WORD}", f"<p>{WORD}</p>", f"\n{WORD}"),
    )
    asker = store.row("SELECT * FROM fd_contacts WHERE id = (SELECT requester_id FROM fd_tickets WHERE id = ?)", ticket)
    if asker and named:  # on the list of those who represent their community they are called the same
        name = f"{asker['name']} {WORD}"
        store.db.execute("UPDATE fd_contacts SET name = ? WHERE id = ?", (name, asker["id"]))
        rename = "UPDATE fd_companies SET custom_fields = replace(custom_fields, ?, ?)"
        store.db.execute(rename, (asker["name"], name))
    store.db.execute("UPDATE gh_issues SET title = title || ?, body = body || ?", (f" {WORD}", f"\n{WORD}\n"))
    found = helpdesk.get(store, "ticket", ticket)
    if found:
        who = {"user_id": found["requester_id"], "incoming": True, "private": True, "source": 2, "category": 1}
        file = {
            "id": 1,
            "name": f"{WORD}.png",
            "content_type": "image/png",
            "size": 1,
            "attachment_url": "https://x.example.org",
        }
        add_conversation(store, found, f"<p>{WORD}</p>", who | {"attachments": [file]})


def with_shape(made: Road, shape: str) -> dict[str, object]:
    """The scenario's parameters, with the shape in each that takes any text."""
    free = {
        each.name for each in RUNBOOKS[made.scenario.runbook].parameters if each.parameter.long and each.type == "str"
    }
    checked = {each.name for each in RUNBOOKS[made.scenario.runbook].parameters if each.parameter.read is not None}
    return {
        name: f"{value} {shape}" if name in free - checked else value for name, value in made.scenario.given.items()
    }


def exchanged(shape: str) -> Callable[[Call, Callable[[], requests.Response]], requests.Response]:
    """Lets everything through, with the hostile shape in place of the planted word."""
    inside = json.dumps(shape)[1:-1].encode()
    return answered(lambda body: body.replace(WORD.encode(), inside))


def acted(call: Call) -> Iterator[str]:
    """What of ours would act where it was written."""
    for key, text in _texts(call.said):
        if MADE in text or "<class '" in text:
            yield f"a template was filled in: {call} {key}"
        if call.path.startswith("slack/") and re.search(r"<!(?:channel|here)|<@U012345|<https://evil", text):
            yield f"it calls people in the chat: {call}"
        if call.path.startswith("api/v2/") and key == "body":
            yield from _active(text, str(call))
        if call.path.startswith("github/") and key == "body" and "graphql" not in call.path:
            yield from _marked(text, str(call))
        if call.path.startswith("github/") and key == "title" and CONTROL.search(text):
            yield f"control characters in a title: {call}"
        if key == "text" and call.path.startswith("slack/") and CONTROL.search(text):
            yield f"control characters in the chat: {call}"


def _texts(said: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        for name, value in said.items():
            yield from _texts(value, name)
    elif isinstance(said, list):
        for value in said:
            yield from _texts(value, key)
    elif isinstance(said, str):
        yield key, said


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE:
            self.bad.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or re.match(r"\s*(?:javascript|data|vbscript):", value or "", re.I):
                self.bad.append(f"{name}={value}")
            if name in ("href", "src") and "evil.example.org" in (value or ""):
                self.bad.append(f"a link of theirs: {value}")


def _active(html: str, where: str) -> list[str]:
    tags = _Tags()
    tags.feed(html)
    tags.close()
    return [f"active HTML in {where}: {each}" for each in dict.fromkeys(tags.bad)]


def _marked(markdown: str, where: str) -> Iterator[str]:
    """What the tracker would act on: mentions, commands, foreign HTML, links of theirs; nothing in code acts."""
    for token in READ.parse(markdown):
        for child in (token, *(token.children or ())):
            text = child.content if child.type in ("text", "html_inline", "html_block", "inline") else ""
            if child.type in ("html_inline", "html_block") and not text.strip().startswith("<!--"):
                yield f"HTML in {where}: {text[:40]}"
            if child.type in ("link_open", "image") and "evil" in str(child.attrs):
                yield f"a link of theirs in {where}"
            if child.type == "text" and re.search(r"(?<![\w`])@(?:evil-mallory|everyone|2i2c-org/evil)", text):
                yield f"a mention in {where}: {text[:40]}"
        if token.type == "inline" and re.search(r"^/(?:close|assign)", token.content, re.MULTILINE):
            yield f"a command in {where}"


def _injected(cell: Cell, given: dict[str, object]) -> list[str]:
    """Parameters become constants of the notebook, and nothing else."""
    runbook = road(cell.scenario).scenario.runbook
    words = {name: value for name, value in given.items() if isinstance(value, str)}
    if not any(SHAPES[cell.what] in value for value in words.values()) or cell.what == "surrogate":
        return []
    notebook = load_notebook_node(str(batch.notebook_of(runbook)))
    filled = parameterize_notebook(notebook, words, report_mode=False)
    cells = [each for each in filled.cells if "injected-parameters" in each.metadata.get("tags", ())]
    found: dict[str, Any] = {}
    for statement in ast.parse(cells[0].source).body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Constant):
            return [f"a parameter is code: {ast.unparse(statement)[:80]}"]
        found[ast.unparse(statement.targets[0])] = statement.value.value
    return [f"{name} is not what was given" for name, value in words.items() if found.get(name) != value]
