"""What a community says about its event, read from the ticket, their replies and the issue; and what it leaves open.

A person's parameters win, then the newest reply, then the ticket, then what stands in the issue already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from deskbook.config.organization import Hub
from deskbook.language import dates as eventdates
from deskbook.language import hours as eventhours
from deskbook.language.attendees import TBD, UNKNOWN, attendees_in, counts_in, number_of
from deskbook.language.dates import Days, Span, days_in
from deskbook.language.hours import Hours, Window, hours_in
from deskbook.language.redaction import hushed
from deskbook.language.text import shorten, words_of
from deskbook.model.case import Case, mentions, representatives
from deskbook.tickets.classification import EVENT, PASSWORD

T = TypeVar("T")
LONGEST = 20_000  # characters of one message that are read for an event
FACTS = ("begin", "end", "active_hours", "timezone", "attendees", "hub_url", "hub_exists", "decommission", "due")

_NEW_HUB = re.compile(
    r"\b(?:new|own|separate|dedicated|temporary|extra|fresh) (?:\w+ )?hub\b|\b(?:create|set up|launch|make|spin up|deploy) (?:us )?a(?:nother)? (?:\w+ )?hub\b"
    r"|\b(?:no|not have an?|without an?) (?:existing |own )?hub\b",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"\b(?:keep|leave)(?: it| the hub| this hub)?(?: \w+){0,3} (?:after|running|up|afterwards)\b|\b(?:not|never|n't) (?:be )?(?:decommission|delete|tak\w+ down|remove)\w*",
    re.I,
)
_TAKE_DOWN = re.compile(
    r"\b(?:decommission\w*|t(?:ake|aken|ear|orn) (?:it |the hub |this hub )?down|shut (?:it |the hub )?down|temporary hub|delete (?:it|the hub)|remove (?:it|the hub))\b"
    r"|\bit (?:can|may|should|must) be (?:removed|deleted|shut down|taken down|torn down)\b|\bhub\b[^.\n]{0,30}\bonly for (?:the|this) (?:event|workshop|course|week)",
    re.IGNORECASE,
)
_LABEL_HUB = re.compile(
    r"^\s{0,3}(?:hub(?: url| address)?|url of the hub)\s?[:=]\s?(?P<value>\S[^\n]{0,120})", re.IGNORECASE | re.MULTILINE
)
_CALLED = re.compile(
    r"(?!.*pass)[\w.-]{2,100}(?: [\w-]{2,30}){0,2}", re.IGNORECASE
)  # an address, or a name of few words
_WHICH_DAY = "By which day must the shared password be changed?"
_EXAM = re.compile(r"\b(?:exams?|examinations?|midterms?|mid-term|finals)\b", re.IGNORECASE)
_NO_EXAM = re.compile(r"\bfor exam(?:ple)?\b", re.IGNORECASE)
_HOLDS = re.compile(
    r"\b(?:we|i)\b(?:['’]\w{1,2}| are| will| shall| plan to| want to| would like to| am)?(?: \w+){0,2} (?:run|running|hold|holding|teach|teaching|host|hosting|organi[sz]e|organi[sz]ing|plan|planning)\b",
    re.IGNORECASE,
)
# Wishes beside a shared password, and a password that is changed when the event is over.
_MORE = re.compile(
    r"\b(?:clear|clean|wipe|empty|delete|remove|reset|restart|update|install|increase|raise|add)\b(?:(?!password)[^.\n]){0,40}"
    r"\b(?:hubs?|home director(?:y|ies)|homes|files|data|images?|packages?|memory|storage|users|nodes)\b(?! password)",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"\bpassword\b[^.\n]{0,60}\b(?:after (?:the|our|this) (?:\w+ )?(?:workshop|event|course|class|school|hackathon|exam|training)|afterwards|once (?:it|the \w+) is over)\b",
    re.IGNORECASE,
)
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Fact:
    """A value and where it was read; both are ours to show, since neither holds more of a ticket than the value."""

    value: str
    where: str


@dataclass(frozen=True)
class Event:
    """What is known of an event. `missing` are questions to the community, `told` what was concluded from their words."""

    facts: Mapping[str, Fact]
    spans: tuple[Span, ...] = ()
    windows: tuple[Window, ...] = ()
    hub: Hub | None = None
    ready: date | None = None  # the day on which they want it to be ready
    due: date | None = None  # of the shared password
    exam: bool = False
    password: bool = False
    password_only: bool = False
    missing: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    look: tuple[str, ...] = ()  # what a person must look at

    def value(self, name: str) -> str:
        return self.facts[name].value if name in self.facts else ""

    @property
    def begin(self) -> date | None:
        return self.spans[0].begin if self.spans else None

    @property
    def end(self) -> date | None:
        return self.spans[-1].end if self.spans else None

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(day for span in self.spans for day in span.days())


@dataclass(frozen=True)
class Source:
    where: str
    text: str
    is_ticket: bool = True


def sources(case: Case) -> tuple[Source, ...]:
    """What the community wrote, newest first: replies of who asked or represents it, then the ticket itself."""
    community = case.community(case.ticket.community)
    people = {r.contact.id for r in representatives(community) if r.contact} if community else set()
    found = [Source("the ticket", case.own_words[:LONGEST])]
    for entry in case.replies():
        if entry.author in people | {case.requester.id}:
            text = words_of(entry.body, quotes=False)[:LONGEST]
            found.append(Source(f"their reply of {entry.at.day} {entry.at:%B}", text, is_ticket=False))
    return tuple(reversed(found))


def read(case: Case, given: Mapping[str, str], issue: Mapping[str, str] | None = None) -> Event:
    """The event of a ticket. `given` are parameters that a person set, `issue` the answers in its issue."""
    said, known, look = sources(case), issue or {}, list[str]()
    asked = case.ticket.created.astimezone(ZoneInfo(case.organization.clock.zone)).date()
    text = "\n".join(source.text for source in reversed(said))
    facts: dict[str, Fact] = {}
    days, spans = _spans(said, given, known, asked, facts, look)
    windows, zone_told = _windows(said, given, known, facts)
    _attendees(said, given, known, facts, look)
    hub, hub_question = _hub(case, said, given, known, facts, text)
    password = (
        PASSWORD.search(text) is not None
        if not given.get("shared_password_change")
        else given["shared_password_change"] == YES
    )
    only = password and _only_password(case, text, given, facts)
    if password:
        facts["shared_password_change"] = Fact(
            YES, "you say so" if given.get("shared_password_change") else "they ask for it"
        )
    due = _due(given, days, spans, text, only, facts, look) if password else None
    if only:
        spans, windows = (), ()
        facts = {n: f for n, f in facts.items() if n in ("hub_url", "hub_exists", "due", "shared_password_change")}
        missing = [
            *([] if due else [_WHICH_DAY]),
            *([hub_question] if hub_question else []),
        ]
        return Event(
            facts,
            hub=hub,
            due=due,
            password=True,
            password_only=True,
            missing=tuple(missing),
            told=days.told,
            look=tuple(look),
        )
    _decommission(text, given, known, facts)
    missing = [*_open_days(days, spans, given), *_open_hours(windows, facts)]
    if "attendees" not in facts:
        missing.append("How many people will take part? A range is fine.")
    if hub_question:
        missing.append(hub_question)
    if password and spans and not due:
        missing.append(_WHICH_DAY)
    if given.get("due") and not password:
        look.append("due is the day of a shared password, and nobody asks for one: say shared_password_change=yes.")
    if password and (more := _MORE.search(text)):
        look.append(f"It asks for more than a password: '{shorten(hushed(more[0], text))}'. Say it in the issue.")
    if facts.get("hub_exists", Fact("", "")).value == NO and "decommission" not in facts:
        missing.append("Should the new hub be taken down after the event?")
    if len(spans) > 1:
        look.append(
            f"It speaks of {len(spans)} separate events: {eventdates.spelled(spans)}. One issue lists them all. "
            "If they are prepared apart, open an issue for each of the others; if they are one, say begin and end."
        )
    ready = days.due.begin if days.due and spans and days.due.begin <= spans[0].begin else None
    exam = _NO_EXAM.sub(" ", text)
    return Event(
        facts=facts, spans=spans, windows=windows, hub=hub, ready=ready, due=due, exam=_EXAM.search(exam) is not None,
        password=password, missing=tuple(dict.fromkeys(missing)), told=tuple(dict.fromkeys([*days.told, *zone_told])), look=tuple(look),
    )  # fmt: skip


# The fields, one by one.


def _first(said: Iterable[Source], look: Callable[[Source], T], good: Callable[[T], bool]) -> tuple[Source, T] | None:
    return next(((source, found) for source in said if good(found := look(source))), None)


def _spans(
    said: Sequence[Source],
    given: Mapping[str, str],
    known: Mapping[str, str],
    asked: date,
    facts: dict[str, Fact],
    look: list[str],
) -> tuple[Days, tuple[Span, ...]]:
    readings = [(source, days_in(source.text, asked, soon=source.is_ticket)) for source in said]
    telling = [(source, days) for source, days in readings if days.spans or days.doubts]
    source, days = telling[0] if telling else (said[-1], readings[-1][1])
    spans = days.spans
    if len(spans) == 1 and len(telling) > 1 and spans[0].begin == spans[0].end and not telling[1][1].spans:
        spans = eventdates.settled(telling[1][0].text, asked, spans[0].begin) or spans  # it begins on 3 April
    due = next((d.due for _, d in readings if d.due), None)
    days = Days(spans, due, days.doubts, days.told)
    earlier = next((d.spans for s, d in telling[1:] if d.spans), ())
    if spans and earlier and [(s.begin, s.end) for s in spans] != [(s.begin, s.end) for s in earlier]:
        look.append(
            f"The dates moved: {source.where} says {eventdates.spelled(spans)}, before it was {eventdates.spelled(earlier)}."
        )
    where = f"{source.where}: '{shorten(', '.join(s.words for s in spans), 80)}'" if spans else ""
    if not spans and not days.doubts and known.get("begin"):
        spans, where = _of_issue(known, asked), "the issue"
    if given.get("begin") or given.get("end"):
        begin = date.fromisoformat(given["begin"]) if given.get("begin") else spans[0].begin if spans else None
        end = date.fromisoformat(given["end"]) if given.get("end") else spans[-1].end if spans else None
        days = Days(spans, days.due, (), ())
        spans = (Span(begin, end, "parameter"),) if begin and end and begin <= end else ()
        for name, day in (("begin", begin), ("end", end)):
            if day:
                facts[name] = Fact(day.isoformat(), "you say so" if given.get(name) else where)
        return days, spans
    if spans:
        facts["begin"] = Fact("; ".join(s.begin.isoformat() for s in spans), where)
        facts["end"] = Fact("; ".join(s.end.isoformat() for s in spans), where)
    return days, spans


def _of_issue(known: Mapping[str, str], asked: date) -> tuple[Span, ...]:
    pairs = zip(known["begin"].split(";"), (known.get("end") or known["begin"]).split(";"), strict=False)
    found = [(eventdates.day_of(one, asked), eventdates.day_of(two, asked)) for one, two in pairs]
    return tuple(Span(one.begin, two.end, "issue") for one, two in found if one and two and one.begin <= two.end)


def _windows(
    said: Sequence[Source], given: Mapping[str, str], known: Mapping[str, str], facts: dict[str, Fact]
) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    own = Source("you say so", f"hours: {given['active_hours']}") if given.get("active_hours") else None
    there = Source("the issue", f"hours: {known['active_hours']}") if known.get("active_hours") else None
    every = [s for s in (own, *said, there) if s]
    found = _first(every, lambda s: hours_in(s.text), lambda h: bool(h.windows))
    zoned = _first(every, lambda s: hours_in(s.text), lambda h: bool(h.zone))
    hours: Hours = found[1] if found else Hours()
    zone = given.get("timezone") or (zoned[1].zone if zoned else "")
    windows = tuple(Window(w.begin, w.end, given.get("timezone") or w.zone or zone) for w in hours.windows)
    if found:
        where = found[0].where if found[0] is own else f"{found[0].where}: '{shorten(hours.words, 60)}'"
        facts["active_hours"] = Fact(eventhours.spelled(windows), where)
    if zone or (windows and windows[0].zone):
        where = "you say so" if given.get("timezone") else zoned[0].where if zoned else ""
        facts["timezone"] = Fact(", ".join(dict.fromkeys(w.zone for w in windows if w.zone)) or zone, where)
    return windows, hours.told


def _attendees(
    said: Sequence[Source],
    given: Mapping[str, str],
    known: Mapping[str, str],
    facts: dict[str, Fact],
    look: list[str],
) -> None:
    if given.get("attendees"):
        facts["attendees"] = Fact(given["attendees"], "you say so")
        return
    found = _first(said, lambda s: attendees_in(s.text), lambda value: bool(value) and value != TBD)
    found = found or _first(said, lambda s: attendees_in(s.text), bool)
    if found and found[1] != TBD:
        facts["attendees"] = Fact(found[1], found[0].where)
        others = [count for count in counts_in(found[0].text) if count != found[1]]
        if others:
            look.append(f"It names more than one number of people: {', '.join([found[1], *others])}. Say attendees.")
    elif value := number_of(known.get("attendees", "")):
        facts["attendees"] = Fact(value, "the issue")
    elif found:
        facts["attendees"] = Fact(TBD, f"{found[0].where}: they do not know yet")


def _hub(
    case: Case,
    said: Sequence[Source],
    given: Mapping[str, str],
    known: Mapping[str, str],
    facts: dict[str, Fact],
    text: str,
) -> tuple[Hub | None, str]:
    """The hub, where one of ours is meant, and the question where nothing says which."""
    hubs, exists = case.organization.hubs, given.get("hub_exists") or ""
    hub, where, written = None, "", ""
    if given.get("hub_url"):
        hub, where, written = _hub_called(hubs, given["hub_url"]), "you say so", given["hub_url"]
    else:
        named = next((found for s in said[:-1] if (found := _named(hubs, s.text))), ()) or case.hubs_named()
        hub, where = (named[0], "its address is on the ticket") if len(named) == 1 else (None, "")
        label = next((m["value"].strip() for s in said for m in _LABEL_HUB.finditer(s.text)), "")
        if label != hushed(label, text) or not _CALLED.fullmatch(_host(label)) or UNKNOWN.match(label):
            label = ""
        if hub is None and not named and label:
            hub, where, written = _hub_called(hubs, label), "the ticket", _host(label)
        if hub is None and not written and not named and known.get("hub_url"):
            hub, where, written = _hub_called(hubs, known["hub_url"]), "the issue", known["hub_url"]
        if len(named) > 1:
            return None, f"Which hub is it for: {' or '.join(h.host for h in named[:4])}?"
        new = _NEW_HUB.search(text) is not None or exists == NO
        if hub is None and not written and not new:
            hub, where = _own_hub(case, text)
    address = f"https://{hub.host}" if hub else written
    if address:
        facts["hub_url"] = Fact(address, where)
    if not exists and hub is None:
        exists = NO if _NEW_HUB.search(text) else {"Yes": YES, "No": NO}.get(known.get("hub_exists", ""), "")
        where = "they ask for a new one" if exists else where
    if exists or hub:
        facts["hub_exists"] = Fact(
            exists or YES, "you say so" if given.get("hub_exists") else where if exists else "it is one of ours"
        )
    if address and not (exists or hub):
        own = " or ".join(h.host for h in _own_hubs(case)[:4])
        if own and "." not in address:  # a name that they have for it
            return None, f"Do you call {own} '{address}', or is that a new hub that we should make?"
        return None, f"Does the hub {address} exist already, or should we make it?"
    if not address and exists != NO:
        return None, "Which hub will you use? Its address, please, or tell us that you need a new one."
    return hub, ""


def _named(hubs: Sequence[Hub], text: str) -> tuple[Hub, ...]:
    return tuple(hub for hub in hubs if mentions(text, hub.host))


def _hub_called(hubs: Sequence[Hub], text: str) -> Hub | None:
    """The hub with that address, name or title."""
    host = _host(text)
    names = {hub.name: (hub.host, hub.name.lower(), hub.title.lower(), hub.host.split(".")[0]) for hub in hubs}
    exact = [hub for hub in hubs if host.lower() in names[hub.name]]
    return exact[0] if len(exact) == 1 else None


def _host(text: str) -> str:
    """The host of an address; any other text as it is, on one line."""
    match = re.match(r"\s{0,5}(?:https?://)?([a-z0-9][a-z0-9.-]{0,200})(?:[/?#\s]|$)", text, re.IGNORECASE)
    return match[1].lower().rstrip(".").removeprefix("www.") if match and "." in match[1] else shorten(text, 60)


def _own_hubs(case: Case) -> list[Hub]:
    community = case.community(case.ticket.community)
    return [
        h for h in case.organization.hubs if community and h.community == community.name and "staging" not in h.name
    ]


def _own_hub(case: Case, text: str) -> tuple[Hub | None, str]:
    """The one hub whose title they name, else the only one of their community."""
    own = _own_hubs(case)
    titled = [h for h in own if re.search(rf"\b{re.escape(h.title)}\b", text, re.IGNORECASE)]
    longest = [h for h in titled if len(h.title) == max(len(t.title) for t in titled)]
    if len(longest) == 1 and len(own) > 1:
        return longest[0], "the ticket names it"
    return (own[0], f"the only hub of {own[0].community}") if len(own) == 1 else (None, "")


def _only_password(case: Case, text: str, given: Mapping[str, str], facts: Mapping[str, Fact]) -> bool:
    """Whether nothing but a shared password is asked for: no event's facts, and nobody says that they hold one."""
    if any(given.get(name) for name in ("begin", "end", "active_hours", "attendees", "hub_exists", "decommission")):
        return False
    about = EVENT.search(case.ticket.subject) and "password" not in case.ticket.subject.lower()
    return not (about or "active_hours" in facts or "attendees" in facts or _HOLDS.search(text) or _MORE.search(text))


def _due(
    given: Mapping[str, str],
    days: Days,
    spans: tuple[Span, ...],
    text: str,
    only: bool,
    facts: dict[str, Fact],
    look: list[str],
) -> date | None:
    """The day by which the shared password is changed: before the event."""
    begin = spans[0].begin if spans else None
    day, where = (date.fromisoformat(given["due"]), "you say so") if given.get("due") else (None, "")
    if day and begin and day >= begin and not only:
        look.append(f"due={day} is not before the event, which begins on {begin}. The day before it stands instead.")
        day = None
    if day is None and _AFTERWARDS.search(text):
        return None
    if day is None and only and days.due:
        early = re.search(
            rf"\b(?:before|prior to)\b[^.\n]{{0,12}}{re.escape(days.due.words[:40])}", text, re.IGNORECASE
        )
        day, where = days.due.begin - timedelta(days=early is not None), f"the ticket: '{days.due.words}'"
    if day is None and begin:
        before = not only or EVENT.search(text) is not None
        day, where = (
            begin - timedelta(days=before),
            "the day before it begins" if before else f"the ticket: '{spans[0].words}'",
        )
    if day:
        facts["due"] = Fact(day.isoformat(), where)
    return day


def _decommission(text: str, given: Mapping[str, str], known: Mapping[str, str], facts: dict[str, Fact]) -> None:
    if given.get("decommission"):
        facts["decommission"] = Fact(given["decommission"], "you say so")
    elif _KEEP.search(text):
        facts["decommission"] = Fact(NO, "they want to keep it")
    elif _TAKE_DOWN.search(text):
        facts["decommission"] = Fact(YES, "they say so")
    elif known.get("decommission") in ("Yes", "No"):
        facts["decommission"] = Fact(known["decommission"].lower(), "the issue")
    elif facts.get("hub_exists", Fact("", "")).value == YES:
        facts["decommission"] = Fact(NO, "the hub was there before")


def _open_days(days: Days, spans: tuple[Span, ...], given: Mapping[str, str]) -> list[str]:
    if given.get("begin") and not spans:
        return ["Which is the last day of the event?"]
    if given.get("end") and not spans:
        return ["Which is the first day of the event?"]
    return list(days.doubts) or (
        [] if spans else ["On which days is the event? The first and the last, please, with the year."]
    )


def _open_hours(windows: tuple[Window, ...], facts: Mapping[str, Fact]) -> list[str]:
    if not windows:
        zone = "" if "timezone" in facts else ", and in which time zone"
        return [f"From when to when do people work on the hub each day{zone}?"]
    return [] if all(w.zone for w in windows) else ["In which time zone are these hours?"]
