"""The headers that are read without tarfile, against what tarfile makes of them."""

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vmfex.evidence.archive import headers
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.archive.streams import Source
from vmfex.evidence.archive.tar import Archive, read_stream

BLOCK = tarfile.BLOCKSIZE
CHECKSUM = slice(148, 156)
FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
NAMES = st.text(st.sampled_from("a./é\udc80 "), min_size=1, max_size=300)
KINDS = st.sampled_from([tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE])
NUMBERS = st.sampled_from(
    [b"0000644\0", b"000644 \0", b"0000644 ", b"    644\0", b"\x80" + bytes(7)]
)


@st.composite
def header_blocks(draw: st.DrawFn) -> bytes:
    """A header as some tar writes it, or with bytes in it that none writes, mostly with a checksum
    that holds."""
    made = tarfile.TarInfo(draw(st.text(st.sampled_from("a./"), min_size=1, max_size=90)))
    made.type, made.size = draw(KINDS), draw(st.sampled_from([0, 1, 600]))
    made.linkname = draw(st.text(st.sampled_from("b./"), max_size=90))
    block = bytearray(
        made.tobuf(draw(st.sampled_from(FORMATS)), "utf-8", "surrogateescape")[:BLOCK]
    )
    block[100:108] = draw(NUMBERS)
    for at, byte in draw(st.lists(st.tuples(st.integers(0, BLOCK - 1), st.integers(0, 255)))):
        block[at] = byte
    if draw(st.integers(0, 3)):
        block[CHECKSUM] = b" " * 8
        block[CHECKSUM] = b"%06o\0 " % sum(block)
    return bytes(block)


@given(header_blocks())
@example(bytes(BLOCK))
def test_one_header(block: bytes) -> None:
    """What is read without tarfile is what tarfile reads; what that refuses is left to it."""
    mine = headers.usual(block)
    if mine is None:
        return
    its = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    name = its.name
    while name.startswith("./"):
        name = name[2:]
    target = its.linkname if its.issym() else ""
    assert mine == headers.Member("" if name == "." else name, its.type, its.size, target)
    assert [mine.kind == kind for kind in (headers.FILE, headers.LINK, headers.DIRECTORY)] == [
        its.isreg(),
        its.issym(),
        its.isdir(),
    ]


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """A tar with every kind of header, perhaps cut off, perhaps damaged."""
    raw = io.BytesIO()
    form = draw(st.sampled_from(FORMATS))
    top = (
        {"comment": "of all"} if draw(st.integers(0, 9)) == 0 and form == tarfile.PAX_FORMAT else {}
    )
    with tarfile.open(
        fileobj=raw, mode="w", format=form, errors="surrogateescape", pax_headers=top
    ) as tar:
        for name in draw(st.lists(NAMES, max_size=6)):
            made = tarfile.TarInfo(name)
            made.type = draw(st.sampled_from([*tarfile.SUPPORTED_TYPES[:7]]))
            made.linkname = draw(NAMES)
            made.size = draw(st.sampled_from([0, 1, 511, 512, 1500])) if made.isreg() else 0
            try:
                tar.addfile(made, io.BytesIO(b"c" * made.size))
            except ValueError:  # USTAR has no room for such a name
                continue
    content = bytearray(raw.getvalue())
    for at, byte in draw(st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=2)):
        content[at % len(content)] = byte
    return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content)


def read(raw: bytes) -> Archive | str:
    try:
        return read_stream(Source(io.BytesIO(raw)))
    except RecordingError as error:
        return str(error)


@contextmanager
def all_by_tarfile() -> Iterator[None]:
    with mock.patch.object(headers, "usual", return_value=None):
        yield


def told(archive: Archive | str) -> object:
    if isinstance(archive, str):
        return archive
    held = archive.entries
    return held.sizes, held.links, held.directories, archive.contents, archive.cut, archive.digest


@given(archives())
@example(b"")
@example(bytes(BLOCK))
def test_whole_archives(raw: bytes) -> None:
    """A tar is read, cut or refused as if tarfile had read every header of it."""
    with all_by_tarfile():
        wanted = told(read(raw))
    assert told(read(raw)) == wanted


@pytest.mark.parametrize("form", FORMATS)
def test_usual_is_what_tars_have(form: Literal[0, 1, 2]) -> None:
    """Files, links and directories with plain names are read without tarfile, in every format."""
    for kind in (tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE):
        made = tarfile.TarInfo("sys/class/net/eth0")
        made.type, made.linkname = kind, "../x" if kind == tarfile.SYMTYPE else ""
        assert headers.usual(made.tobuf(form)) is not None
