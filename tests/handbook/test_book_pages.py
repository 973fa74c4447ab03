"""What people find on the pages of the built handbook, and by its search."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import pytest
from building import ORGANIZATION, PROCESS
from built import Page

from deskbook.handbook.embed import launch
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.tickets.known import load_known

pytestmark = pytest.mark.long


def test_forms_are_shown_as_their_twins(pages: dict[str, Page]) -> None:
    for name in ("book/process/triage.html", "runbooks/triage.html"):
        assert "To decide" in pages[name].text
    for name, page in pages.items():
        assert "vnd.jupyter.widget" not in page.text, name
        assert "thebe" not in page.text, name


def test_the_embedded_runbook_shows_its_receipt_and_its_card(pages: dict[str, Page]) -> None:
    page = pages["book/process/triage.html"]
    assert "Receipt: triage, ticket 101" in page.text
    assert "SANDBOX" in page.text
    assert launch(ORGANIZATION.handbook, "triage") in page.links
    assert "Nothing written yet: triage" in pages["runbooks/triage.html"].text


def test_the_root_leads_to_the_first_page(pages: dict[str, Page]) -> None:
    assert pages["index.html"].text.startswith("<!DOCTYPE html>")
    assert pages["index.html"].links == ["book/index.html"]


def test_the_first_page_has_the_whole_road_always_visible_and_the_support_address(pages: dict[str, Page]) -> None:
    page = pages["book/index.html"]
    assert page.text.count('<svg class="flow"') == 2  # in lanes, and in one column
    assert ORGANIZATION.support.mail in page.text
    for stop in PROCESS.road:
        found = [link for link in page.links if link.endswith(f"#step-{stop.step.replace('.', '-')}")]
        assert len(found) >= 3, stop.step  # both drawings, and the words


def start_of(text: str) -> str:
    """The card for whoever is in a hurry, up to the next section."""
    begin = text.index('"runbook-card runbook-start')
    return text[begin : text.index("<section", begin)]


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_process_page_begins_with_the_button_three_things_to_do_and_the_command(
    pages: dict[str, Page], name: str
) -> None:
    text = pages[f"book/process/{name}.html"].text
    assert len(PROCESS.runbooks[name].hurry) == 3
    card = start_of(text)
    assert escape(launch(ORGANIZATION.handbook, name)) in card
    assert card.count("<li>") == 3
    assert f"run {name}" in re.sub("<[^>]+>", "", card)


def test_the_incident_is_a_card_with_its_channel_its_pager_and_the_commands_of_its_stages(
    pages: dict[str, Page],
) -> None:
    text = pages["book/process/incident.html"].text
    card = re.sub("<[^>]+>", "", start_of(text))
    for words in (ORGANIZATION.chat.support, ORGANIZATION.chat.pager, "stage=update", "stage=resolve", "Next update"):
        assert words in card


def test_the_reports_page_shows_a_month_that_has_something_in_it(pages: dict[str, Page]) -> None:
    text = pages["book/process/report.html"].text
    assert "Report: 01 November 2026 to 30 November 2026" in text


def test_a_search_finds_each_known_message_on_its_page(book: Path) -> None:
    text = (book / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text[len("Search.setIndex(") : text.rindex(")")])
    known = index["docnames"].index("book/reference/known")
    messages = [message for each in load_known().known for message in each.heard]
    for message in (*messages, "503", "403"):
        assert known in [place[0] for place in index["indexentries"][message.lower()]], message
    for word in ("403", "503", "servic", "unavail", "forbidden"):  # stems
        places = [index[where].get(word, []) for where in ("terms", "titleterms")]  # a word of a title is in the second
        assert known in [page for each in places for page in (each if isinstance(each, list) else [each])], word
