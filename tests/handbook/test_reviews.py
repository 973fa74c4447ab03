"""Every page says who looks after it and when they last read it; what was not read for long is named, by a given day."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from building import ORGANIZATION, PROCESS

from deskbook.errors import DefinitionError
from deskbook.handbook.reviews import Review, due, reviews

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 27)


def page(root: Path, front: str) -> Path:
    (root / "book").mkdir(exist_ok=True)
    (root / "book" / "page.md").write_text(f"{front}\n\n# Page\n", encoding="utf-8")
    return root


def test_every_page_of_the_handbook_says_who_owns_it() -> None:
    known = reviews(ROOT, PROCESS)
    assert {review.page for review in known} == {path.relative_to(ROOT) for path in (ROOT / "book").rglob("*.md")}


def test_a_page_is_due_on_the_day_after_its_days_are_over() -> None:
    review = Review(Path("book/page.md"), "triager", date(2026, 5, 31))
    assert not review.due(TODAY, 180)
    assert review.due(date(2026, 11, 28), 180)
    assert Review(Path("book/new.md"), "agent", None).due(TODAY, 180)


def test_those_that_were_never_read_come_first_then_the_oldest() -> None:
    known = [
        Review(Path(name), "agent", last)
        for name, last in (("b", date(2026, 1, 2)), ("a", date(2026, 1, 1)), ("new", None), ("fresh", TODAY))
    ]
    assert [str(review.page) for review in due(tuple(known), TODAY, 180)] == ["new", "a", "b"]
    assert known[0].sentence(PROCESS) == "b: last read through on 2026-01-02; Support Agent, read it and write the day into its first lines"  # fmt: skip


@pytest.mark.parametrize(
    ("front", "says"),
    [
        ("", "book/page.md: does not say who owns it"),
        ("---\nowner: triager\n---", "does not say who owns it and when it was reviewed"),
        ("---\n- triager\n---", "does not say who owns it"),
        ("---\nowner: triger\nreviewed: 2026-11-27\n---", "role 'triger' is not defined"),
        ("---\nowner: [triager]\nreviewed: 2026-11-27\n---", "is not defined"),
        ("---\nowner: triager\nreviewed: lately\n---", "reviewed: 'lately' is no day"),
        ("---\nowner: triager\nreviewed: 2026-11-27 10:00:00\n---", "is no day"),
        ("---\nowner: triager: yes\n---", "its first lines are no YAML"),
    ],
)
def test_first_lines_that_do_not_say_it_are_named_with_their_page(tmp_path: Path, front: str, says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        reviews(page(tmp_path, front), PROCESS)


def test_a_page_may_be_new(tmp_path: Path) -> None:
    (review,) = reviews(page(tmp_path, "---\nowner: triager\nreviewed:\n---"), PROCESS)
    assert review.last is None


@pytest.mark.parametrize(("day", "flag", "code"), [("2026-11-27", True, 0), ("2030-01-01", False, 0), ("2030-01-01", True, 1)])  # fmt: skip
def test_the_command_names_what_is_due_and_fails_only_when_told_to(day: str, flag: bool, code: int) -> None:
    command = [sys.executable, "-m", "deskbook.cli", "process", "check", "--on", day, *(["--reviews"] if flag else [])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert ("book/index.md: last read through on" in done.stdout) == (day == "2030-01-01")
    assert ORGANIZATION.handbook.review_days < 3 * 365
