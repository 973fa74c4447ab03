"""A runbook inside a page of the handbook: the card for whoever is in a hurry, and the notebook, executed on a sandbox."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from docutils import nodes  # type: ignore[import-untyped]
from docutils.parsers.rst import directives  # type: ignore[import-untyped]
from myst_nb.core.execute import create_client
from myst_nb.core.loggers import SphinxDocLogger
from myst_nb.core.nb_to_tokens import notebook_to_tokens
from myst_nb.core.render import load_renderer
from myst_nb.sphinx_ import SphinxNbRenderer
from myst_parser.parsers.mdit import create_md_parser
from sphinx.ext.autodoc.directive import DummyOptionSpec
from sphinx.util.docutils import SphinxDirective

from deskbook import batch
from deskbook.config.organization import Handbook
from deskbook.config.settings import LOOPBACK
from deskbook.errors import DeskbookError
from deskbook.handbook import loaded
from deskbook.handbook.chapters import runbook_of
from deskbook.handbook.executed import executed
from deskbook.handbook.reference import parameter_table
from deskbook.language.text import plain_markdown as plain
from deskbook.notebooks import notebook_of
from deskbook.runbooks.catalog import runbook


class Runbook(SphinxDirective):
    """`{runbook} triage`, with the notebook's parameters as options (`:ticket_id: 101`)."""

    required_arguments = 1
    option_spec = DummyOptionSpec()  # every name passes; which ones the notebook knows is asked below

    def run(self) -> list[nodes.Node]:
        try:
            name = self.arguments[0]
            path, given = notebook_of(name), batch.checked(name, self.options)
            _, organization = loaded(self.config.deskbook_settings)
        except DeskbookError as error:
            raise self.error(str(error)) from None
        self.env.note_dependency(str(path))
        facts = self.parse_text_to_nodes(
            f"{parameter_table(runbook(name).parameters, given)}\n\n{_block([_command(path.stem, given)])}"
        )
        card = nodes.container("", *facts, *_button(organization.handbook, name), classes=["runbook-card"])
        level: int = self.state.memo.section_level
        return [card, *_cells(self.state.document, path, given, level)]


SHOWS = "A command shows what it would do; with `--apply` it does it."  # whoever is in a hurry copies it


class Start(SphinxDirective):
    """`{runbook-start} triage`: the button, what to do in a hurry, and the command; what the page adds stands below.

    `:also:` names more calls, a line each, as `stage=update message=…`.
    """

    required_arguments = 1
    has_content = True
    option_spec = {"also": directives.unchanged}  # noqa: RUF012 (docutils wants it so)

    def run(self) -> list[nodes.Node]:
        try:
            process, organization = loaded(self.config.deskbook_settings)
            name = self.arguments[0]
            described, known = runbook_of(process, name), runbook(name)
            given = [{}, *(_given(line) for line in self.options.get("also", "").splitlines() if line.strip())]
            for each in given:
                batch.checked(name, each)
        except DeskbookError as error:
            raise self.error(str(error)) from None
        ticket = {"ticket_id": "NUMBER"} if known.of_ticket else {}
        commands = [_command(name, ticket | each) for each in given]
        do = "\n".join(f"{number}. {plain(each)}" for number, each in enumerate(described.hurry, 1))
        facts = self.parse_text_to_nodes(f"{do}\n\n{_block(commands)}\n\n{SHOWS}")
        more = self.parse_content_to_nodes()
        button = _button(organization.handbook, name)
        return [nodes.container("", *button, *facts, *more, classes=["runbook-card", "runbook-start"])]


def _given(line: str) -> dict[str, str]:
    """`stage=update message='how it stands'` as the shell would hand it over."""
    return dict(word.partition("=")[::2] for word in shlex.split(line))


def _button(handbook: Handbook, name: str) -> list[nodes.Node]:
    """A node, since Markdown would escape the & of an address twice; none where no hub is named."""
    if not handbook.hub:
        return []
    on, told = "the hub", {}
    if urlsplit(handbook.hub).hostname in LOOPBACK:
        on, told = "the practice hub", {"reftitle": "make hub starts it on your machine"}
    link = nodes.reference("", f"Launch on {on}", refuri=launch(handbook, name), classes=["launch"], **told)
    return [nodes.paragraph("", "", link)]


def launch(handbook: Handbook, name: str) -> str:
    """The address that opens somebody's own copy on the hub, after their server has the newest of the repository, if one is named."""
    copy = f"deskbook/open/{name}"
    query = {"repo": handbook.repository, "branch": handbook.branch, "urlpath": copy}
    way = f"git-pull?{urlencode(query, safe='/:')}" if handbook.repository else copy
    return f"{handbook.hub.rstrip('/')}/hub/user-redirect/{way}"


def _command(name: str, given: dict[str, Any]) -> str:
    words = [f"{key}={_quoted(value)}" for key, value in given.items() if key != "apply"]
    return " ".join(["deskbook run", name, *words, *(["--apply"] if given.get("apply") else [])])


def _block(commands: list[str]) -> str:
    return "\n".join(["```bash", *commands, "```"])


def _quoted(value: object) -> str:
    text = str(value)
    return text if re.fullmatch(r"[\w.@:/+-]+", text) else "'" + text.replace("'", "'\\''") + "'"


def _cells(document: nodes.document, path: Path, given: dict[str, Any], level: int) -> list[nodes.Node]:
    """The executed notebook as nodes; its headings begin one below `level`."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    env = document.settings.env
    notebook = load_notebook_node(str(path))
    if given:
        notebook = parameterize_notebook(notebook, given)
    notebook = executed(notebook, Path(env.config.deskbook_executed))
    del notebook.cells[0]  # the title and the way to this page
    logger = SphinxDocLogger(document)
    parser = create_md_parser(env.myst_config, SphinxNbRenderer)
    parser.options["document"] = document
    parser.options["nb_config"] = env.mystnb_config
    renderer: Any = parser.renderer
    root, scope = nodes.Element(), dict[str, Any]()
    renderer.setup_render(parser.options, scope)
    tokens = notebook_to_tokens(notebook, parser, scope, logger)[1:-1]  # without the page's own metadata and scripts
    renderer.current_node = scope["temp_root_node"] = root
    renderer._heading_offset = level - 1
    renderer._level_to_section = {level: root}
    document["nb_renderer"] = load_renderer(env.mystnb_config.render_plugin)(renderer, logger)
    try:
        with create_client(notebook, str(path), env.mystnb_config, logger) as client:
            parser.options["nb_client"] = client
            renderer._render_tokens(tokens)
    finally:
        del document.attributes["nb_renderer"]
        document.attributes.pop("nb_js_files", None)
    return list(root.children)
