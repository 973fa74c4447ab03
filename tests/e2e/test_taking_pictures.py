"""`make pictures`: the command runs, and takes the same pictures that the handbook shows."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from browsing import CHROMIUM

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.long,
    pytest.mark.skipif(
        not CHROMIUM, reason="no chromium here: apt-get install -y --no-install-recommends chromium fonts-dejavu"
    ),
]
BOOK = Path(__file__).parents[2] / "book"


def size(path: Path) -> tuple[int, int]:
    """Width and height, as the head of a PNG says."""
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n"), path.name
    width, height = struct.unpack(">II", head[16:])
    return width, height


def test_the_command_takes_every_picture_of_the_handbook(tmp_path_factory: pytest.TempPathFactory) -> None:
    tmp_path, built = tmp_path_factory.mktemp("pictures"), tmp_path_factory.mktemp("html")
    (built / "book").mkdir()
    page = "<!DOCTYPE html><title>Built</title>" + "<p>The pages themselves are built and seen by other tests.</p>" * 90
    (built / "book" / "index.html").write_text(page, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(BOOK / "pictures.py"), str(tmp_path), str(built)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = {path.name: size(path) for path in (BOOK / "_static" / "pictures").iterdir()}
    taken = {path.name: size(path) for path in tmp_path.iterdir()}
    assert set(taken) == set(shown)
    for name, (width, height) in taken.items():
        assert width == 1100 or name.startswith("form-"), name
        assert 600 < height < 1600, name
        assert 40_000 < (tmp_path / name).stat().st_size < 200_000, name
    for name in taken:
        assert taken[name] == taken[name.replace("dark", "light")]
