"""The handbook, built once: complete, without warnings, and sufficient to itself."""

from __future__ import annotations

import functools
import http.server
import itertools
import json
import re
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urlsplit

import axe_playwright_python
import pytest
from building import ORGANIZATION, PROCESS

from deskbook.config.organization import load_organization
from deskbook.config.process import load_process
from deskbook.config.settings import read_settings
from deskbook.errors import ParameterError
from deskbook.handbook import extension as sphinxext
from deskbook.handbook.build import build
from deskbook.handbook.embed import launch
from deskbook.runbooks.catalog import RUNBOOKS
from deskbook.tickets.known import load_known

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
OTHERS = sorted((Path(__file__).parents[1] / "organizations").glob("*.yaml"))
FETCHED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "audio": "src",
    "video": "src",
    "object": "data",
}
BROWSER = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Words of a table that stand on more than one line, and outputs that show a frame around nothing.
BROKEN = """[...document.querySelectorAll(".cell_output td")].map(cell => cell.firstChild).filter(node => node?.nodeType === 3)
    .flatMap(node => [...node.data.matchAll(/(?<!\\S)[A-Za-z]{2,12}(?!\\S)/g)].filter(word => {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        return range.getClientRects().length > 1;
    }).map(word => word[0])).slice(0, 3)"""
# Elements with text of a colour on a ground, in a size, that no page before had: what axe-core judges contrast by.
SHADES = """known => {
    const fresh = [], clear = /^rgba?\\(.*, 0\\)$|^transparent$/;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement, style = getComputedStyle(element);
        if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
        let ground = element;
        while (ground.parentElement && clear.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
        const shade = [style.color, style.fontSize, style.fontWeight, getComputedStyle(ground).backgroundColor].join();
        if (!known.includes(shade)) { known.push(shade); fresh.push(element); }
    }
    globalThis.fresh = fresh;
    return known;
}"""
FAULTS = """async only => {
    const options = only ? {runOnly: [only]} : {rules: {"color-contrast": {enabled: false}}};
    const found = await axe.run(only ? globalThis.fresh : document, {resultTypes: ["violations"], preload: false, ...options});
    return found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)}`));
}"""
EMPTY = """[...document.querySelectorAll(".cell_output .output")].filter(
    output => output.offsetHeight && !output.innerText.trim() && !output.querySelector("img, svg")).length"""


class Page(HTMLParser):
    """What a page holds: ids, links, what it fetches, images without alternative text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.silent_images: list[str] = []
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if "id" in has:
            self.ids[has["id"]] += 1
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        if tag in FETCHED and has.get(FETCHED[tag]):
            self.fetched.append(has[FETCHED[tag]])
        if tag == "link" and not {"canonical", "next", "prev", "index", "search"} & set(has.get("rel", "").split()):
            self.fetched.append(has.get("href", ""))
        if tag == "img" and not has.get("alt"):
            self.silent_images.append(has.get("src", ""))


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


def small_book(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "book").mkdir()
    for name in ("_static", "_extra"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", encoding="utf-8")
    (folder / "book" / "index.md").write_text(text, encoding="utf-8")
    return build(folder, folder, quiet=True)


def test_every_step_has_exactly_one_place(pages: dict[str, Page]) -> None:
    found = sum((page.ids for page in pages.values()), Counter[str]())
    for step in PROCESS.steps():
        assert found[f"step-{step.id.replace('.', '-')}"] == 1, step.id


def test_every_role_clock_message_end_and_runbook_has_exactly_one_place(pages: dict[str, Page]) -> None:
    found = sum((page.ids for page in pages.values()), Counter[str]())
    names = [
        *(f"role-{name}" for name in PROCESS.roles),
        *(f"clock-{name}" for name in PROCESS.clocks),
        *(f"message-{name}" for name in PROCESS.messages),
        *(f"end-{name}" for name in PROCESS.ends),
        *(f"runbook-{name}" for name in PROCESS.runbooks),
    ]
    assert {name: found[name] for name in names if found[name] != 1} == {}


def test_no_page_has_an_id_twice(pages: dict[str, Page]) -> None:
    assert {name: [i for i, n in page.ids.items() if n > 1] for name, page in pages.items() if max(page.ids.values(), default=0) > 1} == {}  # fmt: skip


def test_every_link_inside_the_book_leads_somewhere(book: Path, pages: dict[str, Page]) -> None:
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link in ("#", "#top"):
                continue
            path, fragment = urldefrag(unquote(link))
            target = (book / name).parent.joinpath(path).resolve() if path else book / name
            where = target.relative_to(book.resolve()).as_posix() if path else name
            if not target.exists() or (fragment and where in pages and not pages[where].ids[fragment]):
                broken.append(f"{name}: {link}")
    assert not broken


def test_nothing_is_fetched_from_another_host(book: Path, pages: dict[str, Page]) -> None:
    foreign = [f"{name}: {each}" for name, page in pages.items() for each in page.fetched if urlsplit(each).netloc]
    assert not foreign
    ours = (book / "_static" / "deskbook.css").read_text(encoding="utf-8")
    assert "url(" not in ours
    assert "@import" not in ours


def test_what_is_fetched_is_there(book: Path, pages: dict[str, Page]) -> None:
    missing = [
        f"{name}: {each}"
        for name, page in pages.items()
        for each in page.fetched
        if each and not each.startswith("data:") and not (book / name).parent.joinpath(urlsplit(each).path).exists()
    ]
    assert not missing


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


def test_every_page_says_who_looks_after_it_and_when_they_last_read_it(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        if name.startswith("book/"):
            assert re.search(r'Looked after by the .*href=".*role-.*last read through on \d{4}-\d\d-\d\d', page.text), (
                name
            )


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


def test_every_image_has_alternative_text(pages: dict[str, Page]) -> None:
    assert {name: page.silent_images for name, page in pages.items() if page.silent_images} == {}


def test_numbers_of_the_process_stand_in_the_pages(pages: dict[str, Page]) -> None:
    timebox = PROCESS.clocks["timebox"].amount
    assert f"The timebox is {timebox} minutes" in pages["book/process/timebox.html"].text


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


@pytest.fixture(scope="session")
def address(book: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@pytest.mark.e2e
@pytest.mark.skipif(
    not BROWSER, reason="no chromium here: apt-get install -y --no-install-recommends chromium fonts-dejavu"
)
@pytest.mark.parametrize(("theme", "widths"), [("light", (1400, 390)), ("dark", (390, 1400))])
def test_a_browser_shows_every_page_without_a_word_of_complaint(
    address: str, pages: dict[str, Page], theme: str, widths: tuple[int, int]
) -> None:
    """Each page is fetched in the first width, and looked at again in the second."""
    from playwright.sync_api import sync_playwright

    said: list[str] = []
    shades: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = chromium.new_context(color_scheme=theme).new_page()  # type: ignore[arg-type]
        page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        page.on("request", lambda r: None if r.url.startswith((address, "data:")) else said.append(f"asked {r.url}"))
        for name, width in itertools.product(sorted(set(pages) - {"index.html"}), widths):  # that one goes on at once
            page.set_viewport_size({"width": width, "height": 900})
            if width == widths[0]:
                page.goto(address + name)
                page.evaluate(AXE)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                said.append(f"{name} is wider than {width}")
            if page.evaluate("document.documentElement.dataset.theme") != theme:
                said.append(f"{name} is not {theme}")
            said += [f"{name} breaks the word '{word}' of a table" for word in page.evaluate(BROKEN)]
            said += [f"{name} shows an empty output"] * page.evaluate(EMPTY)
            known, before = page.evaluate(SHADES, shades), len(shades)
            if len(known) > before:
                said += [f"{name}, {width} wide: {fault}" for fault in page.evaluate(FAULTS, "color-contrast")]
            if width == widths[0]:
                said += [f"{name}, {width} wide: {fault}" for fault in page.evaluate(FAULTS, "")]
            shades = known
        chromium.close()
    assert not said


@pytest.mark.e2e
@pytest.mark.skipif(
    not BROWSER, reason="no chromium here: apt-get install -y --no-install-recommends chromium fonts-dejavu"
)
def test_the_pages_can_be_read_without_javascript(address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = chromium.new_context(java_script_enabled=False).new_page()
        page.goto(address + "book/process/triage.html")
        assert page.get_by_role("link", name="Assign an agent").first.is_visible()
        assert page.get_by_text("Receipt: triage, ticket 101").is_visible()
        assert page.locator("svg.flow a").first.is_visible()
        chromium.close()


@pytest.mark.e2e
@pytest.mark.skipif(
    not BROWSER, reason="no chromium here: apt-get install -y --no-install-recommends chromium fonts-dejavu"
)
@pytest.mark.parametrize(
    "message", ["503 Service Unavailable", "Error 403", "503", "403 : Forbidden", "No space left on device"]
)
def test_a_pasted_message_is_found_on_the_page_of_known_errors(address: str, message: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = chromium.new_page()
        page.goto(f"{address}search.html?q={quote(message)}")
        first = page.locator("ul.search > li > a").first
        first.wait_for()
        assert (first.get_attribute("href") or "").startswith("book/reference/known.html")
        chromium.close()


@pytest.mark.e2e
@pytest.mark.skipif(
    not BROWSER, reason="no chromium here: apt-get install -y --no-install-recommends chromium fonts-dejavu"
)
def test_the_checklist_is_printed_on_one_page(address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = chromium.new_page()
        page.goto(f"{address}book/learn/checklist.html")
        printed = page.pdf(format="A4")
        assert re.findall(rb"/Count (\d+)", printed) == [b"1"]
        chromium.close()


@pytest.mark.e2e
@pytest.mark.skipif(
    not BROWSER, reason="no chromium here: apt-get install -y --no-install-recommends chromium fonts-dejavu"
)
@pytest.mark.parametrize(("width", "shown"), [(1280, ".road-wide"), (390, ".road-narrow")])
def test_one_drawing_of_the_road_is_seen_at_a_time(address: str, width: int, shown: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{address}book/index.html")
        visible = [each for each in (".road-wide", ".road-narrow") if page.locator(each).is_visible()]
        assert visible == [shown]
        chromium.close()
