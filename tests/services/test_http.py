"""The HTTP manners, against real local servers that misbehave on purpose."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from deskbook.errors import AnswerLost, NotFound, Refused, ServiceError, SettingsError, Unavailable
from deskbook.services.http import Bounds, Service, checked_address, checked_key

KEY = "k3y-that-nobody-may-see"


@dataclass
class Local:
    """A server on this machine and what it was asked."""

    url: str
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


class Asked(BaseHTTPRequestHandler):
    """One request; `say` sends a whole answer."""

    def say(self, status: int, body: str | bytes = b"", **headers: str | int) -> None:
        payload = body.encode() if isinstance(body, str) else body
        told = {"Content-Type": "application/json", "Content-Length": len(payload)}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.send_response(status)
        for name, value in told.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(answer: Callable[[Asked, int], None]) -> Iterator[Local]:
    """A server that answers each request by `answer(request, how many came before it)`."""
    local = Local("")

    class Handler(Asked):
        def handle_any(self) -> None:
            local.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            local.asked.append((self.command, self.path))
            local.headers.append({name.lower(): value for name, value in self.headers.items()})
            try:
                answer(self, len(local.asked) - 1)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    local.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield local
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


QUICK = Bounds(connect=2, read=2, total=2)


def service(url: str, bounds: Bounds = QUICK) -> Service:
    return Service(
        name="Thing",
        base=f"{url}/api",
        headers={"Authorization": f"Bearer {KEY}"},
        secrets=(KEY,),
        key="THING_KEY",
        address="THING_URL",
        rights="must be allowed to",
        explain=lambda body: str(body.get("message", "")) if isinstance(body, dict) else "",
        bounds=bounds,
    )


def unused_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def cut(request: Asked) -> None:
    """Promise more than is sent, and hang up."""
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"ok": tr')
    request.close_connection = True


# Reading.


def test_a_reading_call_is_tried_three_times_before_it_is_given_up() -> None:
    with serving(lambda request, n: request.say(503)) as local:
        with pytest.raises(Unavailable, match=r"GET /x got no usable answer \(it answers 503\)"):
            service(local.url).get("/x")
        assert len(local.asked) == 3


def test_a_reading_call_that_fails_once_is_not_noticed() -> None:
    with serving(lambda request, n: request.say(500) if n == 0 else request.say(200, "[1]")) as local:
        assert service(local.url).get("/x") == [1]


def test_a_reading_call_waits_as_long_as_it_is_told_to() -> None:
    def answer(request: Asked, n: int) -> None:
        request.say(429, Retry_After=0.3) if n == 0 else request.say(200, "[]")

    with serving(answer) as local:
        begun = time.monotonic()
        assert service(local.url).get("/x") == []
        assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize("told", ["3600", "inf", "nan"])
def test_a_reading_call_does_not_wait_for_an_hour(told: str) -> None:
    with serving(lambda request, n: request.say(429, Retry_After=told)) as local:
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="429"):
            service(local.url).get("/x")
        assert time.monotonic() - begun < 600  # of the seconds that it was told to wait


def test_an_answer_that_breaks_off_is_read_again() -> None:
    with serving(lambda request, n: cut(request) if n == 0 else request.say(200, '{"whole": 1}')) as local:
        assert service(local.url).get("/x") == {"whole": 1}


def test_a_slow_drip_does_not_hold_a_run() -> None:
    drops = []

    def drip(request: Asked, n: int) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        for _ in range(1000):
            request.wfile.write(b" ")
            drops.append(1)
            time.sleep(0.05)

    with serving(drip) as local:
        with pytest.raises(Unavailable, match="too slowly"):
            service(local.url, Bounds(connect=1, read=1, total=0.3)).get("/x")
        assert len(drops) < 1000
        assert len(local.asked) == 1


def test_a_silent_service_is_given_up_after_one_wait() -> None:
    with serving(lambda request, n: time.sleep(1)) as local:
        with pytest.raises(Unavailable, match="no answer in time"):
            service(local.url, Bounds(connect=1, read=0.2, total=5)).get("/x")
        assert len(local.asked) == 1


def test_a_sign_in_page_with_status_200_is_told_apart_from_an_answer() -> None:
    page = "<!doctype html><title>Sign in</title>"
    with (
        serving(lambda request, n: request.say(200, page, Content_Type="text/html")) as local,
        pytest.raises(ServiceError, match=r"GET /x came back as text/html and is no JSON: <!doctype"),
    ):
        service(local.url).get("/x")


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    with (
        serving(lambda request, n: request.say(200, b"[" + b"1," * 5000 + b"1]")) as local,
        pytest.raises(Unavailable, match="larger than 1000 bytes"),
    ):
        service(local.url, Bounds(most=1000)).get("/x")


def test_a_compressed_answer_is_read() -> None:
    body = gzip.compress(json.dumps(["a" * 100_000]).encode())
    with serving(lambda request, n: request.say(200, body, Content_Encoding="gzip")) as local:
        assert service(local.url).get("/x") == ["a" * 100_000]


# Where the key goes.


def test_a_redirect_is_not_followed() -> None:
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def sent_on(request: Asked, n: int) -> None:
            request.say(302, Location=f"{other.url}/api/x")

        with serving(sent_on) as local, pytest.raises(ServiceError, match=r"sent on to 127\.0\.0\.1"):
            service(local.url).get("/x")
        assert other.asked == []


def test_a_next_page_elsewhere_is_an_error_and_is_not_asked_for() -> None:
    with serving(lambda request, n: request.say(200, "[]")) as other:

        def lead_away(request: Asked, n: int) -> None:
            request.say(200, '[{"id": 1}]', Link=f'<{other.url}/api/x?page=2>; rel="next"')

        with serving(lead_away) as local, pytest.raises(ServiceError, match="our key must not go"):
            service(local.url).records("/x")
        assert other.asked == []


@pytest.mark.parametrize("aim", ["http://127.0.0.1:99999999/x", "http://[/x", "https:/", "/elsewhere/x?page=2"])
def test_a_next_page_that_is_no_address_of_theirs_is_an_error(aim: str) -> None:
    with (
        serving(lambda request, n: request.say(200, "[]", Link=f'<{aim}>; rel="next"')) as local,
        pytest.raises(ServiceError, match="next page"),
    ):
        service(local.url).records("/x")


def test_pages_are_read_to_the_last_and_each_record_once() -> None:
    def answer(request: Asked, n: int) -> None:
        if n == 0:
            request.say(200, '[{"id": 1}, {"id": 2}]', Link='</api/x?page=2>; rel="next", </api/x?page=9>; rel="last"')
        else:
            request.say(200, '[{"id": 2}, {"id": 3}]')

    with serving(answer) as local:
        assert [record["id"] for record in service(local.url).records("/x", {"per_page": 100})] == [1, 2, 3]
        assert local.asked == [("GET", "/api/x?per_page=100"), ("GET", "/api/x?page=2")]


def test_pages_that_lead_in_a_circle_are_left() -> None:
    def circle(request: Asked, n: int) -> None:
        request.say(200, "[]", Link=f'</api/x?page={n % 3}>; rel="next"')

    with serving(circle) as local:
        with pytest.raises(ServiceError, match="no end"):
            service(local.url).records("/x")
        assert len(local.asked) < 6


@pytest.mark.parametrize("before", ["", "x" * 280])  # in full, and where the text is cut within the key
@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_no_key_stands_in_an_error_even_where_the_service_repeats_it(before: str, status: int) -> None:
    body = f"{before}{KEY}" if status == 200 else json.dumps({"message": f"{before}{KEY} is not yours"})
    with serving(lambda request, n: request.say(status, body)) as local, pytest.raises(ServiceError) as caught:
        service(local.url).get("/x")
    assert KEY[:6] not in "".join(traceback.format_exception(caught.value))


def test_proxies_and_netrc_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", unused_address())
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with serving(lambda request, n: request.say(200, "[]")) as local:
        assert service(local.url).get("/x") == []
        assert local.headers[0]["authorization"] == f"Bearer {KEY}"


def test_cookies_are_not_kept() -> None:
    with serving(lambda request, n: request.say(200, "[]", Set_Cookie="session=1; Path=/")) as local:
        thing = service(local.url)
        thing.get("/x")
        thing.get("/x")
        assert "cookie" not in local.headers[1]


# Writing.


def test_a_write_that_the_service_stumbles_over_is_not_repeated() -> None:
    with serving(lambda request, n: request.say(502)) as local:
        with pytest.raises(AnswerLost, match=r"POST /x was sent, but it answers 502\. It may have landed"):
            service(local.url).write("POST", "/x", {})
        assert len(local.asked) == 1


def test_a_lost_answer_is_reported_not_repeated() -> None:
    def hang_up(request: Asked, n: int) -> None:
        request.connection.shutdown(socket.SHUT_RDWR)
        request.close_connection = True

    with serving(hang_up) as local:
        with pytest.raises(AnswerLost):
            service(local.url).write("PUT", "/x", {})
        assert len(local.asked) == 1


def test_a_write_whose_answer_breaks_off_may_have_landed() -> None:
    with serving(lambda request, n: cut(request)) as local:
        with pytest.raises(AnswerLost):
            service(local.url).write("POST", "/x", {})
        assert len(local.asked) == 1


def test_a_write_whose_answer_takes_too_long_may_have_landed() -> None:
    with serving(lambda request, n: time.sleep(1)) as local, pytest.raises(AnswerLost, match="no answer in time"):
        service(local.url, Bounds(connect=1, read=0.2, total=5)).write("POST", "/x", {})


@pytest.mark.parametrize("status", [200, 303])
def test_a_write_answered_by_a_page_for_people_may_have_landed(status: int) -> None:
    with serving(lambda request, n: request.say(status, "<html>")) as local, pytest.raises(AnswerLost):
        service(local.url).write("POST", "/x", {})


def test_a_write_that_nobody_took_is_known_not_to_have_landed() -> None:
    with pytest.raises(Unavailable, match="Nothing was written"):
        service(unused_address()).write("POST", "/x", {})


def test_a_write_turned_away_for_its_number_is_sent_once_more() -> None:
    def answer(request: Asked, n: int) -> None:
        request.say(429, Retry_After=0.3) if n == 0 else request.say(201, '{"id": 7}')

    with serving(answer) as local:
        assert service(local.url).write("POST", "/x", {}) == {"id": 7}
        assert len(local.asked) == 2


@pytest.mark.parametrize(("headers", "times"), [({"Retry_After": 61}, 1), ({}, 1), ({"Retry_After": 0}, 2)])
def test_a_write_turned_away_for_long_or_twice_is_left(headers: dict[str, Any], times: int) -> None:
    with serving(lambda request, n: request.say(429, **headers)) as local:
        with pytest.raises(Unavailable, match="Nothing was done"):
            service(local.url).write("POST", "/x", {})
        assert len(local.asked) == times


def test_an_empty_answer_to_a_write_is_an_answer() -> None:
    with serving(lambda request, n: request.say(204)) as local:
        assert service(local.url).write("PUT", "/x", {}) is None


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, Refused, "no such colour"),
        (401, Refused, "Check THING_KEY"),
        (403, Refused, "owner of THING_KEY must be allowed to"),
        (404, NotFound, "not there"),
        (409, Refused, "no such colour"),
    ],
)
def test_a_refusal_says_what_to_look_at(status: int, kind: type[ServiceError], words: str) -> None:
    with serving(lambda request, n: request.say(status, '{"message": "no such colour"}')) as local:
        with pytest.raises(kind, match=words):
            service(local.url).write("POST", "/x", {})
        assert len(local.asked) == 1


# Settings.


@pytest.mark.parametrize(
    "url", ["http://desk.example.org", "ftp://x", "desk.example.org", "", "https://a:b@x.org", "https://x.org:port"]
)
def test_an_address_that_would_betray_or_miss_the_key_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^THING_URL: "):
        checked_address("THING_URL", url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:80/a/", "http://localhost", "http://[::1]:8", "https://x.org"])
def test_https_and_this_very_machine_are_fine(url: str) -> None:
    assert checked_address("THING_URL", url) == url.rstrip("/")


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        checked_key("THING_KEY", key)
    assert not key or key not in str(caught.value)
