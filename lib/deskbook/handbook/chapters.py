"""What the handbook says from data: steps, roles, clocks, messages and rules, written as Markdown for its pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence

from deskbook.config.organization import NoiseRule, Organization
from deskbook.config.process import Clock, Process, Runbook, Step
from deskbook.config.settings import needed
from deskbook.errors import DeskbookError, ParameterError
from deskbook.handbook.flowchart import Chart, Node, by_target, end_name, way_name, words
from deskbook.language.text import plain_markdown as plain

Chapter = Callable[[Process, Organization, str], str]


NAMES = {"github": "GitHub", "pagerduty": "PagerDuty", "sandbox": "Controls", "page": "The page for people"}
ROUTE_HEAD = ("Method", "Path", "What it does", "Known from")


def anchor(node: Node) -> str:
    """Where a box of a flowchart leads to."""
    kind = "step" if node.kind in ("step", "way", "question") else node.kind
    return f"{kind}-{node.target.replace('.', '-')}"


def runbook_of(process: Process, name: str) -> Runbook:
    """ParameterError where the process has no runbook of that name."""
    if name not in process.runbooks:
        raise ParameterError(f"the process has no runbook '{name}' ({', '.join(process.runbooks)})")
    return process.runbooks[name]


def steps(process: Process, organization: Organization, name: str) -> str:
    """Every step of a runbook as a section of its own."""
    runbook = runbook_of(process, name)
    return "\n\n".join(_step(process, step, number) for number, step in enumerate(runbook.steps, 1))


def purpose(process: Process, organization: Organization, name: str) -> str:
    return plain(runbook_of(process, name).purpose)


def in_words(process: Process, chart: Chart) -> str:
    """A flowchart as a list, folded."""
    lines = [":::{dropdown} The same in words", ":class-container: flow-words"]
    lines += [""]
    for node, ways in words(chart):
        who = f"{plain(node.lane)}: " if node.lane else ""
        lines.append(
            f"- {who}{link(node.title, anchor(node)) if node.target else plain(f'{node.title}, {node.small}')}"
        )
        lines += [
            f"  - {f'*{plain(outcome)}* leads' if outcome and node.kind != 'runbook' else 'leads'}"
            f" to {link(target.title, anchor(target))}"
            for outcome, target in ways
        ]
    return "\n".join([*lines, ":::"])


def index_of_steps(process: Process, organization: Organization, _: str) -> str:
    """All steps in one table for each runbook."""
    parts = []
    for name, runbook in process.runbooks.items():
        rows = [
            (
                f"{number}. {_step_link(process, step.id)}",
                link(process.roles[step.role].name, f"role-{step.role}"),
                _clock_link(process, step.clock),
                ", ".join(link(process.messages[each].title, f"message-{each}") for each in step.sends),
                f"`{step.id}`",
            )
            for number, step in enumerate(runbook.steps, 1)
        ]
        title = f"## {link(runbook.title, f'runbook-{name}')}"
        parts.append(
            f"{title}\n\n{plain(runbook.purpose)}\n\n" + table(("Step", "Who", "By when", "May send", "Id"), rows)
        )
    return "\n\n".join(parts)


def alone(process: Process, organization: Organization, _: str) -> str:
    """What a run that nobody watches does: every step of which something is applied or proposed."""
    rows = []
    for step in process.steps():
        said: dict[str, list[str]] = {}
        for outcome in step.outcomes:
            said.setdefault(process.alone(step.id, outcome), []).append(f"*{plain(outcome)}*")
        if set(said) - {"never"}:
            words = "; ".join(f"{w}: {', '.join(n)}" for w, n in said.items()) if len(said) > 1 else next(iter(said))
            rows.append((_step_link(process, step.id), words, f"`{step.id}`"))
    return table(("Step", "Alone", "Id"), rows)


def ends(process: Process, organization: Organization, _: str) -> str:
    """What it means where a road stops."""
    return "\n\n".join(
        f"{{#end-{name}}}\n### {end_name(name)}\n\n{plain(text)}\n\nReached from: "
        + ways(process, (step for step in process.steps() if name in step.outcomes.values()))
        + "."
        for name, text in process.ends.items()
    )


def roles(process: Process, organization: Organization, _: str) -> str:
    """The same four questions for each role, its day, who holds it, and its steps."""
    parts = []
    for key, role in process.roles.items():
        people = [person for person in organization.people if key in person.roles]
        holds = ", ".join(f"{plain(p.name)} ({plain(p.zone)}, {p.hours})" for p in people)
        own = ways(process, (step for step in process.steps() if step.role == key))
        lines = [
            f"{{#role-{key} .card-like}}\n## {plain(role.name)}",
            *([f"Also called {plain(' or '.join(role.also))}."] if role.also else []),
            f"**Who is it?** {plain(role.who)}",
            f"**What do they do?** {plain(role.does)}",
            f"**What do they decide?** {plain(role.decides)}",
            f"**What do they leave to others?** {plain(role.leaves)}",
        ]
        day = (f"- *{plain(each.when)}*: {plain(each.does)} ({_step_link(process, each.step)})" for each in role.day)
        lines.append("**Their day**\n\n" + "\n".join(day))
        lines += [f"*Now:* {holds}."] if holds else []
        lines += [f"*Steps:* {own}."] if own else []
        parts.append("\n\n".join(lines))
    return "\n\n".join(parts)


def clocks(process: Process, organization: Organization, _: str) -> str:
    parts = []
    for key, clock in process.clocks.items():
        own = ways(process, (step for step in process.steps() if step.clock == key))
        waits = " or a ".join(name.lower() for kind, name in organization.ticket_types.items() if kind in clock.waits)
        lines = [
            f"{{#clock-{key} .card-like}}\n## {plain(clock.name)}: {_span(clock)}",
            plain(clock.promise),
            f"- Counts from {plain(clock.from_)}.\n- Kept by the {link(process.roles[clock.role].name, f'role-{clock.role}')}."
            + (f"\n- Over the expected time off, a {waits} may wait." if waits else "")
            + (f"\n- Steps: {own}." if own else ""),
        ]
        parts.append("\n\n".join(lines))
    return "\n\n".join(parts)


def glossary(process: Process, organization: Organization, _: str) -> str:
    """The process's words, and each role with the way to its day."""
    roles = {r.name: f"{plain(r.does)} {link('Their day', f'role-{key}')}." for key, r in process.roles.items()}
    meanings = {term: plain(meaning) for term, meaning in process.glossary.items()} | roles
    for key, role in process.roles.items():
        meanings |= {name: f"Another name of the {link(role.name, f'role-{key}')}." for name in role.also}
    entries = "\n\n".join(f"{plain(term)}\n  {meanings[term]}" for term in sorted(meanings, key=str.lower))
    return f"````{{glossary}}\n{entries}\n````"


def term(process: Process, organization: Organization, name: str) -> str:
    """What a word of the glossary means, in its own words."""
    if name not in process.glossary:
        raise ParameterError(f"the glossary has no '{name}' ({', '.join(process.glossary)})")
    return plain(process.glossary[name])


def noise_rules(process: Process, organization: Organization, _: str) -> str:
    parts = []
    for number, rule in enumerate(organization.noise, 1):
        senders = [f"`{each}`" for each in (*rule.from_addresses, *(f"…@{domain}" for domain in rule.from_domains))]
        lines = [f"{number}. **{plain(rule.because)}** (`{rule.name}`)"]
        lines.append("   - From " + (", ".join(senders) if senders else "somebody who belongs to no community") + ".")
        lines += [f"   - The subject matches `` {rule.subject} ``."] if rule.subject else []
        lines.append(f"   - {_then(rule, organization)}")
        parts.append("\n".join(lines))
    return "\n".join(parts)


def sandbox_routes(process: Process, organization: Organization, _: str) -> str:
    """What the sandbox answers, from its own tables of routes."""
    from deskbook_sandbox.server import gather, open_store

    store = open_store(organization, seed=None)
    try:
        services = [service for service, _ in gather(store).services]
    finally:
        store.close()
    parts = []
    for service in sorted(services, key=lambda each: each.prefix):
        rows = [
            (route.method, f"`{_path(service.prefix + route.rule)}`", plain(route.note), plain(route.source))
            for route in service.routes
        ]
        parts.append(f"### {NAMES.get(service.name, service.name.capitalize())}\n\n" + table(ROUTE_HEAD, rows))
    return "\n\n".join(parts)


def sandbox_switches(process: Process, organization: Organization, _: str) -> str:
    """Every switch of the sandbox, as shipped and in its own words."""
    from deskbook_sandbox.store.database import Switches

    shipped = Switches().model_dump(mode="json")
    rows = [
        (f"`{name}`", f"`{json.dumps(shipped[name])}`", plain(field.description or ""))
        for name, field in Switches.model_fields.items()
    ]
    return table(("Switch", "As shipped", "What it does"), rows)


def sandbox_limits(process: Process, organization: Organization, _: str) -> str:
    """The helpdesk's limits by plan, and what each plan lacks, from the sandbox's own tables."""
    from deskbook_sandbox.freshdesk.account import CEILINGS, LACKING

    kinds = ("total", "create", "update", "list", "contacts")
    rows = [
        (f"`{name}`", *(str(limits.get(kind, "")) for kind in kinds), ", ".join(sorted(LACKING.get(name, ()))))
        for name, limits in CEILINGS.items()
    ]
    heads = ("All calls", "New tickets", "Updates of tickets", "Lists of tickets", "Lists of contacts")
    return table(("Plan", *heads, "Lacks"), rows)


def settings_needed(process: Process, organization: Organization, _: str) -> str:
    """What the settings ask for when they are told to go live with nothing else."""
    rows = [(" or ".join(f"`{name}`" for name in names), plain(remedy)) for names, remedy in needed()]
    return table(("Setting", "What to do"), rows)


def errors(process: Process, organization: Organization, _: str) -> str:
    """Every error of ours below the one that it is a kind of."""

    def branch(error: type[DeskbookError], depth: int) -> list[str]:
        below = [each for each in error.__subclasses__() if each.__module__ == error.__module__]
        line = f"{'  ' * depth}- `{error.__name__}`: {error.__doc__}"
        return [line, *(line for each in below for line in branch(each, depth + 1))]

    return "\n".join(branch(DeskbookError, 0))


def ways(process: Process, found: Iterable[Step]) -> str:
    """Links to steps of several runbooks, each with its runbook's name."""
    return ", ".join(link(way_name(process, step), f"step-{step.id.replace('.', '-')}") for step in found)


def link(text: str, target: str) -> str:
    return f"[{plain(text)}](#{target})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table without the columns that are empty in every row."""
    lines = list(rows)
    used = [index for index in range(len(head)) if any(row[index] for row in lines)]
    written = [[head[i] for i in used], ["---"] * len(used), *([row[i] for i in used] for row in lines)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in written)


def _path(rule: str) -> str:
    """`/tickets/<int:id>` as `/tickets/{id}`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def _step(process: Process, step: Step, number: int) -> str:
    facts = [link(process.roles[step.role].name, f"role-{step.role}")]
    facts += [f"within {_clock_link(process, step.clock)}"] if step.clock else []
    facts += (
        ["may send " + ", ".join(f"“{link(process.messages[each].title, f'message-{each}')}”" for each in step.sends)]
        if step.sends
        else []
    )
    ways = [f"- *{plain(', '.join(names))}* → {_target(process, step, target)}" for target, names in by_target(step)]
    why = f"\n\n**Why?** {plain(step.why)}" if step.why else ""
    anchor = f"step-{step.id.replace('.', '-')}"
    return (
        f"{{#{anchor} .card-like}}\n### {number}. {plain(step.title)}\n\n{' · '.join(facts)} · `{step.id}`\n\n"
        f"{plain(step.does)}{why}\n\n" + "\n".join(ways)
    ).replace(f"### {number}. ", f"### {number}\\. ")


def _target(process: Process, step: Step, target: str) -> str:
    if target == step.id:
        return "this step again"
    if "." not in target:
        return f"{link(end_name(target), f'end-{target}')}: {plain(process.ends[target])}"
    other = process.step(target)
    if other.runbook == step.runbook:
        return _step_link(process, target)
    return link(way_name(process, other), f"step-{target.replace('.', '-')}")


def _step_link(process: Process, step_id: str) -> str:
    return link(process.step(step_id).title, f"step-{step_id.replace('.', '-')}")


def _clock_link(process: Process, name: str | None) -> str:
    return link(_span(process.clocks[name]), f"clock-{name}") if name else ""


def _span(clock: Clock) -> str:
    return f"{clock.amount} {clock.unit}"


def _then(rule: NoiseRule, organization: Organization) -> str:
    match rule.then:
        case "close":
            return "It is closed, without a survey."
        case "announce":
            return f"It is posted in {plain(organization.chat.support)} with the hubs it affects, then closed."
        case "ask":
            return "A person looks at it before anything is mailed."
        case "spam":
            return f"It is tagged `{organization.tags.spam}` and closed, and a person is asked to flag it."
        case "budget":
            return (
                f"A forecast that rises by more than {rule.threshold_percent:g} % becomes a draft for the representatives;"
                " anything less is closed. Where the community pays its own cloud, or the mail leaves a figure out, a person decides."
            )


CHAPTERS: dict[str, Chapter] = {
    "process-steps": steps,
    "process-purpose": purpose,
    "process-index": index_of_steps,
    "process-ends": ends,
    "process-alone": alone,
    "process-roles": roles,
    "process-clocks": clocks,
    "process-glossary": glossary,
    "process-term": term,
    "noise-rules": noise_rules,
    "sandbox-routes": sandbox_routes,
    "sandbox-switches": sandbox_switches,
    "sandbox-limits": sandbox_limits,
    "settings-needed": settings_needed,
    "error-tree": errors,
}
