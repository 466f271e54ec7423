"""Writes a recording as a directory or a tar: whole or not at all, and over nothing.

A tar has the same bytes whenever and wherever it is written."""

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vmfex.checks.text import shown_path
from vmfex.evidence.archive.entries import KEEP, Entries, RecordingError


def _gzip(raw: bytes) -> bytes:
    """Without the name, the time and the system that gzip can have in its header."""
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, packed, mtime=0) as file:
        file.write(raw)
    return packed.getvalue()


_PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    ".tar": bytes,
    ".tar.gz": _gzip,
    ".tgz": _gzip,
    ".tar.xz": lzma.compress,
    ".txz": lzma.compress,
    ".tar.bz2": bz2.compress,
    ".tbz2": bz2.compress,
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
        pack = _PACKINGS[suffix]
        _write_whole(target, lambda made: made.write_bytes(pack(_tar(contents))))


def write_directory(target: Path, contents: Contents) -> None:
    """To a new or an empty directory, whatever its name is. Raises RecordingError."""
    _write_whole(target, lambda made: _write_directory(made, contents))


def _write_whole(target: Path, write: Callable[[Path], object]) -> None:
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
            f"The recording {shown_path(target)} cannot be written: {reason}."
        ) from None


def _refuse_existing(target: Path) -> None:
    if target.is_dir() and not target.is_symlink() and not any(target.iterdir()):
        return
    if target.is_symlink() or target.exists():
        raise RecordingError(
            f"{shown_path(target)} is there already: a recording is written to a new place "
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


def _tar(contents: Contents) -> bytes:
    """Its directories follow from what they hold: an empty one holds the file that keeps it."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, content in sorted(contents.all_files().items()):
            member = tarfile.TarInfo(path)  # of no time and no owner
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for path, target in sorted(contents.entries.links.items()):
            link = tarfile.TarInfo(path)
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
    return raw.getvalue()
