"""The end of a run: its files are put in place, and from then on it is one that came to its end."""

from vmfex import interrupts
from vmfex.exit_status import Exit
from vmfex.folder.folder import Folder
from vmfex.progress import say
from vmfex.streams import OutputLost, ReaderGone, show


def publish(folder: Folder, status: Exit) -> bool:
    """Puts the run's files in place; `status` is what it ends with. Returns whether they are there,
    and says why not. Raises KeyboardInterrupt where the run was interrupted before."""
    interrupts.hold()
    try:
        folder.publish()
    except OSError as error:
        say(f"internal error: the reports cannot be put in place: {error.strerror or error}")
        return False
    interrupts.completed(status)
    return True


def shown(text: str, folder: Folder, status: Exit) -> Exit:
    """Shows the text of a run that came to its end, and returns the exit status: a reader that
    wants no more of it changes nothing about the host."""
    try:
        show(text)
    except ReaderGone:
        return status
    except OutputLost as error:
        say(f"{error}; the reports are in {folder.out}" if folder.published else str(error))
        return Exit.INTERNAL_ERROR
    except MemoryError:
        say(f"no memory is left to show the result; the reports are in {folder.out}")
        return Exit.INTERNAL_ERROR
    return status
