"""Hosts whose evidence is all in memory take turns: it is fetched side by side, and read, judged
and written one by one. To do that at once would be no faster, and take the memory of each.
"""

from threading import Semaphore

from vmfex.evidence.host_spec import HostKind

ALL_AT_ONCE = (HostKind.SSH, HostKind.PATH, HostKind.EMBEDDED)  # the others answer bit by bit


class Turns:
    """A turn begins in the thread that reads the host, and ends where its result was used."""

    def __init__(self) -> None:
        self._one = Semaphore()

    def begin(self, kind: HostKind) -> bool:
        """Waits for it. Whether it has to be ended: some hosts need none."""
        return kind in ALL_AT_ONCE and self._one.acquire()

    def end(self, begun: bool) -> None:
        if begun:
            self._one.release()
