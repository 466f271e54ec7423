"""What is written is its owner's alone: a record holds what was read of a host, as root perhaps."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

OWNERS_ALONE = 0o077


@contextmanager
def private_files() -> Iterator[None]:
    """New folders are 0700 and new files 0600, or what a stricter umask makes of them. The umask is
    the whole process's: it is given back at the end."""
    before = os.umask(OWNERS_ALONE)
    os.umask(OWNERS_ALONE | before)
    try:
        yield
    finally:
        os.umask(before)
