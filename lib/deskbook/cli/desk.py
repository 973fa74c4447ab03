"""What somebody at the desk asks for: what is due, the notebooks, a rehearsal, whose ticket it is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import click

from deskbook.cli.saying import say, say_json
from deskbook.errors import DeskbookError, ParameterError


@click.command()
@click.option("--for", "who", default="", metavar="WHO", help="Only what is next for this person, by mail or name.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of plain objects, and nothing else.")
def due(who: str, as_json: bool) -> None:
    """Show every unfinished ticket: what comes next, for whom, until when and why."""
    from deskbook.assembly import connect
    from deskbook.cli import terminal
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


@click.command("take-over")
@click.argument("ticket_id")
def take_over(ticket_id: str) -> None:
    """Take the ticket over from a run that died elsewhere, by your word that it did."""
    from deskbook.assembly import connect
    from deskbook.engine import claims
    from deskbook.engine.parameters import ticket_number

    number = ticket_number(ticket_id)
    taken = claims.take_over(connect(), number, _let_pass)
    for each in taken:
        say(f"Taken over: {each.told()}. Run yours now; it goes on from where that one stopped.")
    if not taken:
        say(f"Nobody is at ticket {number}.")


def _let_pass(seconds: float) -> None:
    say(f"Waiting {seconds:.0f} seconds: a run that lives after all notices in that time, and stops.")
    time.sleep(seconds)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTION OF JUPYTERLAB]...")
def lab(options: tuple[str, ...]) -> None:
    """Open JupyterLab on your own copies of the notebooks, under runs/, beginning at the desk.

    As the command that a hub starts for you, it is your server there.
    """
    from deskbook import notebooks

    folder = Path.cwd() / notebooks.RUNS
    notebooks.lay_out(folder)
    said = [*notebooks.jupyterlab(folder), *options]
    one_cache = {"DESKBOOK_RUNS": str(folder)}  # for all notebooks, wherever each lies
    told = one_cache | os.environ | notebooks.jupyter_paths(os.environ)
    if "JUPYTERHUB_SERVICE_PREFIX" in os.environ:  # a hub ends the very process that it started
        os.execve(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *said], told)
    code = subprocess.run([sys.executable, "-m", "jupyterlab", *said], env=told, check=False).returncode
    if code and os.geteuid() == 0 and "--allow-root" not in options:
        raise DeskbookError(
            "JupyterLab does not start for root unless told so: "
            "take another user, or say `make lab LAB=--allow-root` (`deskbook lab --allow-root`)"
        )
    sys.exit(code)


@click.command()
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
