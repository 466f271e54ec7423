"""The standard streams, which can be closed, full, or read by nobody any more."""

import os
import sys
from contextlib import suppress


class OutputLost(Exception):
    """Standard output takes no more; the message says why."""


class ReaderGone(OutputLost):
    """Whoever read the output has closed the pipe."""


def occupy() -> None:
    """Gives the number of a closed stream to /dev/null: otherwise the next file that is opened has
    it, and what a library prints goes into that file."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w")


def show(text: str) -> None:
    """Writes the text to standard output, to its last character. Raises OutputLost."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        raise lost(error) from None


def flush() -> None:
    """Raises OutputLost."""
    show("")


def lost(error: OSError) -> OutputLost:
    """Why it takes no more. What is still in its buffer is given up."""
    with suppress(OSError, ValueError):
        # the interpreter flushes once more at its end, and would complain about it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return ReaderGone()
    return OutputLost(f"standard output cannot be written: {error.strerror or error}")


def leave(status: int) -> None:
    """Ends the process. The interpreter, which would tell of a stream that cannot be written with
    a traceback and a status of its own, has no part in it then."""
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError):
        os._exit(status)
    sys.exit(status)
