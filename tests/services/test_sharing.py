"""Work that is handed to other processes: it is done though they die, by desks of their own, and no longer than is wanted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from deskbook.errors import ParameterError, SettingsError, Unavailable
from deskbook.services import executors
from deskbook.services.executors import checked
from deskbook.services.memory import FolderMemory
from deskbook.services.place import Place, here
from deskbook.services.sharing import spread


@dataclass
class Plain:
    """As much of a desk as sharing needs."""

    memory: FolderMemory
    where: str = "here"
    place: Place = field(default_factory=here)

    def sharing(self) -> Plain:
        return self


def plain() -> Plain:
    """The desk of whoever is asked, by its own environment."""
    return Plain(FolderMemory(Path(os.environ["FOLDER"])), os.environ.get("WHERE", "here"))


def work(desk: Any, share: str) -> tuple[str, int]:
    """`once`: kills its process the first time; `always`: each time; `raise`: a mistake of ours."""
    if share == "raise":
        raise ZeroDivisionError("by zero")
    mark = Path(os.environ["FOLDER"]) / "killed"
    if share == "always" or (share == "once" and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return share, os.getpid()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("FOLDER", str(tmp_path))
    return plain()


def said(
    desk: Any, shares: list[str], executor: str = "processes:2", enough: Callable[[], bool] = lambda: False
) -> dict[str, Any]:
    return {shares[place]: told for place, told in spread(plain, desk, executor, work, shares, enough)}  # type: ignore[arg-type]


def test_a_process_that_dies_has_its_work_done_anew_and_only_what_kills_each_time_is_given_up(desk: Any) -> None:
    shares = ["a", "once", "always", "raise", *"bcd"]
    found = said(desk, shares)
    assert set(found) == set(shares)
    assert [found[each][0] for each in ("a", "once", "b", "c", "d")] == ["a", "once", "b", "c", "d"]
    assert str(found["raise"]) == "ZeroDivisionError: by zero"
    assert str(found["always"]).startswith("each process that worked on it died")
    assert os.getpid() not in {each[1] for each in found.values() if isinstance(each, tuple)}


def test_once_it_is_enough_nothing_more_is_begun_and_what_has_begun_is_told(desk: Any) -> None:
    found: dict[int, Any] = {}
    shares = [str(number) for number in range(20)]
    for place, told in spread(plain, desk, "processes:1", work, shares, lambda: bool(found)):  # type: ignore[arg-type]
        found[place] = told
    assert set(found) in ({0, 1}, {0, 1, 2})  # as many as one process has before it


@pytest.mark.parametrize(
    ("variable", "words"),
    [("WHERE", "works at elsewhere; the sweep at here"), ("FOLDER", "Let DESKBOOK_RUNS name one")],
)
def test_a_process_with_other_settings_does_nothing(
    desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, words: str
) -> None:
    monkeypatch.setenv(variable, "elsewhere" if variable == "WHERE" else str(tmp_path / "other"))
    (error,) = said(desk, ["a"], "processes:1").values()
    assert isinstance(error, SettingsError)
    assert words in str(error)


def test_processes_end_with_the_one_that_began_them(desk: Any, tmp_path: Path) -> None:
    program, environment = "import test_sharing; test_sharing.begin()", os.environ | {"PYTHONPATH": ":".join(sys.path)}
    begun = subprocess.Popen([sys.executable, "-c", program], env=environment)
    while not list(tmp_path.glob("at-*")):
        assert begun.poll() is None
        time.sleep(0.05)
    worker = psutil.Process(int(next(tmp_path.glob("at-*")).name.partition("-")[2]))
    begun.kill()
    begun.wait()
    worker.wait(timeout=400)  # raises where it has not ended


def sleeping(desk: Any, share: str) -> None:
    (Path(os.environ["FOLDER"]) / f"at-{os.getpid()}").touch()
    time.sleep(600)


def begin() -> None:
    list(spread(plain, plain(), "processes:1", sleeping, ["a"], lambda: False))  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", ["processes", "processes:0", "processes:100", "dask://", "dask://host", "threads:4"])
def test_what_is_no_executor_is_refused_with_what_is(wrong: str) -> None:
    with pytest.raises(ParameterError, match="write processes:4 for so many processes"):
        checked(wrong)
    for fine in ("", "processes:4", "dask://127.0.0.1:8786", "dask://[::1]:8786", "dask://tasks.example.org:8786"):
        assert checked(fine) == fine


def test_without_dask_or_its_scheduler_one_sentence_says_what_to_do(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "REACH", 0.1)
    with pytest.raises(
        Unavailable, match=r"no scheduler answers at 127.0.0.1:9 \(OSError\)\. Start one: dask scheduler"
    ):
        said(desk, ["a"], "dask://127.0.0.1:9")
    with pytest.raises(Unavailable, match="by TLS, with certificates"):
        said(desk, ["a"], "dask://192.0.2.1:9")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"pip install 'deskbook\[dask\]'"):
        said(desk, ["a"], "dask://127.0.0.1:9")
