"""The command line: run a runbook, see what is due, read and check the process, start a sandbox.

Each command imports what it needs when it is called, so that `deskbook --help` answers at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from deskbook.errors import DefinitionError, DeskbookError, ParameterError, SettingsError

if TYPE_CHECKING:
    from deskbook.batch import Outcome
    from deskbook.config.settings import Settings

USAGE = 2
FAILED = 1
ENDED = 143  # by a signal, as a shell tells it


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="deskbook")
def cli() -> None:
    """Deskbook, the support handbook that runs."""


def main() -> None:
    """The command `deskbook`: 0 fine, 1 something failed, 2 bad usage or settings."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        said = StringIO()
        error.show(said)
        say(said.getvalue().rstrip(), err=True)
        sys.exit(USAGE)
    except click.exceptions.Abort:
        sys.exit(130)
    except (ParameterError, SettingsError, DefinitionError) as error:
        say(f"deskbook: {error}", err=True)
        sys.exit(USAGE)
    except DeskbookError as error:
        say(f"deskbook: {error}", err=True)
        sys.exit(FAILED)


def say(text: str, *, err: bool = False) -> None:
    from deskbook import terminal  # here and below: `deskbook --help` need not wait for what runs

    terminal.say(text, err=err)


def say_json(value: Any) -> None:
    from deskbook import terminal

    terminal.say_json(value)


class _Runbooks(click.Group):
    """One command for each runbook; its help lists the parameters that the runbook declares."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from deskbook.runbooks.catalog import NAMES

        return list(NAMES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        from deskbook.engine.parameters import APPLY, APPROVE
        from deskbook.runbooks.catalog import runbook

        own = [each for each in runbook(name).parameters if each not in (APPLY, APPROVE)]
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
        from deskbook import terminal

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


@cli.group(cls=_Runbooks, subcommand_metavar="NAME [KEY=VALUE]...")
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
) -> None:
    from deskbook import batch, terminal
    from deskbook.config.settings import UNATTENDED
    from deskbook.engine.parameters import truth
    from deskbook.runbooks.catalog import runbook

    watched = name == "sweep" and "unattended=false" in parameters
    if unattended or (name == "sweep" and apply and not watched):
        os.environ[UNATTENDED] = "1"  # the notebook's kernel reads it there, as it does where a schedule has set it
    settings = _settings(name)
    pairs: list[tuple[str, object]] = [_pair(text) for text in parameters]
    pairs += [("apply", True)] if apply else []
    pairs += [("approve", approve)] if approve else []
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
    if receipt and receipt["sandbox"] and runbook(name).of_ticket and given.get("ticket_id") in (None, "", "0"):
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
    """The settings, if process and organisation can be read too. Where nobody watches, the watch is told that they cannot."""
    from deskbook.config.settings import UNATTENDED, ping_address, read_settings

    try:
        settings = read_settings()
        settings.load()
    except DeskbookError as error:
        if os.environ.get(UNATTENDED):
            from deskbook.unattended import alarm

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


def _sweep(**given: Any) -> None:
    _run("sweep", **given)


cli.add_command(
    click.Command(
        "sweep",
        callback=_sweep,
        params=[_key_values("sweep"), *_RUN_OPTIONS],
        help="Look at every unfinished ticket, do what may be done alone, and tell the day: deskbook run sweep.",
        short_help="Look at every unfinished ticket: deskbook run sweep.",
    )
)


@cli.command()
@click.option("--for", "who", default="", metavar="WHO", help="Only what is next for this person, by mail or name.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of plain objects, and nothing else.")
def due(who: str, as_json: bool) -> None:
    """Show every unfinished ticket: what comes next, for whom, until when and why."""
    from deskbook import terminal
    from deskbook.assembly import connect
    from deskbook.runbooks.catalog import runbook
    from deskbook.runbooks.queue.view import plain
    from deskbook.ui import blocks as ui

    desk, queue = connect(), runbook("queue")
    facts = queue.read(desk)
    view = queue.view(facts, queue.decide(facts, person=who))
    if as_json:
        say_json([plain(item, view.zone) for item in view.items])
    else:
        shown = [block for block in view.blocks() if not isinstance(block, ui.Folded)]  # nothing folds here
        say(f"{desk.organization.name}, {desk.where}.{ui.text(shown, terminal.columns())}")
    for each in desk.nights():
        say(f"deskbook: {each}", err=True)


@cli.command()
@click.argument("scenario", required=False)
@click.option("--speed", type=click.FloatRange(1, 60), default=12, show_default=True, help="Minutes a real minute.")
@click.option("--guided", is_flag=True, help="Say at each event what comes next.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Of the sandbox.")
@click.option("--keep", type=click.Path(path_type=Path), metavar="FILE", help="Keep the rehearsal in this file.")
@click.option("--page", type=click.Path(path_type=Path), metavar="FILE", help="Write the score as a page, too.")
@click.option("--again", is_flag=True, help="Tell a kept rehearsal anew, and score it again.")
def rehearse(
    scenario: str | None, speed: float, guided: bool, port: int, keep: Path | None, page: Path | None, again: bool
) -> None:
    """Rehearse on a fast clock: tickets arrive, customers answer, a hub goes down. Without SCENARIO: list them."""
    from deskbook.config.settings import read_definitions
    from deskbook.rehearsal import sitting

    _, organization = read_definitions()
    if again:
        if keep is None:
            raise ParameterError("--again: say which rehearsal, with --keep FILE")
        sitting.again(keep, organization, page, say)
    elif scenario is None:
        sitting.list_all(organization, say)
    else:
        sitting.sit(scenario, organization, sitting.Wish(speed, guided, port, keep, page), say)


@cli.group()
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


@cli.command()
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


@cli.command("take-over")
@click.argument("ticket_id")
def take_over(ticket_id: str) -> None:
    """Take the ticket over from a run that died elsewhere, by your word that it did."""
    from deskbook.assembly import connect
    from deskbook.engine import claims
    from deskbook.engine.parameters import ticket_number

    number = ticket_number(ticket_id)
    taken = claims.take_over(connect(), number)
    for each in taken:
        click.echo(f"Taken over: {each.told()}. Run yours now; it goes on from where that one stopped.")
    if not taken:
        click.echo(f"Nobody is at ticket {number}.")


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTION OF JUPYTERLAB]...")
def lab(options: tuple[str, ...]) -> None:
    """Open JupyterLab on your own copies of the notebooks, under runs/, beginning at the desk."""
    from deskbook import notebooks

    folder = Path.cwd() / notebooks.RUNS
    notebooks.lay_out(folder)
    command = [sys.executable, "-m", "jupyterlab", *notebooks.jupyterlab(folder), *options]
    sys.exit(subprocess.run(command, check=False).returncode)


@cli.command()
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


@cli.command()
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


@cli.group()
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


@cli.group()
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


@cli.command(context_settings={"ignore_unknown_options": False})
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="The port on 127.0.0.1."
)
@click.option("--seed", default="default", metavar="FILE", help="A seed file; 'none' for an empty helpdesk.")
@click.option(
    "--now", metavar="ISO", help="Freeze the clock here; 'seed' for the seed's own moment. Default: wall time."
)
@click.option(
    "--run", "runs_on", is_flag=True, help="Let the clock run on from there; it rests while the sandbox is stopped."
)
@click.option("--store", type=click.Path(path_type=Path), metavar="FILE", help="Keep everything in this file.")
@click.option("--plan", metavar="NAME", help="The helpdesk's plan, with its limits and features. Default: enterprise.")
@click.option(
    "--generate", type=click.IntRange(min=1), metavar="N", help="Add a believable year of N tickets to a new sandbox."
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND...]")
def sandbox(
    port: int,
    seed: str,
    now: str | None,
    runs_on: bool,
    store: Path | None,
    plan: str | None,
    generate: int | None,
    command: tuple[str, ...],
) -> None:
    """Start a sandbox until interrupted, or for as long as COMMAND runs with it."""
    from deskbook.config.settings import read_definitions
    from deskbook.schedule.working_time import parse_moment
    from deskbook_sandbox import generate as year
    from deskbook_sandbox import server
    from deskbook_sandbox.store.database import Tier

    known: dict[str, Tier] = {name: name for name in get_args(Tier)}
    if plan is not None and plan not in known:
        raise ParameterError(f"--plan: '{plan}' is no plan; use one of {', '.join(known)}")
    _, organization = read_definitions()
    continued = store is not None and store.exists()
    running = server.start(
        organization,
        seed=None if seed == "none" else "default" if seed == "default" else Path(seed),
        now="wall" if now is None else "seed" if now == "seed" else parse_moment(now),
        plan=known[plan] if plan else None,
        store=store,
        port=port,
    )
    if generate and not continued:
        year.generate(running.store, generate)

    def stop() -> None:
        if runs_on:
            running.store.freeze(running.store.now())
        running.stop()

    if runs_on:
        running.store.run()
    if command:
        _with_sandbox(running.url, command, stop)
    stopped = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):  # before the address is out: whoever reads it may stop us at once
        signal.signal(each, lambda *_: stopped.set())
    say(running.url)
    sys.stdout.flush()
    stopped.wait()
    stop()


def _with_sandbox(url: str, command: tuple[str, ...], stop: Callable[[], None]) -> None:
    """Run a command that finds the sandbox in its environment; end with its exit code."""
    environment = {k: v for k, v in os.environ.items() if k != "DESKBOOK_LIVE"} | {"DESKBOOK_SANDBOX_URL": url}
    say(f"Sandbox: {url}", err=True)
    try:
        code = subprocess.run(command, env=environment, check=False).returncode
    except FileNotFoundError:
        raise ParameterError(f"there is no command '{command[0]}'") from None
    except KeyboardInterrupt:
        code = 130
    finally:
        stop()
    sys.exit(code)


if __name__ == "__main__":
    main()
