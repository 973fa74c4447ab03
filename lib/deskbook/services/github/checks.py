"""What the tracker's token may do, and whether the repository has what the organisation's file names. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from deskbook.config.organization import Tracker
from deskbook.errors import NotFound
from deskbook.services import reply
from deskbook.services.checks import Check, Lacking, among, listed, scopes_in

ENOUGH = ("triage", "push", "maintain", "admin")  # each lets labels and people be set on issues

Get = Callable[[str], tuple[Mapping[str, str], Any]]  # headers and JSON of a path below the API's address
Bent = Callable[[str], reply.Complain]  # makes what complains of the answer from such a path


def checks(
    get: Get, bent: Bent, account: Callable[[], str], board: Callable[[], bool] | None, tracker: Tracker
) -> tuple[Check, ...]:
    """`board` tells whether the project board may be changed; None where the organisation has none."""
    repository = f"/repos/{tracker.repository}"

    def role() -> str:
        said, complain = get(repository)[1], bent(repository)
        rights = reply.maybe(complain, said, "permissions", dict) or {}
        may = [name for name in rights if reply.maybe(complain, rights, name, bool)]
        if reply.maybe(complain, said, "archived", bool) or reply.maybe(complain, said, "has_issues", bool) is False:
            raise Lacking("the repository is archived, or its issues are switched off")
        if not set(ENOUGH) & set(may):
            raise Lacking(f"the account may only {listed(may) or 'look'}: GitHub would drop labels and people silently")
        return listed(may)

    def scopes() -> str:
        told = scopes_in(get(repository)[0])
        if not told:  # a fine-grained token, or an app's
            return "the token has none: the other lines tell its rights"
        return among("scope", ("repo", *(["project"] if board else [])), told)

    def labels() -> str:
        wanted = (tracker.support_label, tracker.event_label)
        paths = {name: f"{repository}/labels/{quote(name)}" for name in wanted}
        return among("label", wanted, (name for name, path in paths.items() if _is_there(get, bent, path)))

    def can_change() -> str:
        if board is not None and not board():
            raise Lacking("it may be read, and not changed")
        return "may be read and changed"

    return (
        Check("account", account, "Check GITHUB_API_URL and GITHUB_TOKEN"),
        Check("role", role, f"Give the token's owner the Triage role in {tracker.repository}"),
        Check("scopes", scopes, "Make the token anew with these scopes"),
        Check(
            "reads issues", lambda: _asked(get, bent, f"{repository}/issues"), "Give the token Issues: read and write"
        ),
        Check("reads commits", lambda: _asked(get, bent, f"{repository}/commits"), "Give the token Contents: read"),
        Check("labels", labels, "Make the labels, or correct them under tracker in organization.yaml"),
        *(
            [Check("board", can_change, "Give the token Projects: read and write, of the board's owner")]
            if board
            else []
        ),
    )


def _is_there(get: Get, bent: Bent, path: str) -> bool:
    try:
        return reply.must(bent(path), get(path)[1], "name", str) != ""
    except NotFound:
        return False


def _asked(get: Get, bent: Bent, path: str) -> str:
    found = reply.listed(bent(path), {path: get(f"{path}?per_page=1")[1]}, path)
    return "may be read" if found else "may be read; there are none"
