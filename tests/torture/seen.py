"""What stands in the sandbox as comparable lines, without its ids and times, and in what two such readings differ."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from deskbook_sandbox.freshdesk.outgoing import outbox
from deskbook_sandbox.store.database import Store


@dataclass(frozen=True)
class Item:
    """One thing that stands somewhere. `what` says which it is, `value` what it says; `made` are things, not values."""

    kind: str
    what: str
    value: str
    made: bool = True

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"


def plain(text: object) -> str:
    """A text without what differs from run to run: digests, long ids, moments."""
    said = re.sub(r"p-[0-9a-f]{10}-[0-9a-f]+", "p-…", str(text))
    said = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)", "‹time›", said)
    said = re.sub(r"127\.0\.0\.1:\d+", "‹host›", said)
    return re.sub(r"\b[A-Z]?\d{9,}\b", "‹id›", said)


def _mark(text: str) -> str:
    """Our reference in a text, else how it begins."""
    marks = re.findall(r"\bRef (\d+-\d+-[a-z]+\.[\w#.-]*\w)", text)
    return f"Ref {marks[-1]}" if marks else plain(re.sub(r"<[^>]+>|\s+", " ", text))[:70].strip()


def items(store: Store) -> Iterable[Item]:
    yield from _helpdesk(store)
    yield from _tracker(store)
    yield from _others(store)


def _helpdesk(store: Store) -> Iterable[Item]:
    for mail in outbox(store):
        people = f"to {mail['to']} cc {mail['cc']} bcc {mail['bcc']}"
        yield Item(
            "mail",
            f"{mail['ticket_id']} {mail['kind']} {_mark(mail['body'])}",
            plain(f"{people} {mail['subject']} {mail['body']}"),
        )
    for row in store.rows("SELECT * FROM fd_conversations ORDER BY id"):
        kind = "note" if row["private"] else "answer" if row["incoming"] else "reply"
        mark = _mark(row["body"])
        value = "a record" if mark.endswith("#record") else plain(row["body"])
        yield Item(kind, f"{row['ticket_id']} {mark}", value)
    names = (
        "subject",
        "status",
        "priority",
        "type",
        "responder_id",
        "company_id",
        "group_id",
        "tags",
        "custom_fields",
        "spam",
        "deleted",
        "cc_emails",
    )
    for row in store.rows("SELECT * FROM fd_tickets"):
        for name in names:
            value = sorted(json.loads(row[name] or "[]")) if name == "tags" else row[name]
            yield Item("ticket", f"{row['id']} {name}", str(value), made=False)
    for row in store.rows("SELECT * FROM fd_time_entries"):
        yield Item(
            "time",
            f"{row['ticket_id']} {row['agent_id']} {_mark(row['note'] or '')}",
            f"{row['seconds']} {row['timer_running']} {row['billable']}",
        )
    for row in store.rows("SELECT * FROM fd_companies"):
        yield Item(
            "company", row["name"], f"{row['domains']} {row['custom_fields']} {row['description']} {row['note']}"
        )
    for row in store.rows("SELECT * FROM fd_contacts"):
        yield Item(
            "contact",
            f"{row['name']} {row['email']}",
            plain(f"{row['company_id']} {row['other_companies']} {row['phone']}"),
        )


def _tracker(store: Store) -> Iterable[Item]:
    for row in store.rows("SELECT * FROM gh_issues"):
        labels = [
            each["label"]
            for each in store.rows("SELECT label FROM gh_issue_labels WHERE number = ? ORDER BY label", row["number"])
        ]
        yield Item("issue", row["title"], plain(f"{row['body']} {labels}"))
        for name in ("state", "assignees"):
            yield Item("issue's", f"{row['title']} {name}", str(row[name]), made=False)
    titles = {row["number"]: row["title"] for row in store.rows("SELECT number, title FROM gh_issues")}
    for row in store.rows("SELECT * FROM gh_comments"):
        yield Item("comment", f"{titles.get(row['number'])} {_mark(row['body'])}", plain(row["body"]))
    for row in store.rows("SELECT * FROM gh_items"):
        yield Item("card", f"{titles.get(row['number'])}", "")
        for each in store.rows("SELECT * FROM gh_item_values WHERE item = ?", row["id"]):
            yield Item("board", f"{titles.get(row['number'])} {each['field']}", str(each["value"]), made=False)


def _others(store: Store) -> Iterable[Item]:
    names = {row["id"]: row["name"] for row in store.rows("SELECT * FROM chat_channels")}
    for row in store.rows("SELECT * FROM chat_channels"):
        yield Item(
            "channel",
            row["name"],
            f"{row['topic']} {row['purpose']} {sorted(json.loads(row['members']))} {row['archived']}",
        )
    for row in store.rows("SELECT * FROM chat_messages ORDER BY ts"):
        mark = re.search(r"\d+-\d+-[a-z]+\.[\w#.-]*\w", row["metadata"] or "")
        yield Item("post", f"{names.get(row['channel'])} {mark[0] if mark else _mark(row['text'])}", plain(row["text"]))
    for row in store.rows("SELECT * FROM pd_incidents ORDER BY number"):
        yield Item("page", f"{row['title']} {row['key']}", plain(f"{row['details']} {row['urgency']}"))
        for name in ("status", "priority", "assigned"):
            yield Item("page's", f"{row['title']} {name}", plain(row[name]), made=False)  # "assigned" says since when
    for row in store.rows("SELECT * FROM pd_notes ORDER BY at"):
        yield Item("page note", _mark(row["content"]), plain(row["content"]))


def difference(expected: Counter[Item], found: Counter[Item]) -> list[str]:
    """What is doubled, lost or otherwise than expected, each in a few words; empty where the two are the same."""
    wanted, there = _by_name(expected - found), _by_name(found - expected)
    said = []
    for name in sorted(set(wanted) | set(there)):
        old, new = sorted(wanted.get(name, ())), sorted(there.get(name, ()))
        if len(new) == len(old):
            said.append(f"otherwise: {name}: {_apart(old, new)}")
            continue
        were = sum(number for item, number in expected.items() if str(item) == name)
        are = were + len(new) - len(old)
        what = "lost" if are < were else "doubled" if were or are > 1 else "extra"
        said.append(f"{what}: {name} ({are} for {were})")
    return said


def _by_name(items: Counter[Item]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in items.elements():
        found.setdefault(str(item), []).append(item.value)
    return found


def doubled(expected: Counter[Item], found: Counter[Item]) -> list[str]:
    """Only what stands there more often than it should."""
    return [each for each in difference(expected, found) if each.startswith(("doubled", "extra"))]


def more_than_once(expected: Counter[Item], found: Counter[Item]) -> list[str]:
    """Things that stand there more often than undisturbed; whatever else people made may stand there once."""
    suspects = {str(item) for item in found - expected if item.made}
    wanted = Counter(str(item) for item in expected.elements() if item.made and str(item) in suspects)
    there = Counter(str(item) for item in found.elements() if item.made and str(item) in suspects)
    return [f"doubled: {name} ({number} times)" for name, number in there.items() if number > max(wanted[name], 1)]


def _apart(old: list[str], new: list[str]) -> str:
    one, other = next(((a, b) for a, b in zip(old, new, strict=False) if a != b), ("", ""))
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"{one[max(0, at - 20) : at + 60]!r} became {other[max(0, at - 20) : at + 60]!r}"
