"""Reads which hub an event uses, whether it exists, and whether it is taken down afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence

from deskbook.config.organization import Hub
from deskbook.language.attendees import UNKNOWN
from deskbook.language.redaction import redact
from deskbook.language.text import shorten
from deskbook.model.case import Case, mentions
from deskbook.runbooks.workshop.facts import NO, YES, Fact, Notes
from deskbook.runbooks.workshop.sources import YOU, Said

TAKE_DOWN = "Do you need the hub after the event, or may we take it down then?"
_NEW_HUB = re.compile(
    r"\b(?:new|own|separate|dedicated|temporary|extra|fresh) (?:\w+ )?hub\b|\b(?:create|set up|launch|make|spin up|deploy) (?:us )?a(?:nother)? (?:\w+ )?hub\b"
    r"|\b(?:no|not have an?|without an?) (?:existing |own )?hub\b",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"\b(?:keep|leave|need)(?: it| the hub| this hub)?(?: \w+){0,3} (?:after|running|up|afterwards)\b|\b(?:hub|it) (?:stays|remains|is needed|is used|goes on)\b|\b(?:our|the) (?:permanent|main|regular|production) hub\b|\b(?:not|never|n't) (?:be )?(?:decommission|delete|tak\w+ down|remove)\w*",
    re.I,
)
_TAKE_DOWN = re.compile(
    r"\b(?:decommission\w*|t(?:ake|aken|ear|orn) (?:it |the hub |this hub )?down|shut (?:it |the hub )?down|temporary hub|delete (?:it|the hub)|remove (?:it|the hub))\b"
    r"|\bit (?:can|may|should|must) be (?:removed|deleted|shut down|taken down|torn down)\b|\bhub\b[^.\n]{0,30}\bonly for (?:the|this) (?:event|workshop|course|week)",
    re.IGNORECASE,
)
_LABEL_HUB = re.compile(
    r"^\s{0,3}(?:hub(?: url| address)?|url of the hub)\s?[:=]\s?(?P<value>\S[^\n]{0,120})", re.IGNORECASE | re.MULTILINE
)
_HUB_ADDRESS = re.compile(
    r"(?<![\w.@-])(?:[a-z0-9-]{1,60}\.){0,5}[a-z0-9-]{0,60}hubs?(?:-[a-z0-9-]{1,40})?\.(?:[a-z0-9-]{1,60}\.){0,4}[a-z]{2,20}\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:not|instead of|rather than|like|similar to)(?: on| at| the)? (?:https?://)?$|\b(?:last (?:time|year)|previously|formerly|until now|so far|old hub)\b[^.,;\n]{0,30}$",
    re.IGNORECASE,
)
_HEARSAY = re.compile(  # "Odile says that we now belong to", "I think it is", "peut-être"
    r"\b(?:says?|told|tells|heard|thinks?|believe|maybe|perhaps|probably|sagt|meint|glaube|vielleicht|wohl"
    r"|dit|disent|pense|peut-être|dicen?|creo|quizás|tal vez)\b[^.;\n]{0,50}$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?!.*pass)[\w.-]{2,100}(?: [\w-]{2,30}){0,2}", re.IGNORECASE
)  # an address, or a name of few words


def hub_of(said: Said, notes: Notes) -> Hub | None:
    """The hub, where one of ours is meant; asks where nothing says which, or whether it exists."""
    new = _NEW_HUB.search(said.text) is not None
    hub, address, where, question = _meant(said, new or said.given.get("hub_exists") == NO)
    if address:
        notes.facts["hub_url"] = Fact(address, where)
    exists = _exists(said, hub, new)
    if exists:
        notes.facts["hub_exists"] = exists
    written = _addresses(said)
    if not (question or address or new) and len(written) == 1:
        hub, address, where, _ = _with(None, written[0], "the ticket names its address")
        notes.facts["hub_url"] = Fact(address, where)
    others = [other for other in written if other != _host(address)]
    if question:
        notes.ask("hub_url", question)
    elif others and not said.given.get("hub_url"):
        notes.ask("hub_url", f"Which hub will you use: {' or '.join(others[:4])}? Is it there already?")
    elif address and not exists:
        own = " or ".join(h.host for h in _own_hubs(said.case)[:4])
        called = own and "." not in address  # a name that they have for it
        made = f"Do you call {own} '{address}', or is that a new hub that we should make?"
        notes.ask("hub_exists", made if called else f"Does the hub {address} exist already, or should we make it?")
    elif not address and (exists is None or exists.value != NO):
        notes.ask("hub_url", "Which hub will you use? Its address, please, or tell us that you need a new one.")
    return hub


def _meant(said: Said, new: bool) -> tuple[Hub | None, str, str, str]:
    """One of our hubs, its address or what was written, where that stands, and the question where several are named."""
    case, hubs = said.case, said.case.organization.hubs
    if said.given.get("hub_url"):
        return _with(_hub_called(hubs, said.given["hub_url"]), said.given["hub_url"], YOU)
    named = next((found for s in said.sources[:-1] if (found := _named(hubs, s.text))), ()) or case.hubs_named()
    if len(named) > 1:
        return None, "", "", f"Which hub is it for: {' or '.join(h.host for h in named[:4])}?"
    if named:
        return _with(named[0], "", "its address is on the ticket")
    label = next((m["value"].strip() for s in said.sources for m in _LABEL_HUB.finditer(s.text)), "")
    if label and label == redact(label, said.text) and _CALLED.fullmatch(_host(label)) and not UNKNOWN.match(label):
        return _with(_hub_called(hubs, label), _host(label), "the ticket")
    if said.known.get("hub_url"):
        return _with(_hub_called(hubs, said.known["hub_url"]), said.known["hub_url"], "the issue")
    hub, where = (None, "") if new else _own_hub(case, said.text)
    return _with(hub, "", where)


def _with(hub: Hub | None, written: str, where: str) -> tuple[Hub | None, str, str, str]:
    return hub, f"https://{hub.host}" if hub else written, where, ""


def _addresses(said: Said) -> list[str]:
    """The hosts in what they wrote that are called a hub, each once; one that they say is none of the event only beside hearsay."""
    text = said.text
    found = [
        (text[max(0, match.start() - 60) : match.start()], match[0].lower()) for match in _HUB_ADDRESS.finditer(text)
    ]
    unsure = any(_HEARSAY.search(head) for head, _ in found)
    return list(dict.fromkeys(host for head, host in found if unsure or not _ANOTHER.search(head)))


def _exists(said: Said, hub: Hub | None, new: bool) -> Fact | None:
    if said.given.get("hub_exists"):
        return Fact(said.given["hub_exists"], YOU)
    if hub:
        return Fact(YES, "it is one of ours")
    if new or said.answered("hub_exists") == NO:
        return Fact(NO, "they ask for a new one")
    known = {"Yes": YES, "No": NO}.get(said.known.get("hub_exists", ""), "")
    return Fact(known, "the issue") if known else None


def _named(hubs: Sequence[Hub], text: str) -> tuple[Hub, ...]:
    return tuple(hub for hub in hubs if mentions(text, hub.host))


def _hub_called(hubs: Sequence[Hub], text: str) -> Hub | None:
    """The hub with that address, name or title."""
    host = _host(text)
    names = {hub.name: (hub.host, hub.name.lower(), hub.title.lower(), hub.host.split(".")[0]) for hub in hubs}
    exact = [hub for hub in hubs if host.lower() in names[hub.name]]
    return exact[0] if len(exact) == 1 else None


def _host(text: str) -> str:
    """The host of an address; any other text as it is, on one line."""
    match = re.match(r"\s{0,5}(?:https?://)?([a-z0-9][a-z0-9.-]{0,200})(?:[/?#\s]|$)", text, re.IGNORECASE)
    return match[1].lower().rstrip(".").removeprefix("www.") if match and "." in match[1] else shorten(text, 60)


def _own_hubs(case: Case) -> list[Hub]:
    community = case.community(case.ticket.community)
    return [
        h for h in case.organization.hubs if community and h.community == community.name and "staging" not in h.name
    ]


def _own_hub(case: Case, text: str) -> tuple[Hub | None, str]:
    """The one hub whose title they name, else the only one of their community."""
    own = _own_hubs(case)
    titled = [h for h in own if re.search(rf"\b{re.escape(h.title)}\b", text, re.IGNORECASE)]
    longest = [h for h in titled if len(h.title) == max(len(t.title) for t in titled)]
    if len(longest) == 1 and len(own) > 1:
        return longest[0], "the ticket names it"
    return (own[0], f"the only hub of {own[0].community}") if len(own) == 1 else (None, "")


def decommission(said: Said, notes: Notes) -> None:
    """Whether the hub is taken down afterwards; asks where a hub is made for the event and nobody says it."""
    text, given, known = said.text, said.given.get("decommission"), said.known.get("decommission")
    if given:
        notes.facts["decommission"] = Fact(given, YOU)
    elif answer := said.answered("decommission"):
        notes.facts["decommission"] = Fact(answer, "their answer in the form")
    elif _KEEP.search(text):
        notes.facts["decommission"] = Fact(NO, "they want to keep it")
    elif _TAKE_DOWN.search(text):
        notes.facts["decommission"] = Fact(YES, "they say so")
    elif known in ("Yes", "No"):
        notes.facts["decommission"] = Fact(known.lower(), "the issue")
    else:
        notes.ask("decommission", TAKE_DOWN)
