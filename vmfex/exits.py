"""What each exception means to whoever runs the command: a sentence and an exit status."""

import os
import sys
import traceback
from contextlib import suppress

import click

from vmfex.errors import VmfexError
from vmfex.exit_status import Exit
from vmfex.progress import say


class ReaderGone(Exception):
    """Whoever read the output has closed the pipe."""


def status_of(error: BaseException) -> Exit:
    """Tells the user on stderr what happened, and returns the exit status that it comes to."""
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        say("interrupted; nothing is certified by this run")
        return Exit.INTERRUPTED
    if isinstance(error, ReaderGone):
        with suppress(OSError, ValueError):
            # the interpreter flushes once more at its end, and would complain about it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return Exit.USAGE
    if isinstance(error, _refusals()):
        say(str(error))
        return Exit.USAGE
    if os.environ.get("VMFEX_DEBUG") == "1":
        traceback.print_exception(error)
    say(
        f"internal error, {type(error).__name__}: {error} "
        "(nothing is certified by this run; VMFEX_DEBUG=1 shows the traceback)"
    )
    return Exit.INTERNAL_ERROR


def _refusals() -> tuple[type[Exception], ...]:
    from vmfex.engine.catalogue import CatalogueError
    from vmfex.evidence.archive.entries import RecordingError
    from vmfex.evidence.sources.ucsm import UcsmError
    from vmfex.reports import ReportError

    return VmfexError, ReportError, RecordingError, UcsmError, CatalogueError
