"""Exit statuses, an extension of pytest's, and what each exception comes to."""

import os
import sys
import traceback
from contextlib import suppress
from enum import IntEnum

import click

from vmfex import UsageError
from vmfex.progress import say


class Exit(IntEnum):
    CERTIFIED = 0
    NOT_CERTIFIED = 1
    INTERRUPTED = 2
    INTERNAL_ERROR = 3
    USAGE = 4
    NO_RULE_RAN = 5
    INCOMPLETE = 6


class ReaderGone(Exception):
    """Whoever read the output has closed the pipe."""


TABLE = """\
\b
Exit status:
  0  certified, with or without waivers
  1  not certified
  2  interrupted
  3  internal error
  4  wrong usage: option, host, plan, rule or file
  5  no rule ran
  6  incomplete: nothing is violated, something is undetermined or was not run
With several hosts, that of the worst: 3, then 1, then 6, then 0.
"""


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

    return UsageError, ReportError, RecordingError, UcsmError, CatalogueError
