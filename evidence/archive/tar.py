"""A tar, read once from front to end into memory, never unpacked to disk."""

import lzma
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import (
    ENTRY_LIMIT,
    Entries,
    RecordingError,
    too_many_lines,
)
from vmfex.evidence.archive.headers import (
    DIRECTORY,
    FILE,
    HARD_LINK,
    LINK,
    Member,
    Members,
)
from vmfex.evidence.archive.streams import FILTERED_LIMIT, ForwardStream, Source

_END = bytes(tarfile.BLOCKSIZE)
_CUT = (EOFError, tarfile.ReadError)  # what ends too early: packed data, or the tar in them
_UNREADABLE = (
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    OSError,
    OverflowError,
    RecursionError,
    ValueError,
)


@dataclass
class Archive:
    """What a tar holds. `cut` says why it ends too early; the files before that are whole.
    `digest` is the SHA-256 of the file as it is, packed or not. `refused` are files that are there,
    and not taken, with the reason as the end of a sentence; only a filtered archive has any."""

    entries: Entries = field(default_factory=Entries)
    contents: dict[str, bytes] = field(default_factory=dict)
    digest: str = ""
    cut: str | None = None
    refused: dict[str, str] = field(default_factory=dict)

    def keep(self, wanted: Callable[[str], bool]) -> None:
        """Leaves out what is not wanted of all that was read."""
        kept, old = Entries(), self.entries
        for path, size in old.sizes.items():
            if wanted(path):
                kept.add_file(path, size)
        for path, target in old.links.items():
            if wanted(path):
                kept.add_link(path, target)
        self.entries = kept
        self.contents = {path: raw for path, raw in self.contents.items() if wanted(path)}


def read_archive(path: Path) -> Archive:
    """A whole tar: plain or packed by gzip, xz, zstd or bzip2. Raises RecordingError."""
    try:
        with path.open("rb") as file:
            archive = read_stream(Source(file))
    except OSError as error:
        raise RecordingError(f"it is not a complete tar archive: {shown(str(error))}") from None
    if archive.cut is not None:
        raise RecordingError(f"it is not a complete tar archive: {archive.cut}")
    return archive


Filter = Callable[[str], Callable[[str], bool] | None]


def read_stream(source: Source, choose: Filter = lambda _name: None) -> Archive:
    """The same, also of one that was cut off. By the first name that tells, `choose` says which
    names are wanted, of a tar that may be large and hold much else. Raises RecordingError."""
    try:
        return _read(source, choose)
    except _UNREADABLE as error:
        raise RecordingError(f"it is not a complete tar archive: {shown(str(error))}") from None


def _read(source: Source, choose: Filter) -> Archive:
    archive = Archive()
    try:
        _read_members(ForwardStream(source), archive, choose)
    except _CUT as error:
        archive.cut = shown(str(error))
    for path in archive.entries.sizes.keys() - archive.contents.keys():
        del archive.entries.sizes[path]  # its name has arrived, and not all of it
    archive.digest = source.digest()
    return archive


def _read_members(stream: ForwardStream, archive: Archive, choose: Filter) -> None:
    wanted: Callable[[str], bool] | None = None
    members, count = Members(stream), 0
    while (member := members.next()) is not None:
        count += 1
        if count > ENTRY_LIMIT:
            raise RecordingError(f"it holds more than {ENTRY_LIMIT:,} entries")
        if wanted is None and (wanted := choose(member.path)):
            stream.limit = FILTERED_LIMIT
            archive.keep(wanted)
        if wanted is None:
            _add(member, stream, archive.entries, archive.contents)
        elif wanted(member.path) and member.kind != DIRECTORY:
            _add_or_refuse(member, stream, archive)
    if stream.last != _END:
        archive.cut = "it has no end mark, or a damaged header"
        return
    stream.finish()


def _add(
    member: Member, stream: ForwardStream, entries: Entries, contents: dict[str, bytes]
) -> None:
    path, kind, size, target, is_sparse = member
    if kind == FILE:
        if size < 0 or is_sparse:
            raise RecordingError(f"{shown(path)} is sparse or has no size")
        entries.add_file(path, size)
        content = stream.content(size)  # it stands where the member's content begins
        if len(content) < size:
            raise EOFError("unexpected end of data")
        if path in entries.sizes:
            contents[path] = content
            if fault := too_many_lines(content):
                raise RecordingError(f"{shown(path)} {fault}")
    elif kind == LINK:
        entries.add_link(path, target)
    elif kind == DIRECTORY:
        if path:
            entries.add_directory(path)
    elif kind == HARD_LINK:
        _add_hard_link(path, target, entries, contents)


def _add_or_refuse(member: Member, stream: ForwardStream, archive: Archive) -> None:
    """One file among others that tell enough without it."""
    path, kind = member.path, member.kind
    if kind == FILE and (fault := archive.entries.no_room(member.size)):
        archive.refused[path] = fault
        return
    try:
        _add(member, stream, archive.entries, archive.contents)
    except RecordingError as error:
        if kind not in (FILE, HARD_LINK):
            raise
        archive.refused[path] = f"cannot be used ({error})"
        archive.contents.pop(path, None)


def _add_hard_link(path: str, original: str, entries: Entries, contents: dict[str, bytes]) -> None:
    if original in entries.links:
        entries.add_link(path, entries.links[original])
    elif original in contents:
        entries.add_file(path, len(contents[original]))
        contents[path] = contents[original]
    else:
        raise RecordingError(f"{shown(path)} is a hard link to {shown(original)}, not in it before")


def without_top(archive: Archive, top: str) -> Archive:
    """The same without the one directory that all stands in, as `tar -c DIRECTORY` makes it."""
    inner, start = Entries(), len(top) + 1
    for path, size in archive.entries.sizes.items():
        inner.add_file(path[start:], size)
    for path, target in archive.entries.links.items():
        inner.add_link(path[start:], target)
    for path in archive.entries.directories - {"", top}:
        inner.add_directory(path[start:])
    contents = {path[start:]: content for path, content in archive.contents.items()}
    return Archive(inner, contents, archive.digest, archive.cut)
