"""What a scheduler has to be told so that it starts the organisation's runs: files, with its names and times filled in."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cronsim import CronSim
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deskbook.config.organization import SHIPPED, Organization, ScheduledRun
from deskbook.config.settings import Settings, needed
from deskbook.errors import ParameterError

KINDS = ("cron", "systemd", "kubernetes", "github", "jupyter-scheduler")
TEMPLATES = Path(__file__).with_name("templates")
KEYS = "/etc/deskbook/environment"  # the file of settings and keys, where a scheduler does not keep them itself
STATE = "/var/lib/deskbook"
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")  # as cron counts them


def files(kind: str, settings: Settings, organization: Organization) -> dict[str, str]:
    """The files of a scheduler by their names; ParameterError for one we do not know, or with nothing to start."""
    if kind not in KINDS:
        raise ParameterError(f"'{kind}' is no scheduler that we know; name one of {', '.join(KINDS)}")
    runs = tuple(run for run in organization.nights.runs if kind != "github" or not run.writes)
    if not runs:
        what = "run that writes nothing" if kind == "github" else "run"
        raise ParameterError(f"organization.yaml names no {what} under nights; add one to /nights/runs")
    own = settings.organization if settings.organization != SHIPPED else None
    filled = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        trim_blocks=True,
        keep_trailing_newline=True,
    )  # of text that is ours; braces and dollars belong to what is written
    command = shlex.join([str(Path(sys.executable).with_name("deskbook"))])
    given: Mapping[str, object] = {
        "name": " ".join(organization.name.split()).replace("%", "%%" if kind == "systemd" else "%"),
        "runs": runs,
        "command": command.replace("%", {"cron": "\\%", "systemd": "%%"}.get(kind, "%")),
        "words": words,
        "calendar": calendar,
        "live": [name for names, _ in needed() for name in names],
        "late": organization.nights.late_minutes,
        "keys": KEYS,
        "state": STATE,
        "own": own is not None,
    }

    def text(name: str, **more: object) -> str:
        return filled.get_template(f"{name}.jinja").render(**given, **more)

    match kind:
        case "cron":
            return {"crontab": text("crontab")}
        case "systemd":
            return {
                f"deskbook-{run.runbook}.{unit}": text(f"systemd.{unit}", run=run)
                for run in runs
                for unit in ("service", "timer")
            }
        case "kubernetes":
            jobs = {f"{run.runbook}.yaml": text("cronjob.yaml", run=run) for run in runs}
            shared = {name: text(name) for name in ("kustomization.yaml", "volume.yaml")}
            return shared | jobs | ({"organization.yaml": own.read_text(encoding="utf-8")} if own else {})
        case "github":
            return {"deskbook.yml": text("github.yml")}
        case _:
            return {"jupyter_server_config.py": text("jupyter_server_config.py")}


def words(run: ScheduledRun) -> list[str]:
    """What follows `deskbook` on its command line."""
    return ["run", *run.run.split(), "--unattended"]


def calendar(run: ScheduledRun) -> str:
    """Its time as systemd writes it."""
    cron = CronSim(run.at, datetime(2000, 1, 1, tzinfo=UTC))
    on = sorted({int(str(day)) % 7 for day in cron.weekdays})
    weekdays = "" if len(on) == len(DAYS) else ",".join(DAYS[day] for day in on) + " "
    days, months = _numbers(cron.days, range(1, 32)), _numbers(cron.months, range(1, 13))
    hours, minutes = _numbers(cron.hours, range(24)), _numbers(cron.minutes, range(60))
    return f"{weekdays}*-{months}-{days} {hours}:{minutes}:00 UTC"


def _numbers(chosen: Iterable[object], of: range) -> str:
    found = sorted(int(str(each)) for each in chosen)
    return "*" if found == list(of) else ",".join(f"{each:02}" for each in found)
