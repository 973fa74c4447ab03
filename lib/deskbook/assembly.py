"""Connect to the services that the settings name: the real ones, a running sandbox, or one of this process's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from weakref import finalize

from IPython import get_ipython

from deskbook import learning, notebooks
from deskbook.config.organization import Hub, Organization
from deskbook.config.process import Process
from deskbook.config.settings import SLACK, Settings, read_settings
from deskbook.engine.plan import Plan, Receipt
from deskbook.errors import DeskbookError, SettingsError
from deskbook.model.case import Case
from deskbook.nights import archive
from deskbook.services.allowance import Allowance
from deskbook.services.freshdesk.client import Freshdesk
from deskbook.services.github.client import GitHub
from deskbook.services.http import Bounds, Lost, NotSent, exchange, new_session
from deskbook.services.hubs import HttpHubs
from deskbook.services.memory import FolderMemory, ShortMemory
from deskbook.services.pagerduty import PagerDuty
from deskbook.services.ports import Chat, Desk, Memory
from deskbook.services.sharing import spread
from deskbook.services.slack import Slack, SlackWebhook
from deskbook.tickets.desk import ServiceDesk
from deskbook.ui import views


def connect(settings: Settings | None = None) -> Desk:
    """The desk that the environment (or `settings`) names; SettingsError or DefinitionError if it is wrong."""
    _register_displays()
    settings = settings or read_settings()
    process, organization = settings.load()
    if settings.live or settings.sandbox_url:
        shared, memory = Allowance(settings.cache / "calls.sqlite"), FolderMemory(settings.cache)
        desk = (_live if settings.live else _joined)(settings, process, organization, shared, memory)
        return replace(
            desk,
            history=learning.kept(settings),
            unattended=settings.unattended,
            notebook=notebooks.opener(),
            noticed=partial(_noticed, settings, organization),
            spread=partial(spread, connect),
        )
    from deskbook_sandbox import server  # a fifth of a second that nobody else needs to wait for

    running = server.start(organization)
    where = "SANDBOX of this notebook: nothing leaves this machine"
    here = replace(settings, sandbox_url=running.url)
    desk = replace(_practice(here, where, process, organization, ShortMemory()), unattended=settings.unattended)
    finalize(desk, running.stop)
    return desk


def _noticed(settings: Settings, organization: Organization) -> tuple[str, ...]:
    return archive.remarks(settings.nights, organization.nights, datetime.now(UTC), sandbox=not settings.live)


def _register_displays() -> None:
    """Teach this notebook, if there is one, how these look: facts and plans themselves know nothing of pages."""
    shell = get_ipython()
    if shell is not None:
        formatter = shell.display_formatter.mimebundle_formatter
        for kind in (Case, Plan, Receipt, ServiceDesk):
            formatter.for_type(kind, lambda thing, include=None, exclude=None: views.shown(thing))
        shell.set_custom_exc((DeskbookError,), _in_one_sentence)


def _in_one_sentence(
    shell: Any, kind: type[BaseException], error: BaseException, trace: Any, tb_offset: Any = None
) -> Any:
    """An error of ours says what is wrong and what to do; where in the code it was found helps nobody at the desk."""
    said = [f"{kind.__name__}: {error}"]
    shell._showtraceback(kind, error, said)
    return said


def _live(
    settings: Settings, process: Process, organization: Organization, allowance: Allowance, memory: Memory
) -> ServiceDesk:
    chat: Chat = Slack(SLACK, settings.slack_token) if settings.slack_token else SlackWebhook(settings.slack_webhook)
    helpdesk = Freshdesk(
        settings.freshdesk_url, settings.freshdesk_key, organization, clock="wall", allowance=allowance, memory=memory
    )
    return ServiceDesk(
        where=f"LIVE: {settings.freshdesk_url} and {organization.tracker.repository}. Mails are really sent",
        sandbox=False,
        process=process,
        organization=organization,
        helpdesk=helpdesk,
        tracker=GitHub(settings.github_url, settings.github_token, organization, patient=True, linked=helpdesk.linked),
        chat=chat,
        pager=PagerDuty(settings.pagerduty_url, settings.pagerduty_token, organization.incident.service),
        hubs=HttpHubs(lambda hub: hub.url),
        memory=memory,
    )


def _joined(
    settings: Settings, process: Process, organization: Organization, allowance: Allowance, memory: Memory
) -> ServiceDesk:
    url = settings.sandbox_url
    where = f"SANDBOX at {url}: nothing leaves this machine"
    desk = _practice(settings, where, process, organization, memory, allowance)
    try:
        exchange(new_session(), "GET", f"{url}/sandbox/clock", Bounds())
    except (NotSent, Lost) as error:
        raise SettingsError(
            f"DESKBOOK_SANDBOX_URL: no sandbox answers at {url} ({error}). Start one: deskbook sandbox"
        ) from None
    return desk


def _practice(
    settings: Settings,
    where: str,
    process: Process,
    organization: Organization,
    memory: Memory,
    allowance: Allowance | None = None,
) -> ServiceDesk:
    url, key = settings.sandbox_url, settings.sandbox_key
    helpdesk = Freshdesk(url, key, organization, clock="service", allowance=allowance, memory=memory)
    return ServiceDesk(
        where=where,
        sandbox=True,
        process=process,
        organization=organization,
        helpdesk=helpdesk,
        tracker=GitHub(f"{url}/github", key, organization, patient=False, linked=helpdesk.linked),
        chat=Slack(f"{url}/slack/api/", key),
        pager=PagerDuty(f"{url}/pagerduty", key, organization.incident.service),
        hubs=HttpHubs(partial(_hub_address, url)),
        memory=memory,
        page=settings.sandbox_page or url,
    )


def _hub_address(url: str, hub: Hub) -> str:
    return f"{url}/hubs/{hub.name}"
