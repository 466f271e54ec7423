"""The archive of a bundle: a plain tar in which every byte follows from names and contents.

It is written member by member, and read without unpacking anything. A packed tar would not do: its
bytes differ from one zlib to the next, and unpacking can fill a disk.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from vmfex.checks.text import shown
from vmfex.errors import UsageError

TOP = "vmfex-bundle"  # the one directory that all stands in
BLOCK, RECORD = tarfile.BLOCKSIZE, tarfile.RECORDSIZE
CHUNK = 1 << 20
PACKED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK": "zip",
}


class Writer:
    """Writes members one after another; `sums` has the SHA-256 of each by name."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._size = stream, 0
        self.sums: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        """Raises UsageError for a name that no bundle can have, OSError."""
        try:
            head = header(name, len(content))
        except ValueError as error:
            raise UsageError(f"{shown(name)} cannot be put into a bundle: {error}") from None
        self.sums[name] = sha256(content).hexdigest()
        self._write(head + content + bytes(-len(content) % BLOCK))

    def finish(self) -> None:
        """Writes the end of the archive."""
        self._write(bytes(ending(self._size)))

    def _write(self, raw: bytes) -> None:
        self._stream.write(raw)
        self._size += len(raw)


def header(name: str, size: int) -> bytes:
    """The one header that a member of this name and size has. Raises ValueError for a name that is
    no plain one or too long, or for a size of more than 8 GiB."""
    if fault := flaw(name):
        raise ValueError(fault)
    member = tarfile.TarInfo(f"{TOP}/{name}")  # of no time and no owner
    member.size = size
    return member.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")


def flaw(name: str) -> str:
    """Why a name could lead outside, or be read as two; empty where it cannot."""
    if not name.isprintable() or "\\" in name:
        return "its name has characters that a bundle's may not have"
    plain = name and not name.startswith("/") and {"", ".", ".."}.isdisjoint(name.split("/"))
    return "" if plain else "its name is not a plain path"


def ending(size: int) -> int:
    """How many zero bytes follow `size` bytes of members."""
    return 2 * BLOCK + -(size + 2 * BLOCK) % RECORD


@dataclass(frozen=True, slots=True)
class Member:
    """What was read of one; `content` is None where nobody wanted it. `fault` says what of it is
    not as it was written, beside its content; such a member may have no name."""

    name: str = ""
    digest: str = ""
    content: bytes | None = None
    fault: str = ""


def members(stream: BinaryIO, size: int, keep: "Keep") -> Iterator[Member]:
    """Every member of an archive of `size` bytes, and a Member with a fault for each thing in it
    that is none. Memory is taken for what `keep` wants only. Raises OSError."""
    if packing := next((kind for start, kind in PACKED.items() if _starts(stream, start)), ""):
        yield Member(fault=f"it is packed by {packing}, and a bundle is a plain tar: unpack it")
        return
    at, lost = 0, False
    while at + BLOCK <= size:
        block = stream.read(BLOCK)
        if not any(block):
            yield from _end(stream, at, size)
            return
        at += BLOCK
        found = _parsed(block, size - at)
        if isinstance(found, str):
            if not lost:
                yield Member(fault=f"at byte {at - BLOCK:,}: {found}")
            lost = True  # the next header is looked for from here on
            continue
        lost = False
        yield _member(stream, found, block, keep)
        at += found.size + -found.size % BLOCK
    yield Member(fault="it ends early, as if it was cut off")


class Keep:
    """Which contents are kept, up to which size."""

    def __init__(self, names: frozenset[str], suffixes: tuple[str, ...], limit: int) -> None:
        self._names, self._suffixes, self._limit = names, suffixes, limit

    def wants(self, name: str, size: int) -> bool:
        return size <= self._limit and (name in self._names or name.endswith(self._suffixes))


def _starts(stream: BinaryIO, start: bytes) -> bool:
    stream.seek(0)
    found = stream.read(len(start)) == start
    stream.seek(0)
    return found


def _parsed(block: bytes, left: int) -> tarfile.TarInfo | str:
    """The header in the block, or why it is none."""
    try:
        member = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, ValueError):
        return "no header of a file, or a damaged one"
    if member.type != tarfile.REGTYPE:
        return f"{shown(member.name)} is no plain file"
    if not 0 <= member.size <= left:
        return f"{shown(member.name)} is longer than the archive"
    return member


def _member(stream: BinaryIO, member: tarfile.TarInfo, block: bytes, keep: Keep) -> Member:
    top, _, name = member.name.partition("/")
    wanted = keep.wants(name, member.size)
    digest, kept, left = sha256(), bytearray(), member.size
    while left:
        chunk = stream.read(min(left, CHUNK))
        digest.update(chunk)
        if wanted:
            kept += chunk
        left -= len(chunk)
    padding = stream.read(-member.size % BLOCK)
    fault = "" if top == TOP else f"it does not stand in {TOP}/"
    try:
        if block != header(name, member.size):
            fault = fault or "its header is not as it was written"
    except ValueError as error:
        fault = str(error)
    if any(padding):
        fault = fault or "the bytes that fill it up are not zero"
    return Member(name, digest.hexdigest(), bytes(kept) if wanted else None, fault)


def _end(stream: BinaryIO, at: int, size: int) -> Iterator[Member]:
    """What stands after the last member: zeros, as many as there have to be."""
    stray = False
    while chunk := stream.read(CHUNK):
        stray = stray or any(chunk)
    if stray:
        yield Member(fault=f"after byte {at:,}, its end, more follows")
    elif size != at + ending(at):
        yield Member(fault=f"its end has {size - at:,} bytes instead of {ending(at):,}")
