"""Reads filled forms and templates: which lines are questions, which are answers, and what a person wrote beside them.

A text is a form where its lines show it: headings, a table, several lines `Label: value`, questions with examples in
brackets, or questions with their answers below. Anything less stays free text, so that no word of a person is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from deskbook.language.text import layout

MOST = 300  # lines of a message that may be a form; what follows is free text
LONGEST_LABEL = 9  # words; what is longer is a sentence
# Patterns are text, compiled when a form is first read.
EXAMPLE = r"e\. ?g\.|\beg\b|for (?:example|instance)|examples?\b|such as|z\. ?B\.|zum Beispiel|bspw\.|p(?:ar)?\.? ex\b|ex\.|p(?:or|\.) ?ej\b"
HINT = r"\s?[*_]{0,2}[(\[](?![ xX✓✔]?[\])])(?:[^()\[\]\n]|\([^()\n]{0,60}\)){1,160}[)\]][*_]{0,2}"
HINTED = rf"[(\[](?:{EXAMPLE})(?:[^()\[\]\n]|\([^()\n]{{0,60}}\)){{1,160}}[)\]]"
BULLET = r"(?:[-*+•▪◦→►]\s|(?:Q\s?)?\(?\d{1,2}[.):]\)?\s|\(?[a-h][.)]\s)"
EMPTY = (
    r"(?:no (?:response|answer)|not answered|keine (?:antwort|angabe)|(?:sans|aucune) réponse|sin respuesta)\.?|[_.… ]{2,}"
    r"|[_*(\[<]{1,2}(?:no|not|nothing|none|empty|(?:left )?blank|keine?|nicht|leer|sans|aucune?|vide|sin|ningun[ao]?|vacío)\b[\w ]{0,24}[_*)\]>]{1,2}"
)
FOOTER = (
    r"(?:by (?:submitting|sending|clicking)|this (?:form|message|e-?mail|ticket|request) (?:was|has been)|(?:submitted|sent|created|generated) (?:via|from|by|with|through|on)\b"
    r"|powered by|fields? marked|\* ?required|please (?:do not|don't) (?:reply|edit)|diese (?:nachricht|e-?mail) wurde|mit (?:dem )?absenden|\* ?pflichtfeld"
    r"|ce (?:message|formulaire) a été|en (?:envoyant|soumettant)|este (?:mensaje|formulario) (?:fue|ha sido)|al enviar)"
)
CLOSING = (
    r"(?:many |kind |best |warm |with (?:kind |best )?)?(?:thanks|thank you|cheers|best|regards|greetings|wishes|sincerely|mit freundlichen|viele|liebe|beste|danke|merci|cordialement|bien à"
    r"|bonne|gracias|saludos|un saludo|atentamente)\b(?:[,!.]*|.{0,30}[,!]|,? [\w .]{1,24})"
)
# Whoever says I or we asks a question of their own; forms ask you.
OWN = (
    r"\b(?:I|we|my|our|us|me|ich|wir|mein\w*|unser\w*|uns|je|nous|mon|ma|mes|notre|nos|yo|nosotros|mi|nuestr[oa]s?)\b"
    r"|^(?:can|could|would|will) (?:you|some|any)|^(?:könn|würd)t?en sie|^(?:pouvez|pourriez)[- ]vous|^(?:pueden|podrían?)\b|^(?:any|is there|are there|thoughts|ok|right)\b"
)
NO_LABEL = r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|liebe\w*|sehr geehrte|guten|bonjour|hola|thanks|thank you|regards|cheers)\b.*|https?|.*[a-z](?:Error|Exception|Warning)"
# These begin a line of prose or of a log as often as a field: they count beside other labels only.
WEAK_LABEL = r"ps|p\.s|nb|n\.b|note|notice|edit|update|re|aw|fwd?|info|debug|warn(?:ing)?|error|fatal|critical|traceback|caused by|best|file|on|and|but|so|however|.*(?:following|follows)"
# What fields of forms are called, where nothing else marks a line as one.
FIELD = (
    r"\b(?:name|title|e-?mail|phone|contact|hub|url|address|date|day|time|hours?|begin|start|end|number|count|size|attendees|participants|students|people|users|memory|storage|cpus?|gpus?"
    r"|packages?|image|software|describe|description|details|comments?|notes?|remarks?|reason|purpose|subject|topic|category|type|priority|urgency|impact|organi[sz]ation|institution|department"
    r"|community|course|class|event|workshop|location|timestamp|deadline|duration|needed|requirements?|question|request|problem|issue|message|anything else|when|where|which|how many"
    r"|titel|datum|uhrzeit|anzahl|beschreibung|kurs|bemerkung|nom|titre|horaires?|nombre|remarques?|nombre|fecha|hora|asunto|curso|comentarios?)(?:e?s)?\b"
)
GENERIC_HEAD = r"(?:question|field|item|label|name|key|frage|feld|champ|campo|pregunta|property|what)s?"
YES = r"(?:yes|yep|yeah|y|true|ja|jawohl|oui|s[ií])\b"
MARK = r"(?:\[[ xX✓✔•●*]?\]|\([ xX✓✔•●*]?\)|[☐☑☒✓✔✗✅⬜□■○●◉◯])"
UNTICKED = ("", "☐", "⬜", "□", "✗", "○", "◯")


class Answer(NamedTuple):
    """A question without marks, examples and final colon, and what was answered; '' where nothing was.

    Several lines, and several ticked options, are lines of `value`.
    """

    question: str
    value: str

    @property
    def affirmed(self) -> bool:
        """Whether a plain yes makes the question the person's statement."""
        return _is(YES + r".{0,200}", self.value)


@dataclass(frozen=True)
class Filled:
    """A message in its order: answers of a form, options ticked under no question, and free lines."""

    parts: tuple[Answer | str, ...]
    ticked: tuple[str, ...] = ()

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(part for part in self.parts if isinstance(part, Answer))

    @property
    def free(self) -> str:
        """The lines that a person wrote outside of every question."""
        return "\n".join(part for part in self.parts if isinstance(part, str))

    @property
    def words(self) -> str:
        """What the person says, with no label in it: free lines, answers, ticked options, and a question that a yes affirms."""
        said = [part if isinstance(part, str) else _statement(part) for part in self.parts]
        return "\n".join(line for line in [*said, *self.ticked] if line)


class _Line(NamedTuple):
    """A line and what it may be: heading, label, asked, quoted, tick, row, rule, hint, footer, gap or text."""

    kind: str
    text: str
    question: str = ""
    value: str = ""
    sure: bool = False  # it is marked as a question by itself
    ticked: bool = False


@lru_cache(maxsize=256)
def filled(html: str) -> Filled:
    """The form in a message, plain or HTML; no answers where it is none. Pure: the same text gives the same form."""
    page = re.sub(r"<!--.*?-->\n?", "", "\n".join(layout(html)), flags=re.DOTALL).split("\n")
    lines = [_line(line, page[i + 1] if i + 1 < len(page) else "") for i, line in enumerate(page[:MOST])]
    fenced = False
    for i, line in enumerate(lines):
        fenced = fenced != line.text.startswith("```")
        lines[i] = _Line("text", line.text) if fenced or line.text.startswith("```") else line  # code
    for i, (line, below) in enumerate(pairwise(lines)):
        if line.kind == "text" and below.kind == "tick" and len(line.text.split()) < 15:
            lines[i] = _Line("asked", line.text, question_of(line.text), sure=True)
    lines = _apart(lines)
    form = _Walk(_evident(_bare_labels(_tables(lines[:MOST])))).parts()
    return replace(form, parts=(*form.parts, *(line for line in page[MOST:] if line)))


def _apart(lines: list[_Line]) -> list[_Line]:
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


def question_of(text: str) -> str:
    """A question without marks of headings, bold, lists and required fields, example, hint and final colon."""
    text = re.sub(rf"^(?:#{{1,6}}\s|{BULLET}|Q:\s|>\s?)+", "", text.strip())
    text = re.sub(
        rf"(?<=\S)(?:(?=\s){HINT}|[,;]?\s(?:{EXAMPLE})\s[^:?]*)",
        "",
        text.replace("**", "").replace("__", ""),
        flags=re.I,
    )
    return re.sub(r"\s+(?=\?)", "", text.strip(" *_")).rstrip(":").strip(" *_")


def _statement(answer: Answer) -> str:
    return f"{answer.question} {answer.value}" if answer.affirmed else answer.value


def _is(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.IGNORECASE) is not None


def _on(mark: str) -> bool:
    return mark.strip("[]() ") not in UNTICKED


# What a single line may be.


def _line(line: str, following: str) -> _Line:
    text = re.sub(r"^Q(?:uestion)?\s?\d{0,2}\s?:\s", "", line.replace("**", "").strip())
    text = re.sub(r"^A(?:nswer)?\s?\d{0,2}\s?:\s", "", text)
    bare = re.sub(rf"^{BULLET}", "", text)
    if not text:
        return _Line("gap", "")
    if re.fullmatch(r"[-=|:+ ]{3,}", line):
        return _Line("rule", line)
    if line.startswith(">"):
        asks = line.rstrip().endswith(("?", ":")) or _is(rf".*\?{HINT}", line)
        return _Line("quoted", line.lstrip("> "), question_of(line)) if asks else _Line("dropped", line)
    if len(re.findall(MARK, text)) == 1 and (box := re.fullmatch(rf"(?:[-*+•]\s)?({MARK})\s?(\S.*)", text)):
        return _Line("tick", text, value=box[2], ticked=_on(box[1]))
    underlined = re.fullmatch(r"-{3,}|={3,}", following) is not None and len(text) < 80
    if underlined or re.match(r"#{1,6}\s(?!of\b|[\w ]{1,30}:\s)", line):
        return _Line("heading", text.lstrip("# "), question_of(line), sure=True)
    if re.fullmatch(r"\*\*[^*\n]{2,160}\*\*:?", line) and not text.endswith((".", "!", ",")):
        return _Line("heading", text, question_of(line))
    if " | " in line or line.startswith("|") or line.endswith(" |"):
        return _Line("row", text)
    if _is(rf"[_*(]{{0,2}}(?:{EXAMPLE}).{{1,160}}", text):
        return _Line("hint", text)
    if re.match(FOOTER, text, re.IGNORECASE):
        return _Line("footer", text)
    return _asked(text, bare) or _labelled(text, bare.lstrip("*_#% ")) or _Line("text", text)


def _asked(text: str, bare: str) -> _Line | None:
    """`Hours? (e.g. 9-5)`, `Number of attendees (e.g. 25)`, `How many people? 40`; `sure` where an example marks it."""
    match = re.fullmatch(
        rf"([^?\n]{{2,200}}?(?:\?(?:{HINT})?|{HINTED}))\s?:?(?:\s+(\S.{{0,300}}))?", bare, re.IGNORECASE
    )
    match = match or re.fullmatch(rf"([^?\n]{{2,200}}{HINT}\s?\?)\s?:?(?:\s+(\S.{{0,300}}))?", bare)
    if match is None or re.match(r"\s?:", bare[match.end(1) :]):
        return None
    example = re.search(HINTED, match[1], re.IGNORECASE) is not None
    own = re.search(OWN, match[1], re.IGNORECASE) or re.match(r"[a-zà-ü]", match[1])
    if re.search(r"[.!]\s", re.sub(HINT, "", match[1])):
        return None
    kind = "weak asked" if own and not example else "asked"
    return _Line(kind, text, question_of(match[1]), (match[2] or "").lstrip("-–—→>=: ").strip(), sure=example)


def _labelled(text: str, bare: str) -> _Line | None:
    dashed = re.fullmatch(r"\[([^\W\d_][^\]]{1,60})\]\s(\S.*)|([^\W\d_][\w' /]{1,60}?)\s(?:[-–—=]|[-=]>)\s(\S.*)", bare)
    if (
        dashed
        and re.search(FIELD, name := dashed[1] or dashed[3], re.IGNORECASE)
        and not re.search(OWN, name, re.IGNORECASE)
    ):
        return _Line("dashed", text, question_of(name), dashed[2] or dashed[4])
    bare = re.sub(r"\s?\.{4,}\s?:?\s?", ": ", bare, count=1)
    match = re.fullmatch(
        rf"\s?(¿?(?:[^\W\d_]|\d+(?:st|nd|rd|th))[^:?\n`<>{{}}\"]{{0,120}}?\??(?:{HINT})?\s?\*?)\s?:(?![/\d:])(?:(\s+|$)|(?=\S))(.*)",
        bare,
    )
    if match is None:
        return None
    question = question_of(match[1])
    asks = re.match(
        r"(?:how|which|what|when|where|who|is|are|do|does|will|wie|welche|wann|quel|combien|cu[aá])",
        question,
        re.IGNORECASE,
    )
    if (
        not question
        or len(question.split()) > 16
        or _is(NO_LABEL, question)
        or re.search(r"[!;]\s|\.\s+[A-ZÄÖÜÉ]", question)
    ):
        return None
    long = len(question.split()) > LONGEST_LABEL * (2 if asks else 1) or re.search(r",\s\w+\s\w+\s\w+\s", question)
    if match[2] is None and not re.search(FIELD, question, re.IGNORECASE):
        return None  # quay.io/lab:latest
    weak = (
        (not match[3] and not re.search(FIELD, question, re.IGNORECASE))
        or re.search(OWN, question, re.IGNORECASE)
        or _is(WEAK_LABEL, question)
        or long
    )
    sure = re.search(HINTED, match[1], re.IGNORECASE) is not None
    return _Line("weak" if weak else "label", text, question, (match[3] or "").strip(), sure=sure)


# What lines show together.


def _tables(lines: list[_Line]) -> list[_Line]:
    """Rows of a table as labels, or with the head of each column as the question."""
    found: list[_Line] = []
    apart = [line.kind == "gap" for line in lines]
    row = [line.kind == "row" or line.text.startswith("|") for line in lines]
    row = [
        here or (gap and row[i - 1 : i] == row[i + 1 : i + 2] == [True])
        for i, (here, gap) in enumerate(zip(row, apart, strict=True))
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
            pairs = pairs[1:] if _is(GENERIC_HEAD, pairs[0][0]) else pairs
        several = width > 2 and len(cells) > 2
        if several or sum(re.search(FIELD, one, re.IGNORECASE) is not None for one, _ in pairs) * 3 < len(pairs):
            found += [line._replace(kind="text") if line.kind == "row" else line for line in rows]  # data, not a form
            continue
        found += [_Line("label", f"{one}: {two}", question_of(one), two, sure=True) for one, two in pairs]
    return found


def _labels_in_row(row: _Line) -> list[_Line]:
    """`Name: Bo | Hub: kelp` on one line, where each cell is a label; else the row as it is."""
    cells = [_labelled(cell, cell) for part in row.text.strip("| ").split("|") if (cell := part.strip())]
    labels = [cell for cell in cells if cell]
    return labels if len(labels) == len(cells) > 1 and all(cell.value for cell in labels) else [row]


def _bare_labels(lines: list[_Line]) -> list[_Line]:
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
                    lines[i] = _Line("asked", lines[i].text, question_of(lines[i].text))
    return lines


def _blocks(lines: list[_Line]) -> list[list[int]]:
    """Indices of the lines between gaps."""
    groups = groupby(range(len(lines)), key=lambda i: lines[i].kind == "gap")
    return [list(block) for gap, block in groups if not gap]


def _like_field(line: _Line) -> bool:
    words = line.text.split()
    return len(words) <= LONGEST_LABEL and line.text[:1].isupper() and not _is(r".*(?:[.!,;]|\d.*)", line.text)


def _evident(lines: list[_Line]) -> list[_Line]:
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


# From lines to answers.


class _Walk:
    """Goes through the lines once, with the question that is open."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines = lines
        self.found: list[tuple[str, list[str]] | str] = []
        self.ticked: list[str] = []
        self.open: list[str] | None = None  # the lines of the answer to the question that was asked last
        self.heading = False  # that question is a heading
        self.asked = False  # it is answered on the lines below
        self.gap = False  # a gap stood between it and its answer
        labels = [line for line in lines if line.kind == "label"]
        self.below = bool(labels) and not any(line.value for line in labels)  # `Label:`, a gap, the answer

    def parts(self) -> Filled:
        for index, line in enumerate(self.lines):
            if line.kind == "gap":
                self.at_gap(index)
            elif line.kind in ("heading", "label", "asked", "quoted"):
                self.at_question(index, line)
            elif line.kind == "tick":
                self.at_tick(line)
            elif line.kind == "footer":
                self.open = None
            elif line.kind == "text" or (line.kind == "hint" and self.open != []):
                self.at_text(index, line)
        parts = (part if isinstance(part, str) else Answer(part[0], _value(part[1])) for part in self.found)
        return Filled(tuple(parts), tuple(self.ticked))

    def at_gap(self, index: int) -> None:
        """A gap ends an answer, but not one under a heading, nor one that goes on before the next question."""
        kind = "heading" if self.heading else "asked" if self.asked else ""
        if self.open:
            goes_on = (self.heading and self.gap) or (kind and self.later(index, kind, "quoted"))
            self.open = self.open if goes_on else None
        elif self.open is not None:
            self.gap = True
            if not (kind or self.below or self.later(index, "label")):
                self.open = None

    def later(self, index: int, *kinds: str) -> bool:
        """Whether ticks come after a gap, or text and then another question: they belong to the question before it."""
        after = [line.kind for line in self.lines[index:] if line.kind != "gap"]
        return after[:1] == ["tick"] or (after[:1] == ["text"] and any(kind in kinds for kind in after))

    def at_question(self, index: int, line: _Line) -> None:
        if line.kind != "heading" and self.heading and self.open is not None:
            if self.open or not self.only_labels(index):
                self.open.append(line.text)  # a heading's answer may hold labels and questions
                return
            self.found.pop()  # a heading over labels is the name of their section
        self.heading, self.gap, self.asked = line.kind == "heading", False, line.kind in ("asked", "quoted")
        self.open = [line.value] if line.value else []
        self.found.append((line.question, self.open))

    def only_labels(self, index: int) -> bool:
        """Whether every line from here to the next heading is a label or a question with its answer beside it."""
        end = next((i for i in range(index, len(self.lines)) if self.lines[i].kind == "heading"), len(self.lines))
        kinds = {line.kind for line in self.lines[index:end]}
        return kinds <= {"label", "gap", "tick", "rule", "footer"}

    def at_tick(self, line: _Line) -> None:
        if self.open is None:
            self.ticked += [line.value] if line.ticked else []
        elif line.ticked:
            self.open.append(line.value)

    def at_text(self, index: int, line: _Line) -> None:
        if self.open and _is(CLOSING, line.text):
            self.open = None
        if self.open is not None:
            self.open.append(line.text)
        elif not self.section(index):
            self.found.append(line.text)

    def section(self, index: int) -> bool:
        """`Training 1` over labels, and `Training 2` over the same: the name of a section, which nobody wrote."""
        name = re.sub(r"\W?\d{1,2}$", "", self.lines[index].text)
        alike = [i for i, line in enumerate(self.lines) if re.fullmatch(rf"{re.escape(name)}\W?\d{{1,2}}", line.text)]
        return len(alike) > 1 and all(self.lines[i + 1 : i + 2] and self.lines[i + 1].kind == "label" for i in alike)


def _value(lines: list[str]) -> str:
    text = "\n".join(lines).strip()
    boxes = re.findall(MARK, text)
    if len(boxes) > 1:  # [ ] yes [x] no, or yes [ ] no [x]
        options = [option.strip(" ,;/|\n") for option in re.split(MARK, text)]
        options = options[:-1] if options[0] else options[1:]
        return "\n".join(option for option, mark in zip(options, boxes, strict=False) if _on(mark))
    return "" if _is(EMPTY, text) or _is(rf"[(\[]?(?:{EXAMPLE})[^\n]{{1,160}}", text) else text
