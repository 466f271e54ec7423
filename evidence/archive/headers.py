"""The headers of a tar, one after another.

Nearly all of them have one form, which is read here: tarfile takes thirty times as long for each.
Whatever has another form is tarfile's, which reads it from where it stands.
"""

import re
import tarfile
from functools import lru_cache
from typing import NamedTuple, cast
from zlib import adler32

from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.archive.streams import HEADER_LIMIT, ForwardStream

_BLOCK = tarfile.BLOCKSIZE
_NUMBER = rb"[0-7]{6}(?:[0-7]\0| \0|[0-7] )"
# mode, uid, gid, size, mtime, checksum and type, as POSIX has them (pax, "ustar Interchange
# Format"): of a file, a symbolic link or a directory.
_FIELDS = re.compile(_NUMBER * 3 + rb"([0-7]{11})[\0 ][0-7]{11}[\0 ]([0-7]{6})\0 ([025])")
_FIELDS_AT, _CHECKSUM, _DEVICE = 100, slice(148, 156), slice(329, 345)
_NO_DEVICE = (bytes(16), b"0000000\0" * 2)
_SPACES = 8 * ord(" ")  # the checksum is reckoned with itself as spaces
_PREFIX_AT = 345
FILE, HARD_LINK, LINK, DIRECTORY = b"0", b"1", b"2", b"5"
_OTHER = b""  # a device, a pipe: nothing that is read
_GLOBAL_HEADERS = 100  # each entry gets a copy of them
_KEPT = 8192  # headers; those of hosts that are alike differ little


class Member(NamedTuple):
    """A file with its size, or a link with its target. `path` is without the `./` that tar writes
    before names, and empty for the top itself."""

    path: str
    kind: bytes
    size: int = 0
    target: str = ""
    is_sparse: bool = False


@lru_cache(_KEPT)
def usual(header: bytes) -> Member | None:
    """What a header of the one form says, as tarfile would; None for any other block."""
    fields = _FIELDS.match(header, _FIELDS_AT)
    # the sum of so few ASCII bytes is less than what Adler-32 takes it modulo
    if fields is None or len(header) != _BLOCK or not header.isascii():
        return None
    total = (adler32(header) & 0xFFFF) - 1 - sum(header[_CHECKSUM]) + _SPACES
    size, checksum, kind = int(fields[1], 8), int(fields[2], 8), fields[3]
    if total != checksum or header[_DEVICE] not in _NO_DEVICE or (size and kind != FILE):
        return None
    name = _text(header[:100])
    if header[_PREFIX_AT]:
        name = f"{_text(header[_PREFIX_AT:500])}/{name}"
    if kind == DIRECTORY:
        name = name.rstrip("/")
    return Member(_plain(name), kind, size, _text(header[157:257]) if kind == LINK else "")


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("ascii")


def _plain(name: str) -> str:
    while name.startswith("./"):
        name = name[2:]
    return "" if name == "." else name


class _Tar(tarfile.TarFile):
    members: list[tarfile.TarInfo]  # what was read so far; typeshed does not know of it
    firstmember: tarfile.TarInfo | None


class Members:
    """Those of a stream. Who takes one may take its content before the next one."""

    def __init__(self, stream: ForwardStream) -> None:
        self._stream = stream
        self._tar: _Tar | None = None
        self._next = 0  # where the next header is

    def next(self) -> Member | None:
        """None at the end. Raises what tarfile raises, and RecordingError for too many headers that
        speak of all members."""
        if self._tar and self._tar.pax_headers:
            return self._of_tarfile()
        stream = self._stream
        if stream.position != self._next:
            self._go_on()
        member = usual(stream.peek(_BLOCK))
        if member is None:
            return self._of_tarfile()
        stream.accept(_BLOCK)
        self._next += _BLOCK + -(-member.size // _BLOCK) * _BLOCK
        return member

    def _go_on(self) -> None:
        gap = self._next - self._stream.position
        if not 0 < gap < _BLOCK:  # a content that was not read
            self._stream.seek(self._next - 1)
            gap = 1
        if len(self._stream.read(gap)) < gap:
            raise tarfile.ReadError("unexpected end of data")

    def _of_tarfile(self) -> Member | None:
        self._stream.allow(HEADER_LIMIT)
        if self._tar is None:
            self._tar = _Tar(
                fileobj=cast("tarfile._Fileobj", self._stream),
                encoding="utf-8",
                errors="surrogateescape",
            )
            if self._tar.firstmember is None:
                return None
        else:
            self._tar.offset = self._next
        found = self._tar.next()
        self._next = self._tar.offset
        self._tar.members.clear()  # tarfile would keep them all
        if len(self._tar.pax_headers) > _GLOBAL_HEADERS:
            raise RecordingError(
                f"it holds more than {_GLOBAL_HEADERS} headers that speak of all entries"
            )
        return _member(found) if found else None


def _member(found: tarfile.TarInfo) -> Member:
    kinds = {
        FILE: found.isreg(),
        LINK: found.issym(),
        DIRECTORY: found.isdir(),
        HARD_LINK: found.islnk(),
    }
    kind = next((kind for kind, is_it in kinds.items() if is_it), _OTHER)
    target = _plain(found.linkname) if kind == HARD_LINK else found.linkname
    return Member(_plain(found.name), kind, found.size, target, found.issparse())
