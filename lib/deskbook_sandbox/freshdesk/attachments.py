"""Store and download files that came with a ticket or a message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import FileStorage

from deskbook_sandbox.freshdesk.account import PREFIX
from deskbook_sandbox.freshdesk.problems import invalid, not_found
from deskbook_sandbox.freshdesk.records import new_id
from deskbook_sandbox.freshdesk.routing import route
from deskbook_sandbox.http import Request, Response

LARGEST = 20 * 1024 * 1024


def keep(request: Request, files: Iterable[FileStorage]) -> list[dict[str, Any]]:
    """Keep the files; each as the helpdesk shows it."""
    shown: list[dict[str, Any]] = []
    total = 0
    now = request.store.stamp()
    for file in files:
        data = file.stream.read()
        total += len(data)
        if total > LARGEST:
            raise invalid("attachments", "The total size of the attachments is beyond the 20 MB limit")
        number = new_id(request.store, "attachment")
        kind = file.mimetype or "application/octet-stream"
        about = {"id": number, "name": file.filename, "content_type": kind}
        request.store.insert("fd_attachments", **about, data=data)
        url = f"{request.origin}{PREFIX}/attachments/{number}"
        shown.append({**about, "size": len(data), "created_at": now, "updated_at": now, "attachment_url": url})
    return shown


def _download(request: Request, number: int) -> Response:
    row = request.store.row("SELECT * FROM fd_attachments WHERE id = ?", number)
    if row is None:
        raise not_found()
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(body=bytes(row["data"]), headers=headers, content_type="application/octet-stream")


ROUTES = (
    route("GET", "/attachments/<int:number>", _download, "The file itself; the real one lies elsewhere.", source="own"),
)
