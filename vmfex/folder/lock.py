"""One run at a time in a folder, by a lock that ends with its process."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vmfex.errors import UsageError
from vmfex.folder.moves import is_folder
from vmfex.folder.names import LOCK, WORK


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Holds the folder, which is made where it is not there. Raises UsageError where another run
    has it, OSError where it cannot be had."""
    out.mkdir(parents=True, exist_ok=True)
    work = out / WORK
    work.mkdir(exist_ok=True)
    if not is_folder(work):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(work))
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK  # a write lock, for NFS
    descriptor = os.open(work / LOCK, flags, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise UsageError(
            f"another run of vmfex writes to {out} now: wait for its end, or give another "
            "folder for the reports (--out)"
        ) from None
    except BaseException:
        os.close(descriptor)
        raise
    try:
        yield
    finally:
        os.close(descriptor)
