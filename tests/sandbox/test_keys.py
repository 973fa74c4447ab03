"""Each of the staff has a key of their own in the sandbox; the common one is the first Triager's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from building import ORGANIZATION

from deskbook.assembly import connect
from deskbook.config.settings import read_settings
from deskbook.errors import Refused
from deskbook_sandbox import server
from deskbook_sandbox.keys import KEY, key_of

MEI = next(person for person in ORGANIZATION.people if person.first_name == "Mei")


def test_whoever_has_a_key_of_their_own_acts_by_name_everywhere_and_the_next_caller_as_before() -> None:
    with server.start(ORGANIZATION) as running:
        common = read_settings({"DESKBOOK_SANDBOX_URL": running.url})
        hers = read_settings({"DESKBOOK_SANDBOX_URL": running.url, "DESKBOOK_SANDBOX_KEY": key_of(MEI)})
        triager = ORGANIZATION.with_role("triager")[0]
        for settings, person in ((common, triager), (hers, MEI), (common, triager)):
            desk = connect(settings)
            assert desk.helpdesk.me().mail == person.mail == desk.pager.account()
            assert desk.tracker.account() == person.login


@pytest.mark.parametrize("key", [f"{KEY}-nobody", f"{KEY}-", KEY.upper(), "x"])
def test_another_key_opens_nothing(key: str) -> None:
    with server.start(ORGANIZATION) as running, pytest.raises(Refused):
        connect(replace(read_settings({"DESKBOOK_SANDBOX_URL": running.url}), sandbox_key=key)).helpdesk.ticket(101)
