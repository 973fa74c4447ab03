"""What the community answered since it was told that its request is done, and what its answers mean together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deskbook.language.replies import Reading, read
from deskbook.model.case import Case, Reference
from deskbook.model.records import OVER, Entry, representatives

REOPEN = "resolve.reopen"


def told(case: Case) -> Reference | None:
    """Our latest word in this cycle that it is done, that its sprint is over, or that the incident is."""
    ends = ("resolve.confirm", "resolve.work", "incident.validate-fix")
    found = [ref for ref in map(case.landed, ends) if ref]
    return max(found, key=lambda ref: ref.entry.position, default=None)


def answers(case: Case) -> tuple[Entry, ...]:
    """What the community wrote since; where a person resolved the ticket by hand, since our last public words."""
    told_in, own = told(case), _our_words(case)
    if told_in:
        return case.replies(told_in.entry.position)
    return case.replies(own[-1].position) if own and case.ticket.status in OVER else ()


def came_back(case: Case) -> bool:
    """Whether the ticket is Open again, by the helpdesk itself, for an answer to that word: resolve reads it."""
    return case.ticket.status == "Open" and told(case) is not None and bool(answers(case))


def answers_by_hand(case: Case) -> tuple[Entry, ...]:
    """Replies to what a person wrote on a ticket that is Open: the helpdesk may have reopened it for them by itself.

    Nothing but a person's word says so, and messages of ours that carry a reference say something else.
    """
    own, ours = _our_words(case), {ref.entry.id for ref in case.references()}
    if case.ticket.status != "Open" or not own or own[-1].id in ours:
        return ()
    return case.replies(own[-1].position)


def meaning(case: Case, said: Sequence[Entry]) -> Reading | None:
    """What the answers say together, of those who represent the community: the latest plain word of each counts.

    A person reads them where two differ, where nobody wrote but strangers, or where they may answer something else that
    one of us wrote by hand: a question, or that somebody looks at it.
    """
    if not said:
        return None
    community = case.community(case.ticket.community)
    of = (community,) if community else case.communities
    people = {entry.contact.id for c in of for entry in representatives(c) if entry.contact}
    heard = [entry for entry in said if entry.author in people]
    if not heard:
        return Reading("unclear", "somebody wrote who does not represent the community")
    decides, last = _together(case, heard)
    if any(entry.author not in people for entry in said if entry.position > decides.position):
        return Reading("unclear", "somebody wrote since who does not represent the community")
    if last.meaning == "thanks" and any(entry.files for entry in heard):
        return Reading("unclear", f"{last.because}, with a file that may show something else")
    if last.meaning in ("thanks", "refusal") and not last.done and _by_hand(case, said):
        return Reading("unclear", f"{last.because}, but in answer to what one of us wrote by hand")
    return last


def _together(case: Case, heard: Sequence[Entry]) -> tuple[Entry, Reading]:
    """The answer that counts, and one reading of all. An absence changes nothing, and a word wipes out an earlier one.

    What was wished for or asked stays, unless what came later says of the thing itself that it works.
    """
    latest: dict[int, tuple[Entry, Reading]] = {}
    for entry in heard:
        reading, before = read(entry.body, case.organization.words.replies), latest.get(entry.author)
        if before and reading.meaning == "out-of-office":
            continue
        if before and reading.meaning == "thanks" and _stays(before[1], reading):
            because = f"it says thanks, but before that {before[1].because.removeprefix('it ')}"
            reading = Reading(before[1].meaning, because)
        latest[entry.author] = (entry, reading)
    telling = [each for each in latest.values() if each[1].meaning != "out-of-office"] or list(latest.values())
    entry = max((each[0] for each in telling), key=lambda each: each.position)
    if len({reading.meaning for _, reading in telling}) > 1:
        return entry, Reading("unclear", "their answers do not say the same")
    return entry, next(reading for each, reading in telling if each is entry)


def _stays(before: Reading, thanks: Reading) -> bool:
    return before.meaning == "new-matter" or (before.meaning == "question" and not thanks.done)


def cause(said: Sequence[Entry]) -> Entry | None:
    """The reply that reopens a ticket: the last that refuses; where a person read them, the last."""
    refusing = [entry for entry in said if read(entry.body).meaning == "refusal"]
    return next(iter([*refusing[-1:], *said[-1:]]), None)


def before_reopening(case: Case) -> Case:
    """The case as it was when it was reopened last, if nobody of us did anything since: a repeated run plans the same."""
    position = _begun(case)
    since = [e for e in case.entries if e.position > position and not e.incoming and case.agent(e.author)]
    if position < 0 or since or case.ticket.status != "Open":
        return case
    return replace(case, entries=tuple(e for e in case.entries if e.position < position))


def _by_hand(case: Case, said: Sequence[Entry]) -> bool:
    """Whether the last public words before the answers are not the ones that told that it is done."""
    told_in, before = told(case), [e for e in _our_words(case) if e.position < said[-1].position]
    return told_in is None or (bool(before) and before[-1].id != told_in.entry.id)


def _our_words(case: Case) -> tuple[Entry, ...]:
    """Public answers of our agents in this cycle."""
    begun = _begun(case)
    return tuple(
        e for e in case.entries if e.position > begun and not (e.incoming or e.private) and case.agent(e.author)
    )


def _begun(case: Case) -> int:
    """The position of the note that began this cycle; -1 in the first."""
    return max((ref.entry.position for ref in case.references() if ref.key == REOPEN), default=-1)
