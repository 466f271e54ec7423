"""Processes that a test starts, and that end with it, whatever becomes of the test."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import AnyStr


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
