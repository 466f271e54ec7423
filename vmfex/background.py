"""Threads that nobody has to wait for: a process that ends leaves them alone."""

from _thread import start_new_thread
from collections.abc import Callable


def in_background(work: Callable[..., object], *arguments: object) -> None:
    """Has a thread call `work`. Raises RuntimeError where none can be started.

    `Thread.start` waits until the thread says that it runs: for ever where the machine has no
    memory left for that, and a signal that comes meanwhile ends as an error of a lock.
    """
    start_new_thread(work, arguments)
