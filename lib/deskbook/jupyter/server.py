"""What somebody's Jupyter server has on top: a way from pages and messages to their own copies, and one to the sandbox's page."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from deskbook import notebooks
from deskbook.config.settings import SANDBOX_PLACE, read_settings
from deskbook.engine.parameters import ticket_number
from deskbook.errors import DeskbookError, ParameterError

ICON = Path(__file__).parents[2] / "deskbook_sandbox/page/static/icon.svg"
OWN_SANDBOX = ["sandbox", "--port={port}", "--store=.sandbox/store.db", "--now=seed", "--run"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: Any) -> None:
    """`deskbook/open/triage?ticket_id=101` below the server's address opens a copy, and makes it where there is none."""
    from jupyter_server.base.handlers import JupyterHandler
    from tornado import web

    class Open(JupyterHandler):
        @web.authenticated
        def get(self, name: str) -> None:
            try:
                path = own_copy(Path(app.root_dir), name, self.get_query_argument("ticket_id", ""))
            except DeskbookError as error:
                raise web.HTTPError(404, str(error)) from None
            self.redirect(f"{self.base_url}lab/tree/{quote(path)}")

    app.web_app.add_handlers(".*$", [(f"{app.base_url}deskbook/open/([a-z]+)", Open)])


def own_copy(root: Path, name: str, ticket_id: str = "") -> str:
    """Somebody's own copy of a runbook's notebook, or the ticket's, as seen from the folder that a server shows.

    ParameterError for a runbook or a number that there is not.
    """
    folder = notebooks.runs_of(root)
    path = notebooks.of_ticket(folder, name, ticket_number(ticket_id)) if ticket_id else notebooks.own(folder, name)
    if not path.is_relative_to(root):
        raise ParameterError(f"{path} is outside of {root}, which this server shows; start it as `deskbook lab`")
    return path.relative_to(root).as_posix()


def sandbox() -> dict[str, Any]:
    """For jupyter-server-proxy: the page of the sandbox that the environment names, else of one that starts at the first look."""
    port = urlsplit(read_settings().sandbox_url).port
    which = {"port": port} if port else {"command": [sys.executable, "-m", "deskbook.cli", *OWN_SANDBOX], "timeout": 60}
    # The sandbox answers nobody by another name than its own, and no page but of the server that people know.
    headers = {"Host": "127.0.0.1:{port}"}
    if front := urlsplit(os.environ.get("JUPYTERHUB_PUBLIC_URL", "")).netloc:
        headers["X-Forwarded-Host"] = front
    return {
        **which,
        "launcher_entry": {"title": "Sandbox", "icon_path": str(ICON), "path_info": f"{SANDBOX_PLACE}/"},
        "request_headers_override": headers,
    }
