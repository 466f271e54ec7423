"""The signals that end a run: Ctrl-C, a cancelled CI job's SIGTERM, a closed terminal's SIGHUP.

Until a run's files are put in place, a signal ends it and nothing is certified by it. From then on
it has come to its end: a signal only ends what is still shown, with the run's own exit status.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 2
SENTENCE = "interrupted; nothing is certified by this run"
PATIENCE = (
    3  # the first signal lets the run clear up, which has limits of its own; the third ends it
)


class _Run:
    """What the process is at. A signal's handler has nothing else to go by."""

    heard = 0
    held = False
    status: int | None = None


def listen() -> None:
    """From now on they raise KeyboardInterrupt, but for those that whoever started the process has
    it ignore (nohup). For the command line alone: a program that uses the Python API has its own
    ways."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _heard)


@contextmanager
def listening() -> Iterator[None]:
    """As `listen`, for a pytest session: its program may go on afterwards. Signals are the main
    thread's: in another one a session hears of none."""
    if current_thread() is not main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    _Run.heard, _Run.held, _Run.status = 0, False, None
    listen()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _Run.heard, _Run.held, _Run.status = 0, False, None


def _heard(_number: int, _frame: FrameType | None) -> None:
    if _Run.status is not None:
        _end(_Run.status)
    _Run.heard += 1
    if _Run.held:
        return
    if _Run.heard == 1:
        raise KeyboardInterrupt
    if _Run.heard >= PATIENCE:
        os.write(2, f"vmfex: {SENTENCE}\n".encode())
        _end(INTERRUPTED)


def _end(status: int) -> None:
    """At once, and with whatever was started."""
    from vmfex.children import end_all

    end_all()
    os._exit(status)


def heard() -> bool:
    """Whether a signal ended the run. The exception that it raised may be gone: a lock that was
    just taken raises another one in its place."""
    return _Run.heard > 0 and _Run.status is None


def hold() -> None:
    """Until `completed` no signal has an effect. Raises KeyboardInterrupt where one was heard and
    the exception did not get through, as in a finalizer."""
    _Run.held = True
    if _Run.heard:
        _Run.held = False
        raise KeyboardInterrupt


def completed(status: int) -> None:
    """The run's files are in place: a signal ends the process with this status, at once."""
    if _Run.held:
        _Run.status = status


def deaf() -> None:
    """From now on, while the interpreter goes down, nothing is heard at all."""
    for number in ENDING:
        if signal.getsignal(number) is _heard:
            signal.signal(number, signal.SIG_IGN)
