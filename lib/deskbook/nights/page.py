"""The index of nights, as a page that asks nothing of any other host and needs no JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from deskbook.nights.archive import Night

FILES = {
    "html": "the run",
    "ipynb": "notebook",
    "txt": "what it showed",
    "receipt.json": "receipt",
}  # endings, in the order in which they are linked
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nights</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word }}
.wide {{ overflow-x: auto }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }}
.number {{ text-align: right }}
</style>
</head>
<body>
<main>
<h1>Nights</h1>
<p>Runs that nobody watched, the latest first. Times are in UTC.</p>
{body}
</main>
</body>
</html>
"""
HEAD = (
    '<tr><th scope="col">Began</th><th scope="col">Run</th><th scope="col">It</th>'
    '<th scope="col" class="number">Effects</th><th scope="col" class="number">Need a person</th>'
    '<th scope="col" class="number">Failed</th><th scope="col">Kept</th></tr>'
)


def index(nights: Sequence[Night]) -> str:
    """The page of these nights, whose files stand beside it in their folders."""
    latest = sorted(nights, key=lambda night: night.began, reverse=True)
    parts = [
        f'<h2>{day}</h2>\n<div class="wide"><table>\n{HEAD}\n{"".join(map(_row, some))}</table></div>'
        for day, some in groupby(latest, key=lambda night: f"{night.began:%Y-%m-%d}")
    ]
    return PAGE.format(body="\n".join(parts) or "<p>There was none yet.</p>")


def state(night: Night) -> str:
    """How it ended, in words."""
    if night.ended is None:
        return "goes on, or died"
    if night.error or night.failures:
        return "failed"
    return "ended well" if night.applied else "ended well; nothing was to be written"


def _row(night: Night) -> str:
    said = ["practice" if night.sandbox else "", state(night), night.error, *night.remarks]
    links = " · ".join(
        f'<a href="{escape(night.name)}.{ending}">{FILES[ending]}</a>' for ending in FILES if ending in night.kept
    )
    cells = [f"{night.began:%H:%M}", escape(night.runbook), "<br>".join(escape(each) for each in said if each)]
    numbers = (night.effects, night.needs_human, night.failures)
    return (
        "<tr>"
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "".join(f'<td class="number">{number}</td>' for number in numbers)
        + f"<td>{links or 'nothing'}</td></tr>\n"
    )
