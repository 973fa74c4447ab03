"""Small books: each mistake of a page fails its build, and another organisation has its own facts."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from built import OTHERS, Page, small_book

from deskbook.config.organization import load_organization
from deskbook.config.settings import read_settings
from deskbook.handbook.build import build
from deskbook.handbook.embed import launch

pytestmark = pytest.mark.long


def test_each_mistake_of_a_page_is_a_warning_that_names_it_and_fails_the_build(tmp_path: Path) -> None:
    text = """---
owner: triger
reviewed: 2026-11-27
---

# Page

{fact}`clocks.tmebox.amount`

```{runbook} triage
:tickt_id: 101
```

```{process-steps} tiage
```

```{process-flowchart} triage
```

```{runbook-start} triage
:also: agnt=Ada
```

{practice}`999`

```{process-term} Critcal
```

```{command-line} deskbook.cli:clo
```
"""
    done = small_book(tmp_path, text)
    assert done.returncode != 0
    said = [line for line in done.stdout.splitlines() if "WARNING" in line or "ERROR" in line]
    for words in (
        "nothing is called 'clocks.tmebox.amount'",
        "did you mean ticket_id?",
        "no runbook 'tiage'",
        "a flowchart leads to 'step-triage-watch', which no page has",
        "triage has no parameter 'agnt'",
        "owner: role 'triger' is not defined",
        "the sandbox starts with no ticket 999",
        "the glossary has no 'Critcal'",
        "'deskbook.cli:clo' names no command",
    ):
        assert len([line for line in said if words in line]) == 1, words
    assert "index.md:10" in next(line for line in said if "tickt_id" in line)


def test_a_build_sees_no_live_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: dict[str, str] = {}

    def run(command: list[str], *, env: dict[str, str], **_: Any) -> subprocess.CompletedProcess[str]:
        seen.update(env)
        return subprocess.CompletedProcess(command, 0, "")

    monkeypatch.setattr(subprocess, "run", run)
    for name in ("DESKBOOK_LIVE", "DESKBOOK_SANDBOX_URL", "FRESHDESK_API_KEY", "GITHUB_TOKEN", "DESKBOOK_PROCESS"):
        monkeypatch.setenv(name, "there")
    monkeypatch.delenv("HOME", raising=False)
    build(tmp_path, tmp_path)
    assert seen["DESKBOOK_PROCESS"] == "there"
    assert not read_settings({**seen, "DESKBOOK_PROCESS": ""}).live
    assert not {"DESKBOOK_LIVE", "DESKBOOK_SANDBOX_URL", "FRESHDESK_API_KEY", "GITHUB_TOKEN"} & set(seen)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_the_handbook_of_another_organisation_shows_its_facts_and_a_runbook_that_works(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKBOOK_ORGANIZATION", str(path))
    done = small_book(tmp_path, "# Page\n\n{fact}`organization.name`\n\n```{runbook} triage\n:ticket_id: 101\n```\n")
    assert done.returncode == 0, done.stdout
    page = Page(tmp_path / "_build" / "html" / "book" / "index.html")
    other = load_organization(path)
    assert f"<p>{other.name}</p>" in page.text
    assert launch(other.handbook, "triage") in page.links
    assert "Nothing written yet: triage" in page.text


def test_settings_that_cannot_be_used_stop_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKBOOK_ORGANIZATION", str(tmp_path / "nowhere.yaml"))
    done = small_book(tmp_path, "# Page\n")
    assert done.returncode != 0
    assert "name an existing one" in done.stdout
