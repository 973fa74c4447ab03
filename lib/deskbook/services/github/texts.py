"""Parse what a text carries: references of ours, and addresses of issues on GitHub."""

from __future__ import annotations

import re

from deskbook.language.text import LONGEST
from deskbook.model.case import REFERENCE


def references_in(body: str) -> tuple[str, ...]:
    """The references of ours in a text, each a hidden comment on a line of its own: `<!-- Ref 101-1-timebox.track -->`."""
    found = []
    for line in body.splitlines():
        if line.startswith("<!-- Ref ") and line.endswith(" -->") and REFERENCE.match(line[5:-4]) and line.isascii():
            found.append(line[9:-4])
    return tuple(dict.fromkeys(found))


def issues_in(repository: str, text: str) -> tuple[int, ...]:
    """The issues of this repository whose address stands in a text, each once, in its order."""
    address = re.compile(rf"/{re.escape(repository)}/issues/(\d{{1,9}})(?!\d)", re.IGNORECASE)
    return tuple(dict.fromkeys(int(number) for number in address.findall(text[:LONGEST])))
