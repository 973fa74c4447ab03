"""What several runs share, a number of mails and a message in the chat, at one and the same moment."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from building import ORGANIZATION

from deskbook.assembly import connect
from deskbook.config.settings import Settings
from deskbook.engine.actions import Post, Reply
from deskbook.engine.mail_limit import COUNT, spend
from deskbook.errors import Refused
from deskbook.services.memory import FolderMemory
from deskbook_sandbox.server import Running

NOW = datetime(2026, 11, 23, 17, 55, tzinfo=UTC)


class Meeting:
    """Two who look at the same moment see the same; where one waits for the other to end, they do not meet."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2)

    def wait(self) -> None:
        with suppress(threading.BrokenBarrierError):
            self._barrier.wait(timeout=0.3)


def both(do: Any) -> None:
    two = [threading.Thread(target=do) for _ in range(2)]
    for each in two:
        each.start()
    for each in two:
        each.join()


def desk(folder: Path, **ports: Any) -> Any:
    mail = ORGANIZATION.mail.model_copy(update={"most_in_all": 1})
    return SimpleNamespace(
        memory=FolderMemory(folder),
        organization=ORGANIZATION.model_copy(update={"mail": mail}),
        helpdesk=SimpleNamespace(now=lambda: NOW),
        sandbox=False,
        **ports,
    )


def test_the_last_mail_of_an_hour_goes_out_once(tmp_path: Path) -> None:
    meeting, refused = Meeting(), []

    class Memory(FolderMemory):
        def recall(self, name: str) -> dict[str, Any]:
            found = super().recall(name)
            meeting.wait()
            return found

    def mail() -> None:
        own = desk(tmp_path)
        own.memory = Memory(tmp_path)
        try:
            spend(own, Reply("triage.acknowledge", 101, "Reply", "Hello"))
        except Refused as error:
            refused.append(str(error))

    both(mail)
    assert len(refused) == 1
    assert FolderMemory(tmp_path).recall(COUNT) == {"sent": [NOW.timestamp()]}


def test_one_thing_that_two_tickets_have_to_say_is_said_once(tmp_path: Path) -> None:
    meeting, said = Meeting(), []

    class Chat:
        reads = True

        def posted(self, channel: str) -> frozenset[str]:
            found = frozenset(said)
            meeting.wait()
            return found

        def post(self, channel: str, text: str, ref: str, people: object) -> str:
            said.append(ref)
            return str(len(said))

    both(lambda: Post("sweep.alert#down", "Ref 1", "#support", "Down").apply(desk(tmp_path, chat=Chat()), {}))
    assert said == ["Ref 1"]


def test_two_machines_that_post_at_one_moment_leave_one_message(tmp_path: Path, running: Running) -> None:
    meeting, told = Meeting(), []

    def machine(name: str) -> None:
        chat = connect(Settings(sandbox_url=running.url)).chat
        looked = chat.posted

        def posted(channel: str) -> frozenset[str]:
            found = looked(channel)
            meeting.wait()
            return found

        chat.posted = posted  # type: ignore[method-assign]
        digest = Post("sweep.tell", "Ref 0-1-sweep.tell.20261123", ORGANIZATION.chat.support, "A day", shared=True)
        told.append(digest.apply(desk(tmp_path / name, chat=chat), {}))

    two = [threading.Thread(target=machine, args=(name,)) for name in ("one", "other")]
    for each in two:
        each.start()
    for each in two:
        each.join()
    written = [row["text"] for row in running.store.rows("SELECT text FROM chat_messages")]
    assert (len(told), written.count("A day")) == (2, 1)
    assert sum("message" in each for each in told) == 1
