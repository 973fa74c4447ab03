"""The house stands: imports go down only, and nothing of the sandbox knows an adapter."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

LIB = Path(__file__).parents[1] / "lib" / "deskbook"

# Each floor may import from its own and from those before it.
FLOORS = (
    ("errors", "definitions", "text", "passwords", "organization", "process", "clocks", "cases"),
    (
        "blocks", "ports", "render", "desk", "coverage", "budget_table", "messages", "actions", "plans", "roads", "choices", "mailing", "issueform", "tracking",
        "noise", "screening", "kinds", "ranking", "authority", "admission", "triage",
        "known", "similar", "stopwatch", "worksheet", "timebox",
        "outage", "pageactions", "followups", "declaring", "leading", "incident",
        "replies", "answers", "sprints", "resolve", "escalate", "queue", "queuerules", "queuepage",
        "eventpieces", "eventdates", "eventhours", "eventpeople", "eventreading", "eventissue", "workshop",
        "communitylint", "onboardwish", "onboardfacts", "joining", "onboard",
        "budgets", "orderofwork", "giving", "prioritize", "prioritizepage", "figures", "report", "plots", "reportpage",
    ),
    (
        "http", "freshdesk", "freshdesk_lists", "freshdesk_time", "freshdesk_people", "freshdesk_words", "freshdesk_figures", "github", "github_comments", "confined", "board",
        "slack", "pagerduty", "hubs", "sandbox",
    ),
    ("settings", "connect"),
    (
        "runner", "widgets", "forms", "triageform", "escalateform", "resolveform", "timeboxform", "queueform", "incidentform", "workshopform", "onboardform", "prioritizeform", "flowchart", "chapters", "knowledge_pages", "drawing", "svg",
        "examples", "embed", "sphinxext", "cli",
    ),
)  # fmt: skip
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
MODULES = sorted(path for path in LIB.rglob("*.py") if path.name != "__init__.py" or path.parent != LIB)


def module(path: Path) -> str:
    return path.relative_to(LIB).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The modules of ours that a file imports while it runs; imports for type checkers only do not count."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    only_types = {
        id(n)
        for i in ast.walk(tree)
        if isinstance(i, ast.If) and "TYPE_CHECKING" in ast.unparse(i.test)
        for n in ast.walk(i)
    }
    for node in ast.walk(tree):
        if id(node) in only_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module == "deskbook":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("deskbook."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("deskbook.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIB)))
def test_imports_go_down_only(path: Path) -> None:
    here = module(path)
    assert here in FLOOR, f"{here} stands on no floor: give it one in this test"
    upward = {name for name in imported(path) if FLOOR[name] > FLOOR[here]}
    assert not upward, f"{here} (floor {FLOOR[here]}) imports {upward} from above"


ADAPTERS = (
    "http", "freshdesk", "freshdesk_lists", "freshdesk_time", "freshdesk_people", "freshdesk_words", "freshdesk_figures", "github", "github_comments", "confined", "board",
    "slack", "pagerduty", "hubs",
)  # fmt: skip

# Those that decide. `issueform`, `known` and `messages` are none of these: they read files that come with the package.
PURE = (
    "cases", "choices", "roads", "actions", "plans", "mailing", "tracking",
    "noise", "screening", "kinds", "ranking", "authority", "admission", "triage",
    "similar", "stopwatch", "worksheet", "timebox", "replies", "answers", "sprints", "resolve", "escalate",
    "queue", "queuerules", "outage", "pageactions", "followups", "declaring", "leading", "incident",
    "eventpieces", "eventdates", "eventhours", "eventpeople", "eventreading", "eventissue", "workshop", "passwords",
    "communitylint", "onboardwish", "onboardfacts", "joining", "onboard",
    "budgets", "orderofwork", "giving", "prioritize", "figures", "report", "plots",
)  # fmt: skip
WORLD = {
    "os",
    "pathlib",
    "io",
    "shutil",
    "tempfile",
    "subprocess",
    "time",
    "socket",
    "http",
    "urllib",
    "urllib3",
    "requests",
}
CLOCKS_AND_FILES = {"open", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


@pytest.mark.parametrize("path", sorted((LIB / "sandbox").rglob("*.py")), ids=lambda path: path.name)
def test_the_sandbox_shares_no_code_with_the_adapters(path: Path) -> None:
    assert not imported(path) & {*ADAPTERS, "desk"}


@pytest.mark.parametrize("name", ADAPTERS)
def test_no_adapter_knows_the_sandbox(name: str) -> None:
    assert "sandbox" not in imported(LIB / f"{name}.py")


def reaches(text: str) -> set[str]:
    """What a module reaches out with: imports of the world, and calls that read a clock or open a file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names} & WORLD
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").split(".")[0]} & WORLD
        elif isinstance(node, ast.Call):
            found |= {ast.unparse(node.func)} & CLOCKS_AND_FILES
    return found


@pytest.mark.parametrize("name", PURE)
def test_planners_see_no_clock_no_network_and_no_disk(name: str) -> None:
    assert not reaches((LIB / f"{name}.py").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "line",
    ["import requests", "from urllib.request import urlopen", "open('x')", "now = datetime.now(UTC)", "import os.path"],
)
def test_a_planner_that_reaches_out_is_noticed(line: str) -> None:
    assert reaches(line)
