"""Read the latest comments of many issues at once, by GitHub's GraphQL API: a list of issues has none."""

from __future__ import annotations

from collections.abc import Sequence

from deskbook.services import reply
from deskbook.services.github.board import BENT, Ask, login_in, nodes

AT_ONCE = 50  # issues in one query
LATEST = 100  # comments of one issue; GitHub shows no more on one page

Said = tuple[tuple[str, str], ...]  # author and text


def comments_of(ask: Ask, repository: str, numbers: Sequence[int]) -> dict[int, Said]:
    """Author and text of each issue's latest comments, by number; issues that are not there are left out."""
    owner, name = repository.split("/")
    found: dict[int, Said] = {}
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        part = f"{{ comments(last: {LATEST}) {{ nodes {{ body author {{ login }} }} }} }}"
        asked = " ".join(f"i{number}: issue(number: {number}) {part}" for number in some)
        query = f"query($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {asked} }} }}"
        there = reply.must(BENT, ask(query, {"owner": owner, "name": name}, "the comments"), "repository", dict)
        for number in some:
            if record := reply.maybe(BENT, there, f"i{number}", dict):
                comments = nodes(record, "comments")
                found[number] = tuple((login_in(each, "author"), reply.text(BENT, each, "body")) for each in comments)
    return found
