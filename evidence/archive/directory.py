"""A recording in a directory: names are indexed at once, files are read when asked for."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import FILE_LIMIT, Entries, RecordingError, too_many_lines
from vmfex.evidence.archive.manifest import ASKED, MANIFEST

_TOP = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_DIRECTORY = _TOP | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_CHUNK = 2**16


class DirectoryFiles(Mapping[str, bytes]):
    """The regular files below a directory. Reading raises OSError, also where a link stands in the
    way: this directory's links are followed in the recording, never on this machine."""

    def __init__(self, top: Path, entries: Entries) -> None:
        self._top = top
        self._sizes = entries.sizes
        self._parent: str | None = None
        self._opened = -1

    def __getitem__(self, path: str) -> bytes:
        if path not in self._sizes:
            raise KeyError(path)
        parent, _, name = path.rpartition("/")
        if parent != self._parent:  # the next file is most often in the same directory
            self._close()
            self._opened = _open_directory(self._top, parent)
            self._parent = parent
        return _read_in(self._opened, name)

    def _close(self) -> None:
        if self._parent is not None:
            self._parent = None
            os.close(self._opened)

    __del__ = _close

    def __iter__(self) -> Iterator[str]:
        return iter(self._sizes)

    def __len__(self) -> int:
        return len(self._sizes)


def read_beneath(top: Path, path: str) -> bytes:
    """A regular file's bytes, no link followed below `top`. Raises OSError."""
    parent, _, name = path.rpartition("/")
    directory = _open_directory(top, parent)
    try:
        return _read_in(directory, name)
    finally:
        os.close(directory)


def _read_in(directory: int, name: str) -> bytes:
    file = os.open(name, _FILE, dir_fd=directory)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError("it is not a regular file")
        content = read_all(file)
        if fault := too_many_lines(content):
            raise OSError(f"it {fault}")
        return content
    finally:
        os.close(file)


def read_all(file: int) -> bytes:
    """The rest of an opened file. Raises OSError, also where that is above the limit."""
    parts: list[bytes] = []
    size = 0
    while part := os.read(file, _CHUNK):
        parts.append(part)
        size += len(part)
        if size > FILE_LIMIT:
            raise OSError(f"it is larger than {FILE_LIMIT // 2**20} MiB")
    return b"".join(parts)


def read_document(top: Path, name: str) -> bytes | None:
    """The manifest or the list of what was asked; None when there is none."""
    try:
        return read_beneath(top, name)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordingError(f"{name} cannot be read: {error.strerror or error}") from None


def scan(
    top: Path,
    wanted: Callable[[str], bool] = lambda _path: True,
    refused: dict[str, str] | None = None,
) -> Entries:
    """What the directory holds of files and links that are wanted. Devices, pipes and sockets are
    left out. Files that are too large go into `refused`, with the reason; without it they raise
    RecordingError."""
    entries = Entries()
    waiting = [""]
    while waiting:
        directory = waiting.pop()
        try:
            waiting += _add_entries(entries, top, directory, wanted, refused)
        except OSError as error:
            reason = error.strerror or str(error)
            raise RecordingError(f"{shown(directory or '.')} cannot be read: {reason}") from None
    return entries


def _add_entries(
    entries: Entries,
    top: Path,
    directory: str,
    wanted: Callable[[str], bool],
    refused: dict[str, str] | None,
) -> list[str]:
    """The directories in `directory`, whose entries are to be added next."""
    below: list[str] = []
    with os.scandir(f"{top}/{directory}") as found:
        for entry in found:
            path = f"{directory}/{entry.name}" if directory else entry.name
            if path in (MANIFEST, ASKED):
                continue
            if entry.is_dir(follow_symlinks=False):
                entries.add_directory(path)
                below.append(path)
            elif not wanted(path):
                continue
            elif entry.is_symlink():
                entries.add_link(path, os.readlink(entry.path, dir_fd=None))
            elif entry.is_file(follow_symlinks=False):
                size = entry.stat(follow_symlinks=False).st_size
                if refused is not None and (fault := entries.no_room(size)):
                    refused[path] = fault
                else:
                    entries.add_file(path, size)
    return below


def _open_directory(top: Path, path: str) -> int:
    here = os.open(top, _TOP)
    for name in filter(None, path.split("/")):
        try:
            below = os.open(name, _DIRECTORY, dir_fd=here)
        finally:
            os.close(here)
        here = below
    return here
