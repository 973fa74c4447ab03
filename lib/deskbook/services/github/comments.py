"""Read the comments of many issues at once, by GitHub's GraphQL API: a list of issues has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deskbook.services.github.board import Ask

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
            pages = _pages(ask, repository, ahead)
            ahead = {}
            for number, page in pages.items():
                found[number] = (*_said(page), *found.get(number, ()))
                if page["pageInfo"]["hasPreviousPage"] and page["nodes"]:
                    ahead[number] = str(page["pageInfo"]["startCursor"])
    return found


def _pages(ask: Ask, repository: str, ahead: Mapping[int, str]) -> dict[int, Mapping[str, Any]]:
    owner, name = repository.split("/")
    given = {f"c{number}": cursor for number, cursor in ahead.items() if cursor}
    heads = "".join(f", $c{number}: String!" for number, cursor in ahead.items() if cursor)
    asked = " ".join(
        f"i{number}: issue(number: {number}) {{ {COMMENTS % (f', before: $c{number}' if cursor else '')} }}"
        for number, cursor in ahead.items()
    )
    query = f"query($owner: String!, $name: String!{heads}) {{ repository(owner: $owner, name: $name) {{ {asked} }} }}"
    data = ask(query, {"owner": owner, "name": name, **given}, "the comments")
    return {number: record["comments"] for number in ahead if (record := data["repository"][f"i{number}"])}


def _said(page: Mapping[str, Any]) -> Said:
    return tuple((_login(node["author"]), str(node["body"] or "")) for node in page["nodes"] if node)


def _login(author: Mapping[str, Any] | None) -> str:
    """As GitHub's REST API tells it: an app's ends with [bot], so that no person can bear it. Empty for one that is gone."""
    if not author:
        return ""
    return f"{author['login']}{'[bot]' if author['__typename'] == 'Bot' else ''}"
