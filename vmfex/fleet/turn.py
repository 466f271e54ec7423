"""Hosts whose evidence is all in memory take turns: it is fetched side by side, and read, judged
and written one by one. To do that at once would be no faster, and take the memory of each.
"""

from threading import Semaphore

from vmfex.evidence.host_spec import HostKind

ALL_AT_ONCE = (HostKind.SSH, HostKind.PATH, HostKind.EMBEDDED)  # the others answer bit by bit


class Turns:
    """A turn begins in the thread that reads the host, and ends where its result was used. Nobody
    waits longer for it than `patience` seconds: a host that hangs in its own stops no other."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._one = Semaphore()

    def begin(self, kind: HostKind) -> bool:
        """Waits for it. Whether it has to be ended: not every host has one."""
        return kind in ALL_AT_ONCE and self._one.acquire(timeout=self._patience)

    def end(self, begun: bool) -> None:
        if begun:
            self._one.release()
