"""Writes a recording as a directory or a tar: whole or not at all, and over nothing.

A tar has the same bytes whenever and wherever it is written."""

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vmfex.evidence.archive.entries import KEEP, Entries, RecordingError, shown


@contextmanager
def _gzip(path: Path) -> Iterator[IO[bytes]]:
    """Without the name and the time that gzip has in its header."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        yield packed


_PACKINGS: dict[str, Callable[[Path], AbstractContextManager[IO[bytes]]]] = {
    ".tar": lambda path: path.open("wb"),
    ".tar.gz": _gzip,
    ".tgz": _gzip,
    ".tar.xz": lambda path: lzma.open(path, "wb"),
    ".txz": lambda path: lzma.open(path, "wb"),
    ".tar.bz2": lambda path: bz2.open(path, "wb"),
    ".tbz2": lambda path: bz2.open(path, "wb"),
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What to write; `entries` vouches that no name leaves the recording or passes a link."""

    entries: Entries
    files: Mapping[str, bytes]
    documents: Mapping[str, bytes]

    def all_files(self) -> dict[str, bytes]:
        """With a file that keeps each empty directory where recordings are kept in git."""
        children = self.entries.children()
        keep = {f"{path}/{KEEP}": b"" for path, names in children.items() if path and not names}
        return {**self.documents, **self.files, **keep}


def write_recording(target: Path, contents: Contents) -> None:
    """To a tar if the name ends like one, else to a directory. Raises RecordingError."""
    suffix = max((end for end in _PACKINGS if target.name.endswith(end)), key=len, default=None)
    if suffix is None:
        write_directory(target, contents)
    else:
        packing = _PACKINGS[suffix]
        _write_whole(target, lambda made: _write_tar(made, contents, packing))


def write_directory(target: Path, contents: Contents) -> None:
    """To a new or an empty directory, whatever its name is. Raises RecordingError."""
    _write_whole(target, lambda made: _write_directory(made, contents))


def _write_whole(target: Path, write: Callable[[Path], None]) -> None:
    try:
        _refuse_existing(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as aside:
            made = Path(aside) / "recording"
            write(made)
            _refuse_existing(target)
            made.rename(target)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise RecordingError(
            f"The recording {shown(str(target))} cannot be written: {reason}."
        ) from None


def _refuse_existing(target: Path) -> None:
    if target.is_dir() and not target.is_symlink() and not any(target.iterdir()):
        return
    if target.is_symlink() or target.exists():
        raise RecordingError(
            f"{shown(str(target))} is there already: a recording is written to a new place "
            "or an empty directory."
        )


def _write_directory(top: Path, contents: Contents) -> None:
    top.mkdir()
    for path in sorted(contents.entries.directories - {""}):
        (top / path).mkdir()
    for path, content in contents.all_files().items():
        with (top / path).open("xb") as file:
            file.write(content)
    for path, target in contents.entries.links.items():
        (top / path).symlink_to(target)


def _write_tar(
    path: Path, contents: Contents, packing: Callable[[Path], AbstractContextManager[IO[bytes]]]
) -> None:
    """Its directories follow from what they hold: an empty one holds the file that keeps it."""
    with (
        packing(path) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, content in sorted(contents.all_files().items()):
            member = tarfile.TarInfo(name)  # of no time and no owner
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for name, target in sorted(contents.entries.links.items()):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
