"""All the ways in which one name can be written, each with its pseudonym in the same writing."""

import json
from collections.abc import Iterator
from unicodedata import normalize
from urllib.parse import quote
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from vmfex.checks.text import one_line

MAC_NOTATIONS = (  # how many digits stand together, and what parts them
    *((2, mark) for mark in (":", "-", "%3A", " ", "", ".", "_")),
    *((4, mark) for mark in (".", "-", ":")),
    (6, "-"),
)
SHORT = 16  # characters of a port profile's name that UCS Manager keeps in some objects
Writing = tuple[str, str]


def writings(kind: str, original: str, pseudonym: str) -> Iterator[Writing]:
    """Each writing of the original, and what stands in its place."""
    if kind == "uuid":
        yield from _uuid(UUID(original), UUID(pseudonym))
    elif kind == "mac":
        yield from _mac(*("".join(c for c in t if c.isalnum()) for t in (original, pseudonym)))
    else:
        yield from _name(original, pseudonym)


def _uuid(original: UUID, pseudonym: UUID) -> Iterator[Writing]:
    """Firmware writes the first three groups in the other byte order (SMBIOS 2.6, 7.2.1)."""
    pairs = ((original, pseudonym), (UUID(bytes_le=original.bytes), UUID(bytes_le=pseudonym.bytes)))
    for of, stands in pairs:
        yield str(of), str(stands)
        yield of.hex, stands.hex


def _mac(original: str, pseudonym: str) -> Iterator[Writing]:
    for size, mark in MAC_NOTATIONS:
        yield _grouped(original, size, mark), _grouped(pseudonym, size, mark)


def _grouped(digits: str, size: int, mark: str) -> str:
    return mark.join(digits[at : at + size] for at in range(0, len(digits), size))


def _name(original: str, pseudonym: str) -> Iterator[Writing]:
    names = [original, original[:SHORT]] if len(original) > SHORT else [original]
    if not original.isascii():
        names += [normalize(form, name) for form in ("NFC", "NFD") for name in names]
    for name in dict.fromkeys(names):
        yield name, pseudonym
        for written in (
            quote(name, safe=""),
            quote(name),
            escape(name),
            quoteattr(name)[1:-1],
            json.dumps(name)[1:-1],
            one_line(name),
            ascii(name)[1:-1],
        ):
            if written != name:
                yield written, pseudonym
