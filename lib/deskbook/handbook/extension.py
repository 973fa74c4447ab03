"""The handbook: directives that write its pages from the process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from deskbook.config.loader import unknown
from deskbook.config.organization import Organization, load_organization
from deskbook.config.process import MESSAGES, Process
from deskbook.config.settings import Settings, read_settings
from deskbook.errors import DeskbookError
from deskbook.handbook import chapters, executed, flowchart, lanes, layout, loaded, road, svg
from deskbook.handbook.build import EXECUTED, rests_on
from deskbook.handbook.embed import Runbook, Start
from deskbook.handbook.examples import EXAMPLES
from deskbook.handbook.known import KNOWLEDGE
from deskbook.handbook.reference import REFERENCE
from deskbook.tickets.known import SHIPPED as KNOWN

WRITTEN = {**chapters.CHAPTERS, **EXAMPLES, **KNOWLEDGE, **REFERENCE}
WIDGET = "application/vnd.jupyter.widget-view+json"

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    try:
        settings = read_settings()
    except DeskbookError as error:
        raise ExtensionError(str(error)) from None
    app.add_config_value("deskbook_settings", settings, "env")
    kept = Path(app.outdir).parent / EXECUTED / rests_on(settings)
    app.add_config_value(
        "deskbook_executed", str(kept), "env"
    )  # another one when the library changes: all is read anew
    app.connect("config-inited", _execute_notebooks, priority=1)  # before myst-nb looks for its formats
    app.connect("config-inited", _number_nothing, priority=900)  # after Jupyter Book, which would number figures
    # The pages tell of this organisation; the runbooks in them practise on the sandbox's own, whose tickets are known.
    os.environ.pop("DESKBOOK_ORGANIZATION", None)
    _drop_thebe(app)
    for name in WRITTEN:
        app.add_directive(name, Written)
    app.add_directive("process-flowchart", Flowchart)
    app.add_directive("process-road", Road)
    app.add_directive("runbook", Runbook)
    app.add_directive("runbook-start", Start)
    app.add_role("fact", Fact())
    app.add_role("practice", Practice())
    app.add_node(Drawn, html=(_draw, None))
    app.add_transform(WithoutWidgets)
    app.connect("doctree-read", _forget_widget_scripts)
    app.connect("doctree-read", _tell_review, priority=600)  # the page's first lines are read by then
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _execute_notebooks(app: Sphinx, config: Any) -> None:
    config.nb_custom_formats = {".ipynb": [f"{executed.read.__module__}.read", {"kept": config.deskbook_executed}]}


def _number_nothing(app: Sphinx, config: Any) -> None:
    """No figure has a caption here, and to look for one, each build would read every page that it keeps."""
    config.numfig = False


def _drop_thebe(app: Sphinx) -> None:
    """Jupyter Book always brings it; it would name another host on every page, and fail in the console."""
    for listeners in app.events.listeners.values():
        listeners[:] = [each for each in listeners if not each.handler.__module__.startswith("sphinx_thebe")]
    app.registry.css_files[:] = [each for each in app.registry.css_files if "thebe" not in each[0]]


class FromProcess(SphinxDirective):
    """A directive that reads the process and the organisation; their mistakes become errors of its page and line."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            settings: Settings = self.config.deskbook_settings
            for path in (settings.process, settings.organization, KNOWN, *sorted(MESSAGES.glob("*.md"))):
                self.env.note_dependency(str(path))
            process, organization = loaded(settings)
            return self.written(process, organization, self.arguments[0] if self.arguments else "")
        except DeskbookError as error:
            raise self.error(f"{self.name}: {error}") from None

    def written(self, process: Process, organization: Organization, argument: str) -> list[nodes.Node]:
        raise NotImplementedError


class Written(FromProcess):
    """A chapter of Markdown."""

    def written(self, process: Process, organization: Organization, argument: str) -> list[nodes.Node]:
        text = WRITTEN[self.name](process, organization, argument)
        return self.parse_text_to_nodes(text, allow_section_headings=True)


class Flowchart(FromProcess):
    """`{process-flowchart} triage`, or without a name the whole flow; a drawing, and the same in words."""

    def written(self, process: Process, organization: Organization, argument: str) -> list[nodes.Node]:
        if argument:
            chapters.runbook_of(process, argument)
        chart = flowchart.of_runbook(process, argument) if argument else flowchart.of_everything(process)
        drawn = Drawn(drawing=layout.lay_out(chart), key=argument or "all")
        return [drawn, *self.parse_text_to_nodes(chapters.in_words(process, chart))]


class Road(FromProcess):
    """`{process-road}`: the whole road, drawn in lanes and for a narrow page in one column; and the same in words."""

    def written(self, process: Process, organization: Organization, argument: str) -> list[nodes.Node]:
        chart = road.of_road(process, organization)
        drawn = [
            Drawn(drawing=lanes.lay_out(chart), key="road", classes=["road-wide"]),
            Drawn(drawing=layout.lay_out(road.in_one_column(chart)), key="road-narrow", classes=["road-narrow"]),
        ]
        told = self.parse_text_to_nodes(chapters.in_words(process, chart))
        return [nodes.container("", *drawn, classes=["road"]), *told]


class Drawn(nodes.General, nodes.Element):  # type: ignore[misc]
    """A flowchart that waits until every page is read, since its boxes are links to them."""


def _draw(self: HTML5Translator, node: Drawn) -> None:
    drawing: layout.Drawing = node["drawing"]
    labels: Mapping[str, tuple[str, str]] = self.builder.env.domaindata["std"]["anonlabels"]

    def href(box: flowchart.Node) -> str | None:
        name = chapters.anchor(box)
        if not box.target:
            return None
        if name not in labels:
            logger.warning("a flowchart leads to '%s', which no page has", name, location=node)
            return None
        document, label = labels[name]
        here = self.builder.current_docname
        return f"{'' if document == here else self.builder.get_relative_uri(here, document)}#{label}"

    written = svg.write(drawing, href, f"flow-{node['key']}")
    style = " ".join(["flowchart", *node["classes"]])
    self.body.append(
        f'<div class="{style}" role="region" tabindex="0" aria-label="{self.attval(drawing.chart.title)}">{written}</div>'
    )
    raise nodes.SkipNode


class Fact(SphinxRole):
    """{fact}`clocks.timebox.amount` or {fact}`organization.workshop.warn_days`: a number that stands in one place."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        settings: Settings = self.config.deskbook_settings
        process, organization = loaded(settings)
        for path in (settings.process, settings.organization):
            self.env.note_dependency(str(path))
        value: Any = {"organization": organization, "clocks": process.clocks}
        try:
            for part in self.text.split("."):
                value = value[part] if isinstance(value, Mapping) else getattr(value, part)
        except (KeyError, AttributeError):
            message = self.inliner.reporter.error(f"fact: nothing is called '{self.text}'", line=self.lineno)
            return [], [message]
        return [nodes.Text(f"{value:g}" if isinstance(value, float) else str(value))], []


@cache
def _subjects() -> Mapping[str, str]:
    """The sandbox's tickets: number and subject."""
    from deskbook_sandbox.seeding import seed

    return {str(each.id): each.subject for each in seed.read("default", load_organization()).tickets}


class Practice(SphinxRole):
    """{practice}`105`: a ticket of the sandbox with its subject, from the seed."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        from deskbook_sandbox.seeding import seed

        self.env.note_dependency(str(Path(seed.__file__).with_name("seed.yaml")))
        if self.text not in _subjects():
            problem = f"practice: the sandbox starts with no ticket {self.text}"
            return [], [self.inliner.reporter.error(problem, line=self.lineno)]
        return [nodes.strong("", self.text), nodes.Text(f", “{_subjects()[self.text]}”")], []


class WithoutWidgets(SphinxTransform):
    """A form is shown as its twin: without a kernel its buttons would do nothing."""

    default_priority = 10

    def apply(self, **_: Any) -> None:
        for node in list(self.document.findall(nodes.container)):
            if node.get("mime_type") == WIDGET:
                node.parent.remove(node)


def _forget_widget_scripts(app: Sphinx, doctree: nodes.document) -> None:
    getattr(app.env, "nb_metadata", {}).get(app.env.docname, {}).pop("js_files", None)


def _tell_review(app: Sphinx, doctree: nodes.document) -> None:
    """Below the title: who looks after the page, and when they last read it through."""
    said = app.env.metadata[app.env.docname]
    title = next(iter(doctree.findall(nodes.title)), None)
    if "owner" not in said or title is None:
        return
    process, _ = loaded(app.config.deskbook_settings)
    if said["owner"] not in process.roles:
        problem = f"owner: {unknown(said['owner'], 'role', process.roles)}"
        logger.warning(problem, location=(app.env.docname, 1))
        return
    owner = addnodes.pending_xref(
        "",
        nodes.inline("", process.roles[said["owner"]].name),
        refdomain="std",
        reftype="ref",
        reftarget=f"role-{said['owner']}",
        refexplicit=True,
        refdoc=app.env.docname,
        refwarn=True,
    )
    last = f" · last read through on {said['reviewed']}" if said.get("reviewed") else " · not read through yet"
    line = nodes.paragraph("", "", nodes.Text("Looked after by the "), owner, nodes.Text(last), classes=["page-review"])
    title.parent.insert(title.parent.index(title) + 1, line)
