"""What kind of request a ticket is, how grave, and what it leaves out: advice from its words, each with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from deskbook.config.organization import Category
from deskbook.language.redaction import hushed
from deskbook.model.case import Case, Page, Probe, mentions

IMPACTS = ("Low", "Medium", "High", "Critical")

_ENTER = r"(?:log(?:ged)? ?in|sign(?:ed)? ?in|connect|access|reach|open|start|get in|get on|use|work|spawn)"
_CANNOT = r"(?:cannot|can't|can’t|can not|could not|couldn't|couldn’t|unable to|not able to)"
_HUB = r"(?:hubs?|servers?|jupyterhub|site|service|login page)"
OUTAGE = re.compile(
    rf"\b{_HUB}\b[^.\n]{{0,40}}\b(?:is|are|seems?|went|been|goes|appears?)(?: to be)?(?: all| completely| totally| again| still)? (?:down|offline|dead)\b"
    r"|\b(?:hubs?|jupyterhub) (?:is )?down\b|\bunreachable\b|\b(?:nobody|no one|none of us|none of (?:the|our|my) \w+) (?:can|could|is able to|gets to) "
    rf"{_ENTER}\b|\b(?:everyone|everybody) (?:is (?:locked out|unable|affected|stuck|blocked|kicked out)|gets? (?:an? |the |this )?(?:\w+ )?error|sees (?:an? |the )?(?:\w+ )?error|{_CANNOT})"
    rf"|\b{_CANNOT} (?:log ?in|sign ?in|connect|access|reach|open)(?: in)?(?: to| into| on)?(?: the| our| my)? (?:\w+ )?{_HUB}\b"
    r"|\boutages?\b(?! (?:last|yesterday))|\b(?:error|http|status|code|a|an|get|gets|getting|got|see|seeing|sees|(?:gives?|gave)(?: us| me)?|throws?|returns?|answers?|shows?|with) ?:? ?(?:error |code |http )?50[234]\b"
    r"|\b50[0234][ :-]{1,3}(?:error|errors|internal|bad gateway|service unavailable|gateway)\b|\b(?:error|http|status|code|http error|status code) ?:? ?500\b"
    r"|\bservers? (?:do(?:es)?|will|would|did) ?(?:not|n't|n’t) start\b|\bservers? (?:won't|won’t|don't|don’t|doesn't|doesn’t) start\b|\bwon['’]?t (?:load|start) for (?:any|every|us|all|my|our)",
    re.IGNORECASE,
)
BROKEN = re.compile(
    rf"\b(?:errors?|\w*Error|exception|traceback|fail(?:s|ed|ing|ure|ures)?|broken|crash(?:es|ed|ing)?|dies|stopped (?:working|responding)|not work(?:ing)?|not respond(?:ing)?"
    r"|(?:doesn'?t|doesn’t|don'?t|don’t|didn'?t) work|no longer (?:works?|opens?|starts?|loads?)|no space left|hangs?(?! on\b)|freez(?:es|ing)|frozen|stuck|timed? ?out|times out|killed|denied|forbidden"
    rf"|(?:very|too|extremely|so|really|unusably) slow|{_CANNOT} (?:\w+ )?(?:log ?in|sign ?in|connect|access|reach|open|start|save|import|load|run|spawn|write|upload|push|pull|see any))\b",
    re.IGNORECASE,
)
# Words that speak of errors where nothing is broken.
HARMLESS = re.compile(
    r"\btrial and error\b|\bmargins? of error\b|\berror bars?\b|\b(?:standard|mean|root mean square|squared?) errors?\b|\berror (?:handling|propagation|estimates?)\b"
    r"|\b(?:no|without|without any) (?:more )?(?:errors?|failures?|problems?)\b|\bfail-?safe\b|\bif (?:something|anything|it) (?:fails|breaks|crashes)\b"
    r"|\b(?:outage|failure|crash) (?:report|last|of last|yesterday)\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://[^\s<>]+|\b[\w-]+(?:\.[\w-]+){2,}\b", re.IGNORECASE)
EVENT = re.compile(
    r"\b(?:workshops?|hackathon|hack ?week|bootcamp|(?:summer|winter|spring|field) school|short course|training (?:event|day|week)"
    r"|tutorial (?:day|session|at)|codefest|datathon|hands-on session|exams?)\b",
    re.IGNORECASE,
)
PAST_EVENT = re.compile(
    r"\b(?:last|past|previous|recent|after|since|attended|during|at) (?:\w+ ){0,4}(?:workshop|hackathon|hack ?week|bootcamp|school|course|tutorial|exam)\b"
    r"|\b(?:workshop|hackathon|bootcamp|school|exam)\b[^.\n]{0,30}\b(?:was|went|last (?:week|month|year)|is over)\b",
    re.IGNORECASE,
)
# A password that many share, not somebody's own.
PASSWORD = re.compile(
    r"\b(?:change|reset|rotate|set|update|renew|replace)\b(?![^.\n]{0,40}\b(?:my|his|her|their|your|own|personal|ssh|git\w*|user'?s)\b)[^.\n]{0,40}\bpassword\b"
    r"|\b(?:shared|workshop|hub) password\b[^.]{0,80}?\b(?:(?:change|reset|rotate|set|update|renew|replace) it\b|(?:be|needs?|being|is to be|get) (?:changed|changing|reset|rotated|updated|renewed|replaced)\b)"
    r"|\bshared account\b[^.\n]{0,60}\b(?:new|different|another) password\b|\b(?:new|different)\b[^.\n]{0,20}\bshared password\b|\bpassword (?:change|reset|rotation) (?:for|of|on) (?:the |our )?(?:\w+ ){0,3}hub\b",
    re.IGNORECASE,
)
PLANNING = re.compile(
    r"\b(?:will|plan(?:ning|s|ned)?|run(?:ning)?|host(?:ing)?|hold(?:ing)?|organi[sz](?:e|ing)|teach(?:ing)?|upcoming|next|coming|prepar\w+|set ?up|ready|dates?"
    r"|(?:in|on|from|starting|begin\w*) (?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)\w*|\d{4}-\d\d-\d\d|\d{1,2}(?:st|nd|rd|th)?[ -](?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*)\b",
    re.IGNORECASE,
)
EVENT_FACTS = re.compile(r"\b(?:attendees?|participants?|students?|people|learners|registrants?)\b", re.IGNORECASE)
CHANGE = re.compile(
    r"\b(?:install|add|upgrade|update (?:the|our|to|it|your|\w+ to)\b|enable|increase|raise|larger|bigger|more (?:memory|ram|cpu|storage|disk)|gpus?|new (?:image|profile|package|environment|user|hub)"
    r"|remove|rename|grant (?:\w+ ){0,3}(?:access|rights?|permissions?|admin)|give (?:\w+ ){0,3}access|could we (?:have|get)|we would like|would it be possible|please change)\b",
    re.IGNORECASE,
)
GUIDANCE = re.compile(
    r"\bhow (?:do|does|can|could|should|would|to)\b|\bwhere (?:do|can|is|are)\b|\bwhat (?:is|are|does|would)\b|\bis (?:it|there)\b[^.\n]{0,80}\?"
    r"|\bwhich\b[^.\n]{0,80}\?|\badvice\b|\brecommend|\bdocument(?:ation|ed)\b|\bbest practice|\bquestion\b|\bwhat\b[^.\n]{0,60}\bmeans?\b"
    r"|\bdo(?:es)? (?:it|this|that) mean\b|\bdo (?:i|we) (?:have|need) to\b|\b(?:is|are) (?:our|my|the|this)\b[^.\n]{0,60}\?",
    re.IGNORECASE,
)
MANY = re.compile(
    r"\b(?:everyone|everybody|nobody|no one|none of us|all (?:of us|users|students)|(?:whole|entire|my|our|the) (?:class|group|team)|students|several (?:people|users|of us))\b",
    re.I,
)
GRAVE = re.compile(
    r"\bimage reference|\bImagePullBackOff\b|\bErrImagePull\b|\bprofiles? (?:list|missing|gone)|\bstorage (?:limit|quota)|\b(?:grafana|prometheus)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Kind:
    """A category of ours, or None where the words do not say; with the reason."""

    category: Category | None
    because: str


def reports_outage(case: Case) -> bool:
    return OUTAGE.search(_sober(case.own_words)) is not None


def kind_of(case: Case) -> Kind:
    """What the ticket asks for. Signs of two kinds at once are no answer: a person reads it."""
    kind = _kind(case)
    return replace(kind, because=hushed(kind.because, case.own_words))


def _kind(case: Case) -> Kind:
    words, subject = _sober(case.own_words), case.ticket.subject
    outage, error = OUTAGE.search(words), BROKEN.search(words)
    event, question, wish = _event(words, subject), GUIDANCE.search(words), CHANGE.search(words)
    if outage:
        return Kind("broken", f"it speaks of '{outage[0]}'")
    if event and error:
        if EVENT.search(subject):
            return Kind(None, f"it speaks of '{event[0]}' and of '{error[0]}'")
        return Kind("broken", f"it speaks of '{error[0]}'")
    if error:
        asks = (
            question and "?" in words and re.match(r"(?:how|what|which|where|is there)\b", question[0], re.IGNORECASE)
        )
        if asks and not BROKEN.search(subject) and not re.search(r"Traceback|\w+Error\b|error:", words):
            return Kind(None, f"it asks '{asks[0]}' and speaks of '{error[0]}'")
        return Kind("broken", f"it speaks of '{error[0]}'")
    if event:
        return _event_kind(event, words, subject)
    if question and (not wish or question.start() < wish.start()) and "?" in words:
        return Kind("guidance", f"it asks '{question[0]}'")
    if wish:
        return Kind("change", f"it asks to '{wish[0]}'")
    return Kind("guidance", f"it asks '{question[0]}'") if question else Kind(None, "its words do not say")


def _event_kind(event: re.Match[str], words: str, subject: str) -> Kind:
    """A workshop where a coming event, or only a shared password, is asked for; else nothing, for it may be about one."""
    because = f"it speaks of '{event[0]}'"
    if PASSWORD.search(words):
        asks = re.search(r"\bhow (?:do|can|could|should|would)\b", words, re.IGNORECASE)
        return Kind(None if asks else "workshop", because)
    told = EVENT.search(subject) or EVENT_FACTS.search(words)
    if told and PLANNING.search(words) and not PAST_EVENT.search(words):
        asks = re.search(r"\bhow (?:do|can|could|should|would) (?:i|we)\b", words, re.IGNORECASE)
        return Kind(None if asks and not EVENT.search(subject) else "workshop", because)
    return Kind(None, because)


def _event(words: str, subject: str) -> re.Match[str] | None:
    return EVENT.search(subject) or EVENT.search(words) or PASSWORD.search(words)


def _sober(words: str) -> str:
    """The words without phrases that mislead; an address is a hub, whatever words it is made of."""
    return HARMLESS.sub(" ", ADDRESS.sub(" the hub ", words))


def impact_of(case: Case, category: Category | None) -> tuple[str, str]:
    """A first view of the impact and why; one of `IMPACTS`."""
    words = case.own_words
    if grave := GRAVE.search(words):
        if category == "broken":
            return "Critical", f"'{grave[0]}' needs a fix inside the sprint"
        if category == "change":
            return "Medium", f"it touches '{grave[0]}'"
    if category in ("broken", "incident"):
        many = MANY.search(words)
        return ("High", f"it affects several ('{many[0]}')") if many else ("Medium", "one workflow is broken")
    return "Low", "nothing is broken"


def pages_about(case: Case) -> tuple[Page, ...]:
    """Open pages that speak of a hub of this ticket."""
    hubs = [probe.hub for probe in case.probes]
    return tuple(p for p in case.pages if any(mentions(p.about, h.host) or mentions(p.about, h.name) for h in hubs))


def hubs_down(case: Case) -> tuple[Probe, ...]:
    return tuple(probe for probe in case.probes if probe.up is False)


def missing(case: Case, category: Category | None) -> tuple[str, ...]:
    """The questions to ask, in the words of the mail; none where the ticket says enough."""
    words = case.own_words
    questions = []
    if category in ("broken", "incident") and not case.hubs_named() and len(case.probes) != 1:
        questions.append("Which hub is it? Its address, please.")
    if (
        category == "broken"
        and not re.search(r"Traceback|Error\b|error:|\b50[0-9]\b", words)
        and len(words.split()) < 60
        and not hubs_down(case)
    ):
        questions.append("What exactly did you do, and which message did you see? The full text helps most.")
    if category == "broken" and reports_outage(case) and case.probes and not hubs_down(case):
        questions.append("We can reach the hub at the moment. Does it still fail, for whom, and since when?")
    if category == "change" and len(words.split()) < 12:
        questions.append("What should be different, and by when do you need it?")
    return tuple(questions)
