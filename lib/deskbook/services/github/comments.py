"""Read the comments of many issues at once, by GitHub's GraphQL API: a list of issues has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deskbook.services import reply
from deskbook.services.github.board import BENT, Ask, Node, login_of, nodes, part

AT_ONCE = 50  # issues in one query
PAGE = 100  # comments of one issue; GitHub shows no more at once
COMMENTS = (
    f"comments(last: {PAGE}%s) {{ pageInfo {{ hasPreviousPage startCursor }} "
    "nodes { body author { __typename login } } }"
)

Said = tuple[tuple[str, str], ...]  # author and text


def comments_of(ask: Ask, repository: str, numbers: Sequence[int]) -> dict[int, Said]:
    """Author and text of all comments of each issue, by number; issues that are not there are left out.

    One call for fifty issues, and one more for each further hundred comments of the longest among them.
    """
    found: dict[int, Said] = {}
    for start in range(0, len(numbers), AT_ONCE):
        ahead = dict.fromkeys(numbers[start : start + AT_ONCE], "")  # by issue: before which comment to go on
        while ahead:
            there = _asked(ask, repository, ahead)
            for number, issue in there.items():
                found[number] = (*_said(issue), *found.get(number, ()))
            further = {number: _before(issue) for number, issue in there.items()}
            if any(cursor and cursor == ahead[number] for number, cursor in further.items()):
                raise BENT("'startCursor' leads back to the same page")
            ahead = {number: cursor for number, cursor in further.items() if cursor}
    return found


def _asked(ask: Ask, repository: str, ahead: Mapping[int, str]) -> dict[int, Node]:
    owner, name = repository.split("/")
    given = {f"c{number}": cursor for number, cursor in ahead.items() if cursor}
    heads = "".join(f", $c{number}: String!" for number, cursor in ahead.items() if cursor)
    asked = " ".join(
        f"i{number}: issue(number: {number}) {{ {COMMENTS % (f', before: $c{number}' if cursor else '')} }}"
        for number, cursor in ahead.items()
    )
    query = f"query($owner: String!, $name: String!{heads}) {{ repository(owner: $owner, name: $name) {{ {asked} }} }}"
    there = part(ask(query, {"owner": owner, "name": name, **given}, "the comments"), "repository")
    return {number: issue for number in ahead if (issue := reply.maybe(BENT, there, f"i{number}", dict))}


def _before(issue: Node) -> str:
    """Before which comment to go on; empty where there are no earlier ones."""
    place = part(part(issue, "comments"), "pageInfo")
    return reply.must(BENT, place, "startCursor", str) if reply.must(BENT, place, "hasPreviousPage", bool) else ""


def _said(issue: Node) -> Said:
    return tuple((_author(comment), reply.text(BENT, comment, "body")) for comment in nodes(issue, "comments"))


def _author(comment: Node) -> str:
    """As GitHub's REST API tells it: an app's ends with [bot], so that no person can bear it. Empty for one that is gone."""
    author = reply.maybe(BENT, comment, "author", dict)
    if author is None:
        return ""
    return f"{login_of(author)}{'[bot]' if reply.must(BENT, author, '__typename', str) == 'Bot' else ''}"
