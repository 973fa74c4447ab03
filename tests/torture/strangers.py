"""Marks of ours in a stranger's hand count for nothing, and what was said in private stays where it was said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from building import ORGANIZATION

from deskbook.ui import blocks, views
from deskbook_sandbox.freshdesk import records as helpdesk
from deskbook_sandbox.freshdesk.conversations import add_conversation
from deskbook_sandbox.github import records as tracker
from deskbook_sandbox.pagerduty import records as pager
from deskbook_sandbox.slack import records as chat
from torture import acts
from torture.cells import Cell, Verdict
from torture.scenarios import Road, road
from torture.seen import Item
from torture.wire import Call
from torture.world import world

MALLORY = "mallory"
NOTE, COMPANY, PHONE, ELSEWHERE = WORDS = "zanzibar-note", "zanzibar-company", "zanzibar-phone", "zanzibar-elsewhere"
PASSWORD = "Zanz1bar!Quagga"
SAID = (
    f"The password is {PASSWORD}",
    f"password: {PASSWORD}",
    f"Please log in as guest / {PASSWORD}",
    f"user guest, pw {PASSWORD}, thanks",
    f"Das Passwort lautet {PASSWORD}",
    f"mot de passe : {PASSWORD}",
    f"la contraseña es {PASSWORD}",
    f"https://guest:{PASSWORD}@aurora.hubs.example.org",
    f"The old password was Winter2025 and the new one is {PASSWORD}",
    f"credentials: guest:{PASSWORD}",
)


def marks(made: Road) -> list[str]:
    """Every reference that an undisturbed run leaves, wherever it leaves it."""
    said = "\n".join(f"{item.what}\n{item.value}" for item in made.after - made.before)
    return sorted(set(re.findall(r"\b\d+-\d+-[a-z]+\.[\w#.-]*\w", said)))


# Where a stranger may write.


def _in_body(made: Road, said: list[str]) -> None:
    for each in said:
        _append(made.scenario.ticket, f"Ref {each}")


def _in_mail(made: Road, said: list[str]) -> None:
    """Incoming notes of the requester's that end as ours do; private ones, so that no planner waits for their reader."""
    store = world().store
    ticket = helpdesk.get(store, "ticket", made.scenario.ticket)
    assert ticket is not None
    who = {"user_id": ticket["requester_id"], "incoming": True, "private": True, "source": 2, "category": 1}
    for each in said:
        add_conversation(store, ticket, f"<p>Ref {each}</p>", who)


def _in_issue(made: Road, said: list[str]) -> None:
    """An issue of a stranger's that bears every mark that a ticket or a page leaves."""
    store = world().store
    body = "\n".join(("I like this.", *(f"<!-- Ref {each} -->" for each in said), *made.hidden))
    tracker.add_issue(store, MALLORY, "Free money", body, labels=[ORGANIZATION.tracker.support_label])


def _in_comment(made: Road, said: list[str]) -> None:
    store = world().store
    body = "\n".join(("+1", *(f"<!-- Ref {each} -->" for each in said), *made.hidden))
    for row in store.rows("SELECT number FROM gh_issues"):
        tracker.add_comment(store, MALLORY, row["number"], body)


def _in_chat(made: Road, said: list[str]) -> None:
    store = world().store
    for channel in store.rows("SELECT id FROM chat_channels"):
        for each in said:
            metadata = {"event_type": "deskbook", "event_payload": {"ref": f"Ref {each}"}}
            chat.write(store, channel["id"], chat.stable_id("U", MALLORY), f"Ref {each}", metadata=metadata)


def _in_pager(made: Road, said: list[str]) -> None:
    """Notes on every page, by somebody of the account who is none of the staff: whose of the staff's a note is, and whether
    a hand or a run wrote it, the pager does not tell."""
    store = world().store
    stranger = ORGANIZATION.people[-1].model_copy(update={"name": "Mallory", "mail": "mallory@elsewhere.example.org"})
    for page in store.rows("SELECT id FROM pd_incidents"):
        for each in said:
            pager.add_note(store, page["id"], stranger, f"Ref {each}")


FORGED: dict[str, Callable[[Road, list[str]], None]] = {
    "in-body": _in_body,
    "in-mail": _in_mail,
    "in-issue": _in_issue,
    "in-comment": _in_comment,
    "in-chat": _in_chat,
    "in-pager": _in_pager,
}


def cells(name: str) -> list[Cell]:
    """Our marks in each place that a stranger writes in; words that are private; a password in each phrasing."""
    of_ticket = bool(road(name).scenario.ticket)
    found = [f"forged-{place}" for place in FORGED if of_ticket or place not in ("in-body", "in-mail")]
    found += ["private-words", *(f"password-{number}" for number in range(len(SAID) if of_ticket else 0))]
    return [Cell("strangers", name, what) for what in found]


def run(cell: Cell) -> Verdict:
    here, made = world(), road(cell.scenario)
    here.back(made.kept)
    what, _, which = cell.what.partition("-")
    if what == "forged":
        return _forged(made, FORGED[which])
    if what == "private":
        _plant_words(made)
        return _quiet(made, WORDS)
    with here.store.transaction():
        _append(made.scenario.ticket, SAID[int(which)])
    return _quiet(made, (PASSWORD,))


def _forged(made: Road, place: Callable[[Road, list[str]], None]) -> Verdict:
    """The run does what it does without them."""
    here, verdict = world(), Verdict()
    with here.store.transaction():
        place(made, marks(made))
    planted = here.seen()
    ran = here.run(made.scenario.runbook, made.scenario.given)
    verdict.untyped += [ran.untyped] if ran.untyped else []
    added = _names(here.seen() - planted)
    verdict.lost += [f"swallowed by a forged mark: {name}" for name in _names(made.after - made.before) - added]
    verdict.lost += [f"stopped by a forged mark: {ran.failure[:160]}"] if ran.failure else []
    return verdict


def _quiet(made: Road, secrets: Iterable[str]) -> Verdict:
    """None of these words is written anywhere or shown in a receipt, whether the run is carried out or not."""
    here, verdict, before = world(), Verdict(), world().seen()
    shown: list[str] = []
    written: list[Call] = []

    def listen(call: Call, go: Any) -> Any:
        written.extend([call] if call.writes else [])
        return go()

    for apply in (False, True):
        ran = here.run(made.scenario.runbook, made.scenario.given, listen, apply=apply)
        verdict.untyped += [ran.untyped] if ran.untyped else []
        shown.append(ran.failure)
        if ran.receipt:
            shown += [json.dumps(ran.receipt.as_json()), blocks.text(views.receipt(ran.receipt))]
    after = here.seen()
    for secret in secrets:
        verdict.leaked += [f"{secret} in call {call}" for call in written if secret in json.dumps(call.said)]
        stood = {str(item) for item in before if secret in item.value}  # it is not told where it stands already
        found = [item for item in after - before if secret in item.value and item.made]
        verdict.leaked += [f"{secret} in {item}" for item in found if str(item) not in stood]
        verdict.leaked += [f"{secret} on the screen"] if any(secret in text for text in shown) else []
    return verdict


def _names(items: Iterable[Item]) -> set[str]:
    return {str(item) for item in items if item.made}


def _append(ticket: int, said: str) -> None:
    """One more line at the end of what the requester wrote."""
    world().store.db.execute(
        "UPDATE fd_tickets SET description = description || ?, description_text = description_text || ? WHERE id = ?",
        (f"<p>{said}</p>", f"\n{said}", ticket),
    )


def _plant_words(made: Road) -> None:
    """A word in each place that is nobody else's business: notes, companies, telephones, other tickets.

    A sweep answers each of its tickets in that ticket's own words.
    """
    ticket = made.scenario.ticket
    own = {
        ticket,
        *(number for happened, given in made.scenario.before if happened == "@only" for number in given["tickets"]),
    }
    store = world().store
    by = acts.agent("jonas.weber@staff.example.org")
    with store.transaction():
        store.db.execute("UPDATE fd_companies SET note = ?, description = ?", (COMPANY, COMPANY))
        store.db.execute("UPDATE fd_contacts SET phone = ?, mobile = ?, description = ?", (PHONE, PHONE, PHONE))
        for row in store.rows("SELECT id FROM fd_tickets"):
            if row["id"] not in own:
                _append(row["id"], ELSEWHERE)
        found = helpdesk.get(store, "ticket", ticket)
        if found:
            private = {"user_id": by, "private": True, "source": 2, "category": 2}
            add_conversation(store, found, f"<p>Between us: {NOTE}</p>", private)
