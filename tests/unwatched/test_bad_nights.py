"""A sweep by night on which something is bad: each said by the exit code, the digest and the record, and all done once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import warm
from nightly import PLAIN, known, order_fault, outbox, posted

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.runbooks.catalog import runbook
from deskbook_sandbox.server import Running

SWEEP = ("sweep", "--apply")
STAYS = (105, 109, 117)  # a stranger's, perhaps an outage, spam
# By name: what fails, and what the digest of this night says of it, or that of the next.
NIGHTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "the helpdesk is down at the start": ({"path": "/api/v2/*", "status": 503}, "", "failed and did nothing"),
    "the helpdesk is down in the middle": (
        {"method": "POST", "path": "/api/v2/tickets/*/reply", "status": 503},
        "It could not be worked on; the record says why.",
        "",
    ),
    "the helpdesk is down at the end": (
        {"method": "PUT", "path": "/api/v2/conversations/*", "status": 503},
        "It could not be worked on; the record says why.",
        "",
    ),
    "the limit of calls is hit": (
        {"method": "PUT", "path": "/api/v2/tickets/*", "status": 429},
        "It could not be worked on; the record says why.",
        "",
    ),
    "the digest cannot be posted": ({"path": "/slack/api/chat.postMessage", "status": 500}, "", "support"),
}


@pytest.fixture
def few(running: Running) -> Running:
    """A sandbox in which three tickets are open, and nobody has touched the others for long."""
    with running.store.transaction():
        marks = ", ".join("?" * len(STAYS))
        running.store.db.execute(
            f"UPDATE fd_tickets SET status = 5, updated_at = '2026-01-01T00:00:00Z' WHERE id NOT IN ({marks})", STAYS
        )
    return running


def swept(running: Running, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return warm.deskbook(*SWEEP, folder=folder, environment=PLAIN | {"DESKBOOK_SANDBOX_URL": running.url} | more)


def mails(running: Running) -> Counter[tuple[int, str]]:
    return Counter((mail["ticket_id"], mail["kind"]) for mail in outbox(running))


def digests(running: Running) -> list[str]:
    return [text for text in posted(running) if " support" in text.partition("\n")[0] and "Ticket" not in text[:6]]


@pytest.mark.parametrize("what", NIGHTS)
def test_a_bad_night_is_said_everywhere_and_all_is_done_once(what: str, few: Running, tmp_path: Path) -> None:
    fault, now, then = NIGHTS[what]
    order_fault(few, **fault)
    ran = swept(few, tmp_path)
    (night,) = known(tmp_path)
    assert (ran.returncode, night.failures > 0) == (1, True)
    assert night.error
    assert night.error in ran.stderr
    told = digests(few)
    assert len(told) == bool(now)
    assert now in "".join(told)
    few.store.set_faults([])
    assert swept(few, tmp_path).returncode == 0
    assert then in digests(few)[-1]
    assert mails(few) == {(105, "reply"): 1, (109, "reply"): 1}
    assert few.store.value("SELECT status FROM fd_tickets WHERE id = 117") == 5
    assert swept(few, tmp_path).returncode == 0
    assert sum(mails(few).values()) == 2


def test_two_machines_that_sweep_at_once_do_it_once(few: Running, tmp_path: Path) -> None:
    environment = PLAIN | {"DESKBOOK_SANDBOX_URL": few.url}
    command = [sys.executable, "-m", "deskbook.cli", *SWEEP]
    two = [
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for folder in (tmp_path / "one", tmp_path / "other")
        if not folder.mkdir()
    ]
    assert {each.wait(120) for each in two} <= {0, 1}
    assert swept(few, tmp_path).returncode == 0
    assert mails(few) == {(105, "reply"): 1, (109, "reply"): 1}
    assert len(digests(few)) == 1
    for folder in ("one", "other"):
        (night,) = known(tmp_path / folder)
        assert night.ended


def test_a_policy_that_names_no_step_begins_nothing(few: Running, tmp_path: Path) -> None:
    shipped = Settings().organization.read_text(encoding="utf-8")
    path = tmp_path / "organization.yaml"
    path.write_text(shipped.replace("\nunattended: {", "\nunattended: {triage.nowhere: apply, "), encoding="utf-8")
    assert "triage.nowhere" in path.read_text(encoding="utf-8")
    ran = swept(few, tmp_path, DESKBOOK_ORGANIZATION=str(path))
    assert ran.returncode == 2
    assert "triage.nowhere" in ran.stderr
    assert known(tmp_path) == ()
    assert (outbox(few), digests(few)) == ([], [])


def test_a_clock_that_is_off_fails_the_sweep_and_hinders_nothing(few: Running) -> None:
    desk, book = connect(Settings(sandbox_url=few.url)), runbook("sweep")
    facts = replace(book.read(desk), ahead=timedelta(minutes=10))
    receipt = book.plan(facts, book.decide(facts)).run(desk, apply=True)
    assert "the clock of the machine that sweeps is 10 min behind the helpdesk's" in receipt.failure
    assert "The clock of the machine that sweeps is 10 min behind the helpdesk's" in digests(few)[0]
    assert mails(few) == {(105, "reply"): 1, (109, "reply"): 1}
