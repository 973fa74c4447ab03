"""Run a runbook, watched or not."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deskbook.cli.saying import ENDED, FAILED, USAGE, say, say_json
from deskbook.errors import DeskbookError, ParameterError

if TYPE_CHECKING:
    from deskbook.batch import Outcome
    from deskbook.config.settings import Settings


class _Runbooks(click.Group):
    """One command for each runbook; its help lists the parameters that the runbook declares."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from deskbook.runbooks.catalog import NAMES

        return list(NAMES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        from deskbook.engine.parameters import APPLY, APPROVE
        from deskbook.notebooks import parameters_of

        own = [each for each in parameters_of(name) if each.name not in (APPLY.name, APPROVE.name)]
        rows = [(each.name, each.type, each.what) for each in own]
        wide = max((len(name) for name, _, _ in rows), default=0)
        told = "\n".join(f"{name:<{wide}}  {kind:<3}  {what}" for name, kind, what in rows)
        return click.Command(
            name,
            callback=lambda **given: _run(name, **given),
            params=[_key_values(name), *_RUN_OPTIONS],
            help=f"Run the runbook {name}.\n\n\b\nParameters, as KEY=VALUE:\n{told}",
            short_help=", ".join(each.name for each in own),
        )


def _key_values(name: str) -> click.Argument:
    def completed(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from deskbook.cli import terminal

        return list(terminal.complete(name, ctx.params.get("parameters") or (), incomplete))

    return click.Argument(["parameters"], nargs=-1, metavar="[KEY=VALUE]...", shell_complete=completed)


_RUN_OPTIONS: list[click.Parameter] = [
    click.Option(["--apply"], is_flag=True, help="Carry the plan out. Without it nothing is written."),
    click.Option(["--approve"], default="", metavar="DIGEST", help="Carry out exactly the plan of this digest."),
    click.Option(
        ["--unattended"],
        is_flag=True,
        help="Nobody watches: do only what the process lets a run do alone, one run at a time, on record.",
    ),
    click.Option(
        ["--output"], type=click.Path(path_type=Path), help="Keep the executed notebook here, and as HTML beside it."
    ),
    click.Option(["--json", "as_json"], is_flag=True, help="Print the receipt as JSON, and nothing else."),
]


@click.group(cls=_Runbooks, subcommand_metavar="NAME [KEY=VALUE]...")
def run() -> None:
    """Run the runbook NAME, for example: deskbook run triage ticket_id=101"""


def _run(
    name: str,
    parameters: tuple[str, ...],
    apply: bool,
    approve: str,
    unattended: bool,
    output: Path | None,
    as_json: bool,
    executor: str = "",
) -> None:
    from deskbook import batch
    from deskbook.cli import terminal
    from deskbook.config.settings import UNATTENDED
    from deskbook.engine.parameters import TICKET, truth
    from deskbook.notebooks import parameters_of

    watched = name == "sweep" and "unattended=false" in parameters
    if unattended or (name == "sweep" and apply and not watched):
        os.environ[UNATTENDED] = "1"  # the notebook's kernel reads it there, as it does where a schedule has set it
    settings = _settings(name)
    pairs: list[tuple[str, object]] = [_pair(text) for text in parameters]
    pairs += [("apply", True)] if apply else []
    pairs += [("approve", approve)] if approve else []
    pairs += [("executor", executor)] if executor else []
    given = dict(pairs)
    if len(given) < len(pairs):
        twice = next(key for index, (key, _) in enumerate(pairs) if key in dict(pairs[:index]))
        raise ParameterError(f"{twice} is given twice; keep one")
    if settings.unattended:
        _nobody_watches(name, given, settings, output, as_json)
        return
    if settings.live and (given.get("approve") or truth("apply", given.get("apply", False))):
        _say_who(settings)
    outcome = batch.run(name, given, output=output, secrets=settings.secrets, progress=terminal.progress(name))
    _show(outcome, as_json)
    receipt = outcome.receipt
    of_ticket = TICKET.name in (each.name for each in parameters_of(name))
    if receipt and receipt["sandbox"] and of_ticket and given.get(TICKET.name) in (None, "", "0"):
        say(f"No ticket_id was given: this is practice {receipt['subject']}.", err=True)
    if outcome.error:
        say(f"deskbook: {outcome.error}", err=True)
        sys.exit(USAGE if outcome.usage else FAILED)


def _say_who(settings: Settings) -> None:
    """Before anything is written: which services these are, and as whom we act there."""
    from deskbook.assembly import connect
    from deskbook.ui import blocks, views

    say(blocks.text(views.desk(connect(settings))).strip(), err=True)


def _settings(name: str) -> Settings:
    """The settings. Where nobody watches, process and organisation have to be readable too, and the watch is told if not.

    Elsewhere the notebook reads these, and says it as well: they take as long to read as the rest of the command.
    """
    from deskbook.config.settings import UNATTENDED, ping_address, read_settings

    settings = None
    try:
        settings = read_settings()
        if settings.unattended:
            settings.load()
    except DeskbookError as error:
        if os.environ.get(UNATTENDED):
            from deskbook.unattended import alarm, not_begun

            if settings:
                not_begun(settings, name, error)
            else:
                alarm(ping_address(), name, error)
        raise
    return settings


def _nobody_watches(
    name: str, given: dict[str, object], settings: Settings, output: Path | None, as_json: bool
) -> None:
    from deskbook import unattended

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))  # a scheduler that ends it leaves time to say so
    ended = unattended.run(name, given, settings, output=output)
    _show(ended.outcome, as_json)
    if not as_json:
        say(f"\n{ended.night.counts}. Kept under {settings.nights / ended.night.name}")
    for said in (*ended.night.remarks, *ended.problems, ended.outcome.error):
        if said:
            say(f"deskbook: {said}", err=True)
    if ended.failed:
        sys.exit(USAGE if ended.outcome.usage else FAILED)


def _show(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        if outcome.receipt is not None:
            say_json(outcome.receipt)
        return
    for text in outcome.shown:
        say(text)
    if outcome.output:
        say(f"\nExecuted notebook: {outcome.output}\nAs a page: {outcome.output.with_suffix('.html')}")


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise ParameterError(f"{text!r} is no parameter; write key=value, such as ticket_id=101")
    return key.strip(), value


_EXECUTOR = click.Option(
    ["--executor"],
    default="",
    metavar="WHO",
    help="Share the communities out among processes:N of this machine, or the workers of dask://HOST:PORT.",
)


def _sweep(**given: Any) -> None:
    _run("sweep", **given)


sweep = click.Command(
    "sweep",
    callback=_sweep,
    params=[_key_values("sweep"), *_RUN_OPTIONS, _EXECUTOR],
    help="Look at every unfinished ticket, do what may be done alone, and tell the day: deskbook run sweep.",
    short_help="Look at every unfinished ticket: deskbook run sweep.",
)
