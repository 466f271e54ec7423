"""This machine's files, only read, and never a device among them."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.archive.directory import read_all
from vmfex.evidence.tree import where

_OPEN = os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
_ABSENT = (errno.ENOENT, errno.ENOTDIR)
_MOUNTS = ("sys", "proc")  # hold something wherever they are mounted

T = TypeVar("T")


class LocalFiles:
    """The files below `root`, with the answers of a Tree."""

    def __init__(self, root: Path) -> None:
        self._root = str(root).rstrip("/")  # plain strings: a host of 256 VFs is 3000 questions
        self._mounted: dict[str, bool] = {}

    def read(self, path: str) -> Fact[bytes | None]:
        return self._ask(path, read_regular)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return self._ask(path, _listing)

    def link(self, path: str) -> Fact[str | None]:
        return self._ask(path, _target)

    def exists(self, path: str) -> Fact[bool]:
        there = self._ask(path, os.lstat)
        return there if isinstance(there, Unknown) else Known(there.value is not None)

    def _ask(self, path: str, ask: Callable[[str], T | None]) -> Fact[T | None]:
        area = path.partition("/")[0]
        if not self._is_mounted(area):
            return Unknown(f"/{area} is not mounted here")
        try:
            return Known(ask(f"{self._root}/{path}"))
        except PermissionError:
            return Unknown(f"permission denied reading {where(path)}")
        except OSError as error:
            if error.errno in _ABSENT:
                return Known(None)
            return Unknown(f"{where(path)} cannot be read: {error.strerror or error}")

    def _is_mounted(self, area: str) -> bool:
        if area in _MOUNTS and area not in self._mounted:
            try:
                self._mounted[area] = bool(_listing(f"{self._root}/{area}"))
            except OSError:
                self._mounted[area] = False
        return self._mounted.get(area, True)


def read_regular(file: str | Path) -> bytes | None:
    """A regular file's bytes; None for a directory. Raises OSError, for a device, pipe or socket
    without opening it."""
    mode = Path(file).stat().st_mode
    if stat.S_ISDIR(mode):
        return None
    if not stat.S_ISREG(mode):
        raise OSError("it is a device, a pipe or a socket")
    opened = os.open(file, _OPEN)
    try:
        return read_all(opened)
    finally:
        os.close(opened)


def _listing(directory: str) -> tuple[str, ...]:
    with os.scandir(directory) as entries:
        return tuple(sorted(entry.name for entry in entries))


def _target(link: str) -> str | None:
    """As it is stored, where pathlib's own way would tidy it."""
    try:
        return os.readlink(link, dir_fd=None)
    except OSError as error:
        if error.errno == errno.EINVAL:  # it is there, and no link
            return None
        raise
