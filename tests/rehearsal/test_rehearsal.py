"""Rehearsals, played without waiting: what happens, what the process comes to, and the score."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from building import ORGANIZATION
from click.testing import CliRunner

from deskbook.cli import cli
from deskbook.errors import DefinitionError
from deskbook.rehearsal import play, scenario, score, sitting
from deskbook.rehearsal.play import Play
from deskbook_sandbox import server
from deskbook_sandbox.seeding.seed import QUIET

# What each ticket comes to, written by hand from the process: kind, status, agent, and what else was done.
BY_HAND = {
    "first-morning": {
        "upload": ("Guidance Request", "Closed", "somebody", ""),
        "package": ("Change Request", "Pending", "somebody", "issue"),
    },
    "somebody-else-asks": {
        "access": ("Change Request", "Resolved", "somebody", "representative"),
        "error": ("Something is not working", "Open", "somebody", ""),
    },
    "workshop-season": {
        "course": ("Workshop Request", "Pending", "nobody", "issue"),
        "bill": ("none", "Closed", "nobody", "no mail"),
    },
    "the-hub-is-down": {
        "down": ("Incident", "Resolved", "somebody", "page resolved"),
        "too": ("none", "Open", "nobody", "representative"),
    },
    "friday-evening": {
        "question": ("Guidance Request", "Resolved", "somebody", ""),
        "disk": ("Change Request", "Pending", "somebody", "issue"),
        "robot": ("none", "Closed", "nobody", "no mail"),
    },
}
PAGE = Path(__file__).parents[2] / "book" / "learn" / "rehearsal.md"


def test_there_are_five_scenarios_of_rising_difficulty() -> None:
    levels = [scenario.read(name, ORGANIZATION).level for name in scenario.names()]
    assert levels == [1, 2, 3, 4, 5]
    assert set(BY_HAND) == set(scenario.names())


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_the_process_comes_to_what_its_page_says(name: str) -> None:
    for process in sitting.reference(scenario.read(name, ORGANIZATION), ORGANIZATION):
        assert set(process.tickets) == set(BY_HAND[name])
        for called, (kind, status, agent, more) in BY_HAND[name].items():
            came = score.came_to(process.desk.case(process.tickets[called]))
            assert (came["Kind"], came["Status"], came["Agent"]) == (kind, status, agent), called
            assert (came["Tracked by an issue"] == "yes") == (more == "issue"), called
            assert (came["A representative was written to"] == "yes") == (more == "representative"), called
            assert came["Page"] == ("resolved" if more == "page resolved" else "none"), called
            assert (came["The requester has a mail of ours"] == "yes") == (more != "no mail"), called
        scored = score.score(process, process)
        got, most = score.total(scored)
        assert got == most > 0


def played(name: str, work: bool) -> tuple[int, int]:
    """The points of somebody who triages all that arrives, or does nothing."""
    read = scenario.read(name, ORGANIZATION)
    with server.start(ORGANIZATION, seed=QUIET, now=read.begins) as running:
        mine = play.begin(read.model_copy(update={"decides": ()}), running.url)
        if work:
            play.by_the_process(mine)
        else:
            nothing(mine)
        for process in sitting.reference(read, ORGANIZATION):
            return score.total(score.score(mine, process))
    raise AssertionError


def nothing(mine: Play) -> None:
    while not mine.over:
        list(mine.move(timedelta(hours=1)))


def test_whoever_does_nothing_has_no_points_and_whoever_does_half_has_some() -> None:
    (idle, of), (half, most) = played("first-morning", work=False), played("first-morning", work=True)
    assert idle == 0 < of
    assert 0 < half < most


def test_what_was_moved_and_should_not_have_been_takes_a_chance_away() -> None:
    read = scenario.read("friday-evening", ORGANIZATION)
    with server.start(ORGANIZATION, seed=QUIET, now=read.begins) as running:
        mine = play.begin(read, running.url)
        play.by_the_process(mine)
        mine.desk.helpdesk.reply(mine.tickets["robot"], "<p>We have received your mail.</p>")
        for process in sitting.reference(read, ORGANIZATION):
            got, most = score.total(score.score(mine, process))
    assert got == most - 1


def test_a_rehearsal_that_is_kept_is_told_and_scored_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, page, told, anew = tmp_path / "monday.db", tmp_path / "score.html", [], []
    monkeypatch.setattr(sitting, "TICK", 0.0)
    monkeypatch.setattr(sitting.time, "monotonic", iter(range(10**6)).__next__)  # a second at each look
    wish = sitting.Wish(speed=1800, guided=True, keep=kept, page=page)
    sitting.sit("first-morning", ORGANIZATION, wish, told.append)
    assert any("Next: Triage it (ticket 101)" in line for line in told)
    before = kept.read_bytes()
    sitting.again(kept, ORGANIZATION, None, anew.append)
    assert kept.read_bytes() == before
    assert anew[0] == "Tue 08:10 UTC: ticket 101 arrives: How do I share a notebook with my group?"
    assert anew[-1] == told[-2]
    assert "0 of 9 points" in page.read_text(encoding="utf-8")


def test_the_scenario_on_the_page_can_be_played(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "my-scenario.yaml").write_text(text, encoding="utf-8")
    for process in sitting.reference(scenario.read(tmp_path / "my-scenario.yaml", ORGANIZATION), ORGANIZATION):
        assert score.came_to(process.desk.case(process.tickets["kernel"]))["Status"] == "Closed"


GOOD: dict[str, Any] = yaml.safe_load((scenario.SHIPPED / "first-morning.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"events": []}, "/events"),
        ({"level": 6}, "/level"),
        ({"begins": "tomorrow"}, "/begins"),
        ({"lasts": "long"}, "is no time; write hours and minutes, such as 2:30"),
        ({"events": [{"at": "1:00"}]}, "say one thing that happens"),
        ({"events": [{"hub": "aurora", "up": True}]}, "say when"),
        ({"events": [{"at": "1:00", "hub": "aurora"}]}, "say whether the hub is up"),
        ({"events": [{"at": "1:00", "hub": "nowhere", "up": True}]}, "hub 'nowhere' is not defined"),
        ({"events": [{"at": "1:00", "answers": "nobody", "says": "x"}]}, "ticket 'nobody' is not defined"),
        ({"decides": [{"runbook": "timebox", "ticket": "lost"}]}, "ticket 'lost' is not defined"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_mistake_in_a_scenario_is_named_with_its_place(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(yaml.safe_dump(GOOD | change), encoding="utf-8")
    with pytest.raises(DefinitionError, match=re.escape(said)):
        scenario.read(path, ORGANIZATION)


def test_the_command_lists_what_there_is_and_names_what_is_not() -> None:
    listed = CliRunner().invoke(cli, ["rehearse"])
    assert all(f"{name}: " in listed.output for name in BY_HAND)
    wrong = CliRunner().invoke(cli, ["rehearse", "first-mornin"])
    assert isinstance(wrong.exception, DefinitionError)
    assert "first-morning" in str(wrong.exception)
