"""Read settings from the environment: which services to use. One error lists all that is missing or malformed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from deskbook.config import ORGANIZATION, PROCESS
from deskbook.errors import SettingsError

if TYPE_CHECKING:
    from deskbook.config.organization import Organization
    from deskbook.config.process import Process

GITHUB = "https://api.github.com"
SLACK = "https://slack.com/api/"
UNATTENDED = "DESKBOOK_UNATTENDED"
PING = "DESKBOOK_PING_URL"
SANDBOX_PLACE = "sandbox"  # of its page below the address of somebody's server on a hub
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """Real services, a running sandbox, or (with neither) a sandbox of this process's own. Never a mixture."""

    live: bool = False
    sandbox_url: str = ""
    sandbox_page: str = ""  # where people see it, if that is elsewhere
    sandbox_key: str = "sandbox"  # the first Triager's; nothing to hide
    freshdesk_url: str = ""
    freshdesk_key: str = field(default="", repr=False)
    github_url: str = GITHUB
    github_token: str = field(default="", repr=False)
    slack_token: str = field(default="", repr=False)
    slack_webhook: str = field(default="", repr=False)
    pagerduty_url: str = ""
    pagerduty_token: str = field(default="", repr=False)
    organization: Path = ORGANIZATION
    process: Path = PROCESS
    unattended: bool = False
    runs: Path = Path("runs")  # where runs keep what they leave
    ping: str = field(default="", repr=False)  # what is told of each run that nobody watches; its address is its key
    archive: str = ""  # a store that papermill writes, to which such runs are handed as well

    @property
    def nights(self) -> Path:
        """The folder of the runs that nobody watched."""
        return self.runs / "nights"

    @property
    def cache(self) -> Path:
        """The folder of what one run remembers for the next, one for each helpdesk."""
        address = self.freshdesk_url if self.live else self.sandbox_url
        return self.runs / ".cache" / sha256(address.encode()).hexdigest()[:12]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown or kept."""
        return tuple(value for f in fields(self) if not f.repr and (value := getattr(self, f.name)))

    def load(self) -> tuple[Process, Organization]:
        """The process and the organisation that these settings name; DefinitionError if one is wrong."""
        from deskbook.config.organization import load_organization  # whoever asks for the settings alone need not wait
        from deskbook.config.process import load_process

        organization = load_organization(self.organization)
        return load_process(self.process, organization, self.organization.name), organization


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in the environment (the process's own by default); SettingsError lists every mistake."""
    env = _environment(environment)
    wrong: list[str] = []
    organization, process = _sources(env, wrong)
    live = env.get("DESKBOOK_LIVE", "")
    if live not in ("", "0", "1"):
        wrong.append(f"DESKBOOK_LIVE is {live!r}: set it to 1 for the real services, or leave it out")
    alone = env.get(UNATTENDED, "")
    if alone not in ("", "0", "1"):
        wrong.append(f"{UNATTENDED} is {alone!r}: set it to 1 where nobody watches, or leave it out")
    files: dict[str, Any] = {
        "organization": organization,
        "process": process,
        "unattended": alone == "1",
        "runs": Path(env.get("DESKBOOK_RUNS") or "runs"),
        "ping": _address(env, PING, wrong, needed=False),
        "archive": env.get("DESKBOOK_ARCHIVE", "").rstrip("/"),
    }
    sandbox_url = _address(env, "DESKBOOK_SANDBOX_URL", wrong, needed=False)
    if live != "1":
        _complain(wrong)
        own_server = env.get("JUPYTERHUB_PUBLIC_URL", "").rstrip("/")
        return Settings(
            sandbox_url=sandbox_url,
            sandbox_page=f"{own_server}/{SANDBOX_PLACE}" if own_server and sandbox_url else "",
            sandbox_key=env.get("DESKBOOK_SANDBOX_KEY") or "sandbox",
            **files,
        )
    if sandbox_url:
        wrong.append("DESKBOOK_LIVE and DESKBOOK_SANDBOX_URL are both set: a run is live or practice, never both")
    settings = Settings(
        live=True,
        freshdesk_url=_address(env, "FRESHDESK_URL", wrong),
        freshdesk_key=_secret(env, "FRESHDESK_API_KEY", wrong),
        github_url=_address(env, "GITHUB_API_URL", wrong, needed=False) or GITHUB,
        github_token=_secret(env, "GITHUB_TOKEN", wrong),
        slack_token=env.get("SLACK_BOT_TOKEN", ""),
        slack_webhook=_address(env, "SLACK_WEBHOOK_URL", wrong, needed=False),
        pagerduty_url=_address(env, "PAGERDUTY_API_URL", wrong),
        pagerduty_token=_secret(env, "PAGERDUTY_TOKEN", wrong),
        **files,
    )
    if not (settings.slack_token or settings.slack_webhook):
        wrong.append("SLACK_BOT_TOKEN or SLACK_WEBHOOK_URL is missing: set one of them")
    _complain(wrong)
    return settings


def read_definitions(environment: Mapping[str, str] | None = None) -> tuple[Process, Organization]:
    """The process and the organisation in force, whatever services the rest of the environment names."""
    return definition_files(environment).load()


def needed() -> list[tuple[tuple[str, ...], str]]:
    """What a live run needs: each setting, or the names of which one is enough, and what to do. The list is this reader's own."""
    try:
        read_settings({"DESKBOOK_LIVE": "1"})
    except SettingsError as error:
        told = [line.removeprefix("- ").partition(" is missing: ") for line in str(error).splitlines()[1:]]
        return [(tuple(names.split(" or ")), remedy) for names, _, remedy in told]
    return []


def ping_address(environment: Mapping[str, str] | None = None) -> str:
    """Where to tell that a run failed though its settings cannot be read; empty if that is not set, or no address."""
    return _address(_environment(environment), PING, [], needed=False)


def definition_files(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings with the files of process and organisation alone; SettingsError for one that is not there."""
    wrong: list[str] = []
    organization, process = _sources(_environment(environment), wrong)
    _complain(wrong)
    return Settings(organization=organization, process=process)


def _environment(environment: Mapping[str, str] | None) -> dict[str, str]:
    return {name: value.strip() for name, value in (os.environ if environment is None else environment).items()}


def _sources(env: Mapping[str, str], wrong: list[str]) -> tuple[Path, Path]:
    return (
        _file(env, "DESKBOOK_ORGANIZATION", ORGANIZATION, wrong),
        _file(env, "DESKBOOK_PROCESS", PROCESS, wrong),
    )


def _complain(wrong: list[str]) -> None:
    if wrong:
        raise SettingsError("the settings cannot be used:\n" + "\n".join(f"- {line}" for line in wrong))


def _file(env: Mapping[str, str], name: str, shipped: Path, wrong: list[str]) -> Path:
    path = Path(env.get(name) or shipped)
    if not path.is_file():
        wrong.append(f"{name} names {path}, which is no file: name an existing one, or leave it out")
    return path


def _secret(env: Mapping[str, str], name: str, wrong: list[str]) -> str:
    value = env.get(name, "")
    if not value:
        wrong.append(f"{name} is missing: set it in the environment, never in a notebook")
    elif not value.isascii() or any(character.isspace() for character in value):
        wrong.append(f"{name} has a space or a character that no key has: copy it again")
    return value


def _address(env: Mapping[str, str], name: str, wrong: list[str], *, needed: bool = True) -> str:
    value = env.get(name, "")
    if not value:
        if needed:
            wrong.append(f"{name} is missing: set it to the service's address, beginning with https://")
        return ""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        secret = name in ("SLACK_WEBHOOK_URL", PING) or any(mark in value for mark in "@?#")  # a key may stand there
        shown = "" if secret else f" ({value!r})"
        form = "http://127.0.0.1:8080" if name == "DESKBOOK_SANDBOX_URL" else "https://host, without a key in it"
        wrong.append(f"{name}{shown} is not an address: write it as {form}")
    elif name == "DESKBOOK_SANDBOX_URL" and host not in LOOPBACK:
        wrong.append(f"{name} ({value!r}) is not on this machine: a sandbox runs on 127.0.0.1")
    elif parts.scheme == "http" and host not in LOOPBACK:
        wrong.append(f"{name} uses http: a key may only travel by https")
    return value.rstrip("/")
