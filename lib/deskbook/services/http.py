"""HTTP client: time and size limits, no redirects, writes are never retried, secrets are kept out of errors."""

from __future__ import annotations

import errno
import ipaddress
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import parse_header_links

from deskbook.errors import AnswerLost, NotFound, Refused, ServiceError, SettingsError, Unavailable, Unreachable
from deskbook.language.text import printable, shorten
from deskbook.services import reply
from deskbook.services.allowance import Allowance, call_of

TRIES = 3  # of a reading call
PAUSE = 0.2  # seconds before the second try, doubled before the third
LONGEST_WAIT = 60.0  # seconds that a service may ask us to wait; a run that waits longer looks hung
_PLAIN = re.compile(r"https?://[a-z0-9.:-]+/[A-Za-z0-9._~:/?!$&'()*+,;=%@-]*")  # an address as it stands on the line
MOST_PAGES = 300  # Freshdesk ends a list there as well


@dataclass(frozen=True)
class Bounds:
    """Seconds to connect, for each read, and for one whole answer; bytes of the largest answer."""

    connect: float = 5
    read: float = 20
    total: float = 60
    most: int = 32 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class NotSent(Exception):
    """There was no connection, so nothing was sent."""


class NoWay(NotSent):
    """Nothing leads there from here: the fault may be our own network's or name service's."""


class Lost(Exception):
    """It was sent, but no whole answer came back."""


class TooSlow(Lost):
    """It was sent, but no whole answer came back in time."""


def new_session() -> requests.Session:
    """A session that takes nothing from the environment (proxies, .netrc), keeps no cookies and retries nothing itself.

    urllib3's own Retry misses answers that break off and may repeat a POST after an error in TLS.
    """
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = "deskbook"
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=4, max_retries=0))
    return session


def exchange(session: requests.Session, method: str, url: str, bounds: Bounds, **request: Any) -> Answer:
    """One request and its whole answer, whatever its status; NotSent, Lost or TooSlow otherwise."""
    try:
        prepared = session.prepare_request(requests.Request(method, url, **request))
    except requests.RequestException as error:
        raise _sorted(error) from None
    return sent(session, prepared, bounds)


def sent(session: requests.Session, request: requests.PreparedRequest, bounds: Bounds) -> Answer:
    """The same of a request that is ready to be sent."""
    until = time.monotonic() + bounds.total
    timeout = (bounds.connect, bounds.read)
    try:
        with session.send(request, timeout=timeout, allow_redirects=False, stream=True) as response:
            return Answer(response.status_code, response.headers, whole_body(response, until, bounds.most))
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _sorted(error) from None


def whole_body(response: requests.Response, until: float, most: int) -> bytes:
    """The body, decoded. Only what has arrived is read at a time, so that a slow drip meets the deadline too."""
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read1(65536, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > most:
            raise Lost(f"the answer is larger than {most} bytes")
        if time.monotonic() > until:
            raise TooSlow("the answer came too slowly")
    return b"".join(parts)


def _sorted(error: Exception) -> NotSent | Lost:
    if isinstance(error, requests.ReadTimeout | urllib3.exceptions.ReadTimeoutError):
        return TooSlow("no answer in time")
    if isinstance(error, requests.ConnectTimeout):
        return NotSent("no connection in time")
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return NoWay("the name of its host is not known")
    if isinstance(reason, urllib3.exceptions.NewConnectionError):
        cause = reason.__cause__
        said = cause.strerror if isinstance(cause, OSError) and cause.strerror else "refused"
        here = isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.ENETDOWN)
        return (NoWay if here else NotSent)(f"no connection: {said.lower()}")
    if isinstance(error, requests.exceptions.SSLError):
        certificate = any(isinstance(part, ssl.SSLCertVerificationError) for part in getattr(reason, "args", ()))
        return NotSent("its certificate is not trusted") if certificate else Lost("the secure connection broke")
    if isinstance(error, ValueError):  # requests' errors about an address or header it cannot send
        return NotSent("the address cannot be used")
    return Lost("the connection broke before the answer was whole")


# From here on: one service, with its key.


@dataclass
class Service:
    """One service as its adapter speaks to it. `key` and `address` are the settings that a person can mend.

    `rights` says what the key's owner must be allowed to do; `explain` puts an error body (JSON) in words.
    """

    name: str
    base: str
    headers: Mapping[str, str]
    secrets: tuple[str, ...]
    key: str
    address: str
    rights: str
    explain: Callable[[Any], str]
    bounds: Bounds = Bounds()
    session: requests.Session = field(default_factory=new_session)
    date: datetime | None = None  # of the latest answer, by the service's own clock
    ahead: timedelta = timedelta(0)  # how far that is ahead of this machine's clock
    told: Mapping[str, str] = field(default_factory=dict)  # the headers of the latest answer
    allowance: Allowance | None = None  # of calls, where it is shared with other processes
    _ready: requests.PreparedRequest | None = field(default=None, init=False)  # for readings

    def __post_init__(self) -> None:
        self.base = checked_address(self.address, self.base)
        if is_loopback(self.base):
            self.address = "DESKBOOK_SANDBOX_URL"

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The JSON at a path under the base. Tried three times; Unavailable, NotFound, Refused or ServiceError."""
        return self._json(self._read(self._whole(path, params), path), f"GET {path}")

    def clock(self, path: str) -> datetime:
        """The service's own time, by its answer to a call of that path; ServiceError where it tells none."""
        self.date = None
        self.get(path)
        if self.date is None:
            text = f"the answer to GET {path} carries no Date; a proxy may take it out. Mend the proxy"
            raise self.error(ServiceError, text)
        return self.date

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """The JSON of a list's pages, one after another, as `Link` leads on."""
        url: str | None = self._whole(path, params)
        seen: set[str] = set()
        while url:
            if url in seen or len(seen) >= MOST_PAGES:
                raise self.error(ServiceError, f"the pages of {path} have no end; ask for less, or report it to them")
            seen.add(url)
            answer = self._read(url, path)
            yield self._json(answer, f"GET {path}")
            url = self._onward(answer, url, path)

    def records(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Every record of a list, each id once: a list that changes while it is read shows some of them twice."""
        found: dict[str, dict[str, Any]] = {}
        for page in self.pages(path, params):
            if not isinstance(page, list):
                raise self.error(ServiceError, f"GET {path} came back as no list; check {self.address}")
            for record in page:
                found.setdefault(str(self.need(record, "id", path)), record)
        return list(found.values())

    def write(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON answer to a write, None where it is empty.

        Sent once. AnswerLost where it may have landed; Unavailable, NotFound or Refused where it has not.
        """
        answer = self.send(method, path, body)
        try:
            return reply.parsed(answer.body) if answer.body else None
        except (ValueError, RecursionError):
            raise self._lost(f"{method} {path}", f"the answer is no JSON: {self._shown(answer, 60)}") from None

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> Answer:
        """A write as `write` does it, its answer unread."""
        what = f"{method} {path or '/'}"
        answer = self._send_once(method, path, body, what)
        wait = wait_of(answer)
        if answer.status == 429 and wait is not None and wait <= LONGEST_WAIT:
            time.sleep(wait)  # it was refused before anything was done: the one write that may be repeated
            answer = self._send_once(method, path, body, what)
        if answer.status == 429:
            raise self.error(
                Unavailable, f"{what} exceeds the calls allowed (429). Nothing was done; try in a few minutes"
            )
        if answer.status < 200 or 300 <= answer.status < 400 or answer.status >= 500:
            raise self._lost(what, f"it answers {answer.status}")
        return self._checked(answer, what)

    def need(self, record: Any, key: str, where: str) -> Any:
        """What stands under a key that every such record has; ServiceError where it is missing."""
        return reply.need(self.bent(where), record, key)

    def bent(self, where: str) -> reply.Complain:
        """For a reading: makes the error of a field that is not what the service promises. `where` is the call."""
        return lambda text: self.error(ServiceError, f"{where}: {text}; check that {self.address} is its address")

    def silent(self, what: str) -> reply.Complain:
        """For a write: makes the error of an answer that does not show what was written."""
        return lambda text: self._lost(what, text)

    def error(self, kind: type[ServiceError], text: str) -> ServiceError:
        """An error of that kind, with no key in its text."""
        return kind(printable(f"{self.name}: {self._without_keys(text)}."))

    def _without_keys(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text

    def _shown(self, answer: Answer, most: int = 300) -> str:
        """What an answer says, on one harmless line: the service's own words for an error, else how the body begins."""
        text = answer.body.decode("utf-8", "replace")
        if answer.status >= 400:
            with suppress(ValueError, RecursionError):
                text = self.explain(reply.parsed(answer.body)) or text
        text = self._without_keys(text)[:2000]
        return shorten("".join(c if c.isprintable() else " " for c in text), most) or "an empty answer"

    def _whole(self, path: str, params: Mapping[str, Any] | None) -> str:
        return f"{self.base}{path}?{urlencode(params, doseq=True)}" if params else self.base + path

    def _exchange(self, method: str, url: str, **request: Any) -> Answer:
        ready = self._reading(url) if method == "GET" else None
        answer = self._in_turn(
            method,
            url,
            lambda: (
                sent(self.session, ready, self.bounds)
                if ready
                else exchange(self.session, method, url, self.bounds, headers=self.headers, **request)
            ),
        )
        if at := moment_of(answer.headers):
            self.date, self.ahead = at, at - datetime.now(UTC)
        self.told = answer.headers
        return answer

    def _reading(self, url: str) -> requests.PreparedRequest | None:
        """A reading of an address below the base that needs no preparing but its headers, which are prepared once."""
        if not url.startswith(self.base) or not _PLAIN.fullmatch(url):
            return None
        if self._ready is None:
            self._ready = self.session.prepare_request(requests.Request("GET", self.base, headers=self.headers))
        reading = self._ready.copy()
        reading.url = url
        return reading

    def _in_turn(self, method: str, url: str, call: Callable[[], Answer]) -> Answer:
        if self.allowance is None:
            return call()
        parts = urlsplit(url)
        kind = call_of(method, parts.path, ",".join(parse_qs(parts.query).get("include", ())))
        turn = self.allowance.begin(kind)
        try:
            answer = call()
        except BaseException:
            self.allowance.end(turn, kind, {})
            raise
        self.allowance.end(turn, kind, answer.headers, wait_of(answer) if answer.status == 429 else None)
        return answer

    def _read(self, url: str, path: str) -> Answer:
        problem, kind = "", Unavailable
        for attempt in range(TRIES):
            pause = PAUSE * 2**attempt
            try:
                answer = self._exchange("GET", url)
            except TooSlow as error:
                problem, kind = str(error), Unavailable
                break
            except (NotSent, Lost) as error:
                problem, kind = str(error), Unreachable if isinstance(error, NotSent) else Unavailable
            else:
                kind = Unavailable
                if answer.status < 500 and answer.status != 429:
                    return self._checked(answer, f"GET {path}")
                problem = "too many calls (429)" if answer.status == 429 else f"it answers {answer.status}"
                pause = max(pause, wait_of(answer) or 0)
            if attempt + 1 == TRIES or not pause <= LONGEST_WAIT:
                break
            time.sleep(pause)
        text = (
            f"GET {path} got no usable answer ({problem}). Try in a few minutes; if it stays so, check {self.address}"
        )
        raise self.error(kind, text)

    def _send_once(self, method: str, path: str, body: Mapping[str, Any], what: str) -> Answer:
        try:
            return self._exchange(method, self.base + path, json=body)
        except NotSent as error:
            text = f"{what} was not sent ({error}). Nothing was written; check {self.address} and try again"
            raise self.error(Unavailable, text) from None
        except Lost as error:
            raise self._lost(what, str(error)) from None

    def _checked(self, answer: Answer, what: str) -> Answer:
        status = answer.status
        if 200 <= status < 300:
            return answer
        if status == 401:
            text = f"the key is not accepted (401: {self._shown(answer)}). Check {self.key}"
        elif status == 403:
            text = f"{what} is not allowed (403: {self._shown(answer)}). The owner of {self.key} {self.rights}"
        elif status == 404:
            raise self.error(NotFound, f"{what} is not there (404): check its number or name, and {self.address}")
        elif 400 <= status < 500:
            text = f"{what} was refused ({status}: {self._shown(answer)}). Nothing was done; mend what it names"
        else:
            aim = urlsplit(answer.headers.get("Location", "")).netloc or "elsewhere"
            text = f"{what} is sent on to {aim} ({status}), where our key must not go. Put its own address in {self.address}"
            raise self.error(ServiceError, text)
        raise self.error(Refused, text)

    def _json(self, answer: Answer, what: str) -> Any:
        try:
            return reply.parsed(answer.body)
        except (ValueError, RecursionError):
            text = (
                f"{what} came back as {shorten(answer.headers.get('Content-Type', 'something'), 40)} and is no JSON: "
                f"{self._shown(answer, 60)} Check {self.address}, and that no sign-in page or proxy answers in its place"
            )
            raise self.error(ServiceError, text) from None

    def _onward(self, answer: Answer, url: str, path: str) -> str | None:
        """The next page's address on our own base, after its origin was checked: following it as it comes leaks the key."""
        links = parse_header_links(answer.headers.get("Link", ""))
        aim = next((link["url"] for link in links if link.get("rel") == "next"), None)
        if aim is None:
            return None
        base = urlsplit(self.base)
        try:
            parts = urlsplit(urljoin(url, aim))
            ours = origin(parts.geturl()) == origin(self.base) and parts.path.startswith(f"{base.path}/")
        except ValueError:
            ours = False
        if not ours:
            there = shorten(self._without_keys(aim), 60)
            text = f"the next page of {path} is said to be {there}, where our key must not go. Check {self.address}"
            raise self.error(ServiceError, text)
        return f"{base.scheme}://{base.netloc}{parts.path}?{parts.query}"

    def _lost(self, what: str, why: str) -> ServiceError:
        return self.error(
            AnswerLost, f"{what} was sent, but {why}. It may have landed. Run again: it will look before repeating it"
        )


def checked_address(setting: str, url: str) -> str:
    """A base address without a slash at its end; SettingsError unless it is https, or http on this machine."""
    url = url.strip().rstrip("/")
    try:
        scheme, host, _ = origin(url)
        parts = urlsplit(url)
        usable = bool(host) and not (parts.query or parts.fragment or parts.username or parts.password)
    except ValueError:
        raise SettingsError(f"{setting}: is no address; write it as https://name.example.org") from None
    if not usable or scheme not in ("https", "http"):
        raise SettingsError(f"{setting}: is no plain web address; write it as https://name.example.org")
    if scheme == "http" and not is_loopback(url):
        raise SettingsError(f"{setting}: http://{host} would send the key unencrypted; write https://")
    return url


def checked_key(setting: str, key: str) -> str:
    """A key that can stand in a header; SettingsError, which does not repeat it, otherwise."""
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(f"{setting}: is empty, or holds a space or sign that no key has; copy it again")
    return key


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address; ValueError where its port is none."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def is_loopback(url: str) -> bool:
    host = origin(url)[1]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def wait_of(answer: Answer) -> float | None:
    """The seconds that Retry-After asks for, given as a number or a date; None where it is missing or unreadable."""
    told = answer.headers.get("Retry-After", "")
    try:
        return max(0.0, float(told))
    except ValueError:
        moment = _moment(told)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment else None


def moment_of(headers: Mapping[str, str]) -> datetime | None:
    """When an answer was made, by its Date."""
    return _moment(headers.get("Date") or headers.get("date"))


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
