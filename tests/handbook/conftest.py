"""The handbook, built once for all tests that look at it, and served where a browser asks for it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from built import ROOT, Page

from deskbook.handbook.build import build


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    done = build(ROOT, folder, quiet=True)
    assert done.returncode == 0, done.stdout
    return folder / "_build" / "html"


@pytest.fixture(scope="session")
def pages(book: Path) -> dict[str, Page]:
    return {
        path.relative_to(book).as_posix(): Page(path)
        for path in sorted(book.rglob("*.html"))
        if "_static" not in path.parts
    }


@pytest.fixture(scope="session")
def address(book: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
