"""Where the modules of before version 0.2 are now, so that an old import fails with one line that names the new place."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

# The old name of a module in this package, and its new one; a name of a package of its own begins with that package.
PLACES = dict(
    line.split()
    for line in """
    actions engine.actions
    admission tickets.eligibility
    answers tickets.confirmation
    authority tickets.authority
    board services.github.board
    budgets tickets.budgets
    cases model.case
    chapters handbook.chapters
    choices engine.parameters
    clocks schedule.working_time
    communitylint runbooks.onboard.lint
    confined services.github.transport
    connect assembly
    declaring runbooks.incident.open
    definitions config.loader
    desk tickets.desk
    drawing handbook.layout
    embed handbook.embed
    escalate runbooks.escalate.plan
    eventdates language.dates
    eventhours language.hours
    eventissue runbooks.workshop.issue
    eventpeople language.attendees
    eventpieces language.date_tokens
    eventreading runbooks.workshop.event
    examples handbook.examples
    figures runbooks.report.metrics
    flowchart handbook.flowchart
    followups runbooks.incident.followups
    forms runbooks.catalog
    freshdesk services.freshdesk.client
    freshdesk_figures services.freshdesk.statistics
    freshdesk_lists services.freshdesk.lists
    freshdesk_people services.freshdesk.people
    freshdesk_time services.freshdesk.time_entries
    freshdesk_words services.freshdesk.fields
    github services.github.client
    github_comments services.github.comments
    giving runbooks.prioritize.assignments
    http services.http
    hubs services.hubs
    incident runbooks.incident.plan
    incidentform runbooks.incident.form
    issueform tickets.issue_form
    joining runbooks.onboard.actions
    kinds tickets.classification
    knowledge_pages handbook.known
    known tickets.known
    leading runbooks.incident.running
    mailing tickets.replying
    messages engine.messages
    noise tickets.noise
    onboard runbooks.onboard.plan
    onboardfacts runbooks.onboard.facts
    onboardform runbooks.onboard.form
    onboardwish runbooks.onboard.decision
    orderofwork runbooks.prioritize.ranking
    organization config.organization
    outage tickets.incident
    pageactions runbooks.incident.actions
    pagerduty services.pagerduty
    passwords language.redaction
    plans engine.plan
    plots ui.charts
    prioritize runbooks.prioritize.plan
    prioritizeform runbooks.prioritize.form
    prioritizepage runbooks.prioritize.view
    process config.process
    queue tickets.queue
    queueform runbooks.queue.form
    queuepage runbooks.queue.view
    queuerules tickets.next_step
    ranking runbooks.triage.candidates
    render ui.views
    replies language.replies
    report runbooks.report.plan
    reportpage runbooks.report.view
    resolve runbooks.resolve.plan
    roads engine.builder
    runner batch
    sandbox deskbook_sandbox
    screening runbooks.triage.screen
    settings config.settings
    similar runbooks.timebox.similar
    slack services.slack
    sphinxext handbook.extension
    sprints tickets.sprint
    stopwatch tickets.stopwatch
    svg handbook.svg
    text language.text
    timebox runbooks.timebox.plan
    timeboxform runbooks.timebox.form
    tracking tickets.tracking
    triage runbooks.triage.plan
    widgets ui.forms
    worksheet tickets.worksheet
    workshop runbooks.workshop.plan
    workshopform runbooks.workshop.form
""".strip().splitlines()
)


class _Moved:
    """Asked last, for what nobody else finds."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, rest = fullname.partition(".")
        name = rest.partition(".")[0]
        if package != "deskbook" or name not in PLACES:
            return None
        place = PLACES[name]
        now = place if place.startswith("deskbook_") else f"deskbook.{place}"
        raise ModuleNotFoundError(f"deskbook.{name} has moved: it is {now} now")


def tell_new_names() -> None:
    """From now on an import by an old name says where the module is; once is enough."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.append(_Moved())
