"""A run that nobody watches: one at a time, told of when it begins and ends, kept on record, never silent when it fails.

What it does is the runbook's; this is what stands around any of them. What fails here (a ping, the record, a store) undoes
nothing that the run did, and is said on standard error, by the exit code, in the record where there is one, and to the watch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from deskbook import batch
from deskbook.batch import Outcome
from deskbook.config.organization import NightRules
from deskbook.config.settings import Settings
from deskbook.errors import DeskbookError
from deskbook.language.text import printable, printable_json
from deskbook.nights import archive, effects
from deskbook.nights.archive import DIED, LIST, Night, Store
from deskbook.nights.lock import alone
from deskbook.nights.page import index
from deskbook.runbooks.catalog import runbook
from deskbook.schedule.expected import missed
from deskbook.services.ping import Event, ping

RECEIPT = "receipt.json"


@dataclass(frozen=True)
class Ended:
    """How a run ended. `problems` are those of its record: they count as failures, but what it did is done."""

    outcome: Outcome
    night: Night
    problems: tuple[str, ...]

    @property
    def failed(self) -> bool:
        return bool(self.night.failures or self.problems)


@dataclass
class _Record:
    """The record of one run while it goes on."""

    settings: Settings
    rules: NightRules
    night: Night
    before: tuple[Night, ...] = ()
    resumes: bool = False
    store: Store | None = None
    whole: bool = True  # whether the store told what stands there; else its list is not written over
    problems: list[str] = field(default_factory=list)

    @property
    def nights(self) -> Path:
        return self.settings.nights

    def remark(self, text: str) -> None:
        if text:
            self.night = replace(self.night, remarks=(*self.night.remarks, text))

    def begin(self) -> None:
        """What stands there, what was missed, who died; and the mark that this run goes on. OSError where it cannot be kept."""
        night = self.night
        if self.settings.archive:
            self.store = Store(f"{self.settings.archive}/{night.runbook}")
        self.before = archive.in_order((*self._stored(), *archive.known(self.nights)))
        for gone in missed(self.rules, (one for one in self.before if one.sandbox == night.sandbox), night.began):
            self.remark(f"missed: {gone}")
        own = [each for each in self.before if each.runbook == night.runbook]
        for each in own:
            if each.ended is None:
                self.remark(
                    f"the {night.runbook} of {each.began:%Y-%m-%d %H:%M} UTC died; the next goes on where it stopped"
                )
                _mark(self.nights, replace(each, ended=each.began, failures=1, error=DIED))
        self.resumes = bool(own) and RECEIPT not in own[-1].kept  # so what it did is logged nowhere
        if changed := effects.broken(effects.log_of(self.nights, night.runbook), archive.head_of(own)):
            self.remark(f"{night.runbook}'s log of effects is not as it was left: {changed}")
        _mark(self.nights, self.night)

    def _stored(self) -> tuple[Night, ...]:
        """What the store's list names; and its log, where there is none here."""
        if not self.store:
            return ()
        log = effects.log_of(self.nights, self.night.runbook)
        try:
            listed = self.store.nights()
            if not log.exists() and (text := self.store.fetch(log.name)):
                batch.write(log, f"{text.rstrip()}\n")  # some stores hand a text back without its last end of a line
        except DeskbookError as error:
            self.whole = False
            self.problems.append(f"the store does not tell what stands there, so its list stays as it is: {error}")
            return ()
        return listed

    def end(self, outcome: Outcome | None, ended: datetime, error: str = "") -> None:
        """Keep all of it; what cannot be kept is a problem, and the rest is kept all the same."""
        receipt = outcome.receipt if outcome and outcome.receipt else None
        self.night = replace(self.night, ended=ended, **_counted(receipt, outcome.error if outcome else error))
        log = effects.log_of(self.nights, self.night.runbook)
        if receipt:
            with self._kept():
                head = effects.append(log, effects.effects(receipt, ended, resumes=self.resumes))
                self.night = replace(self.night, head=head)
        files = _files(outcome) if outcome else {}
        for ending, text in files.items():
            with self._kept():
                batch.write(self.nights / f"{self.night.name}.{ending}", text)
                self.night = replace(self.night, kept=(*self.night.kept, ending))
        if self.store:
            self._hand_over(files, log)
        if self.problems:
            self.remark(f"the record of the {self.night.runbook} of {self.night.began:%Y-%m-%d %H:%M} UTC is not whole")
        with self._kept():
            _mark(self.nights, self.night)
            left = archive.forget(self.nights, self._oldest)
            batch.write(self.nights / "index.html", index(left))

    def _hand_over(self, files: Mapping[str, str], log: Path) -> None:
        store, night = self.store, self.night
        assert store
        listed = [each for each in (*self.before, night) if each.began.date() >= self._oldest]
        shared = {LIST: json.dumps([each.as_json() for each in listed]), "index.html": index(listed)}
        if log.exists():
            shared[log.name] = log.read_text(encoding="utf-8")
        own = {f"{night.name}.{ending}": text for ending, text in files.items()}
        for name, text in (own | shared if self.whole else own).items():
            try:
                store.put(name, text)
            except DeskbookError as error:
                self.problems.append(str(error))
                return

    @property
    def _oldest(self) -> date:
        return self.night.began.date() - timedelta(days=self.rules.keep_days)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.problems.append(f"what the run did is done, but its record is not whole: {_said(error)}")


def _mark(nights: Path, night: Night) -> None:
    path = nights / f"{night.name}.json"
    path.parent.mkdir(exist_ok=True)
    batch.write(path, json.dumps(night.as_json(), ensure_ascii=False))


def run(
    name: str,
    given: Mapping[str, object],
    settings: Settings,
    *,
    output: Path | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Ended:
    """Execute a runbook as nobody watches. DeskbookError where it could not be begun, which the watch is told as well."""
    _, organization = settings.load()
    began = clock()
    night = Night(runbook(name).name, began, sandbox=not settings.live, apart=f".{began:%f}")
    record = _Record(settings, organization.nights, night)
    with ExitStack() as held:
        try:
            settings.nights.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's words stand there
            lock = alone(settings.nights / f"{name}.lock", f"{record.night.began:%Y-%m-%d %H:%M} UTC")
            record.remark(held.enter_context(lock))
            record.begin()
        except OSError as error:
            alarm(settings.ping, name, error)
            raise DeskbookError(f"nothing was done: its record could not be begun. {_said(error)}") from None
        return _recorded(record, given, output, clock)


def _recorded(
    record: _Record, given: Mapping[str, object], output: Path | None, clock: Callable[[], datetime]
) -> Ended:
    settings, name = record.settings, record.night.runbook
    record.remark(_told(settings, "start", f"{name}: begun"))
    try:
        outcome = batch.run(name, given, output=output, secrets=settings.secrets)
    except BaseException as error:
        record.end(None, clock(), batch.without(f"{type(error).__name__}: {error}", settings.secrets))
        _told(settings, "fail", f"{name}: {type(error).__name__}; nothing is known of its effects")
        raise
    record.end(outcome, clock())
    ended = Ended(outcome, record.night, tuple(record.problems))
    counts = record.night.counts + (", its record is not whole" if record.problems else "")
    if said := _told(settings, "fail" if ended.failed else "success", counts):
        ended = replace(ended, night=replace(ended.night, remarks=(*ended.night.remarks, said)))
    return ended


def not_begun(settings: Settings, name: str, error: DeskbookError) -> None:
    """Tell the watch, and the record, of a run whose process or organisation cannot be read; nothing else can be done."""
    alarm(settings.ping, name, error)
    said = batch.without(f"{type(error).__name__}: {error}", settings.secrets)
    now = datetime.now(UTC)
    night = Night(runbook(name).name, now, now, sandbox=not settings.live, failures=1, error=said)
    with suppress(OSError):
        settings.nights.mkdir(mode=0o700, parents=True, exist_ok=True)
        _mark(settings.nights, night)


def alarm(address: str, name: str, error: BaseException) -> str:
    """Tell the watch of a run that could not be begun: what kind of error it was, and nobody's words."""
    return ping(address, "fail", f"{name}: not begun, {type(error).__name__}") if address else ""


def _told(settings: Settings, event: Event, line: str) -> str:
    return ping(settings.ping, event, line) if settings.ping else ""


def _counted(receipt: Mapping[str, Any] | None, error: str) -> dict[str, Any]:
    """What became of a run in numbers: failures are apart from what needs a person."""
    actions = receipt["actions"] if receipt else []
    failed = [action["key"] for action in actions if action["state"] == "failed"]
    needs = [
        need
        for need in (receipt["needs_human"] if receipt else ())
        if not error.endswith(need) and not any(need.startswith(f"{key}: ") for key in failed)
    ]
    return {
        "applied": bool(receipt and receipt["applied"]),
        "effects": sum(action["state"] == "done" for action in actions),
        "needs_human": len(needs),
        "failures": max(len(failed), 1 if error else 0),
        "error": error,
    }


def _files(outcome: Outcome) -> dict[str, str]:
    """The endings of the files that are kept of a run, with their texts."""
    files = {"ipynb": outcome.notebook, "html": batch.page(outcome.notebook, "The run")} if outcome.notebook else {}
    if outcome.receipt is not None:
        files[RECEIPT] = printable_json(json.dumps(outcome.receipt, ensure_ascii=False, indent=1))
    if outcome.shown:
        files["txt"] = printable("\n".join(outcome.shown))
    return files


def _said(error: OSError) -> str:
    return f"{error.filename or 'its folder'}: {error.strerror or error}"
