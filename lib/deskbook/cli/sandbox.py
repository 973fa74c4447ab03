"""Start a sandbox."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import click

from deskbook.cli.saying import say
from deskbook.errors import ParameterError


@click.command(context_settings={"ignore_unknown_options": False})
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
