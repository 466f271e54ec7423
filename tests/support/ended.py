"""Processes that a test starts, and that end with it, whatever becomes of the test."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import AnyStr

from tests.support.sessions import process_environment


@contextmanager
def ended(process: "subprocess.Popen[AnyStr]") -> Iterator["subprocess.Popen[AnyStr]"]:
    """The process, waited for at the end of the block as `Popen` does, which would wait for ever
    where the test fails before it has ended it."""
    with process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def heard(line: Sequence[str], folder: Path) -> "AbstractContextManager[subprocess.Popen[str]]":
    """A command that runs in the folder, whose output and messages the test reads as they come."""
    return ended(
        subprocess.Popen(
            line,
            cwd=folder,
            env=process_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    )
