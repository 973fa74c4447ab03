"""Reads single lines of a message as what they may be in a form: heading, label, question, ticked box, row, hint."""

from __future__ import annotations

import re
from typing import NamedTuple

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


class Line(NamedTuple):
    """A line and what it may be: heading, label, asked, quoted, tick, row, rule, hint, footer, gap or text."""

    kind: str
    text: str
    question: str = ""
    value: str = ""
    sure: bool = False  # it is marked as a question by itself
    ticked: bool = False


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


def same(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.IGNORECASE) is not None


def is_on(mark: str) -> bool:
    return mark.strip("[]() ") not in UNTICKED


def line_of(line: str, following: str) -> Line:
    text = re.sub(r"^Q(?:uestion)?\s?\d{0,2}\s?:\s", "", line.replace("**", "").strip())
    text = re.sub(r"^A(?:nswer)?\s?\d{0,2}\s?:\s", "", text)
    bare = re.sub(rf"^{BULLET}", "", text)
    if not text:
        return Line("gap", "")
    if re.fullmatch(r"[-=|:+ ]{3,}", line):
        return Line("rule", line)
    if line.startswith(">"):
        asks = line.rstrip().endswith(("?", ":")) or same(rf".*\?{HINT}", line)
        return Line("quoted", line.lstrip("> "), question_of(line)) if asks else Line("dropped", line)
    if len(re.findall(MARK, text)) == 1 and (box := re.fullmatch(rf"(?:[-*+•]\s)?({MARK})\s?(\S.*)", text)):
        return Line("tick", text, value=box[2], ticked=is_on(box[1]))
    underlined = re.fullmatch(r"-{3,}|={3,}", following) is not None and len(text) < 80
    if underlined or re.match(r"#{1,6}\s(?!of\b|[\w ]{1,30}:\s)", line):
        return Line("heading", text.lstrip("# "), question_of(line), sure=True)
    if re.fullmatch(r"\*\*[^*\n]{2,160}\*\*:?", line) and not text.endswith((".", "!", ",", ":")):
        return Line("heading", text, question_of(line))
    if " | " in line or line.startswith("|") or line.endswith(" |"):
        return Line("row", text)
    if same(rf"[_*(]{{0,2}}(?:{EXAMPLE}).{{1,160}}", text):
        return Line("hint", text)
    if re.match(FOOTER, text, re.IGNORECASE):
        return Line("footer", text)
    return _asked(text, bare) or labelled(text, bare.lstrip("*_#% ")) or Line("text", text)


def _asked(text: str, bare: str) -> Line | None:
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
    return Line(kind, text, question_of(match[1]), (match[2] or "").lstrip("-–—→>=: ").strip(), sure=example)


def labelled(text: str, bare: str) -> Line | None:
    dashed = re.fullmatch(r"\[([^\W\d_][^\]]{1,60})\]\s(\S.*)|([^\W\d_][\w' /]{1,60}?)\s(?:[-–—=]|[-=]>)\s(\S.*)", bare)
    if (
        dashed
        and re.search(FIELD, name := dashed[1] or dashed[3], re.IGNORECASE)
        and not re.search(OWN, name, re.IGNORECASE)
    ):
        return Line("dashed", text, question_of(name), dashed[2] or dashed[4])
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
        or same(NO_LABEL, question)
        or re.search(r"[!;]\s|\.\s+[A-ZÄÖÜÉ]", question)
    ):
        return None
    long = len(question.split()) > LONGEST_LABEL * (2 if asks else 1) or re.search(r",\s\w+\s\w+\s\w+\s", question)
    if match[2] is None and not re.search(FIELD, question, re.IGNORECASE):
        return None  # quay.io/lab:latest
    weak = (
        (not match[3] and not re.search(FIELD, question, re.IGNORECASE))
        or re.search(OWN, question, re.IGNORECASE)
        or same(WEAK_LABEL, question)
        or long
    )
    sure = re.search(HINTED, match[1], re.IGNORECASE) is not None
    return Line("weak" if weak else "label", text, question, (match[3] or "").strip(), sure=sure)
