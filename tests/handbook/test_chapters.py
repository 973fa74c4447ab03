"""Chapters as they are written: complete, and for every organisation."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import ORGANIZATION, PROCESS
from built import OTHERS

from deskbook.config.organization import load_organization
from deskbook.config.process import load_process
from deskbook.errors import ParameterError
from deskbook.handbook import extension as sphinxext

pytestmark = pytest.mark.long


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", sorted(sphinxext.WRITTEN))
def test_every_chapter_can_be_written_for_another_organisation(path: Path, name: str) -> None:
    organization = load_organization(path)
    argument = {"process-term": "Critical", "command-line": "deskbook.cli:cli"}.get(name, "triage")
    text = sphinxext.WRITTEN[name](load_process(organization=organization), organization, argument)
    assert "2i2c" not in text
    assert text or name == "noise-rules"


def test_the_glossary_has_every_word_of_the_process_and_every_role() -> None:
    text = sphinxext.WRITTEN["process-glossary"](PROCESS, ORGANIZATION, "").splitlines()
    roles = {role.name for role in PROCESS.roles.values()}
    words = {"Step", "Role", "Clock", "Timebox", "Outcome", "Runbook", "Plan", "Action", "Receipt"}
    assert roles | words <= set(text)
    assert "  30 minutes of work on one ticket in one cycle, across pauses and people." in "\n".join(text)


def test_messages_are_shown_as_people_get_them() -> None:
    text = sphinxext.WRITTEN["process-messages"](PROCESS, ORGANIZATION, "")
    assert [line for line in text.splitlines() if len(line.strip("> ")) == 1] == []
    assert text.count("Servers start again for everybody.\n") == 3  # confirmed, and twice of an incident
    assert "From 18 December 2026 to 03 January 2027" in text
    assert "We plan it on Wednesday 25 November 2026" in text
    assert "- Next bill: " in text


def test_a_chapter_of_an_unknown_runbook_says_which_there_are() -> None:
    with pytest.raises(ParameterError, match="no runbook 'tiage' \\("):
        sphinxext.WRITTEN["process-steps"](PROCESS, ORGANIZATION, "tiage")
