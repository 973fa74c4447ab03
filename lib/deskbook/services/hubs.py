"""Health checks of the hubs: one short request each, without a key."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import requests

from deskbook.config.organization import Hub
from deskbook.language.text import shorten
from deskbook.model.records import Probe
from deskbook.services.http import Answer, Bounds, Lost, NotSent, NoWay, TooSlow, exchange, new_session

BOUNDS = Bounds(connect=5, read=5, total=5, most=64 * 1024)


class HttpHubs:
    """A HubProbe. `address` gives a hub's base address: its own, or the sandbox's for it."""

    def __init__(self, address: Callable[[Hub], str] = lambda hub: hub.url, bounds: Bounds = BOUNDS) -> None:
        self._address = address
        self._bounds = bounds
        self._session: requests.Session = new_session()

    def probe(self, hub: Hub) -> Probe:
        """What the hub answers now. The words hold no times, since they end up in a plan's digest. Never raises.

        One answer that went amiss is no outage: a hub that is not well is asked twice, and the second answer stands.
        """
        seen = self._look(hub)
        return seen if seen.up and ", version" in seen.seen else self._look(hub)

    def _look(self, hub: Hub) -> Probe:
        base = self._address(hub).rstrip("/")
        try:
            health = self._ask(f"{base}/hub/health")
        except TooSlow:
            return Probe(hub, False, "does not answer in time")
        except NoWay as error:
            return Probe(hub, None, f"cannot be asked from here: {error}")
        except NotSent as error:
            return Probe(hub, False, f"does not answer: {error}")
        except Lost as error:
            return Probe(hub, False, f"does not answer properly: {error}")
        if health.status >= 500:
            return Probe(hub, False, f"answers {health.status}")
        if 300 <= health.status < 400:
            aim = urlsplit(health.headers.get("Location", "")).netloc or "elsewhere"
            return Probe(hub, None, f"sends us on to {shorten(aim, 60)}, so it may not be a JupyterHub")
        if health.status != 200:
            return Probe(hub, None, f"answers {health.status}, so it may not be a JupyterHub")
        if health.body.lstrip().startswith(b"<"):
            return Probe(hub, None, "answers with a web page, so something else may stand in its place")
        return Probe(hub, True, f"answers{self._api(base)}")

    def _api(self, base: str) -> str:
        """What its API adds: the JupyterHub's version where it tells, and that something is wrong where it fails."""
        try:
            answer = self._ask(f"{base}/hub/api/")
            if answer.status >= 500:
                return f", but its API answers {answer.status}"
            told = json.loads(answer.body)["version"]
        except (NotSent, Lost):
            return ", but its API does not answer"
        except (ValueError, RecursionError, KeyError, TypeError):
            return ""
        plain = isinstance(told, str) and told.isascii() and told.isprintable()
        return f", version {shorten(told, 20)}" if plain else ""

    def _ask(self, url: str) -> Answer:
        return exchange(self._session, "GET", url, self._bounds, headers={"Accept": "*/*"})
