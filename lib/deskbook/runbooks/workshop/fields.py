"""Reads the days, the hours and the number of people of an event: a form's answer first, then what is written freely."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from deskbook.language import dates as eventdates
from deskbook.language import hours as eventhours
from deskbook.language.attendee_doubts import in_groups, total_in
from deskbook.language.attendees import TBD, attendees_in, counts_in, number_of
from deskbook.language.beside_people import sums_up
from deskbook.language.dates import Days, Span, days_in
from deskbook.language.hours import Hours, Window, hours_in, without_hours
from deskbook.language.number_words import in_digits
from deskbook.language.other_numbers import may_count_people
from deskbook.language.text import sentence, shorten
from deskbook.language.unexplained_days import open_hours, unexplained
from deskbook.language.unsettled_days import unsettled
from deskbook.runbooks.workshop.facts import Fact, Notes
from deskbook.runbooks.workshop.sources import YOU, Said, Source

T = TypeVar("T")


def days(said: Said, notes: Notes) -> Days:
    """The event's days, with the day on which it must be ready; asks where they are not plain."""
    found = _days(said, notes)
    spans = found.spans
    if said.given.get("begin") and not spans:
        notes.ask("days", "Which is the last day of the event?")
    elif said.given.get("end") and not spans:
        notes.ask("days", "Which is the first day of the event?")
    elif found.doubts:
        notes.ask("days", *found.doubts)
    elif not spans:
        notes.ask("days", "On which days is the event? The first and the last, please, with the year.")
    return found


def apart(days: Days, notes: Notes) -> None:
    """Several separate stretches are put before a person; where they are no list, it is a question what each is."""
    if len(days.spans) > 1:
        notes.look(
            "apart" if days.listed else "days",
            f"It speaks of {len(days.spans)} separate events: {eventdates.spelled(days.spans)}. One issue lists them all. "
            "If they are prepared apart, open an issue for each of the others; if they are one, say begin and end.",
        )


def _days(said: Said, notes: Notes) -> Days:
    readings = [(source, _days_of(source, said.asked)) for source in said.sources]
    telling = [(source, found) for source, found in readings if found.spans or found.doubts]
    source, found = telling[0] if telling else readings[-1]
    spans = found.spans
    if len(spans) == 1 and len(telling) > 1 and spans[0].begin == spans[0].end and not telling[1][1].spans:
        spans = eventdates.settled(telling[1][0].text, said.asked, spans[0].begin) or spans  # it begins on 3 April
    due = next((d.due for _, d in readings if d.due), None)
    earlier = next((d.spans for _, d in telling[1:] if d.spans), ())
    if spans and earlier and [(s.begin, s.end) for s in spans] != [(s.begin, s.end) for s in earlier]:
        now, before = eventdates.spelled(spans), eventdates.spelled(earlier)
        notes.look("moved", f"The dates moved: {source.where} says {now}, before it was {before}.")
    where = f"{source.where}: '{shorten(', '.join(s.words for s in spans), 80)}'" if spans else ""
    if not spans and not found.doubts and said.known.get("begin"):
        spans, where = _of_issue(said.known, said.asked), "the issue"
    if said.given.get("begin") or said.given.get("end"):
        begin = (
            date.fromisoformat(said.given["begin"]) if said.given.get("begin") else spans[0].begin if spans else None
        )
        end = date.fromisoformat(said.given["end"]) if said.given.get("end") else spans[-1].end if spans else None
        for name, day in (("begin", begin), ("end", end)):
            if day:
                notes.facts[name] = Fact(day.isoformat(), YOU if said.given.get(name) else where)
        return Days((Span(begin, end, "parameter"),) if begin and end and begin <= end else (), due)
    doubts = found.doubts
    if (
        found.spans
        and not doubts
        and (words := unsettled(source.text, spans) or unexplained(source.text, spans, said.asked))
    ):
        doubts = (f"You wrote '{words}'. On which days exactly is the event, from the first to the last?",)
    if spans:
        notes.facts["begin"] = Fact("; ".join(s.begin.isoformat() for s in spans), where)
        notes.facts["end"] = Fact("; ".join(s.end.isoformat() for s in spans), where)
    return Days(spans, due, doubts, found.told, found.listed)


def _days_of(source: Source, asked: date) -> Days:
    """The days that a form's answers name; where it asks for none, or the answer names none, those of the whole text."""
    own = source.told("begin", "end", "dates")
    found = days_in(own, asked, soon=source.is_ticket) if own else Days()
    whole = days_in(source.text, asked, soon=source.is_ticket)
    if not (found.spans or found.doubts):
        return whole
    if found.spans and [(s.begin, s.end) for s in whole.spans] != [(s.begin, s.end) for s in found.spans]:
        both = " and ".join(eventdates.spelled(spans) for spans in (found.spans, whole.spans) if spans)
        found = replace(
            found, doubts=(*found.doubts, f"Your form and the rest name {both}. Which days is the event on?")
        )
    return replace(found, due=found.due or whole.due)


def _of_issue(known: Mapping[str, str], asked: date) -> tuple[Span, ...]:
    pairs = zip(known["begin"].split(";"), (known.get("end") or known["begin"]).split(";"), strict=False)
    found = [(eventdates.day_of(one, asked), eventdates.day_of(two, asked)) for one, two in pairs]
    return tuple(Span(one.begin, two.end, "issue") for one, two in found if one and two and one.begin <= two.end)


def _texts(said: Said, *names: str) -> Iterator[tuple[str, str]]:
    """Where to read a field, in the order in which it counts, with the text of each place."""
    for source in said.sources:
        for text in (source.told(*names), source.text):
            if text:
                yield source.where, text


def _first(places: Iterator[tuple[str, str]], look: Callable[[str], T]) -> tuple[str, str, T] | None:
    found = ((where, text, look(text)) for where, text in places)
    return next(((where, text, value) for where, text, value in found if value), None)


def hours(said: Said, notes: Notes) -> tuple[Window, ...]:
    """The hours of each day, with their time zone; asks for what is not said."""
    own = [(YOU, f"hours: {said.given['active_hours']}")] if said.given.get("active_hours") else []
    there = [("the issue", f"hours: {said.known['active_hours']}")] if said.known.get("active_hours") else []
    places = [*own, *_texts(said, "active_hours", "timezone"), *there]
    found = _first(iter(places), lambda text: hours_in(text) if hours_in(text).windows else None)
    zoned = _first(iter(places), lambda text: hours_in(text).zone)
    where, read = (found[0], found[2]) if found else ("", None)
    stands: Hours = read or Hours()
    zone = said.given.get("timezone") or (zoned[2] if zoned else "")
    windows = tuple(Window(w.begin, w.end, said.given.get("timezone") or w.zone or zone) for w in stands.windows)
    if windows:
        place = YOU if where == YOU else f"{where}: '{shorten(stands.words, 60)}'"
        notes.facts["active_hours"] = Fact(eventhours.spelled(windows), place)
    if zone or (windows and windows[0].zone):
        place = YOU if said.given.get("timezone") else zoned[0] if zoned else ""
        notes.facts["timezone"] = Fact(", ".join(dict.fromkeys(w.zone for w in windows if w.zone)) or zone, place)
    notes.told += stands.told
    for guess in stands.told:
        notes.look("active_hours", f"{sentence(guess)}. Say active_hours and timezone if that is wrong.")
    for long in (w for w in windows if w.begin != w.end and (w.end.hour - w.begin.hour) % 24 > 12 and where != YOU):
        notes.look("active_hours", f"The hours {long.clock} are long. Say active_hours if they are others.")
    whole = next((source.text for source in said.sources if source.where == where), "")
    if whole and (other := eventhours.other_hours(whole, windows) or eventhours.unexplained_hours(whole)):
        notes.look(
            "active_hours",
            f"It says '{shorten(other, 80)}' beside the hours {eventhours.spelled(windows)}. Say active_hours.",
        )
    elif words := open_hours(whole):
        notes.look("active_hours", f"It says '{words}' where it speaks of hours. Say active_hours.")
    if not windows:
        which = "" if "timezone" in notes.facts else ", and in which time zone"
        notes.ask("active_hours", f"From when to when do people work on the hub each day{which}?")
    elif not all(w.zone for w in windows):
        notes.ask("timezone", f"In which time zone are the hours {eventhours.spelled(windows)}?")
    return windows


def _numbers(source: Source) -> list[str]:
    """Every number of a text that may be of people, small ones too."""
    text = without_hours(in_digits(source.text))
    return list(dict.fromkeys([*counts_in(text), *may_count_people(text, "", fewest=2)]))


def attendees(said: Said, notes: Notes) -> None:
    """How many people come; several numbers are put before a person."""
    if said.given.get("attendees"):
        notes.facts["attendees"] = Fact(said.given["attendees"], YOU)
        return
    places = list(_texts(said, "attendees"))
    found = _first(iter(places), lambda text: "" if attendees_in(text) == TBD else attendees_in(text))
    open_ones = _first(iter(places), attendees_in)
    source = next((source for source in said.sources if not found or source.where == found[0]), None)
    if source and (total := total_in(source.text, _numbers(source))):
        notes.facts["attendees"] = Fact(total, source.where)
    elif found and (groups := in_groups(source.text if source else found[1])):
        notes.ask("attendees", f"You wrote '{groups}'. How many people is that in all?")
    elif found:
        where, text, value = found
        notes.facts["attendees"] = Fact(value, where)
        whole, free = (source.text, source.form.free) if source else ("", "")
        ends = re.findall(r"\d+", value)
        others = [
            count for count in counts_in(without_hours(f"{text}\n{whole}")) if count != value and count not in ends[:2]
        ]
        others += [count for count in may_count_people(in_digits(f"{text}\n{free}"), value) if count not in others]
        if others and not sums_up(value, others):
            notes.look(
                "attendees", f"It names more than one number of people: {', '.join([value, *others])}. Say attendees."
            )
    elif value := number_of(said.known.get("attendees", "")):
        notes.facts["attendees"] = Fact(value, "the issue")
    elif open_ones:
        notes.facts["attendees"] = Fact(TBD, f"{open_ones[0]}: they do not know yet")
        if others := may_count_people(in_digits(open_ones[1]), ""):
            notes.look("attendees", f"They do not know yet how many come, and name {', '.join(others)}. Say attendees.")
    else:
        notes.ask("attendees", "How many people will take part? A range is fine.")
