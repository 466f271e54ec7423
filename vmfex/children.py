"""Programs that were started, each the head of a group of its own, which is ended as one.

A ProxyCommand, or what a generator starts, holds a pipe open after its parent was killed; and of a
run that is ended by a signal nothing may go on.
"""

import atexit
import os
import signal
import subprocess
from contextlib import suppress

OWN = 0  # subprocess's `process_group` of a child that begins one
_running: "dict[int, subprocess.Popen[bytes]]" = {}


def started(process: "subprocess.Popen[bytes]") -> None:
    """Takes down a child, to be ended at this program's end if it is still there."""
    if not _running:
        atexit.register(end_all)
    _running[process.pid] = process


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the child with its whole group, and waits for it."""
    _kill(process.pid)
    process.wait()
    _running.pop(process.pid, None)


def end_all() -> None:
    """Ends every child that runs, with its group."""
    for pid in list(_running):
        _kill(pid)
    _running.clear()


def _kill(group: int) -> None:
    """The group is there as long as any of its processes is, and nobody else's before the head was
    waited for."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
