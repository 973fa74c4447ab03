"""A checkout sets itself up: the locks are parts of one resolution, and uv asks where pip is told to ask."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import packages
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "requirements").glob("*.lock")}
RUNS = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
EXTRAS = {
    name: [Requirement(text) for text in texts]
    for name, texts in (PROJECT["project"]["optional-dependencies"] | PROJECT["dependency-groups"]).items()
}
NEEDS = {
    "run": ("build",),
    "book": ("build", "book"),
    "lab": ("build", "lab"),
    "hub": ("build", "hub"),
    "test": tuple(name for name in EXTRAS if name not in packages.APART),
    **{name: (name,) for name in packages.APART},
}


def pins(lock: str) -> dict[str, set[str]]:
    """The versions of each package in a lock: one, or one for each range of Python."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", LOCKS[lock], re.M):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def test_there_is_a_lock_for_each_group_and_for_each_tool_that_stands_apart() -> None:
    assert set(LOCKS) == {*packages.GROUPS, *packages.APART} == set(NEEDS)


def test_every_group_that_the_makefile_asks_for_has_a_lock() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"\.venv/\.([a-z]+)", makefile)) == set(packages.GROUPS)


@pytest.mark.parametrize("group", NEEDS)
def test_a_group_locks_what_the_project_names_for_it(group: str) -> None:
    locked = pins(group)
    for need in [
        *([] if group in packages.APART else RUNS),
        *(each for extra in NEEDS[group] for each in EXTRAS[extra]),
    ]:
        versions = locked.get(canonicalize_name(need.name), set())
        assert versions, f"{need} is not in requirements/{group}.lock; say `make lock`"
        assert all(need.specifier.contains(version) for version in versions), f"{need}: {versions}; say `make lock`"


@pytest.mark.parametrize("group", packages.GROUPS)
def test_every_group_is_a_part_of_the_one_resolution(group: str) -> None:
    everything = pins("test")
    assert {name: versions for name, versions in pins(group).items() if not versions <= everything[name]} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_hashes_and_no_lock_names_an_index(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", LOCKS[lock])
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"https?://|file:|--(?:extra-)?index|--find-links", LOCKS[lock]) == []


def test_whoever_runs_a_runbook_installs_no_tools_for_tests_pages_or_laboratory() -> None:
    tools = {
        canonicalize_name(need.name)
        for name in ("book", "dask", "hub", "lab", "learn", "test")
        for need in EXTRAS[name]
    }
    assert tools & set(pins("run")) == set()


def test_the_group_that_runs_has_no_grammar_that_is_built_at_import() -> None:
    assert "rfc3987-syntax" not in pins("run"), "jsonschema imports it where it is installed: 2 seconds a start"


def test_pips_environment_counts_before_its_files_and_its_section_for_installing_before_the_global_one() -> None:
    listed = "\n".join(
        [
            ":env:.find-links='/srv/wheels'",
            "global.find-links='/old'",
            "global.index-url='https://global.example.org/simple'",
            "install.index-url='https://install.example.org/simple'",
            "list.format='columns'",
            "a warning that says = something",
        ]
    )
    assert packages.pip_settings(listed) == {
        "find-links": "/srv/wheels",
        "index-url": "https://install.example.org/simple",
    }


def test_uv_is_told_what_pip_is_told() -> None:
    settings = {
        "index-url": "https://ann:secret@mirror.example.org/simple",
        "extra-index-url": "https://a.example.org/simple\nhttps://b.example.org/simple",
        "find-links": "/srv/wheels /srv/more",
        "trusted-host": "mirror.example.org a.example.org",
        "cert": "/etc/ssl/ours.pem",
        "timeout": "60",
    }
    told = packages.uv_environment(settings, {"HOME": "/home/ann", "REQUESTS_CA_BUNDLE": "/etc/ssl/other.pem"})
    assert told == {
        "HOME": "/home/ann",
        "REQUESTS_CA_BUNDLE": "/etc/ssl/other.pem",
        "UV_SYSTEM_CERTS": "1",
        "UV_DEFAULT_INDEX": "https://ann:secret@mirror.example.org/simple",
        "UV_INDEX": "https://a.example.org/simple https://b.example.org/simple",
        "UV_FIND_LINKS": "/srv/wheels,/srv/more",
        "UV_INSECURE_HOST": "mirror.example.org a.example.org",
        "SSL_CERT_FILE": "/etc/ssl/ours.pem",
        "UV_HTTP_TIMEOUT": "60",
    }
    assert "secret" not in " ".join(packages.uv_options(settings)), "other users of the machine see a command's words"


@pytest.mark.parametrize(("said", "closed"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_where_pip_may_ask_no_index_uv_may_not_either(said: str, closed: bool) -> None:
    assert ("--no-index" in packages.uv_options({"no-index": said})) is closed


def test_pips_own_listing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example.org/simple")
    assert packages.listed_settings()["index-url"] == "https://mirror.example.org/simple"
