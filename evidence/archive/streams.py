"""Reading an archive forwards, unpacked on the way, with a limit on everything it may cost."""

import bz2
import io
import lzma
import sys
import zlib
from collections.abc import Callable
from hashlib import sha256
from tarfile import BLOCKSIZE
from typing import BinaryIO, Protocol

from vmfex.evidence.archive.entries import RecordingError

STREAM_LIMIT = 256 * 2**20  # bytes unpacked: the content, plus headers and padding of all entries
FILTERED_LIMIT = 2**30  # the same where most of the content is skipped, as a sosreport's is
PACKED_LIMIT = 128 * 2**20  # bytes
HEADER_LIMIT = 256 * 2**10  # bytes one entry's headers may take together
_XZ_MEMORY = 128 * 2**20  # bytes; `xz -9` needs 65 MiB
_ZSTD_WINDOW = 27  # a power of two, bytes; what `zstd` itself unpacks without being told to
_STREAMS = 1000  # packed streams one after another in one file
_CHUNK = 64 * 2**10


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the interface of the other two."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)


class _Zstd:
    """The library's decompressor, loaded when it is needed, with an error that needs no library."""

    def __init__(self) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd

        self._library = zstd
        options = {int(zstd.DecompressionParameter.window_log_max): _ZSTD_WINDOW}
        self._decoder = zstd.ZstdDecompressor(options=options)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return self._decoder.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        try:
            return self._decoder.decompress(data, max_length)
        except self._library.ZstdError as error:
            raise ValueError(str(error)) from None


_DECODERS: dict[bytes, Callable[[], _Decoder]] = {
    b"\x1f\x8b": _Gzip,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY),
    b"\x28\xb5\x2f\xfd": _Zstd,
}


class Source:
    """A file or a pipe, read once and forwards, with the digest of all that was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ahead = b""
        self._given = 0  # of those bytes: what is left of them is never copied
        self._digest = sha256()
        self._read = 0

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer at the end only."""
        self._ahead, self._given = self._ahead[self._given :], 0
        while len(self._ahead) < size and (part := self._take(size - len(self._ahead))):
            self._ahead += part
        return self._ahead[:size]

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        if self._given == len(self._ahead):
            return self._take(size)
        part = self._ahead[self._given : self._given + size]
        self._given += len(part)
        return part

    def skip(self, size: int) -> None:
        """Leaves out bytes that were peeked at."""
        self._given = min(self._given + size, len(self._ahead))

    def digest(self) -> str:
        """The SHA-256 of everything, of which the rest is read first."""
        while self._take(_CHUNK):
            pass
        return self._digest.hexdigest()

    def _take(self, size: int) -> bytes:
        part = self._file.read(size)
        self._digest.update(part)
        self._read += len(part)
        if self._read > STREAM_LIMIT:
            raise RecordingError(f"it is larger than {STREAM_LIMIT // 2**20} MiB")
        return part


class _Unpacked:
    """The bytes that a packed file stands for. Raises EOFError where it ends too early, and what
    the decoder raises."""

    def __init__(self, packed: Source, decoder: Callable[[], _Decoder]) -> None:
        self._packed = packed
        self._new_decoder = decoder
        self._decoder = decoder()
        self._streams = 1
        self._read = 0
        self._ahead = b""
        self._given = 0  # of those bytes

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        if self._given == len(self._ahead):
            self._ahead, self._given = self._next(), 0  # many small pieces at once
        part = self._ahead[self._given : self._given + size]
        self._given += len(part)
        return part

    def _next(self) -> bytes:
        while True:
            data = b""
            waits = self._decoder.needs_input
            if self._decoder.eof:
                data = self._decoder.unused_data.lstrip(b"\0") or self._chunk().lstrip(b"\0")
                if not data:
                    return b""
                self._streams += 1
                if self._streams > _STREAMS:
                    raise RecordingError(f"it is packed as more than {_STREAMS} streams")
                self._decoder = self._new_decoder()
            elif waits:
                data = self._chunk()
            unpacked = self._decoder.decompress(data, _CHUNK)
            if unpacked:
                return unpacked
            # one that did not wait may have had nothing left, and waits now
            if not data and waits and not self._decoder.eof:
                raise EOFError("it ends in the middle of packed data")

    def _chunk(self) -> bytes:
        chunk = self._packed.read(_CHUNK)
        self._read += len(chunk)
        if self._read > PACKED_LIMIT:
            raise RecordingError(f"it is larger than {PACKED_LIMIT // 2**20} MiB")
        return chunk


class ForwardStream(io.RawIOBase):
    """What tarfile reads from: it only goes forwards, and refuses to cost more than its limits."""

    def __init__(self, source: Source) -> None:
        start = source.peek(8)
        decoders = [make for magic, make in _DECODERS.items() if start.startswith(magic)]
        self._source = _Unpacked(source, decoders[0]) if decoders else source
        self.limit = STREAM_LIMIT
        self.position = 0
        self._allowance = HEADER_LIMIT
        self._ahead = b""
        self._given = 0  # of those bytes
        self.last = b""

    def allow(self, size: int) -> None:
        """Sets how many bytes may be read until the next call."""
        self._allowance = size

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer at the end only. They count when they are read."""
        while len(self._ahead) - self._given < size and (part := self._next()):
            self._ahead, self._given = self._ahead[self._given :] + part, 0
        return self._ahead[self._given : self._given + size]

    def read(self, size: int = -1) -> bytes:
        self._allow_less(size)
        self.last = self._take(size)
        return self.last

    def accept(self, size: int) -> None:
        """Reads bytes of which `peek` returned all."""
        self._given += size
        self.position += size

    def content(self, size: int) -> bytes:
        """An entry's content, with which its last block is read where that is at hand."""
        start, whole = self._given, -(-size // BLOCKSIZE) * BLOCKSIZE
        if start + whole > len(self._ahead):
            return self._take(size)
        self._given += whole
        self.position += whole
        return self._ahead[start : start + size]

    def seek(self, position: int, whence: int = 0) -> int:
        if whence or position < self.position:
            raise RecordingError("its entries overlap")
        while self.position < position:
            if not self._take(min(_CHUNK, position - self.position)):
                break
        return self.position

    def tell(self) -> int:
        return self.position

    def finish(self) -> None:
        """Reads on to the end, where the checksums of packed data are."""
        while self._take(_CHUNK):
            pass

    def _allow_less(self, size: int) -> None:
        self._allowance -= size
        if size < 0 or self._allowance < 0:
            raise RecordingError("it has a header that is larger than any real one")

    def _next(self) -> bytes:
        if self.position >= self.limit:
            raise RecordingError(f"it unpacks to more than {self.limit // 2**20} MiB")
        return self._source.read(_CHUNK)

    def _take(self, size: int) -> bytes:
        parts = [self._at_hand(size)]
        while (size := size - len(parts[-1])) and (part := self._next()):
            self._ahead, self._given = part, 0
            parts.append(self._at_hand(size))
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _at_hand(self, size: int) -> bytes:
        part = self._ahead[self._given : self._given + size]
        self.accept(len(part))
        return part
