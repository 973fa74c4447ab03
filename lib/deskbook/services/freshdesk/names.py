"""Name what Freshdesk tells by number: the account's own statuses, and groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from deskbook.config.organization import Organization
from deskbook.errors import NotFound, Refused
from deskbook.services.freshdesk.around import Around
from deskbook.services.freshdesk.fields import CLOSED, STATUSES, Record, choices_in, number_in, text_in
from deskbook.services.http import Service

Pairs = list[tuple[int, str]]
NAMED = ("groups", "statuses")
Used = dict[str, Pairs]  # the numbers that were named, of groups and of statuses, each with its name


class Names:
    """The names of one helpdesk, each read once something carries its number, and left with what surrounds the tickets."""

    def __init__(self, http: Service, organization: Organization, around: Around) -> None:
        self._http = http
        self._ours = organization.support.group
        self._around = around
        self._groups: dict[int, str] | None = None
        self._statuses: dict[int, str] | None = None
        self._met: dict[str, set[int]] = {what: set() for what in NAMED}

    def learn(self, records: Sequence[Record]) -> None:
        """Have the names at hand of all groups and statuses that are among these tickets."""
        groups = {record["group_id"] for record in records if type(record.get("group_id")) is int}
        codes = {record["status"] for record in records if type(record.get("status")) is int}
        self._know(groups, codes - set(STATUSES))

    def used(self) -> Used:
        """Every name that was learned."""
        return {
            "groups": [(number, str(self.group(number))) for number in sorted(self._met["groups"])],
            "statuses": [(code, self.status(code)) for code in sorted(self._met["statuses"])],
        }

    def hold(self, used: Used) -> bool:
        """Whether the names by which tickets were left are still those that are known; what lacks is read."""
        self._know(*({number for number, _ in used[what]} for what in NAMED))
        now = {what: dict(pairs) for what, pairs in self.used().items()}
        return all(now[what][number] == name for what, pairs in used.items() for number, name in pairs)

    def own_codes(self) -> list[int]:
        """The codes of the account's own statuses, as they are now."""
        self._statuses = dict(self._around.now("statuses", self._statuses_now))
        return [code for code in self._statuses if code > CLOSED]

    def status(self, code: int) -> str:
        return STATUSES.get(code) or self._own().get(code) or f"status {code}"

    def code(self, name: str) -> int:
        """The code of a status; Refused where the account has none of that name."""
        known = STATUSES if name in STATUSES.values() else self._own()
        for code, word in known.items():
            if word == name:
                return code
        words = ", ".join(STATUSES.values())
        raise self._http.error(Refused, f"it has no status '{name}'; use one of its own, such as {words}")

    def group(self, group_id: int | None) -> str | None:
        if group_id is None:
            return None
        if self._groups is None and self._around.told("group") == [group_id, self._ours]:
            return self._ours
        if self._groups is None:
            self._groups = dict(self._around.now("groups", self._groups_now))
            if self._groups.get(group_id) == self._ours:
                self._around.put("group", [group_id, self._ours])
        return self._groups.get(group_id, f"group {group_id}")

    def _know(self, groups: set[int], codes: set[int]) -> None:
        self._met["groups"] |= groups
        self._met["statuses"] |= codes
        if groups:
            self._groups = self._having("groups", self._groups_now, groups)
        if codes:
            self._statuses = self._having("statuses", self._statuses_now, codes)

    def _own(self) -> dict[int, str]:
        """The account's own statuses by code; empty where the key may not read the fields."""
        if self._statuses is None:
            self._statuses = dict(self._around.now("statuses", self._statuses_now))
        return self._statuses

    def _statuses_now(self) -> Pairs:
        try:
            fields = self._http.get("/ticket_fields")
        except (Refused, NotFound):
            fields = []
        told = [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
        choices = next((field.get("choices") for field in told if field.get("name") == "status"), None)
        return list(choices_in(choices).items())

    def _groups_now(self) -> Pairs:
        where = "/groups"
        return [
            (number_in(self._http, record, "id", where), text_in(self._http, record, "name", where))
            for record in self._http.records(where, {"per_page": 100})
        ]

    def _having(self, name: str, read: Callable[[], Pairs], wanted: Collection[int]) -> dict[int, str]:
        return dict(self._around.having(name, read, wanted, lambda pairs: [number for number, _ in pairs]))
