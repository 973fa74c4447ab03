"""The pager: which incidents are open in PagerDuty. It is only read."""

from __future__ import annotations

import json
from typing import Any

from deskbook.cases import Page
from deskbook.errors import ServiceError
from deskbook.http import Service, checked_key

KEY = "PAGERDUTY_TOKEN"
LIMIT = 100
MOST = 10_000  # PagerDuty refuses to page further


class PagerDuty:
    """A Pager."""

    def __init__(self, url: str, token: str) -> None:
        token = checked_key(KEY, token)
        self._http = Service(
            name="PagerDuty",
            base=url,
            headers={
                "Authorization": f"Token token={token}",
                "Accept": "application/vnd.pagerduty+json;version=2",
            },
            secrets=(token,),
            key=KEY,
            address="PAGERDUTY_API_URL",
            rights="must be allowed to read incidents",
            explain=explain,
        )

    def open_pages(self) -> tuple[Page, ...]:
        """The incidents that nobody has resolved, however old."""
        asked = {
            "statuses[]": ["triggered", "acknowledged"],
            "include[]": ["body"],
            "date_range": "all",  # without it, an incident of last month is left out
            "limit": LIMIT,
        }
        found: dict[str, Page] = {}
        for offset in range(0, MOST, LIMIT):
            answer = self._http.get("/incidents", {**asked, "offset": offset})
            incidents = self._http.need(answer, "incidents", "/incidents")
            if not isinstance(incidents, list):
                raise self._http.error(ServiceError, "/incidents: 'incidents' is no list. Check PAGERDUTY_API_URL")
            for incident in incidents:
                page = self._page(incident)
                found.setdefault(page.id, page)
            if answer.get("more") is not True or not incidents:
                break
        return tuple(found.values())

    def _page(self, incident: dict[str, Any]) -> Page:
        need = self._http.need
        title = str(need(incident, "title", "/incidents") or "")
        details = (incident.get("body") or {}).get("details") or ""
        service = (incident.get("service") or {}).get("summary") or ""
        about = (
            title,
            details if isinstance(details, str) else json.dumps(details, ensure_ascii=False),
            service,
            incident.get("incident_key") or "",
        )
        return Page(
            id=str(need(incident, "id", "/incidents")),
            title=title,
            status=str(need(incident, "status", "/incidents")),
            about="\n".join(str(part) for part in about if part),
            url=str(incident.get("html_url") or ""),
        )


def explain(body: Any) -> str:
    """An error of PagerDuty's on one line."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return str(error or "")
    return ": ".join(str(part) for part in (error.get("message"), *(error.get("errors") or ())) if part)
