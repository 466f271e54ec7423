"""Words on stderr: messages, and about what takes longer than two seconds."""

import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from vmfex.background import in_background

if TYPE_CHECKING:
    from rich.console import Console

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
        self._gone = threading.Event()
        self._console: Console | None = None

    def tell(self, line: str) -> None:
        """A line that stays, above what is being done now; on a terminal its first word is
        painted."""
        if self._quiet:
            return
        console = self._console
        if console is None:
            say(line)
            return
        from rich.text import Text

        from vmfex.checks.text import one_line, shorten

        text = Text(f"vmfex: {shorten(one_line(line), MESSAGE_LIMIT)}")
        text.highlight_words([line.partition(" ")[0]], "bold red")
        with suppress(OSError, ValueError):
            console.print(text)

    def say(self, now: str) -> None:
        """Names what is being done now."""
        self._now = f"{self._what}: {now}"

    def __enter__(self) -> "Progress":
        try:
            if not self._quiet:
                in_background(self._watch)
                return self
        except (RuntimeError, MemoryError):  # no thread is left: then without
            pass
        self._gone.set()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._gone.wait(1)

    def _watch(self) -> None:
        with suppress(Exception):  # nothing depends on it, whatever COLUMNS or the machine lacks
            if not self._done.wait(PATIENCE):
                self._show()
        self._gone.set()

    def _show(self) -> None:
        if sys.stderr.isatty():
            self._spin()
        else:
            self._repeat()

    def _spin(self) -> None:
        from rich.console import Console
        from rich.markup import escape

        from vmfex.checks.text import one_line

        with Console(stderr=True).status(escape(one_line(self._now))) as status:
            self._console = status.console
            while not self._done.wait(0.2):
                status.update(escape(one_line(self._now)))
        self._console = None

    def _repeat(self) -> None:
        while True:
            say(f"still {self._now}")
            if self._done.wait(REPEAT):
                return
