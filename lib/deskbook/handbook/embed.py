"""A runbook inside a page of the handbook: its card, then the notebook itself, executed on a sandbox of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from docutils import nodes  # type: ignore[import-untyped]
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
from deskbook.engine.parameters import Declared
from deskbook.errors import DeskbookError
from deskbook.language.text import plain_markdown as plain
from deskbook.runbooks.catalog import runbook


class Runbook(SphinxDirective):
    """`{runbook} triage`, with the notebook's parameters as options (`:ticket_id: 101`)."""

    required_arguments = 1
    option_spec = DummyOptionSpec()  # every name passes; which ones the notebook knows is asked below

    def run(self) -> list[nodes.Node]:
        try:
            name = self.arguments[0]
            path, given = batch.notebook_of(name), batch.checked(name, self.options)
            _, organization = self.config.deskbook_settings.load()
        except DeskbookError as error:
            raise self.error(str(error)) from None
        self.env.note_dependency(str(path))
        # A node, since Markdown would escape the & of an address twice.
        button = nodes.reference(
            "", "Launch on the hub", refuri=launch(organization.handbook, path.stem), classes=["launch"]
        )
        facts = self.parse_text_to_nodes(f"{_table(runbook(name).parameters, given)}\n\n{_command(path.stem, given)}")
        card = nodes.container("", *facts, nodes.paragraph("", "", button), classes=["runbook-card"])
        level: int = self.state.memo.section_level
        return [card, *_cells(self.state.document, path, given, level)]


def launch(handbook: Handbook, name: str) -> str:
    """The address that brings a person's hub up to date and opens the notebook there."""
    folder = handbook.repository.rstrip("/").removesuffix(".git").rsplit("/", 1)[-1]
    query = {
        "repo": handbook.repository,
        "urlpath": f"lab/tree/{folder}/runbooks/{name}.ipynb",
        "branch": handbook.branch,
    }
    return f"{handbook.hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(query, safe='/:')}"


def _table(known: Sequence[Declared], given: dict[str, Any]) -> str:
    rows = ["| Parameter | Type | Default | Here | What it is |", "| --- | --- | --- | --- | --- |"]
    for each in known:
        here = f"**{plain(str(given[each.name]))}**" if each.name in given else ""
        default = plain(str(each.default)) or "empty"
        rows.append(f"| `{each.name}` | {each.type} | {default} | {here} | {plain(each.what)} |")
    return "\n".join(rows)


def _command(name: str, given: dict[str, Any]) -> str:
    words = [f"{key}={_quoted(value)}" for key, value in given.items() if key != "apply"]
    return (
        "```bash\n" + " ".join(["deskbook run", name, *words, *(["--apply"] if given.get("apply") else [])]) + "\n```"
    )


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
