"""Words on stderr: messages, and about what takes longer than two seconds."""

import sys
import threading
from contextlib import suppress
from types import TracebackType

PATIENCE = 2.0  # seconds
REPEAT = 5.0
MESSAGE_LIMIT = 1000  # characters


def say(message: str) -> None:
    """One line, in which nothing that a host said can steer a terminal."""
    from vmfex.checks.text import one_line, shorten

    with suppress(OSError, ValueError):  # whoever closes stderr wants to hear nothing
        print(f"vmfex: {shorten(one_line(message), MESSAGE_LIMIT)}", file=sys.stderr)


class Progress:
    """On a terminal a spinner that shows what is being done, elsewhere a line now and then."""

    def __init__(self, what: str, quiet: bool) -> None:
        self._what = what
        self._now = what
        self._quiet = quiet
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def say(self, now: str) -> None:
        """Names what is being done now."""
        self._now = f"{self._what}: {now}"

    def __enter__(self) -> "Progress":
        if not self._quiet:
            with suppress(RuntimeError, MemoryError):  # no thread is left: then without
                self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        if self._thread.ident is not None:
            self._thread.join(1)

    def _watch(self) -> None:
        if self._done.wait(PATIENCE):
            return
        with suppress(Exception):  # nothing depends on it, whatever COLUMNS or the machine lacks
            if sys.stderr.isatty():
                self._spin()
            else:
                self._repeat()

    def _spin(self) -> None:
        from rich.console import Console
        from rich.markup import escape

        from vmfex.checks.text import one_line

        with Console(stderr=True).status(escape(one_line(self._now))) as status:
            while not self._done.wait(0.2):
                status.update(escape(one_line(self._now)))

    def _repeat(self) -> None:
        while True:
            say(f"still {self._now}")
            if self._done.wait(REPEAT):
                return
