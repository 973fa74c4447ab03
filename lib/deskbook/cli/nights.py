"""What was done while nobody watched, and who starts it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from deskbook.cli.saying import FAILED, say


@click.group()
def log() -> None:
    """The log of what unattended runs did."""


@log.command()
def verify() -> None:
    """Check that no line of the log was changed, taken out or put in; name the first that was."""
    from deskbook.config.settings import read_settings
    from deskbook.nights import archive, effects

    nights = read_settings().nights
    known = archive.known(nights)
    heads = {night.runbook: archive.head_of(each for each in known if each.runbook == night.runbook) for night in known}
    wrong = 0
    for name in sorted({*effects.logged(nights), *(name for name, head in heads.items() if head)}):
        path = effects.log_of(nights, name)
        problem = effects.broken(path, heads.get(name, ""))
        say(f"{path}: {problem or 'whole'}", err=bool(problem))
        wrong += bool(problem)
    if wrong:
        sys.exit(FAILED)
    if not known:
        say(f"No run that nobody watched is on record under {nights}.")


@click.command()
@click.argument("kind", metavar="SCHEDULER")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER", help="Write the files there.")
def schedule(kind: str, to: Path | None) -> None:
    """Print what SCHEDULER has to be told, so that it starts the runs that organization.yaml names under nights.

    One of cron, systemd, kubernetes, github and jupyter-scheduler.
    """
    from deskbook import schedulers
    from deskbook.config.settings import definition_files

    settings = definition_files()
    _, organization = settings.load()
    files = schedulers.files(kind, settings, organization)
    for name, text in files.items():
        if to:
            to.mkdir(parents=True, exist_ok=True)
            (to / name).write_text(text, encoding="utf-8")
            click.echo(to / name)
        else:
            click.echo(f"# --- {name}\n{text}" if len(files) > 1 else text, nl=False)
