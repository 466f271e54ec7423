"""A zip, of which the wanted files are read into memory; nothing is unpacked to disk.

Its directory stands at its end, and says of each entry what it is (APPNOTE.TXT, 4.3 and 4.4).
What it says is not trusted: what is read of each is counted.
"""

import stat
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import (
    ENTRY_LIMIT,
    NAMES_LIMIT,
    PATH_LIMIT,
    RecordingError,
    too_many_lines,
)
from vmfex.evidence.archive.streams import Source
from vmfex.evidence.archive.tar import Archive

MAGICS = (b"PK\x03\x04", b"PK\x05\x06")  # of an entry, and of one that holds none
_END, _LOCATOR, _ENTRY = b"PK\x05\x06", b"PK\x06\x07", b"PK\x01\x02"
_END_SIZE, _LONG_END_SIZE, _LOCATOR_SIZE = 22, 56, 20
_COMMENT_LIMIT = 2**16
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a bound
_CHUNK = 64 * 2**10
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)

Choose = Callable[[Sequence[str]], Callable[[str], bool]]


def is_zip(path: Path) -> bool:
    """By its first bytes, whatever it is called. Raises OSError."""
    with path.open("rb") as file:
        return file.read(4) in MAGICS


def read_zip(path: Path, choose: Choose) -> Archive:
    """The files and links of it that `choose`, which is given all names, wants. What is wanted and
    cannot be read is refused, and the rest told. Raises RecordingError, and OSError."""
    with path.open("rb") as file:
        try:
            _check_directory(file)
            archive = _read(file, choose)
        except _UNREADABLE as error:
            reason = shown(str(error))
            raise RecordingError(f"it is not a complete zip archive: {reason}") from None
        file.seek(0)
        archive.digest = Source(file).digest()
    return archive


def _check_directory(file: BinaryIO) -> None:
    """That the directory is not larger than any real one, before it is read: each entry becomes an
    object. Raises RecordingError."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _COMMENT_LIMIT))
    start, tail = file.tell(), file.read()
    at = len(tail) - _END_SIZE
    if at < 0 or tail[at : at + 4] != _END or tail[-2:] != b"\0\0":
        at = tail.rfind(_END)
    if at < 0:
        raise RecordingError("it is not a complete zip archive: it has no directory at its end")
    length, before = int.from_bytes(tail[at + 12 : at + 16], "little"), start + at
    locator = before - _LOCATOR_SIZE
    file.seek(max(0, locator - _LONG_END_SIZE))
    long = file.read(_LONG_END_SIZE + _LOCATOR_SIZE)
    if long[_LONG_END_SIZE : _LONG_END_SIZE + 4] == _LOCATOR:  # of zip64
        length, before = int.from_bytes(long[40:48], "little"), locator - _LONG_END_SIZE
    if length > NAMES_LIMIT:
        raise RecordingError(f"its directory is larger than {NAMES_LIMIT // 2**20} MiB")
    file.seek(max(0, before - length))
    if file.read(length).count(_ENTRY) > ENTRY_LIMIT:
        raise RecordingError(f"it holds more than {ENTRY_LIMIT:,} entries")


def _read(file: BinaryIO, choose: Choose) -> Archive:
    archive = Archive()
    with zipfile.ZipFile(file) as packed:
        members = {_name(info): info for info in packed.infolist()}
        if len(members) < len(packed.infolist()):
            raise RecordingError("it holds a name twice")
        wanted = choose(tuple(members))
        for path, info in members.items():
            if wanted(path) and not info.is_dir():
                _add(packed, path, info, archive)
    return archive


def _name(info: zipfile.ZipInfo) -> str:
    """Old programs of Windows write backslashes."""
    name = info.filename
    if info.create_system == 0 and "/" not in name:
        name = name.replace("\\", "/")
    return name.removeprefix("./")


def _add(packed: zipfile.ZipFile, path: str, info: zipfile.ZipInfo, archive: Archive) -> None:
    """One file among others that tell enough without it."""
    mode = info.external_attr >> 16
    is_link = stat.S_ISLNK(mode)
    if not is_link and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return  # a device, a pipe or a socket
    try:
        if fault := _fault(info) or archive.entries.no_room(info.file_size):
            archive.refused[path] = fault
        elif is_link:
            target = _content(packed, info, PATH_LIMIT).decode("utf-8", "surrogateescape")
            archive.entries.add_link(path, target)
        else:
            content = _content(packed, info, info.file_size)
            if fault := too_many_lines(content):
                raise RecordingError(f"{shown(path)} {fault}")
            archive.entries.add_file(path, len(content))
            archive.contents[path] = content
    except (*_UNREADABLE, RecordingError) as error:
        archive.refused[path] = f"cannot be used ({shown(str(error))})"


def _fault(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    return "" if info.compress_type in _METHODS else "is packed in a way that is not supported"


def _content(packed: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """All of it. Raises what zipfile does, and ValueError where it has more than it says."""
    parts: list[bytes] = []
    size = 0
    with packed.open(info) as member:
        while part := member.read(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise ValueError("it unpacks to more than it says")
    if size < info.file_size:
        raise ValueError("it unpacks to less than it says")
    return b"".join(parts)
