"""What a stranger writes is never obeyed by the terminal that shows it: commands through a real pseudo-terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
import requests
from test_cli import COMMAND, around
from test_http import service as thing
from test_http import serving

from deskbook.cli import cli, terminal
from deskbook.errors import Refused
from deskbook.language.text import printable, printable_json
from deskbook.ui import blocks as ui
from deskbook_sandbox.server import Running

# An escape that renames the window, colours, an eight-bit escape, a backspace, a bell, turns of direction, a lone return,
# a format string of two kinds, half a character.
HOSTILE = "\x1b]0;owned\x07 \x1b[31mred\x1b[0m \x9b2J \x85 \x08\x08 \u202eelif\u202c \u2066x\u2069 \rOK %s%n {0.__class__} \U000e0041"
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e0fff]")


def shown(*words: str, url: str, cwd: Path | None = None) -> tuple[int, str]:
    """The exit code, and all that arrives at a terminal, its line ends aside."""
    ours, theirs = pty.openpty()
    quiet = {"NO_COLOR": "1", "TQDM_DISABLE": "1"}  # colours and the line of progress are ours, and not meant here
    environment = around({"DESKBOOK_SANDBOX_URL": url} | quiet)
    with subprocess.Popen(
        [*COMMAND, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=cwd
    ) as run:
        os.close(theirs)
        parts = []
        while part := _read(ours):
            parts.append(part)
        code = run.wait(timeout=120)
    os.close(ours)
    return code, b"".join(parts).decode("utf-8").replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that nobody writes there any more
        return b""


def write_in(running: Running) -> int:
    """A ticket whose every word is hostile; its number."""
    body = {"name": f"Eve {HOSTILE}", "email": "eve@aurora.example.org", "subject": f"Hub down {HOSTILE}"}
    body |= {"description": f"<p>It is down {HOSTILE}</p>", "status": 2, "priority": 1, "tags": ["\x1b[5mx"]}
    answer = requests.post(f"{running.url}/api/v2/tickets", json=body, auth=("sandbox", "X"), timeout=10)
    assert answer.ok, answer.text
    return int(answer.json()["id"])


@pytest.mark.long
def test_a_terminal_obeys_nothing_that_a_ticket_says(running: Running, tmp_path: Path) -> None:
    number = write_in(running)
    kept = tmp_path / "out.ipynb"
    for words in (
        ("due",),
        ("due", "--json"),
        ("run", "triage", f"ticket_id={number}", "--output", str(kept)),
        ("run", "triage", f"ticket_id={number}", "--json"),
    ):
        code, text = shown(*words, url=running.url)
        assert code == 0, text
        assert OBEYED.findall(text) == [], words
        assert "red" in text or "triage" in words  # it is shown, only not obeyed
    for path in (kept, kept.with_suffix(".html")):
        assert OBEYED.findall(path.read_text(encoding="utf-8")) == [], path
    assert "owned" in kept.read_text(encoding="utf-8")


def test_a_mistaken_command_is_repeated_harmlessly(running: Running) -> None:
    for words in (("run", "triage", f"{HOSTILE.replace('=', '')}=1"), ("run", HOSTILE), ("due", f"--{HOSTILE}")):
        code, text = shown(*(word.replace("\x00", "") for word in words), url=running.url)
        assert code == 2, text
        assert OBEYED.findall(text) == [], text
        assert "owned" in text


def test_whose_run_was_taken_over_is_said_harmlessly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], running: Running
) -> None:
    """Who and where stand in a note of the ticket."""

    class Run:
        def told(self) -> str:
            return f"Eve's run of triage on {HOSTILE}"

    monkeypatch.setenv("DESKBOOK_SANDBOX_URL", running.url)
    monkeypatch.setattr("deskbook.engine.claims.take_over", lambda *given: [Run()])
    cli.main(["take-over", "101"], standalone_mode=False)
    told = capsys.readouterr().out
    assert "owned" in told
    assert OBEYED.findall(told) == []


def test_an_error_that_repeats_a_services_words_is_harmless() -> None:
    body = json.dumps({"message": HOSTILE})
    with serving(lambda request, n: request.say(400, body)) as local, pytest.raises(Refused, match="owned") as caught:
        thing(local.url).get("/tickets")
    assert OBEYED.findall(str(caught.value)) == []


def test_a_cell_stays_on_its_line() -> None:
    plain = ui.text([ui.Title("A\nB"), ui.Rows([("one\ntwo", "three\r\nfour")], ("x", "y\nz"))])
    assert plain.splitlines() == ["", "A B", "x        y z", "one two  three four"]


def test_json_keeps_its_value() -> None:
    told = json.dumps({"subject": HOSTILE + "\ud800 Ünïcode 🔑"}, ensure_ascii=False)
    written = printable_json(told)
    assert OBEYED.findall(written) == []
    assert json.loads(written) == json.loads(told)
    assert "Ünïcode 🔑" in written


def test_what_people_write_with_stays() -> None:
    text = "Zürich\tשלום\u200f 👩\u200d🔬\nनमस्ते"
    assert printable(text) == text
    assert printable("a\r\nb\ud800") == "a\nb\ufffd"


# What fits, what is coloured, and what completes.


def test_a_table_fits_into_a_narrow_terminal() -> None:
    long = "Arrived on Tue 24 Nov 2026 08:10 UTC; we have not answered. deskbook run triage ticket_id=101"
    rows = ui.Rows([("101 How do I share a notebook", "Triage it", long)], ("Ticket", "Next", "Why"))
    for width in (60, 80, 100):
        shown = ui.text([rows], width)
        assert max(map(len, shown.splitlines())) <= width
        assert "".join(long.split()) in "".join(shown.split())
    assert len(ui.text([rows]).splitlines()) == 2


def test_of_a_table_that_is_too_wide_the_first_columns_stay_columns_and_the_rest_stands_below() -> None:
    row = ("101 How do I share", "Triage it, due in 22 h", "Priya Raman (Triager)", "Tue 24 Nov", "Why")
    shown = {width: ui.text([ui.Rows([row])], width).splitlines() for width in (20, 60, 70, 120)}
    assert shown[120] == ["  ".join(row)]
    assert shown[70] == ["  ".join(row[:3]), f"    {row[3]}", "    Why"]
    assert shown[60] == ["  ".join(row[:2]), f"    {row[2]}, {row[3]}", "    Why"]
    assert max(map(len, shown[20])) <= 20
    assert shown[20][-1] == "    Why"


def test_marks_have_colours_and_nothing_else() -> None:
    told = terminal.coloured("✔  sent\n✘  not sent\n! Needs a person\nplain ✔")
    assert told == "\x1b[32m✔  sent\x1b[0m\n\x1b[31m✘  not sent\x1b[0m\n\x1b[33m! Needs a person\x1b[0m\nplain ✔"


def test_no_color_and_pipes_have_no_colours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.say("✘  not sent")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    terminal.say("✘  not sent")
    assert capsys.readouterr().out == "✘  not sent\n" * 2


def completed(*words: str, **environment: str) -> list[str]:
    """What the shell is told for these words, the last of which is begun."""
    asked = {"_DESKBOOK_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    ran = subprocess.run(COMMAND, env=around(asked | environment), capture_output=True, text=True, check=False)
    return [line.partition(",")[2] for line in ran.stdout.splitlines() if "," in line]


def test_runbooks_parameters_and_tickets_complete(running: Running) -> None:
    assert "triage" in completed("deskbook", "run", "tri")
    assert completed("deskbook", "run", "resolve", "exc") == ["exception_by=", "exception_until="]
    assert completed("deskbook", "run", "resolve", "exception_by=x", "exc") == ["exception_until="]
    assert completed("deskbook", "run", "triage", "ticket_id=10") == []
    found = completed("deskbook", "run", "triage", "ticket_id=10", DESKBOOK_SANDBOX_URL=running.url)
    assert "ticket_id=101" in found
    assert completed("deskbook", "run", "triage", "ticket_id=1", DESKBOOK_SANDBOX_URL="http://127.0.0.1:9") == []
