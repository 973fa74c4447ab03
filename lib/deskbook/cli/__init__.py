"""The command line: run a runbook, see what is due, read and check the process, start a sandbox.

Each command imports what it needs when it is called, so that `deskbook --help` answers at once.
"""

from __future__ import annotations

import sys
from io import StringIO

import click

from deskbook.cli import desk, house, nights, run, sandbox
from deskbook.cli.saying import FAILED, USAGE, say
from deskbook.errors import DefinitionError, DeskbookError, ParameterError, SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="deskbook")
def cli() -> None:
    """Deskbook, the support handbook that runs."""


for command in (
    *(run.run, run.sweep),
    *(desk.due, desk.take_over, desk.lab, desk.rehearse),
    *(nights.log, nights.schedule),
    *(house.doctor, house.learn, house.process, house.new),
    sandbox.sandbox,
):
    cli.add_command(command)


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
