"""What a bad night looks like in the morning: each row of the page's table, by exit code, digest, record, and what stands at
the services after the next sweep, which is what an undisturbed night leaves."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import warm
from building import ORGANIZATION
from talking import get, post
from test_live import services
from test_road import advance

from deskbook.cli.saying import FAILED, USAGE
from deskbook.config.organization import SHIPPED
from deskbook.nights import archive
from deskbook_sandbox import server
from deskbook_sandbox.keys import key_of
from deskbook_sandbox.server import Running

SEED = Path(__file__).with_name("night.yaml")
PAGE = Path(__file__).parents[2] / "book" / "operate" / "unattended.md"
SECTION = "What a bad night looks like in the morning"
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("DESKBOOK_")}
SWEEP = ("sweep", "--apply")
MAILS = (  # two that need an answer of representatives, in two communities, and two of machines
    ("frida@fjord.example.org", "RStudio, please", "Hello, could you install RStudio on our hub?"),
    ("no-reply@acme.pagerduty.com", "[PagerDuty] RESOLVED: ember", "The check succeeds again."),
    ("nils@aurora.example.org", "A package, please", "Hello, please add the package xarray to our image."),
    ("no-reply@acme.pagerduty.com", "[PagerDuty] RESOLVED: fjord", "The check succeeds again."),
)
RAISES = """
from deskbook.runbooks.sweep import work
right = work.plans
def broken(case, line, name):
    if line.ticket == 203:
        raise KeyError("a mistake of ours")
    return right(case, line, name)
patch.object(work, "plans", broken).start()
"""
TEN_MINUTES_OFF = """
from datetime import UTC, datetime, timedelta
import deskbook.services.freshdesk.client, deskbook.services.http
class Wall(datetime):
    @classmethod
    def now(cls, zone=None):
        return datetime(2026, 11, 23, 17, 50, tzinfo=UTC)
for module in (deskbook.services.freshdesk.client, deskbook.services.http):
    patch.object(module, "datetime", Wall).start()
"""
BESIDE = """
import dataclasses, os as system, subprocess, sys, requests
from deskbook.services import place
here, send, ran = place.here(), requests.Session.send, []
def sent(session, request, **more):
    if request.method == "POST" and request.path_url.endswith("/reply") and not ran:
        ran.append(True)
        command = [sys.executable, "-m", "deskbook.cli", "sweep", "--apply", "--json"]
        there = dict(system.environ, DESKBOOK_RUNS={runs!r})
        other = subprocess.run(command, env=there, capture_output=True, text=True)
        open({told!r}, "w").write(f"{{other.returncode}} {{other.stderr}}")
    return send(session, request, **more)
patch.object(requests.Session, "send", sent).start()
import deskbook.assembly, deskbook.tickets.desk
other_machine = dataclasses.replace(here, machine="another0", host="another")
for module in (place, deskbook.assembly, deskbook.tickets.desk):
    if hasattr(module, "here"):
        patch.object(module, "here", lambda: other_machine).start()
"""


@dataclass(frozen=True)
class Row:
    """A row of the page: the words in its columns that are in italics have to be found."""

    code: int
    digest: list[str]
    record: list[str]
    later: bool  # which digest tells of it: that of the next sweep


def rows() -> dict[str, Row]:
    table = PAGE.read_text(encoding="utf-8").partition(f"## {SECTION}\n")[2].partition("\n## ")[0]
    found = {}
    for line in table.splitlines():
        if line.startswith("| ") and not line.startswith(("| ---", "| What happened")):
            what, code, digest, record = (cell.strip() for cell in line.strip("|").split("|"))
            words = [re.findall(r"\*([^*]+)\*", cell) for cell in (digest, record)]
            found[what] = Row(int(code), *words, later=digest.startswith("of the next"))
    return found


@dataclass(frozen=True)
class Bad:
    """How a row is brought about: what the services do, what the kernel runs first, what is set around the command."""

    faults: list[dict[str, Any]] = field(default_factory=list)
    first: str = ""
    around: Callable[[Running, Path], Mapping[str, str]] = lambda running, folder: {}
    hub_down: bool = False
    full: bool = False


def down(path: str, method: str = "*", status: int = 503, **more: Any) -> list[dict[str, Any]]:
    return [{"method": method, "path": path, "status": status, "retry_after": 0, **more}]


def no_such_step(running: Running, folder: Path) -> Mapping[str, str]:
    text = re.sub(r"\nunattended: .*\n", "\nunattended: {triage.no-such-step: apply}\n", SHIPPED.read_text("utf-8"))
    (path := folder / "organization.yaml").write_text(text, encoding="utf-8")
    return {"DESKBOOK_ORGANIZATION": str(path)}


def live(running: Running, folder: Path) -> Mapping[str, str]:
    """Where this machine's clock counts; with a key that is no word of a receipt."""
    key = key_of(ORGANIZATION.with_role("triager")[0])
    said = {name: key if value == "sandbox" else value for name, value in services(running.url).items()}
    return {**said, "DESKBOOK_SANDBOX_URL": ""}


CASES = {
    "the helpdesk was down at the start": Bad(down("/api/v2/*")),
    "… in the middle": Bad(down("/api/v2/tickets/20*")),
    "… at the end": Bad(down("/api/v2/tickets/206*")),
    "the helpdesk's limits were hit": Bad(down("/api/v2/tickets/203/reply", "POST", 429)),
    "the disk was full at the record": Bad(full=True),
    "the digest could not be posted": Bad(down("/slack/*chat.postMessage", "POST")),
    "chat was down, and something could not wait": Bad(down("/slack/*chat.postMessage", "POST"), hub_down=True),
    "a policy named no step": Bad(around=no_such_step),
    "two sweeps ran at once, on two machines": Bad(first=BESIDE),
    "the machine's clock was ten minutes off": Bad(first=TEN_MINUTES_OFF, around=live),
    "the plan of a ticket raised an error": Bad(first=RAISES),
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Running]:
    with server.start(ORGANIZATION, seed=SEED) as running:
        yield running


def evening(running: Running, *, hub_down: bool = False) -> None:
    """As it was when the night began."""
    post(running.url, "/sandbox/reset", {"seed": str(SEED)})
    post(running.url, "/sandbox/switches", {"sla_delay": 0.0, "index_lag": 0.0, "limits": False})
    post(running.url, "/sandbox/hubs/aurora", {"up": not hub_down})
    for sender, subject, body in MAILS:
        post(running.url, "/sandbox/incoming", {"from": sender, "subject": subject, "body": body})


def sweep(running: Running, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return warm.deskbook(*SWEEP, folder=folder, environment=PLAIN | {"DESKBOOK_SANDBOX_URL": running.url} | more)


def standing(running: Running) -> dict[str, Any]:
    """Mails and issues, each as often as it stands there, and where each ticket is; `chat` without digests."""
    state = get(running.url, "/sandbox/state")
    return {
        "mails": Counter(
            (mail["ticket_id"], mail["kind"], mail["subject"]) for mail in get(running.url, "/sandbox/outbox")
        ),
        "tickets": {
            each["id"]: (each["status"], each["responder_id"], each["company_id"]) for each in state["tickets"]
        },
        "chat": Counter(text for text in chat(running) if not text.startswith("2i2c support")),
    }


def chat(running: Running) -> list[str]:
    return [message["text"] for message in get(running.url, "/sandbox/state")["chat"]]


def digest(running: Running) -> str:
    """The latest one; each of them is posted once."""
    found = [text for text in chat(running) if text.startswith("2i2c support")]
    assert len(found) == len(set(found))
    return found[-1] if found else ""


def record(folder: Path) -> str:
    """All that is kept of the nights there, for people."""
    kept = [path for path in folder.glob("*/nights/**/*") if path.suffix in (".json", ".ipynb", ".html")]
    return "\n".join(path.read_text(encoding="utf-8") for path in kept)


@pytest.fixture(scope="module")
def undisturbed(shared: Running, tmp_path_factory: pytest.TempPathFactory) -> Mapping[bool, Any]:
    """What stands after a night in which all is well, by whether a hub is down."""
    found = {}
    for hub_down in (False, True):
        evening(shared, hub_down=hub_down)
        ran = sweep(shared, tmp_path_factory.mktemp("well"))
        assert ran.returncode == 0, ran.stderr
        found[hub_down] = standing(shared)
        assert list(found[hub_down]["mails"].values()) == [1, 1]
    return found


def starved(running: Running, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, on a disk that takes no file of more than four kilobytes."""
    return subprocess.run(
        [sys.executable, "-m", "deskbook.cli", *SWEEP],
        cwd=folder,
        env=PLAIN | {"DESKBOOK_SANDBOX_URL": running.url},
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )


def test_the_page_has_a_row_for_each_case() -> None:
    assert list(rows()) == list(CASES)
    assert {row.code for row in rows().values()} == {0, FAILED, USAGE}


@pytest.mark.parametrize("what", CASES)
def test_a_bad_night_is_told_by_code_digest_and_record_and_what_was_done_is_done_once(
    what: str, shared: Running, undisturbed: Mapping[bool, Any], tmp_path: Path
) -> None:
    case, row = CASES[what], rows()[what]
    evening(shared, hub_down=case.hub_down)
    post(shared.url, "/sandbox/faults", case.faults)
    told = tmp_path / "told"
    first = case.first.format(runs=str(tmp_path / "other"), told=str(told)) if case.first == BESIDE else case.first
    more = {warm.FIRST: first} if first else {}
    ran = starved(shared, tmp_path) if case.full else sweep(shared, tmp_path, **case.around(shared, tmp_path), **more)
    assert ran.returncode == row.code, ran.stderr
    if told.exists():
        assert told.read_text(encoding="utf-8") == f"{row.code} "
    own, kept = digest(shared), record(tmp_path)
    (night,) = archive.known(tmp_path / "runs" / "nights")
    assert bool(night.failures or night.remarks) == (row.code != 0)
    assert ("ipynb" in night.kept) == (row.code != USAGE and not case.full)
    post(shared.url, "/sandbox/faults", [])
    while archive.Night("sweep", datetime.now(UTC)).name == night.name:  # a record is named by its second
        threading.Event().wait(0.05)
    healthy = sweep(shared, tmp_path)
    assert healthy.returncode == 0, healthy.stderr
    assert standing(shared) == undisturbed[case.hub_down]
    if row.later and own:  # the day's digest was out before it happened
        advance(shared.url, hours=24)
        sweep(shared, tmp_path)
    for words in row.digest:
        assert words in (digest(shared) if row.later else own)
    for words in row.record:
        assert words in kept, words
