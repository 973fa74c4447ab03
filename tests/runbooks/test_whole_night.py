"""A whole night of hourly sweeps on the sandbox: arrivals, answers, a hub that fails, limits, two kills in the middle. The
digests were written by hand from the process; but for one line of Tuesday's, of a possible incident, before any sweep ran.
Next morning the queue does what was proposed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import requests
from building import ORGANIZATION
from talking import get, post
from test_sweep_night import button_of, chat, digests, sweep
from torture.world import apart, kill

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.engine.plan import Receipt
from deskbook.runbooks.catalog import runbook
from deskbook.services.ports import Desk
from deskbook.tickets.queue import read_queue
from deskbook_sandbox import server

SEED = Path(__file__).with_name("night.yaml")
LINK = "https://2i2c.freshdesk.com/a/tickets/"

# Sections 2, 3 and 12 of the process: acknowledged within 24 ticking hours, which stand still at the weekend.
MONDAY = f"""\
2i2c support, Mon 23 Nov 2026 18:00 UTC: 1 late, 1 proposed, 1 waiting for others.
• 201 late since Mon 23 Nov 2026 12:00 UTC: Triage it, Priya Raman. {LINK}201 Proposed: triage"""
# What is late stands first, and is told again. A representative's package, and a member's to which one said yes, wait for
# somebody to be assigned. Mere thanks are closed with a click; their clocks begin with the reply. Whether Ember's outage is an
# incident is a person's decision (nothing of one is done without, so nothing is proposed), and so is whose a stranger is.
# The pager's mail is closed already, by a sweep that was killed as it landed.
TUESDAY = f"""\
2i2c support, Tue 24 Nov 2026 09:00 UTC: 1 late, 4 proposed.
• 201 late since Mon 23 Nov 2026 12:00 UTC: Triage it, Priya Raman. {LINK}201 Proposed: triage
• 203 due Tue 24 Nov 2026 18:30 UTC: Triage it, Priya Raman. {LINK}203 Proposed: triage
• 204 due Tue 24 Nov 2026 18:40 UTC: Triage it, Priya Raman. {LINK}204 Proposed: triage
• 202 due Wed 25 Nov 2026 01:20 UTC: Read why it came back; mere thanks are closed, Priya Raman. {LINK}202 Proposed: resolve
• 206 due Tue 24 Nov 2026 22:10 UTC: Triage it, Priya Raman. {LINK}206 A person decides: Incident or not?
• 207 due Wed 25 Nov 2026 02:15 UTC: Triage it, Priya Raman. {LINK}207 A person decides: Find the community.
Closed while nobody watched, or gone: 205."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server.start(ORGANIZATION, seed=SEED) as running:
        quiet = {"sla_delay": 0.0, "index_lag": 0.0, "limits": False}
        running.store.switch(running.store.switches.model_copy(update=quiet))
        yield running.url


def told(digest: str) -> str:
    """A digest without what the process does not say: who is advised, and the fingerprint of a plan."""
    return re.sub(r"Proposed(?:, with [^:]+)?: deskbook run (\w+) .*", r"Proposed: \1", digest)


def killed(hour: Callable[[], Receipt], call: str, *, landed: bool) -> int:
    """The hour's sweep in a process of its own, which is killed at this call, before or after it landed; how it ended."""
    real = requests.Session.send

    def send(session: requests.Session, request: requests.PreparedRequest, **more: object) -> requests.Response:
        wanted = f"{request.method} {request.path_url}" == call
        if wanted and not landed:
            kill()
        answer = real(session, request, **more)  # type: ignore[arg-type]
        if wanted:
            kill()
        return answer

    with patch.object(requests.Session, "send", send):
        return apart(hour)[0]


def test_a_whole_night_with_two_kills_ends_with_the_digest_that_the_process_tells(url: str, tmp_path: Path) -> None:
    def desk() -> Desk:  # as a process that was just started
        return connect(Settings(sandbox_url=url, runs=tmp_path))

    def clock(at: str) -> None:
        post(url, "/sandbox/clock", {"now": f"2026-11-{at}:00Z"})

    def hour(at: str) -> Receipt:
        clock(at)
        return sweep(desk())

    def mail(at: str, sender: str, subject: str, body: str, ticket: int | None = None) -> None:
        clock(at)
        more = {"ticket_id": ticket} if ticket else {}
        post(url, "/sandbox/incoming", {"from": sender, "subject": subject, "body": body, **more})

    def fails(**fault: object) -> None:
        post(url, "/sandbox/faults", [fault] if fault else [])

    receipts = [hour("23T18:00")]
    assert [told(each) for each in digests(url)] == [MONDAY]

    mail(
        "23T18:30", "ada@aurora.example.org", "A package, please", "Hello, please add the package xarray to our image."
    )
    mail("23T18:40", "frida@fjord.example.org", "RStudio, please", "Hello, could you install RStudio on our hub?")
    fails(method="POST", path="/api/v2/tickets/204/reply", status=429, retry_after=3600)
    limited = hour("23T19:00")
    assert limited.failure.startswith("1 failure: ticket 204: ")
    assert "exceeds the calls allowed (429)" in limited.failure

    mail("23T19:30", "no-reply@acme.pagerduty.com", "[PagerDuty] RESOLVED: ember", "The check succeeds again.")
    fails(
        method="POST", path="/api/v2/tickets/204/reply", status=429, retry_after=0, times=1
    )  # a wait that is over soon
    clock("23T20:00")
    assert killed(lambda: sweep(desk()), "PUT /api/v2/tickets/205", landed=False) == -9
    assert killed(lambda: sweep(desk()), "PUT /api/v2/tickets/205", landed=True) == -9
    receipts += [hour("23T20:00"), hour("23T21:00")]
    mail("23T21:30", "freya@fjord.example.org", "", "Yes, please go ahead.", 204)
    clock("23T22:00")
    post(url, "/sandbox/hubs/ember", {"up": False})
    receipts.append(sweep(desk()))
    mail(
        "23T22:10", "emil@ember.example.org", "Our hub is down", "Hi, our hub does not answer, none of us gets in. Emil"
    )
    receipts += [hour("23T23:00"), hour("24T00:00"), hour("24T01:00")]
    mail("24T01:20", "dev@delta.example.org", "", "Thank you, that solved it!", 202)
    receipts.append(hour("24T02:00"))
    mail("24T02:15", "walt@postbox.example.net", "Access to a hub", "Good day, how can I get access to a hub? Walt")
    receipts.append(hour("24T03:00"))
    clock("24T04:00")
    post(url, "/sandbox/hubs/ember", {"up": True})
    receipts += [hour(f"24T0{number}:00") for number in range(4, 10)]

    assert [receipt.failure for receipt in receipts] == [""] * len(receipts)
    assert told(digests(url)[-1]) == TUESDAY
    assert len(digests(url)) == 2
    # what was done is done once: the representatives are asked by one mail, and chat hears of the hub by one message
    mails = [(each["ticket_id"], each["kind"]) for each in get(url, "/sandbox/outbox") if each["kind"] == "reply"]
    assert mails == [(204, "reply")]
    (down,) = chat(url, "cannot wait")
    assert down.startswith("Ticket 206 of Ember Wildfire Group cannot wait: Ember Wildfire Group is down")
    states = {each["id"]: each["status"] for each in get(url, "/sandbox/state")["tickets"]}
    assert states == {201: 2, 202: 2, 203: 2, 204: 2, 205: 5, 206: 2, 207: 2}

    here = desk()
    form: Any = runbook("queue").form(here, read_queue(here))
    form.whose.value = ""
    stale = button_of(form, 204)
    button_of(form, 203).click()
    assert "Receipt" in form.below.children[0].value
    assert here.case(203).ticket.agent is not None
    mail("24T09:30", "freya@fjord.example.org", "", "Wait, which version would that be?", 204)
    stale.click()
    assert "Refused" in form.below.children[0].value
    assert here.case(204).ticket.agent is None
