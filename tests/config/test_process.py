"""The process file agrees with itself and with the code that reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from building import ORGANIZATION, PROCESS

from deskbook.config import loader
from deskbook.config.organization import SHIPPED as ORGANIZATION_FILE
from deskbook.config.organization import Category, load_organization
from deskbook.config.process import MESSAGES, SHIPPED, load_process
from deskbook.engine import messages
from deskbook.errors import DefinitionError

pytestmark = pytest.mark.clocks
BAD = sorted((Path(__file__).parents[1] / "bad_process").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_mistake_is_named_with_file_place_and_remedy(path: Path, tmp_path: Path) -> None:
    bad = yaml.safe_load(path.read_text(encoding="utf-8"))
    shipped = {"process": SHIPPED, "organization": ORGANIZATION_FILE}[bad["of"]]
    copy = tmp_path / shipped.name
    if "text" in bad:
        copy.write_text(bad["text"], encoding="utf-8")
    else:
        data = yaml.safe_load(shipped.read_text(encoding="utf-8"))
        for pointer, value in bad["set"].items():
            change(data, pointer, value)
        copy.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_process(*((SHIPPED, load_organization(copy)) if shipped is ORGANIZATION_FILE else (copy, ORGANIZATION)))
    assert bad["message"] in str(caught.value)


def change(data: Any, pointer: str, value: Any) -> None:
    """Set what a JSON pointer names; None removes it."""
    *parents, last = pointer.strip("/").split("/")
    for part in parents:
        data = data[int(part) if isinstance(data, list) else part]
    if value is None:
        del data[last]
    else:
        data[int(last) if isinstance(data, list) and last != "-" else last] = value


def test_every_message_has_a_text_and_every_text_a_message() -> None:
    assert {path.stem for path in MESSAGES.glob("*.md")} == set(PROCESS.messages)
    for name in PROCESS.messages:
        assert messages.source(name).strip()


def test_every_clock_is_kept_by_some_step_or_shown_beside_one() -> None:
    assert {step.clock for step in PROCESS.steps() if step.clock} | {"nudge"} == set(PROCESS.clocks)


def test_every_category_has_a_ticket_type() -> None:
    assert set(ORGANIZATION.ticket_types) == set(Category.__args__)  # type: ignore[attr-defined]


def test_the_organisation_has_the_people_the_process_needs() -> None:
    agents = ORGANIZATION.with_role("agent")
    assert len(agents) >= 6
    assert all(person.skills and person.hours and person.zone for person in agents)


def test_texts_are_filled_with_the_organisations_facts() -> None:
    assert PROCESS.clocks["update"].amount == ORGANIZATION.incident.update_hours
    assert "{" not in "".join(step.does + step.why for step in PROCESS.steps())


def test_the_process_file_is_read_once_and_cannot_be_changed() -> None:
    with pytest.raises(Exception, match="frozen"):
        PROCESS.step("triage.assign").title = "Else"  # type: ignore[misc]


def test_both_parsers_of_yaml_read_the_same() -> None:
    assert yaml.__with_libyaml__, "PyYAML's wheels bring the parser in C"
    for path in (SHIPPED, ORGANIZATION_FILE):
        assert yaml.load(path.read_text(encoding="utf-8"), Loader=loader._Loader) == loader.read_yaml(path)
