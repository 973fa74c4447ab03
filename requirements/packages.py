"""Installs one group of the locked packages into the environment that runs this, or makes the locks anew.

    .venv/bin/python requirements/packages.py install run
    .venv/bin/python requirements/packages.py lock [--upgrade]

uv installs three times as fast as pip. It comes from PyPI, by hash, into the same environment, and asks the index
that pip is configured with. Where uv cannot do it, pip does.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
GROUPS = ("run", "book", "lab", "hub", "test")  # test: everything there is, so the other locks are parts of it
APART = ("installer", "audit")  # tools that stand in no environment of ours beside the rest
PIP = (sys.executable, "-m", "pip")
PIP_INSTALL = (*PIP, "install", "-qq")  # -qq: errors, but no warnings about locations that hold nothing
UV = str(Path(sys.executable).with_name("uv"))
CHECKOUT = ("--no-deps", "--no-build-isolation", "-e", str(ROOT))  # hatchling is in every lock

# What uv calls pip's settings, and what it puts between several values. Passwords may stand in them: so as variables.
VARIABLES = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "client-cert": ("SSL_CLIENT_CERT", " "),
    "proxy": ("ALL_PROXY", " "),
    "default-timeout": ("UV_HTTP_TIMEOUT", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
}


def pip_settings(listed: str) -> dict[str, str]:
    """What `pip config list` prints, as pip reads it: its environment before [install], and that before [global]."""
    found: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in listed.splitlines():
            name, equals, value = line.removeprefix(section).partition("=")
            if equals and line.startswith(section):
                found[name] = str(ast.literal_eval(value))
    return found


def uv_environment(settings: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which uv asks the same index, by the same certificates, as pip with these settings."""
    environment = {"UV_SYSTEM_CERTS": "1", **environ}
    if bundle := environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE"):
        environment["SSL_CERT_FILE"] = bundle
    for name, (variable, between) in VARIABLES.items():
        if value := settings.get(name, "").split():
            environment[variable] = between.join(value)
    return environment


def uv_options(settings: Mapping[str, str]) -> list[str]:
    """Every index counts alike, as for pip: the hashes say which file is meant."""
    closed = settings.get("no-index", "").lower() in ("1", "true", "yes", "on")
    return ["--index-strategy", "unsafe-best-match", *(["--no-index"] if closed else [])]


def listed_settings() -> dict[str, str]:
    """What pip is configured with here, by option name; several values stand in one text, with spaces between."""
    said = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=False)
    return pip_settings(said.stdout)


def install(group: str) -> None:
    """The packages of the group's lock and this checkout; ends with pip's own word where neither uv nor pip can."""
    lock = HERE / f"{group}.lock"
    print(f"Installing the packages of requirements/{lock.name} (once)…", flush=True)
    packages = ("--require-hashes", "-r", str(lock))
    problem = _with_uv(packages)
    if problem:
        print(f"uv could not ({problem}); pip does it, which takes some minutes.", flush=True)
        for what in (packages, CHECKOUT):
            if subprocess.run([*PIP_INSTALL, *what], check=False).returncode:
                sys.exit(
                    "The packages could not be installed. `pip config list` says which index was asked: "
                    "see that it can be reached and has them, then say it again."
                )


def _with_uv(packages: Sequence[str]) -> str:
    """Install with uv; the reason where that failed, else nothing."""
    bring = [*PIP_INSTALL, "--require-hashes", "-r", str(HERE / "installer.lock")]
    settings = listed_settings()
    pip_install = [UV, "pip", "install", "-q", "--python", sys.executable, *uv_options(settings)]
    environment = uv_environment(settings, os.environ)
    for command in (bring, [*pip_install, "--compile-bytecode", *packages], [*pip_install, *CHECKOUT]):
        try:
            said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        except OSError as error:
            return str(error)
        if said.returncode:
            return next((line.strip() for line in said.stderr.splitlines() if line.strip()), "it says nothing")
    return ""


def lock(*options: str) -> None:
    """All locks, from one resolution. Only the index itself is asked: another may hold a part of a release's files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    own = {name: value for name, value in listed_settings().items() if name not in ("extra-index-url", "find-links")}
    common = ["--generate-hashes", "--universal", "--no-header", "--python-version", oldest, "pyproject.toml"]
    extras = {"test": ["--all-extras"], "run": [], **{name: ["--extra", name] for name in ("book", "lab", "hub")}}
    for group, extra in extras.items():
        if group != "test":  # uv keeps the versions that a lock holds
            shutil.copyfile(HERE / "test.lock", HERE / f"{group}.lock")
        _compile([*common, "--group", "build", *extra, *(options if group == "test" else ())], group, own)
    for apart in APART:
        _compile([*common[:-1], "--group", apart, *options], apart, own)


def _compile(arguments: Sequence[str], name: str, settings: Mapping[str, str]) -> None:
    command = [UV, "pip", "compile", "-q", *arguments, "-o", f"requirements/{name}.lock"]
    subprocess.run(command, cwd=ROOT, env=uv_environment(settings, os.environ), check=True)


def main(arguments: Sequence[str]) -> None:
    match arguments:
        case ["install", group] if group in GROUPS:
            install(group)
        case ["lock", *options] if options in ([], ["--upgrade"]):
            lock(*options)
        case _:
            sys.exit(f"Say `install` with one of {', '.join(GROUPS)}, or `lock [--upgrade]`.")


if __name__ == "__main__":
    main(sys.argv[1:])
