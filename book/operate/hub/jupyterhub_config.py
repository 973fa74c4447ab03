"""A hub to practise on, on this machine alone: `make hub`. Everybody of the staff has a server, all share one sandbox.

On a hub of your own, what is marked "practice" is yours to replace; who may see what can stay. See book/operate/hub.md.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from deskbook.config.settings import definition_files
from deskbook_sandbox.keys import key_of

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("HUB_FOLDER") or ".sandbox/hub").absolute()
SANDBOX_PORT = int(os.environ.get("SANDBOX_PORT") or 8642)
SANDBOX = f"http://127.0.0.1:{SANDBOX_PORT}"
DESKBOOK = [sys.executable, "-m", "deskbook.cli"]
files = definition_files()
_, organization = files.load()
people = {person.mail.partition("@")[0].lower(): person for person in organization.people}
PORT = int(os.environ.get("HUB_PORT") or urlsplit(organization.handbook.hub).port or 8000)  # where the handbook leads
ENVIRONMENT = {  # of everybody's server, and of what all share
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "DESKBOOK_SANDBOX_URL": SANDBOX,
    "DESKBOOK_ORGANIZATION": str(files.organization.absolute()),
    "DESKBOOK_PROCESS": str(files.process.absolute()),
    "DESKBOOK_RUNS": str(FOLDER / "runs"),  # where the sweep leaves its record, so that every desk tells of it
}


def free_port() -> int:
    """For those that nobody types: only the hub itself speaks to them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


FOLDER.mkdir(parents=True, exist_ok=True)

c = get_config()  # noqa: F821 (JupyterHub brings it)

# Where it stands (practice): on 127.0.0.1, where nobody else reaches it, and its state in one folder.
c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.JupyterHub.public_url = f"http://127.0.0.1:{PORT}/"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{free_port()}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{free_port()}"
c.ConfigurableHTTPProxy.command = [sys.executable, str(HERE / "proxy.py"), "--proxy-timeout=600000"]
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{FOLDER / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(FOLDER / "cookie-secret")

# Who may come in (practice): the staff by name, with any password, since nobody but you reaches this hub.
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = set(people)

# Who may see what. Nobody is an admin: who may open a colleague's server acts with that colleague's keys.
c.JupyterHub.load_groups = {
    role: {"users": sorted(name for name, person in people.items() if role in person.roles)}
    for role in sorted({role for person in people.values() for role in person.roles})
}
c.JupyterHub.load_roles = [
    {
        "name": "looks-after-the-hub",
        "description": "See who is there, start and stop servers; see into none.",
        "scopes": ["admin-ui", "list:users", "read:servers", "servers", "list:services"],
        "groups": ["technology-lead"],
    },
]  # nothing for the sandbox and the sweep: they ask nothing of the hub

# A server of one's own: JupyterLab on one's own copies of the runbooks.
c.JupyterHub.spawner_class = "simple"  # practice: processes on this machine, in a folder for each
c.SimpleLocalProcessSpawner.home_dir_template = str(FOLDER / "people" / "{username}")
c.Spawner.cmd = [*DESKBOOK, "lab"]
c.Spawner.args = ["--allow-root"]  # practice, in a container
c.LocalProcessSpawner.interrupt_timeout = 1  # seconds; JupyterLab ends by the next signal
c.Spawner.http_timeout = 60
c.Spawner.environment = ENVIRONMENT


def hand_over_own_keys(spawner) -> None:
    """Keys come into the environment of whose they are, and of nobody else's server. Practice: the sandbox knows these."""
    spawner.environment = {**ENVIRONMENT, "DESKBOOK_SANDBOX_KEY": key_of(people[spawner.user.name])}


c.Spawner.pre_spawn_hook = hand_over_own_keys

# What all share: processes that the hub starts, and starts again.
c.JupyterHub.services = [
    {
        "name": "sandbox",
        "command": [
            *DESKBOOK,
            "sandbox",
            f"--store={FOLDER / 'store.db'}",
            "--now=seed",
            "--run",
            f"--port={SANDBOX_PORT}",
        ],
        "environment": ENVIRONMENT,
    },
    {
        "name": "sweep",
        "command": [sys.executable, str(HERE / "sweep.py")],
        "cwd": str(FOLDER),
        "environment": ENVIRONMENT,
    },
]

print(
    f"A hub to practise on: http://127.0.0.1:{PORT}, as {', '.join(people)}, with any password. Ctrl-C ends it.",
    flush=True,
)
