"""Who looks after each page, and when they last read it through: the first lines of the page say so.

The clock is an argument, and a page that was not read for long stops no build: time alone breaks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from deskbook.config.loader import unknown
from deskbook.config.process import Process
from deskbook.errors import DefinitionError

PAGES = Path("book")
FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Review:
    """A page with the role that owns it; `last` is None where nobody has read it through yet."""

    page: Path
    owner: str
    last: date | None

    def due(self, today: date, days: int) -> bool:
        return self.last is None or today - self.last > timedelta(days=days)

    def sentence(self, process: Process) -> str:
        said = f"last read through on {self.last}" if self.last else "not read through yet"
        return f"{self.page}: {said}; {process.roles[self.owner].name}, read it and write the day into its first lines"


def reviews(root: Path, process: Process) -> tuple[Review, ...]:
    """Of every page in `book/`; DefinitionError with a line for each page whose first lines do not say it."""
    found, wrong = [], []
    for path in sorted((root / PAGES).rglob("*.md")):
        page = path.relative_to(root)
        try:
            found.append(_review(page, path.read_text(encoding="utf-8"), process))
        except DefinitionError as error:
            wrong.append(str(error))
    if wrong:
        raise DefinitionError("\n".join(wrong))
    return tuple(found)


def due(known: tuple[Review, ...], today: date, days: int) -> Iterator[Review]:
    """Those that nobody has read for so many days, the longest ago first."""
    late = (review for review in known if review.due(today, days))
    yield from sorted(late, key=lambda review: (review.last or date.min, str(review.page)))


def _review(page: Path, text: str, process: Process) -> Review:
    how = "begin it with ---, owner: (a role of process.yaml), reviewed: (a day, such as 2026-11-27), ---"
    front = FRONT.match(text)
    try:
        said = yaml.safe_load(front.group(1)) if front else None
    except yaml.YAMLError as error:
        raise DefinitionError(f"{page}: its first lines are no YAML ({error}); {how}") from None
    if not isinstance(said, Mapping) or "owner" not in said or "reviewed" not in said:
        raise DefinitionError(f"{page}: does not say who owns it and when it was reviewed; {how}")
    if str(said["owner"]) not in process.roles:
        raise DefinitionError(f"{page}: {unknown(str(said['owner']), 'role', process.roles)}")
    last = said["reviewed"]
    if last is not None and type(last) is not date:
        raise DefinitionError(f"{page}: reviewed: {last!r} is no day; write it as 2026-11-27, or leave it empty")
    return Review(page, str(said["owner"]), last)
