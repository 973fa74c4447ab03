"""Read and check the process and the rights, learn from closed tickets, lay out something new."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from deskbook.cli.saying import FAILED, say, say_json
from deskbook.errors import DeskbookError, ParameterError


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print an object with the checks, and nothing else.")
def doctor(as_json: bool) -> None:
    """Tell what each key may do, whether clocks agree, and whether the process fits. Nothing is written."""
    from deskbook.assembly import connect
    from deskbook.doctor import as_object, as_text, examine

    desk = connect()
    rows = examine(desk)
    told = as_object(desk, rows)
    if as_json:
        say_json(told)
    else:
        say(as_text(desk, rows))
    sys.exit(0 if told["fine"] else FAILED)


@click.command()
def learn() -> None:
    """Learn from the closed tickets of the last year what kind of request a new one may be."""
    from deskbook import learning
    from deskbook.assembly import connect
    from deskbook.config.settings import read_settings

    settings = read_settings()
    lesson = learning.learn(connect(settings))
    say(
        f"Of the newest {lesson.measured} of {len(lesson.history.tickets)} closed tickets, by their subjects alone:\n"
        f"  the rules:     {lesson.rules}\n  your history:  {lesson.own}\n"
        f"Of the {lesson.silent.of} where the rules say nothing, your history: {lesson.silent}."
    )
    path = learning.keep(settings, lesson)
    if not lesson.usable:
        raise DeskbookError(
            "that is worse than the rules, or than no answer: it is not used, nothing is kept, and nothing is proposed."
        )
    say(f"Kept in {path}. Deleting it costs nothing but reading the lists again.")


@click.group()
def process() -> None:
    """Read and check the process and the organisation."""


@process.command()
@click.option("--reviews", is_flag=True, help="End with 1 where a page of the handbook is due for a reading.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Count from this day. Default: today.")
def check(reviews: bool, on: datetime | None) -> None:
    """Check process.yaml and organization.yaml, or those that DESKBOOK_PROCESS and DESKBOOK_ORGANIZATION name.

    In a checkout also what each runbook lacks, and which pages their owners have not read through for long.
    """
    from deskbook.config.settings import definition_files
    from deskbook.handbook import reviews as pages
    from deskbook.runbooks import agreement, scaffold

    files = definition_files()
    read, organization = files.load()
    late: list[pages.Review] = []
    if root := scaffold.repository(Path.cwd()):
        scaffold.check(root)
        today, days = (on or datetime.now(UTC)).date(), organization.handbook.review_days
        late = list(pages.due(pages.reviews(root, read), today, days))
    agreement.check(read, files.process.name)
    steps = list(read.steps())
    say(
        f"{organization.name}: {len(read.runbooks)} runbooks, {len(steps)} steps, {len(read.messages)} messages. All agree."
    )
    for review in late:
        say(review.sentence(read))
    if late and reviews:
        sys.exit(FAILED)


@process.command()
@click.argument("runbook", required=False)
def show(runbook: str | None) -> None:
    """Print the steps of one RUNBOOK, or of all."""
    from deskbook.config.settings import read_definitions

    read, _ = read_definitions()
    if runbook and runbook not in read.runbooks:
        raise ParameterError(f"there is no runbook '{runbook}' in the process ({', '.join(read.runbooks)})")
    for name, book in read.runbooks.items():
        if runbook in (None, name):
            say(f"\n{book.title}: {book.purpose}")
            for number, step in enumerate(book.steps, 1):
                say(f"  {number}. {step.title} [{step.id}], {read.roles[step.role].name}\n     {step.does}")
                for outcome, target in step.outcomes.items():
                    say(f"       {outcome} → {target}")


@click.group()
def new() -> None:
    """Lay out something new in a checkout of Deskbook."""


@new.command("runbook")
@click.argument("name")
def new_runbook(name: str) -> None:
    """Lay out the runbook NAME, one word of small letters: folder, notebook, page, process, cases, all green."""
    from deskbook.runbooks import scaffold

    root = scaffold.repository(Path.cwd())
    if root is None:
        raise ParameterError("no checkout of Deskbook is here; go into one, and say it again")
    written, changed = scaffold.new(root, name)
    say("\n".join([f"The runbook '{name}' is laid out. Written:", *(f"  {path}" for path in written)]))
    say("\n".join(["Changed:", *(f"  {path}" for path in changed)]))
    say(scaffold.NEXT.format(name=name))
