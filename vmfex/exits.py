"""What each exception means to whoever runs the command: a sentence and an exit status."""

import errno
import os
import traceback

import click

from vmfex.errors import ClusterLost, VmfexError
from vmfex.exit_status import Exit
from vmfex.interrupts import SENTENCE, heard
from vmfex.progress import say
from vmfex.streams import OutputLost, ReaderGone

RESOURCES = {
    errno.ENOMEM: "no memory is left",
    errno.EMFILE: "no file descriptor is left (ulimit -n)",
    errno.ENFILE: "no file descriptor is left on this machine",
    errno.ENOSPC: "no space is left on the disk",
    errno.EDQUOT: "no space is left on the disk (quota)",
}


def status_of(error: BaseException) -> Exit:
    """Tells the user on stderr what happened, and returns the exit status that it comes to."""
    if heard() or isinstance(error, (KeyboardInterrupt, click.Abort)):
        say(SENTENCE)
        return Exit.INTERRUPTED
    if isinstance(error, ReaderGone):
        return Exit.INTERRUPTED
    if isinstance(error, OutputLost):
        say(str(error))
        return Exit.INTERNAL_ERROR
    if isinstance(error, click.ClickException):
        _tell(error)
        return Exit.USAGE
    if isinstance(error, (OSError, MemoryError)) and (lacking := lacks(error)):
        say(f"{lacking} (nothing is certified by this run)")
        return Exit.INTERNAL_ERROR
    if isinstance(error, ClusterLost):
        say(f"{error} (nothing is certified by this run)")
        return Exit.INTERNAL_ERROR
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


def _tell(error: click.ClickException) -> None:
    """In one line as every other error; the help that a bare command shows is none."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f" See `{context.command_path} --help`." if context else ""
    say(f"{' '.join(error.format_message().split())}{hint}")


def lacks(error: OSError | MemoryError) -> str | None:
    """What the machine has no more of, where that is what the error says."""
    number = errno.ENOMEM if isinstance(error, MemoryError) else error.errno
    return RESOURCES.get(number or 0)


def _refusals() -> tuple[type[Exception], ...]:
    from vmfex.engine.catalogue import CatalogueError
    from vmfex.evidence.archive.entries import RecordingError
    from vmfex.evidence.sources.ucsm import UcsmError
    from vmfex.reports import ReportError

    return VmfexError, ReportError, RecordingError, UcsmError, CatalogueError
