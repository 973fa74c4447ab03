"""Sit through a rehearsal: start its sandbox, let its clock run, say what happens, and score it at the end."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from deskbook.assembly import connect
from deskbook.config.organization import Organization
from deskbook.config.settings import Settings
from deskbook.errors import DeskbookError, ParameterError
from deskbook.language.text import shorten
from deskbook.rehearsal import play as plays
from deskbook.rehearsal import scenario as scenarios
from deskbook.rehearsal import score as scores
from deskbook.rehearsal.play import Play
from deskbook.rehearsal.scenario import Scenario
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.ui import blocks as ui
from deskbook_sandbox import server
from deskbook_sandbox.seeding.seed import QUIET

Say = Callable[[str], None]
TICK = 2.0  # seconds between two looks at the clock


@dataclass(frozen=True)
class Wish:
    """How somebody wants to sit through it. `speed`: minutes of the desk for each real one."""

    speed: float = 12
    guided: bool = False
    port: int = 0
    keep: Path | None = None
    page: Path | None = None


def list_all(organization: Organization, say: Say) -> None:
    for name in scenarios.names():
        scenario = scenarios.read(name, organization)
        say(f"{name}: {scenario.title} (level {scenario.level}, {scenario.lasts.total_seconds() / 3600:g} hours). ")
        say(f"    {scenario.about}")


def sit(name: str, organization: Organization, wish: Wish, say: Say) -> None:
    """A whole rehearsal, until its time is over or somebody interrupts it; then its score."""
    scenario = scenarios.read(name, organization)
    if wish.keep and wish.keep.exists():
        raise ParameterError(f"--keep {wish.keep}: the file is there already; name a new one, or tell it --again")
    with server.start(organization, seed=QUIET, now=scenario.begins, store=wish.keep, port=wish.port) as running:
        play = plays.begin(scenario, running.url)
        say(f"{scenario.title}. {scenario.about}")
        say(f"The desk is at {running.url}. In another terminal: export DESKBOOK_SANDBOX_URL={running.url}")
        say(f"It is {play.now:%a %d %b %H:%M} UTC; an hour lasts {60 / wish.speed:.1f} minutes. Ctrl-C ends it early.")
        try:
            for told in _flow(play, wish.speed):
                say(told)
                if wish.guided and (next_one := following(play)):
                    say(f"    {next_one}")
        except KeyboardInterrupt:
            say("\nEnded early; here is how it stands.")
        if wish.keep:
            _note(wish.keep, name, play)
        _score(play, organization, wish.page, say)


def _flow(play: Play, speed: float) -> Iterator[str]:
    """What happens, while the clock runs."""
    before = time.monotonic()
    while not play.over:
        time.sleep(TICK)
        now = time.monotonic()
        yield from play.move(timedelta(seconds=(now - before) * speed))
        before = now


def following(play: Play) -> str:
    """What is next, by the process, in one line; empty where we wait for others."""
    items = RUNBOOKS["queue"].read(play.desk).items
    first = next((item for item in items if not item.waits), None)
    return f"Next: {first.what} (ticket {first.ticket.id}). {first.because} {first.command}" if first else ""


def again(kept: Path, organization: Organization, page: Path | None, say: Say) -> None:
    """A kept rehearsal, told in its order and scored by the process as it is now. The file stays as it is."""
    try:
        told = json.loads(_beside(kept).read_text(encoding="utf-8"))
        name, tickets = str(told["scenario"]), {str(k): int(v) for k, v in told["tickets"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise ParameterError(
            f"--keep {kept}: no rehearsal was kept there, or {_beside(kept).name} is not whole"
        ) from None
    scenario = scenarios.read(name, organization)
    with tempfile.TemporaryDirectory(prefix="deskbook-") as folder:
        copy = Path(folder) / kept.name
        shutil.copy(kept, copy)
        with server.start(organization, store=copy) as running:
            play = Play(scenario, running.url, connect(Settings(sandbox_url=running.url)), scenario.ends)
            play.tickets.update(tickets)
            for line in story(play):
                say(line)
            _score(play, organization, page, say)


def story(play: Play) -> list[str]:
    """What was written on the tickets, by whom, in the order of time."""
    found = []
    for number in play.tickets.values():
        case = play.desk.case(number)
        found.append((case.ticket.created, f"ticket {number} arrives: {shorten(case.ticket.subject, 60)}"))
        ours = {ref.entry.id: ref.key for ref in case.references()}
        for entry in case.entries:
            agent = case.agent(entry.author)
            who = agent.name if agent else case.requester.name if entry.author == case.requester.id else "somebody"
            did = "writes a note" if entry.private else "writes"
            step = f" ({ours[entry.id]})" if entry.id in ours else ""
            found.append((entry.at, f"{who} {did} on ticket {number}{step}"))
    return [f"{at:%a %H:%M} UTC: {what}" for at, what in sorted(found)]


def reference(scenario: Scenario, organization: Organization) -> Iterator[Play]:
    """The same scenario as the process would have it, in a sandbox of its own for as long as it is looked at."""
    with server.start(organization, seed=QUIET, now=scenario.begins) as running:
        play = plays.begin(scenario, running.url)
        plays.by_the_process(play)
        yield play


def _score(play: Play, organization: Organization, page: Path | None, say: Say) -> None:
    for process in reference(play.scenario, organization):
        scored = scores.score(play, process)
    say(ui.text(scores.shown(scored)))
    if page:
        try:
            page.write_text(scores.page(scored, play.scenario.title), encoding="utf-8")
        except OSError as error:
            raise DeskbookError(
                f"--page {page}: cannot be written ({error.strerror}); the score stands above"
            ) from None
        say(f"\nAs a page: {page}")


def _note(kept: Path, name: str, play: Play) -> None:
    _beside(kept).write_text(json.dumps({"scenario": name, "tickets": play.tickets}) + "\n", encoding="utf-8")


def _beside(kept: Path) -> Path:
    return kept.with_name(f"{kept.name}.json")
