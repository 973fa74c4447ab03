"""Earlier tickets and issues that resemble a ticket: they share words with it that are rare among all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

from deskbook.language.redaction import redact
from deskbook.language.text import shorten, words_of
from deskbook.model.case import Case
from deskbook.model.records import Issue, TicketSummary

MOST = 5  # likenesses that are shown
LOOKED_AT = 20_000  # characters of one text
NAMED = 4  # shared words that are named

# Words that say nothing of a matter: those of the language, of letters, and of every request to us.
STOP = frozenset(
    """
    about above account after again all already also although always and another any anybody anyone anything are
    around available back because been before began begin begins being below best better between both but call came
    can cannot change class classes colleague colleagues come could course courses day days dear did does doesn
    doing don done down during each either else error errors even event every everybody everyone everything example
    few find first following for found friday friends from further fwd get gets getting give goes going good got
    greetings group had happen happens has have having hello help here hers hey him his hour hours how however hub
    hubs instead into issue issues its jupyter jupyterhub just kind know last later least less let like likely
    little long look looking made make makes many maybe might minute minutes monday month months more morning most
    much must name names need needed needs never new next nobody none not notebook notebooks nothing now off often
    once one only open other our ours out over own people perhaps person please possible problem problems question
    questions quite rather regards request requests right same saturday say says see seem seems seen server servers
    several shall she should since some somebody someone something soon start started starting starts still student
    students such sunday support sure take team than thank thanks that the their them then there these they thing
    things think this those though through thursday ticket tickets time today together told too tried try trying
    tuesday two under until update upon use used user users using very want wants was way wednesday week weeks well
    were what when where whether which while who whole whose why will wish with within without won work worked
    working works would year years yes yesterday yet you your yours
    """.split()  # noqa: SIM905 (a list would fill six screens)
)


@dataclass(frozen=True)
class Likeness:
    """A ticket or an issue that resembles this one. `what` is its kind and number, such as `issue 12`."""

    title: str
    url: str
    what: str
    state: str
    because: str


@dataclass(frozen=True)
class _Paper:
    title: str
    url: str
    what: str
    state: str
    heading: frozenset[str]  # the words of its title
    words: frozenset[str]  # all its words


def similar(case: Case, earlier: Sequence[TicketSummary], issues: Sequence[Issue]) -> tuple[Likeness, ...]:
    """At most five, the likest first; of equal ones, in the order in which they came, tickets before issues.

    Neither the ticket itself nor an issue that speaks of it is among them.
    """
    papers = [*_tickets(case, earlier), *_issues(case, issues)]
    spread = Counter(word for paper in papers for word in paper.words)
    people = {contact.name for community in case.communities for contact in community.contacts}
    names = _words(" ".join({case.requester.name, *people}))  # who signs a letter says nothing of its matter
    subject, own = _words(case.ticket.subject), _words(redact(case.own_words)) - names
    found = []
    for paper in papers:
        shared = {word for word in own & paper.words if _rare(spread[word], len(papers))}
        if len(shared) < 2 and not shared & subject & paper.heading:
            continue
        weights = {word: log(1 + len(papers) / spread[word]) for word in sorted(shared)}
        named = sorted(weights, key=lambda word: (-weights[word], word))[:NAMED]
        score = round(sum(weights.values()) / sqrt(len(paper.words)), 9)
        because = f"both speak of {_listed(named)}"
        found.append((score, Likeness(shorten(paper.title, 120), paper.url, paper.what, paper.state, because)))
    found.sort(key=lambda each: -each[0])
    return tuple(likeness for _, likeness in found[:MOST])


def _tickets(case: Case, earlier: Sequence[TicketSummary]) -> list[_Paper]:
    tickets = [listed.ticket for listed in earlier]
    return [
        _Paper(t.subject, t.url, f"ticket {t.id}", t.status, _words(t.subject), _words(f"{t.subject} {_own(t.body)}"))
        for t in tickets
        if t.id != case.ticket.id and not t.deleted and not t.spam
    ]


def _issues(case: Case, issues: Sequence[Issue]) -> list[_Paper]:
    known = {issue.number for issue in case.issues}
    return [
        _Paper(i.title, i.url, f"issue {i.number}", i.state, _words(i.title), _words(i.title) | _words(_said(i.body)))
        for i in issues
        if i.number not in known
    ]


def _rare(papers_with_it: int, papers: int) -> bool:
    return papers_with_it <= max(2, papers // 3)


def _own(body: str) -> str:
    """A ticket's words without what it quotes."""
    return words_of(body[:LOOKED_AT], quotes=False)


def _said(body: str) -> str:
    """An issue's body without the headings and comments of its form, which every issue has."""
    return "\n".join(
        line for line in body[:LOOKED_AT].splitlines() if not line.lstrip().startswith(("#", "<!--", "_No response_"))
    )


def _words(text: str) -> frozenset[str]:
    """The words that may say what a text is about: no addresses, no bare numbers, no words of every letter."""
    chunks = (chunk for chunk in text[:LOOKED_AT].split() if not _is_address(chunk))
    found = (word.strip("-_").casefold() for chunk in chunks for word in re.findall(r"[\w-]+", chunk))
    return frozenset(w for w in found if 3 <= len(w) <= 40 and w not in STOP and not w.replace("-", "").isdigit())


def _is_address(chunk: str) -> bool:
    """A web or mail address, or the name of a host; a dotted name of code such as xarray.core.dataset ends otherwise."""
    bare = chunk.strip("<>()[]\"'.,;:!?")
    return "://" in bare or "@" in bare or (bare.count(".") >= 2 and len(bare.rsplit(".", 1)[1]) <= 5)


def _listed(words: Sequence[str]) -> str:
    quoted = [f"'{word}'" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
