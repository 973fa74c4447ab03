"""Says which lines of a message are a form's questions, by what they show together: tables, rows of labels, answers below."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

from deskbook.language.form_lines import (
    FIELD,
    GENERIC_HEAD,
    HINTED,
    LONGEST_LABEL,
    OWN,
    Line,
    labelled,
    question_of,
    same,
)


def shaped(lines: list[Line]) -> list[Line]:
    """The same lines, each as what it is: a question only where the message is a form; text where it is none."""
    fenced = False
    for i, line in enumerate(lines):
        fenced = fenced != line.text.startswith("```")
        lines[i] = Line("text", line.text) if fenced or line.text.startswith("```") else line  # code
    for i, (line, below) in enumerate(pairwise(lines)):
        if line.kind == "text" and below.kind == "tick" and len(line.text.split()) < 15:
            lines[i] = Line("asked", line.text, question_of(line.text), sure=True)
    lines = apart(lines)
    return evident(bare_labels(tables(lines)))


def tables(lines: list[Line]) -> list[Line]:
    """Rows of a table as labels, or with the head of each column as the question."""
    found: list[Line] = []
    gaps = [line.kind == "gap" for line in lines]
    row = [line.kind == "row" or line.text.startswith("|") for line in lines]
    row = [
        here or (gap and row[i - 1 : i] == row[i + 1 : i + 2] == [True])
        for i, (here, gap) in enumerate(zip(row, gaps, strict=True))
    ]
    for is_row, pair in groupby(zip(row, lines, strict=True), key=lambda pair: pair[0]):
        group = [line for _, line in pair]
        rows = [cell for line in group for cell in _labels_in_row(line)] if is_row else group
        cells = [[c.strip() for c in re.sub(r"^\|\s?|\s?\|$", "", r.text).split("|")] for r in rows if r.kind == "row"]
        width = max((len(row) for row in cells), default=0) if is_row else 0
        if width < 2 or len(cells) < 2 or len(cells) < len([r for r in rows if r.kind != "gap" and r.kind != "rule"]):
            found += [line._replace(kind="text") if line.kind == "row" else line for line in rows]
            continue
        heads = [
            re.search(FIELD, cell, re.IGNORECASE) is not None
            for cell in (*cells[0][:2], *(row[0] for row in cells[1:]))
        ]
        digits = all(row[0][:1].isdigit() for row in cells[1:])
        if width > 2 or digits or heads == [True, True] + [False] * (len(cells) - 1):
            pairs = [(head, value) for row in cells[1:] for head, value in zip(cells[0], row, strict=False) if head]
        else:
            pairs = [(row[0], row[1] if len(row) > 1 else "") for row in cells]
            pairs = pairs[1:] if same(GENERIC_HEAD, pairs[0][0]) else pairs
        several = width > 2 and len(cells) > 2
        if several or sum(re.search(FIELD, one, re.IGNORECASE) is not None for one, _ in pairs) * 3 < len(pairs):
            found += [line._replace(kind="text") if line.kind == "row" else line for line in rows]  # data, not a form
            continue
        found += [Line("label", f"{one}: {two}", question_of(one), two, sure=True) for one, two in pairs]
    return found


def _labels_in_row(row: Line) -> list[Line]:
    """`Name: Bo | Hub: kelp` on one line, where each cell is a label; else the row as it is."""
    cells = [labelled(cell, cell) for part in row.text.strip("| ").split("|") if (cell := part.strip())]
    labels = [cell for cell in cells if cell]
    return labels if len(labels) == len(cells) > 1 and all(cell.value for cell in labels) else [row]


def bare_labels(lines: list[Line]) -> list[Line]:
    """In a form of lines and answers below them, a short line that is called like a field is a question, too."""
    marked = [line for line in lines if line.kind == "asked" and not line.value]
    for block in _blocks(lines):
        texts = [
            i for i in block if lines[i].kind in ("text", "asked") or (lines[i].kind == "label" and not lines[i].value)
        ]
        asked = [i for i in block[::2] if _like_field(lines[i])]
        pairs = len(block) >= 5 and len(texts) == len(block) and len(asked) == len(block[::2])
        if pairs and sum(re.search(FIELD, lines[i].text, re.IGNORECASE) is not None for i in asked) * 2 >= len(asked):
            for i in block:  # Course title / Remote sensing / Number of students / 55
                kind = "asked" if i in asked else "text"
                lines[i] = lines[i]._replace(kind=kind, question=question_of(lines[i].text), value="", sure=True)
        elif marked:
            for i, following in zip(block, [*block[1:], None], strict=True):
                after = lines[i - 1].kind if i and i - 1 in block else "gap"
                below = following is not None and lines[following].kind == "text"
                named = re.search(FIELD, lines[i].text, re.IGNORECASE) is not None
                if lines[i].kind == "text" and _like_field(lines[i]) and named and below and after != "asked":
                    lines[i] = Line("asked", lines[i].text, question_of(lines[i].text))
    return lines


def _blocks(lines: list[Line]) -> list[list[int]]:
    """Indices of the lines between gaps."""
    groups = groupby(range(len(lines)), key=lambda i: lines[i].kind == "gap")
    return [list(block) for gap, block in groups if not gap]


def _like_field(line: Line) -> bool:
    words = line.text.split()
    return len(words) <= LONGEST_LABEL and line.text[:1].isupper() and not same(r".*(?:[.!,;]|\d.*)", line.text)


def evident(lines: list[Line]) -> list[Line]:
    """Lines that look like questions, and are not many or plain enough to make a form, are text."""
    place = [i for i, line in enumerate(lines) if line.kind not in ("gap", "dropped")]
    answered = {i for i, after in pairwise(place) if lines[after].kind in ("text", "tick", "hint")}
    of: dict[str, list[int]] = {}
    for i in place:
        line = lines[i]
        of.setdefault(f"{line.kind} inline" if line.kind == "asked" and line.value else line.kind, []).append(i)
    first = next((i for i in place if lines[i].kind in ("heading", "label", "weak", "asked")), 0)
    kinds = [line.kind for line in lines[first : first + 3]]
    if (
        kinds[:1] in (["label"], ["weak"])
        and kinds[1:2] == ["gap"]
        and kinds[2:] != ["text"]
        and not (lines[first].value or lines[first].sure)
    ):
        of[kinds[0]].remove(first)  # Here is the form:
    if all(re.search(OWN, lines[i].question, re.IGNORECASE) for i in of.get("heading", [])):
        of["heading"] = []  # a person's own headings
    headings, labels, quoted, dashed = (of.get(kind, []) for kind in ("heading", "label", "quoted", "dashed"))
    open_ones, inline = of.get("asked", []), of.get("asked inline", [])
    named = sum(lines[i].sure or re.search(FIELD, lines[i].question, re.IGNORECASE) is not None for i in labels)
    many = (
        len(labels) + len(inline) > 2
        or "tick" in of
        or any(lines[i].sure for i in labels)
        or _neighbours(labels, place)
    )
    plain = {
        *(headings if len(headings) + len(open_ones) > 1 or any(lines[i].sure for i in headings) else ()),
        *(labels if many and (named + len(inline) + len(open_ones)) * 3 >= len(labels) else ()),
        *(dashed if len(dashed) > 2 else ()),
        *(i for i in quoted if i in answered or len(quoted) > 1),
        *(i for i in (*open_ones, *inline) if lines[i].sure),
        *(
            open_ones
            if len(answered & set(open_ones)) > 1 or any(lines[i].sure and i in answered for i in open_ones)
            else ()
        ),
        *(i for i in open_ones if i in answered and (many or "tick" in of or headings)),
        *(inline if len(inline) + len(labels) > 1 else ()),
    }
    if len(answered & set(open_ones)) > 1 or len(inline) > 1 or (labels and set(labels) <= plain):
        plain |= {i for i in of.get("weak asked", []) if lines[i].value or i in answered or {i - 1, i + 1} & plain}
    if len(labels) > 1 and set(labels) <= plain and not any(lines[i].value for i in labels):
        plain |= {i for i in of.get("weak", []) if not lines[i].value}  # Label:, and its answer below
    for i in [*of.get("weak", []), *reversed(of.get("weak", []))]:
        at = place.index(i)  # one without a value may stand apart, and a row of them counts
        near = {*place[max(0, at - 1) : at], *place[at + 1 : at + 2]}
        beside = {i - 1, i + 1} if lines[i].value and not near <= plain else near
        plain |= {i} if any(j in plain and lines[j].kind in ("label", "weak", "asked") for j in beside) else set()
    asking = {
        "heading": "heading",
        "label": "label",
        "dashed": "label",
        "weak": "label",
        "weak asked": "asked",
        "asked": "asked",
        "quoted": "quoted",
    }
    other = {kind: "dropped" if kind == "quoted" else "text" for kind in asking}
    return [
        line if line.kind not in asking
        else line._replace(kind=asking[line.kind]) if i in plain
        else line._replace(kind=other[line.kind], question="", value="")
        for i, line in enumerate(lines)
    ]  # fmt: skip


def _neighbours(found: list[int], place: list[int]) -> bool:
    """Whether two labels stand one below the other, with one line of an answer between them at most."""
    return len(found) == 2 and 0 < place.index(found[1]) - place.index(found[0]) <= 2


def apart(lines: list[Line]) -> list[Line]:
    """`Start (day): …` and `Start (hour): …`, `Contact: Name: …` and `Contact: Mail: …`: what tells them apart stays."""
    asked = [line.question for line in lines if line.kind in ("label", "weak")]
    for i, line in enumerate(lines):
        if asked.count(line.question) > 1 and line.kind in ("label", "weak"):
            inner = re.fullmatch(r"([^\W\d_][\w -]{0,40}):\s+(.*)", line.value)
            whole = line.text[: len(line.text) - len(line.value)].rstrip(" :*").lstrip("-*+•_ ")
            if inner:
                lines[i] = line._replace(question=f"{line.question}: {inner[1]}", value=inner[2])
            elif whole.endswith(")") and not re.search(HINTED, whole, re.IGNORECASE):
                lines[i] = line._replace(question=whole)
    return lines
