"""Learn from the operator's own closed tickets: fit, measure on the newest tenth, and keep the result as JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from deskbook.config.organization import Category, Organization
from deskbook.config.settings import Settings
from deskbook.errors import DeskbookError
from deskbook.model.records import OVER, Ticket
from deskbook.services.ports import Desk
from deskbook.tickets.classification import subject_category
from deskbook.tickets.history import History, Past, words

YEAR = timedelta(days=365)
LATEST = 3_000  # closed tickets that are kept: a run reads them in a moment
ENOUGH = 60  # closed tickets with a type; of fewer the newest tenth says nothing
SHARED = 3  # different people must have used a word before it is kept
FOLDER = ".deskbook"
KINDS = get_args(Category)


@dataclass(frozen=True)
class Score:
    """Of tickets whose kind is known: how many were named rightly, how many wrongly; the rest got no answer."""

    right: int
    wrong: int
    of: int

    def __str__(self) -> str:
        return f"{self.right} right, {self.wrong} wrong, {self.of - self.right - self.wrong} without an answer"


@dataclass(frozen=True)
class Lesson:
    """What was fitted, the scores on the newest tenth by time, and whether it may be used.

    `silent` is the history's score on those of them where the rules say nothing, which is where it is asked.
    """

    history: History
    measured: int
    own: Score
    rules: Score
    silent: Score

    @property
    def usable(self) -> bool:
        return self.own.right >= max(1, self.rules.right) and self.silent.right >= self.silent.wrong


def learn(desk: Desk) -> Lesson:
    """Read a year of tickets from lists and fit. DeskbookError where they are too few or scikit-learn is missing."""
    _scikit_learn()
    organization = desk.organization
    listed = desk.helpdesk.tickets_since(desk.helpdesk.now() - YEAR)
    known = [(each.ticket, kind) for each in listed if (kind := _kind(each.ticket, organization))][-LATEST:]
    if len(known) < ENOUGH:
        raise DeskbookError(
            f"only {len(known)} tickets of the last year are closed and have a type of ours; to learn from them it takes "
            f"{ENOUGH}. Close tickets with their type, and try again later."
        )
    cut = len(known) - len(known) // 10
    earlier = fit(known[:cut])
    asked = [(ticket, kind) for ticket, kind in known[cut:] if kind != "incident"]  # nobody but a person says that
    rules: dict[int, Category | None] = {t.id: subject_category(t.subject, organization) for t, _ in asked}

    def proposed(ticket: Ticket) -> Category | None:
        found = earlier.alike(ticket.subject)
        return found.kind if found else None

    return Lesson(
        history=fit(known),
        measured=len(asked),
        own=_score(asked, proposed),
        rules=_score(asked, lambda ticket: rules[ticket.id]),
        silent=_score([(ticket, kind) for ticket, kind in asked if rules[ticket.id] is None], proposed),
    )


def fit(known: Sequence[tuple[Ticket, Category]]) -> History:
    """Weigh the words that several people used by how well they tell kinds apart: rare, and telling for a regression."""
    text, linear = _scikit_learn()
    people = defaultdict(set)
    for ticket, _ in known:
        for word in words(ticket.subject):
            people[word].add(ticket.requester)
    shared = sorted(word for word, who in people.items() if len(who) >= SHARED)
    kinds = [kind for _, kind in known]
    if not shared or len(set(kinds)) < 2:
        raise DeskbookError(
            "the closed tickets share no words, or are all of one type: there is nothing to learn from them."
        )
    vectors = text.TfidfVectorizer(analyzer=words, vocabulary=shared, binary=True)
    table = vectors.fit_transform([ticket.subject for ticket, _ in known])
    telling = abs(linear.LogisticRegression(C=10, max_iter=1000).fit(table, kinds).coef_).max(axis=0)
    weights = {
        word: round(float(rare * tells), 4) for word, rare, tells in zip(shared, vectors.idf_, telling, strict=True)
    }
    places = {word: place for place, word in enumerate(weights)}
    return History(
        weights,
        tuple(
            Past(ticket.id, kind, tuple(places[word] for word in words(ticket.subject) if word in places))
            for ticket, kind in known
        ),
    )


def keep(settings: Settings, lesson: Lesson) -> Path:
    """Write what was learned, if it is usable; else take away what was kept before. Where it stands, or stood."""
    path = _place(settings)
    if lesson.usable:
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.write_text(json.dumps(asdict(lesson.history), ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            raise DeskbookError(
                f"{path} cannot be written ({error.strerror}). Let DESKBOOK_ORGANIZATION name a file in a folder of yours."
            ) from None
    else:
        path.unlink(missing_ok=True)
    return path


def kept(settings: Settings) -> History | None:
    """What was learned from these services, None where nothing was, or where the file is not as we write it."""
    try:
        data = json.loads(_place(settings).read_text(encoding="utf-8"))
        history = History(
            {str(word): float(weight) for word, weight in data["words"].items()},
            tuple(Past(int(p["id"]), p["kind"], tuple(map(int, p["words"]))) for p in data["tickets"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # a cache: `deskbook learn` writes it anew
    places = range(len(history.words))
    sound = all(past.kind in KINDS and all(place in places for place in past.words) for past in history.tickets)
    return history if sound else None


def _place(settings: Settings) -> Path:
    """One file for each helpdesk, in a folder beside the file of the organisation."""
    address = settings.freshdesk_url if settings.live else settings.sandbox_url
    return settings.organization.parent / FOLDER / f"history-{sha256(address.encode()).hexdigest()[:12]}.json"


def _kind(ticket: Ticket, organization: Organization) -> Category | None:
    over = ticket.status in OVER and not ticket.deleted and not ticket.spam
    return organization.category_of(ticket.type) if over else None


def _score(asked: Sequence[tuple[Ticket, Category]], says: Callable[[Ticket], Category | None]) -> Score:
    answers = [(says(ticket), kind) for ticket, kind in asked]
    right = sum(said == kind for said, kind in answers)
    return Score(right, sum(said is not None for said, _ in answers) - right, len(answers))


def _scikit_learn() -> tuple[Any, Any]:
    try:
        from sklearn import linear_model  # an extra: only learning needs it
        from sklearn.feature_extraction import text
    except ImportError:
        raise DeskbookError("learning needs scikit-learn: pip install 'deskbook[learn]'") from None
    return text, linear_model
