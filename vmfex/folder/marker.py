"""Whose a file is: each run leaves a list of what it wrote, with sizes and digests.

What is not on the list, or is not any more as the list has it, is somebody else's (decision 0034).
"""

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from vmfex.folder.moves import is_folder
from vmfex.folder.names import RESULTS, WRITTEN

MARKER = ".written-by-vmfex"
SCHEMA = "urn:vmfex:written:1"
SIZE_LIMIT = 256 * 1024 * 1024  # bytes; the list of a thousand hosts has 20 MB


@dataclass(frozen=True, slots=True)
class Marker:
    """`files` has the size and digest of each file by its path; the size alone in Allure's results,
    whose names have 128 random bits. `run` is this run's alone."""

    run: str
    files: Mapping[str, list[Any]]

    @property
    def names(self) -> set[str]:
        """Those at the top."""
        return {path.partition("/")[0] for path in self.files}

    def has(self, path: str, file: str) -> bool:
        """Whether the file is still as it was written."""
        entry = self.files.get(path)
        with suppress(FileNotFoundError):
            return entry is not None and _entry(path, file) == entry
        return True  # it went away meanwhile


def mark(folder: Path) -> None:
    """Writes the list of all that is in the folder. Raises OSError."""
    from vmfex.reports.record import write_whole

    there = sorted(path.name for path in folder.iterdir())  # before the list itself is among them
    write_whole(folder / MARKER, _list_of(folder, there))


def _list_of(folder: Path, there: Iterable[str]) -> Iterator[str]:
    """In parts: a thousand hosts have tens of thousands of files."""
    yield f'{{"schema": "{SCHEMA}", "run": "{os.urandom(16).hex()}", "files": {{'
    end = "\n"
    for name in there:
        files = walk(folder, name) if is_folder(folder / name) else [(name, f"{folder}/{name}")]
        for path, file in files:
            yield f"{end}{json.dumps(path)}: {json.dumps(_entry(path, file))}"
            end = ",\n"
    yield "\n}}\n"


def marker_of(folder: Path) -> Marker | None:
    """The list in the folder; None where there is none that can be used. Raises OSError."""
    path = folder / MARKER
    with suppress(FileNotFoundError, NotADirectoryError):
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > SIZE_LIMIT:
            return None
        with suppress(ValueError, LookupError, TypeError, RecursionError):
            document = json.loads(path.read_bytes())
            marker = Marker(str(document["run"]), {**document["files"]})
            if document["schema"] == SCHEMA and marker.names <= {*WRITTEN}:
                return marker
    return None


def walk(folder: Path, below: str) -> Iterator[tuple[str, str]]:
    """Every entry that is no directory, at whatever depth: its path below the folder, and whole. A
    link is such an entry, and not followed. Raises OSError."""
    with suppress(FileNotFoundError), os.scandir(f"{folder}/{below}") as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from walk(folder, path)
            else:
                yield path, entry.path


def _entry(path: str, file: str) -> list[Any]:
    """Its size and digest; of what is no plain file, nothing that a list could have."""
    status = os.lstat(file)
    if not stat.S_ISREG(status.st_mode):
        return []
    if RESULTS in path.split("/")[:-1]:
        return [status.st_size]
    with Path(file).open("rb") as stream:
        return [status.st_size, file_digest(stream, "sha256").hexdigest()]
