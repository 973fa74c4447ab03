"""Schema of `organization.yaml`: names, places, people, hubs and house rules of one organisation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, ConfigDict, Field, PositiveFloat, PositiveInt

from deskbook.config import ORGANIZATION
from deskbook.config.loader import Frozen, complain, load

SHIPPED = ORGANIZATION

Category = Literal["incident", "broken", "change", "guidance", "workshop"]
Role = Literal["triager", "agent", "manager", "technology-lead", "project-manager", "product-lead"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"time zone '{name}' is not known; use a name such as Europe/Lisbon or UTC") from None
    return name


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression ({error}); mend it or quote it") from None
    return text


def _month_day(text: str) -> str:
    try:
        if not re.fullmatch(r"\d\d-\d\d", text):
            raise ValueError
        date.fromisoformat(f"2024-{text}")
    except ValueError:
        raise ValueError(f"'{text}' is not a day of the year; write month-day, such as 12-18") from None
    return text


def _hours(text: str) -> str:
    try:
        begin, end = (time.fromisoformat(part) for part in text.split("-"))
    except ValueError:
        raise ValueError(f"'{text}' are not hours of a day; write them as 09:00-17:00") from None
    if begin >= end:
        raise ValueError(f"'{text}' ends before it begins; write them as 09:00-17:00")
    return text


def _cron(text: str) -> str:
    """What every scheduler reads alike: no names, no seconds, no 7 for Sunday, days of the month or of the week."""
    try:
        fields = text.split()
        if not re.fullmatch(r"[\d*,/\s-]+", text) or len(fields) != 5 or "7" in re.split(r"\D+", fields[4]):
            raise ValueError
        next(CronSim(text, datetime(2000, 1, 1, tzinfo=UTC)))
    except (ValueError, CronSimError, StopIteration):
        raise ValueError(
            f"'{text}' is no time that comes; write minute, hour, day, month and weekday as cron does, in numbers (Sunday is 0), such as 0 6 * * 1-5"
        ) from None
    if "*" not in (fields[2], fields[4]):
        raise ValueError(
            f"'{text}' names days of the month and of the week, which schedulers read in two ways; write * for one"
        )
    return " ".join(fields)


def _mail(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ValueError(f"'{text}' is not a mail address")
    return text


def _mail_or_domain(text: str) -> str:
    if not re.fullmatch(r"(?:[^@\s]+@)?(?:[\w-]+\.)+[\w-]+", text):
        raise ValueError(f"'{text}' is neither a mail address nor a domain; write a@b.org or b.org")
    return text


def is_of(address: str, named: str) -> bool:
    """Whether a mail address is the one that is named, be it with a tag (`ada+hub@` is `ada@`), or is of the domain, or of
    a subdomain of it."""
    (who, domain), (name, other) = _split(address), _split(named)
    if "@" in named:
        return domain == other and name in (who, who.partition("+")[0])
    return domain == other or domain.endswith(f".{other}")


def _split(address: str) -> tuple[str, str]:
    """Who, and the domain as the network spells it: in small letters, foreign ones encoded, without a point at its end."""
    who, _, domain = address.lower().rpartition("@")
    if not domain.isascii():
        with suppress(UnicodeError):  # what is no domain stays as it was written
            domain = domain.encode("idna").decode()
    return who, domain.rstrip(".")


Zone = Annotated[str, AfterValidator(_zone)]
Pattern = Annotated[str, AfterValidator(_pattern)]
MonthDay = Annotated[str, AfterValidator(_month_day)]
Hours = Annotated[str, AfterValidator(_hours)]
Mail = Annotated[str, AfterValidator(_mail)]
MailOrDomain = Annotated[str, AfterValidator(_mail_or_domain)]
Cron = Annotated[str, AfterValidator(_cron)]
Name = Annotated[str, Field(min_length=1)]


class Support(Frozen):
    mail: Mail
    helpdesk: Name
    group: Name
    representatives_from: Literal["helpdesk", "crm"] = "helpdesk"


class Board(Frozen):
    owner: Name
    number: PositiveInt
    name: Name
    statuses: tuple[str, ...] = ()
    type_field: str = "Type"  # the names of these two; empty where the board has no such field
    impact_field: str = "Impact"


class Tracker(Frozen):
    repository: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    hub_path: Name
    support_form: Name
    support_label: Name
    event_form: Name
    event_label: Name
    board: Board | None = None
    accounts: tuple[Name, ...] = ()  # logins beside the staff's with which runs write, such as deskbook[bot]


class Chat(Frozen):
    support: Name
    pager: Name
    team: Name


class TimeOff(Frozen):
    """A stretch of every year, both days included; it may run over New Year."""

    first: MonthDay
    last: MonthDay

    def days(self, year: int) -> tuple[date, date]:
        """Its first and last day, where it begins in that year."""
        last = year + (self.last < self.first)
        return date.fromisoformat(f"{year}-{self.first}"), date.fromisoformat(f"{last}-{self.last}")


class ClockRules(Frozen):
    zone: Zone = "UTC"
    days_off: tuple[date, ...] = ()
    time_off: tuple[TimeOff, ...] = ()


class Sprint(Frozen):
    first: date
    days: PositiveInt


class RequestTypes(Frozen):
    broken: Name
    change: Name
    guidance: Name
    other: Name


class Fields(Frozen):
    representatives: Name
    budget_hours: Name
    own_funding: Name
    hub_url: Name


class Tags(Frozen):
    waiting: Name
    spam: Name


class Budget(Frozen):
    hours_per_month: PositiveFloat
    own_hours_per_month: PositiveFloat
    support_share: Annotated[float, Field(gt=0, le=1)]
    hubs_per_engineer: tuple[PositiveInt, PositiveInt]
    low_use_share: Annotated[float, Field(gt=0, le=1)]


class PriorityLabels(Frozen):
    """Labels of an issue, or values on the board, that say of a request what only people can know."""

    many: tuple[Name, ...] = ("many-communities",)
    goal: tuple[Name, ...] = ("our-goal",)
    upstream: tuple[Name, ...] = ("upstream-goal",)


class Priorities(Frozen):
    labels: PriorityLabels = PriorityLabels()
    estimate: Name = "Estimate"  # the board's field for how complex a request is


class WorkshopRules(Frozen):
    warn_days: PositiveInt
    decline_days: PositiveInt
    home_gigabytes: PositiveInt


class IncidentRules(Frozen):
    """`service` is the pager's service on which pages are made; empty: the one named after the hub, else the only one."""

    update_hours: PositiveInt
    service: str = ""


class ResolveRules(Frozen):
    close_after_hours: PositiveInt | None = None


class MailRules(Frozen):
    """What may be mailed; a plan that would mail more does nothing and asks a person.

    `most_per_hour` is for one address, `most_per_run` for all that one plan mails, `most_in_all` for an hour of live runs
    on one machine. `never` are addresses, or domains with their subdomains, to which nothing is ever mailed.
    """

    most_per_hour: PositiveInt = 5
    most_per_run: PositiveInt = 20
    most_in_all: PositiveInt = 100
    never: tuple[MailOrDomain, ...] = ()

    def forbids(self, address: str) -> bool:
        return any(is_of(address, each) for each in self.never)


def _hour(text: str) -> str:
    try:
        return f"{time.fromisoformat(text):%H:%M}"
    except ValueError:
        raise ValueError(f"'{text}' is no hour of the day; write it as 09:00") from None


class SweepRules(Frozen):
    """`digest_at`: the hour, in the clock's zone, from which the first sweep of a day posts the digest."""

    digest_at: Annotated[str, AfterValidator(_hour)] = "09:00"


class ScheduledRun(Frozen):
    """A run that nobody watches: a runbook with its parameters, `report` or `triage ticket_id=101 --apply`. `at` is in UTC."""

    run: Annotated[str, Field(pattern=r"^[a-z]+( [a-z_]+=[\w.@,:/+-]*)*( --apply)?$")]
    at: Cron

    @property
    def runbook(self) -> str:
        return self.run.split()[0]

    @property
    def writes(self) -> bool:
        return "--apply" in self.run.split()


class NightRules(Frozen):
    """`keep_days` of what such runs left; one that has not begun `late_minutes` after its time counts as missed."""

    keep_days: PositiveInt = 90
    late_minutes: PositiveInt = 30
    runs: tuple[ScheduledRun, ...] = ()


class Words(Frozen):
    """Phrases of the organisation's own, as `language/phrases.py` describes them, by what they mean.

    `approved`, `declined` and `settled` answer "how shall we proceed?", `thanks` and `refused` "it should be done now";
    `polite` may stand beside any of them. `requests` are what a new ticket may say, by what they speak for; how those
    phrases are written stands in `language/phrase_search.py`.
    """

    approved: tuple[Name, ...] = ()
    declined: tuple[Name, ...] = ()
    settled: tuple[Name, ...] = ()
    thanks: tuple[Name, ...] = ()
    refused: tuple[Name, ...] = ()
    polite: tuple[Name, ...] = ()
    requests: Mapping[
        Literal["outage", "no_outage", "broken", "change", "guidance", "workshop", "critical"], tuple[Name, ...]
    ] = {}

    @property
    def consent(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What the reader of approvals takes beside its tables."""
        return (("yes", self.approved), ("no", self.declined), ("settled", self.settled), ("polite", self.polite))

    @property
    def replies(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What the reader of replies takes beside its tables."""
        return (("thanks", self.thanks), ("refuse", self.refused), ("polite", self.polite))


class NoiseRule(Frozen):
    """What needs no answer; with `then: ask`, what a person looks at before anything is mailed. The sender (address or domain, subdomains included) decides; `subject` narrows it.

    A rule without a sender is tried only on mail from people who belong to no community.
    """

    name: Name
    from_domains: tuple[str, ...] = ()
    from_addresses: tuple[Mail, ...] = ()
    subject: Pattern | None = None
    then: Literal["close", "budget", "announce", "spam", "ask"]
    because: Name
    threshold_percent: PositiveFloat | None = None
    extract: Mapping[str, Pattern] = {}


class Person(Frozen):
    """One of the staff. `hours` are in the person's own zone, Monday to Friday; `support_hours` are per week.

    `login` is the one in the tracker, empty where there is none; the file calls it by the tracker's own name.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    name: Name
    mail: Mail
    login: str = Field(default="", alias="github")
    roles: tuple[Role, ...]
    zone: Zone
    hours: Hours
    support_hours: Annotated[float, Field(ge=0)] = 0
    skills: tuple[str, ...] = ()
    learning: tuple[str, ...] = ()

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    def among(self, logins: Iterable[str]) -> bool:
        """Whether one of these logins is theirs."""
        return bool(self.login) and self.login.lower() in {login.lower() for login in logins}


class Hub(Frozen):
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
    title: Name
    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+/?$")]
    cluster: Name
    community: str = ""
    provider: str = ""
    paid_by: Literal["organization", "community"] = "organization"

    @property
    def host(self) -> str:
        return self.url.split("//", 1)[1].rstrip("/").lower()


class Handbook(Frozen):
    """`hub`: where the pages' buttons lead; empty: there are none. `repository`: what they bring onto people's servers first."""

    hub: str = ""
    repository: str = ""
    branch: Name = "main"
    review_days: PositiveInt = 180  # after so many days without a reading, a page is due for one


class Organization(Frozen):
    name: Name
    support: Support
    tracker: Tracker
    chat: Chat
    clock: ClockRules
    sprint: Sprint
    ticket_types: Mapping[Category, Name]
    request_types: RequestTypes
    fields: Fields
    tags: Tags
    budget: Budget
    priorities: Priorities = Priorities()
    workshop: WorkshopRules
    incident: IncidentRules
    resolve: ResolveRules
    mail: MailRules = MailRules()
    sweep: SweepRules = SweepRules()
    nights: NightRules = NightRules()
    noise: tuple[NoiseRule, ...] = ()
    words: Words = Words()
    unattended: Mapping[str, str | Mapping[str, str]] = {}  # by step, in place of what the process says
    people: tuple[Person, ...]
    hubs: tuple[Hub, ...] = ()
    handbook: Handbook

    def with_role(self, role: str) -> tuple[Person, ...]:
        return tuple(person for person in self.people if role in person.roles)

    def person(self, mail: str) -> Person | None:
        return next((person for person in self.people if person.mail.lower() == mail.lower()), None)

    def category_of(self, ticket_type: str | None) -> Category | None:
        """Our word for a type of the helpdesk, or None where the type is not one of ours."""
        for word, name in self.ticket_types.items():
            if name == ticket_type:
                return word
        return None


def load_organization(path: Path = SHIPPED) -> Organization:
    """The organisation at `path`; DefinitionError names every mistake with its place and remedy."""
    organization = load(path, Organization)
    _check(organization, path.name)
    return organization


def _check(organization: Organization, file: str) -> None:
    categories = set(Category.__args__)  # type: ignore[attr-defined]
    missing = sorted(categories - set(organization.ticket_types))
    if missing:
        raise complain(file, "/ticket_types", f"{', '.join(missing)} is missing; name the helpdesk's type for it")
    for key, values in (
        ("people", [person.mail.lower() for person in organization.people]),
        ("hubs", [hub.name for hub in organization.hubs]),
        ("noise", [rule.name for rule in organization.noise]),
        ("nights/runs", [each.runbook for each in organization.nights.runs]),
    ):
        for index, value in enumerate(values):
            if value in values[:index]:
                raise complain(file, f"/{key}/{index}", f"'{value}' is there twice; keep one")
    for index, rule in enumerate(organization.noise):
        place = f"/noise/{index}"
        if rule.then == "budget" and rule.threshold_percent is None:
            raise complain(file, place, "a budget rule needs threshold_percent; add it")
        if not (rule.from_domains or rule.from_addresses or rule.subject):
            raise complain(file, place, "matches every ticket; add from_domains, from_addresses or subject")
        if rule.then not in ("spam", "ask") and not (rule.from_domains or rule.from_addresses):
            raise complain(file, place, "needs from_domains or from_addresses: words alone close nobody's ticket")
    if "{cluster}" not in organization.tracker.hub_path:
        raise complain(file, "/tracker/hub_path", "has no {cluster}; write it as config/clusters/{cluster}/")
