"""Known errors and problems: recognised in realistic words and logs, and not where the same words mean nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from building import build_case
from yardstick import ENOUGH, yards

from deskbook.config.loader import read_yaml
from deskbook.errors import DefinitionError
from deskbook.runbooks.timebox.form import Help
from deskbook.tickets.known import SHIPPED, load_known, logs_are_gone, marked, recognise, recognised_in
from deskbook.ui import blocks as ui

PROBLEMS = {"manual-deploy", "prometheus-memory", "webhook-certificate", "disk-full", "github-login", "unknown-user"}
ERRORS = {"server-error", "scaling", "dask"}

NO_SPACE = """Traceback (most recent call last):
  File "/srv/conda/envs/notebook/lib/python3.12/site-packages/jupyter_server/services/contents/fileio.py", line 112, in atomic_writing
    fileobj.close()
OSError: [Errno 28] No space left on device"""
IN_PROGRESS = """$ helm upgrade --install prod ./basehub -n prod
Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress"""
HISTORY = """REVISION  UPDATED                   STATUS           CHART          DESCRIPTION
41        Mon Nov 23 09:02:11 2026  superseded       basehub-0.1.0  Upgrade complete
42        Mon Nov 23 10:14:11 2026  failed           basehub-0.1.0  Upgrade "prod" failed: timed out waiting for the condition"""
OOM = """NAME                                        READY   STATUS      RESTARTS      AGE
support-grafana-5d8b7c9c6f-2xk8p            1/1     Running     0             12d
support-prometheus-server-7c9f6d5b8-qq2lm   1/2     OOMKilled   14 (3m ago)   12d"""
CRASH = "support   support-prometheus-server-7c9f6d5b8-qq2lm   1/2   CrashLoopBackOff   15 (48s ago)   55m"
EVENT = "Warning  BackOff  2m (x41)  kubelet  Back-off restarting failed container prometheus-server in pod support-prometheus-server-7c9f6d5b8-qq2lm_support(2f)"
WEBHOOK = (
    'Error: UPGRADE FAILED: cannot patch "support-prometheus-server" with kind Ingress: Internal error occurred: failed calling webhook'
    ' "validate.nginx.ingress.kubernetes.io": failed to call webhook: Post "https://support-ingress-nginx-controller-admission.support.svc:443'
    '/networking/v1/ingresses?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority'
)
RESTRICTED = (
    "[W 2026-11-23 10:01:02.512 JupyterHub github:190] ada does not appear to be a member of aurora:team (status=403): Although you appear to"
    " have the correct authorization credentials, the `aurora` organization has enabled OAuth App access restrictions"
)
HUB_LOG = """[I 2026-11-23 10:14:10.981 JupyterHub log:192] 302 GET /hub/ -> /hub/spawn (ada@10.0.0.7) 21.17ms
[E 2026-11-23 10:19:11.001 JupyterHub log:184] 500 GET /hub/spawn/ada (ada@10.0.0.7) 300012.10ms"""
SPAWN = "[E 2026-11-23 10:19:11 JupyterHub user:884] Unhandled error starting ada's server: pod prod/jupyter-ada did not start in 600 seconds!"
NGINX = '10.0.0.7 - - [23/Nov/2026:10:14:11 +0000] "GET /hub/login HTTP/1.1" 503 190 "-" "Mozilla/5.0"'
NO_SCALE = "Normal   NotTriggerScaleUp  3m  cluster-autoscaler  pod didn't trigger scale-up: 3 max node group size reached, 5 node(s) didn't match Pod's node affinity/selector"
UNSCHEDULED = (
    "Warning  FailedScheduling  5m  jhub-user-scheduler  0/12 nodes are available: 3 Insufficient memory, 9 node(s)"
)
GATEWAY = """Traceback (most recent call last):
  File "/srv/conda/envs/notebook/lib/python3.12/site-packages/dask_gateway/client.py", line 1012, in _new_cluster_async
    raise TimeoutError
OSError: Timed out trying to connect to 'gateway://traefik-prod-dask-gateway.prod:80/prod.52c145191c' after 30 s"""
TRAEFIK = "ClientResponseError: 504, message='Gateway Timeout', url=URL('http://proxy-public/services/dask-gateway/api/v1/clusters/')"


@pytest.mark.parametrize(
    ("log", "first"),
    [
        (NO_SPACE, "disk-full"),
        ("npm ERR! nospc ENOSPC: no space left on device, write", "disk-full"),
        ("sqlite3.OperationalError: database or disk is full", "disk-full"),
        ("fatal: could not create work tree dir 'course': No space left on device", "disk-full"),
        (IN_PROGRESS, "manual-deploy"),
        (HISTORY, "manual-deploy"),
        ("Error: UPGRADE FAILED: pre-upgrade hooks failed: timed out waiting for the condition", "manual-deploy"),
        ("Error: UPGRADE FAILED: \"staging\" has no deployed releases", "manual-deploy"),
        ("prod   prod   43   2026-11-23 10:14:11   pending-upgrade   basehub-0.1.0", "manual-deploy"),
        (OOM, "prometheus-memory"),
        (CRASH, "prometheus-memory"),
        (EVENT, "prometheus-memory"),
        (WEBHOOK, "webhook-certificate"),
        (WEBHOOK.replace("tls: failed to verify certificate: ", ""), "webhook-certificate"),
        (RESTRICTED, "github-login"),
        (HUB_LOG, "server-error"),
        (SPAWN, "server-error"),
        (NGINX, "server-error"),
        ("Spawn failed: Server at http://10.1.2.3:8888/user/ada/ didn't respond in 30 seconds", "server-error"),
        (NO_SCALE, "scaling"),
        (UNSCHEDULED, "scaling"),
        ('"reason": {"messageId": "no.scale.up.nap.pod.zonal.resources.exceeded"}', "scaling"),
        ("Could not launch On-Demand Instances. InsufficientInstanceCapacity - no capacity for r5.4xlarge", "scaling"),
        (GATEWAY, "dask"),
        (TRAEFIK, "dask"),
        ("distributed.comm.core.CommClosedError: in <TLS (closed)>: Stream is closed", "dask"),
    ],
)  # fmt: skip
def test_a_pasted_log_shows_what_it_is(log: str, first: str) -> None:
    found = recognise("Something is wrong", log)
    assert [match.known.id for match in found][:1] == [first]
    assert found[0].where == "the pasted log"
    assert len(found[0].words) <= 161


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Since today saving fails with 'No space left on device'.", "disk-full"),
        ("I think our shared disk is full again.", "disk-full"),
        ("The home directories seem to be full.", "disk-full"),
        ("We ran out of disk space, and cannot save.", "disk-full"),
        ("It says that no disk space is left.", "disk-full"),
        ("Our hub is broken since the manual deploy of yesterday.", "manual-deploy"),
        ("Grafana is empty, and Prometheus restarts all the time.", "prometheus-memory"),
        ("Servers wait for ever; the cluster doesn’t scale up.", "scaling"),
        ("We deployed by hand yesterday and now the hub is broken.", "manual-deploy"),
        ("My helm upgrade was interrupted when the train went into a tunnel.", "manual-deploy"),
        ("Grafana shows no data; Prometheus keeps restarting.", "prometheus-memory"),
        ("The prometheus pod is OOMKilled every few minutes.", "prometheus-memory"),
        ("Everybody gets 403 : Forbidden when they log in with GitHub.", "github-login"),
        ("GitHub login ends with a 403 for the whole class.", "github-login"),
        ("When signing in through GitHub I see '403 Forbidden'.", "github-login"),
        ("After I authorize the app on GitHub, the hub says 403.", "github-login"),
        ("In the admin panel there is a user whom nobody here knows.", "unknown-user"),
        ("There are two unknown users in the admin panel. Were we hacked?", "unknown-user"),
        ("I don’t recognise three of the names on the admin page.", "unknown-user"),
        ("I get a 503 when I log in.", "server-error"),
        ("502 Bad Gateway after login", "server-error"),
        ("HTTP error 504 when starting my server", "server-error"),
        ("Error 500: Internal Server Error, each time the server starts", "server-error"),
        ("Servers end with 'Spawn failed'.", "server-error"),
        ("The message is: 0/12 nodes are available", "scaling"),
        ("The event log says: pod didn’t trigger scale-up", "scaling"),
        ("My Dask workers never start.", "dask"),
        ("The Dask cluster times out after a minute.", "dask"),
        ("dask-gateway: connection refused", "dask"),
    ],
)  # fmt: skip
def test_a_ticket_shows_what_it_is(text: str, first: str) -> None:
    found = recognise(f"Help\nHello,\n{text}\nThanks, Ada")
    assert [match.known.id for match in found][:1] == [first]
    assert found[0].where == "the ticket"
    assert found[0].words == text.replace("’", "'")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "403",
        "I get a 403.",
        "Room 403 is booked for the course.",
        "git push to GitHub ends with 403, although I am logged in to the hub.",
        "Could people log in with GitHub instead of Google?",
        "We have no space left in the course, so no more learners please.",
        "Is there any space left on the shared drive?",
        "How much disk does each learner have?",
        "My home directory is full of old notebooks; may I delete them?",
        "The course is full.",
        "We teach a dask course in spring.",
        "Which Dask version is installed? Our workers are volunteers.",
        "We would like dask-gateway on our hub.",
        "500 students will log in on Monday at nine.",
        "We have 502 users who start their servers at once.",
        "A workshop with 503 participants will start in May.",
        "Could we have a Grafana account to see Prometheus?",
        "Prometheus is a film. My kernel was OOMKilled by a large notebook.",
        "My kernel dies, out of memory.",
        "Prometheus shows that my notebook is OOMKilled.",
        "My kernel was OOMKilled, as one can see in Prometheus.",
        "Please make Otto an admin.",
        "A new user does not see the admin panel.",
        "Unexpected behaviour for users of the hub",
        "pip says: SSL error, x509: certificate signed by unknown authority",
        "We use a webhook from GitHub to rebuild our site.",
        "Our site was deployed by hand, which works well.",
        "How do you deploy a hub, with helm upgrade?",
        "Would a bigger node be possible? All nodes are available to us, I think.",
        "Could the hub scale up before our class?",
        "> OSError: [Errno 28] No space left on device",
        "All is well.\n> Error 503 at login\n> The Dask cluster times out.",
        "The upgrade went well, thank you.",
        "We are out of space in the classroom.",
        "How much disk space is left on our hub?",
        "Does the cluster scale up by itself?",
    ],
)  # fmt: skip
def test_words_that_mean_something_else_are_not_taken_for_it(text: str) -> None:
    assert recognise(text) == ()
    assert recognise("", text) == ()


def test_the_words_of_two_lines_do_not_add_up_to_a_sign() -> None:
    pods = "support-prometheus-server-7c9f6d5b8-qq2lm   2/2   Running\njupyter-ada   0/1   OOMKilled"
    assert recognise("", pods) == ()


def test_an_old_mail_that_is_quoted_below_the_request_does_not_count() -> None:
    body = "<p>Please add Otto.</p><blockquote>OSError: [Errno 28] No space left on device</blockquote>"
    case = build_case({"ticket": {"subject": "A new person", "body": body}})
    assert recognised_in(case) == ()
    old = "<p>Thanks!</p><p>On Mon, 2 Nov 2026 at 10:00, Support wrote:</p><p>OSError: [Errno 28] No space left on device</p>"
    assert recognised_in(build_case({"ticket": {"body": "It is solved."}, "entries": [{"by": "requester", "body": old}]})) == ()  # fmt: skip


def test_a_reply_counts_and_a_private_note_of_ours_does_not() -> None:
    said = "<p>It now says: OSError: [Errno 28] No space left on device</p>"
    replied = build_case({"ticket": {"body": "Saving fails."}, "entries": [{"by": "requester", "body": said}]})
    assert [match.known.id for match in recognised_in(replied)] == ["disk-full"]
    agent = replied.agents[0].name
    noted = build_case({"ticket": {"body": "Saving fails."}, "entries": [{"by": agent, "body": said, "private": True}]})
    assert recognised_in(noted) == ()


def test_problems_come_before_errors_then_more_signs_then_the_log() -> None:
    found = recognise("The Dask cluster times out.", f"{NO_SCALE}\n{UNSCHEDULED}\n{NO_SPACE}")
    assert [match.known.id for match in found] == ["disk-full", "scaling", "dask"]
    one_each = recognise("The Dask cluster times out.", "Spawn failed: Timeout")
    assert [(match.known.id, match.where) for match in one_each] == [
        ("server-error", "the pasted log"),
        ("dask", "the ticket"),
    ]


def test_a_thing_is_named_once_and_the_log_is_the_better_witness() -> None:
    (match,) = recognise("Saving says: no space left on device", NO_SPACE)
    assert match.where == "the pasted log"
    assert match.sentence() == (
        "No space left on device: the pasted log says 'OSError: [Errno 28] No space left on device'"
    )


def test_a_long_line_is_shown_around_its_sign() -> None:
    (match,) = recognise("", "x" * 50 + " word" * 100 + " No space left on device" + " more" * 50)
    assert match.words.startswith("…")
    assert match.words.endswith("…")
    assert "No space left on device" in match.words
    assert len(match.words) <= 162


def test_the_end_of_a_very_long_log_is_looked_at() -> None:
    assert recognise("", "all is well\n" * 100_000 + NO_SPACE)
    assert not recognise("", NO_SPACE + "\nall is well" * 100_000)


HOSTILE = (
    "403 github log in ", "webhook x509", "prometheus ", "dask gateway ", "503 log ", "error 503 ", "unknown user ", "release ", "GET /hub/",
    "500 GET /", "admin panel don't ", "helm upgrade ", "upgrade failed: ", 'upgrade "', "a" * 50, "50", "\u200b", "server at ", "no ", "0/1",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_keeps_it_busy(piece: str) -> None:
    line = (piece * 1_000)[:999]
    assert yards(lambda: recognise(piece * 40_000, f"{line}\n" * 200)) < ENOUGH


def test_every_problem_and_error_of_the_process_is_known() -> None:
    known = load_known().known
    assert {each.id for each in known if each.kind == "problem"} == PROBLEMS
    assert {each.id for each in known if each.kind == "error"} == ERRORS


def test_an_error_names_its_log_first() -> None:
    looks = {each.id: " ".join(each.look) for each in load_known().known}
    assert looks["server-error"].startswith("The log of the hub pod")
    assert "autoscaler" in looks["scaling"].split(".")[0]
    assert looks["dask"].index("log of the Dask gateway") < looks["dask"].index("its proxy")


def test_every_sentence_ends_and_shows_its_commands_as_code() -> None:
    for each in load_known().known:
        for sentence in (*each.look, *each.fix, each.caution or "."):
            assert sentence.endswith("."), sentence
            assert marked(sentence).count("`") == sentence.count("`")
    assert marked("Find it with `helm history <release>`, *now*.") == (
        "Find it with `helm history <release>`, \\*now\\*."
    )


@pytest.mark.parametrize(("days", "gone"), [(0, False), (30, False), (31, True), (400, True)])
def test_logs_older_than_a_month_are_gone(days: int, gone: bool) -> None:
    case = build_case({"ticket": {"created": "2026-01-01T00:00:00+00:00"}, "now": _after(days)})
    warning = logs_are_gone(case)
    assert bool(warning) is gone
    if gone:
        assert warning.startswith(f"The ticket is {days} days old, and the clouds keep logs for about 30 days")


def _after(days: int) -> str:
    return str(datetime(2026, 1, 1, 1, tzinfo=UTC) + timedelta(days=days))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"signs": ["(unclosed"]}, "bad.yaml @ /known/0/signs/0: is not a regular expression"),
        ({"signs": ["a*"]}, "bad.yaml @ /known/0/signs/0: matches an empty line, so everything; say what it looks for"),
        ({"signs": []}, "bad.yaml @ /known/0/signs: tuple should have at least 1 item"),
        ({"kind": "riddle"}, "bad.yaml @ /known/0/kind: input should be 'error' or 'problem'"),
        ({"id": "Disk Full"}, "bad.yaml @ /known/0/id: string should match pattern"),
        ({"id": "disk-full"}, "bad.yaml @ /known/3: 'disk-full' is there twice; keep one"),
        ({"fix": ["Run `df -h."]}, "bad.yaml @ /known/0/fix/0: has a backtick without its partner"),
        ({"sings": ["x"]}, "bad.yaml @ /known/0/sings: is not a key we know; did you mean 'signs'?"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_place_and_remedy(
    change: dict[str, object], message: str, tmp_path: Path
) -> None:
    data = read_yaml(SHIPPED)
    data["known"][0] |= change
    bad = tmp_path / "bad.yaml"
    bad.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_known(bad)
    assert message in str(caught.value)


def test_a_fix_is_shown_with_its_commands_as_commands() -> None:
    case = build_case({"ticket": {"subject": "Help", "body": "<p>Look</p>"}})
    shown = ui.html(Help(case, (), ()).blocks(IN_PROGRESS))
    assert "<code>helm history &lt;release&gt; -n &lt;namespace&gt;</code>" in shown
    assert "`" not in shown


@pytest.mark.parametrize(("name", "message"), [(each.id, heard) for each in load_known().known for heard in each.heard])
def test_a_message_that_a_search_finds_is_recognised_where_somebody_tells_it(name: str, message: str) -> None:
    """A number alone stands for nothing, so it is told with what one was doing."""
    found = recognise(f"I see {message} when I log in with GitHub")
    assert name in [match.known.id for match in found]
