"""One run of a runbook at a time on a machine. The system gives the lock back when its process ends, however it ends.

Between machines nothing is locked here: there the claims on tickets hold.
"""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskbook.errors import DeskbookError
from deskbook.services.place import here

NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)  # some network disks


@contextmanager
def alone(path: Path, since: str) -> Iterator[str]:
    """Hold the lock meanwhile; gives a remark where this disk knows no locks. DeskbookError names who has it."""
    with path.open("a+", encoding="utf-8") as file:
        remark = ""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise DeskbookError(
                f"nothing was done: {file.read().strip() or 'another run'} is still at it. Run again when it has ended; if it hangs, end it"
            ) from None
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            remark = f"{path.parent} is on a disk that knows no locks ({error.strerror}): two runs may stand in each other's way"
        file.truncate(0)
        file.write(f"process {here().process} on {here().host}, begun {since},")
        file.flush()
        yield remark
