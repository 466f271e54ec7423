"""The hosts that inputs are made out of: the embedded ones, captures, a sosreport."""

import lzma
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.fuzz.mutate import members, tar
from tests.support.damage import Held, as_capture, as_recording, as_sosreport
from vmfex.evidence.archive.manifest import MANIFEST, encode
from vmfex.evidence.embedded import embedded_hosts, load_embedded
from vmfex.evidence.sources.recorded import RecordedTree
from vmfex.evidence.tree import Tree

CORPUS = Path(__file__).parents[1] / "corpus" / "captures"
CAPTURES = ("capture", "old-capture")
SOSREPORT = "sosreport"
_PACKED = {
    "capture": "reference.tar.xz",
    "old-capture": "rhel61-private-ucs21.tar.xz",
    SOSREPORT: "sosreport.tar.xz",
}


@cache
def held(base: str) -> Held:
    """What a base holds. Raises KeyError for one that is none."""
    if base in _PACKED:
        return _held(members(packed(base)), below=base == SOSREPORT)
    if base not in embedded_hosts():
        raise KeyError(base)
    host = load_embedded(base)
    return Held({**host.files, MANIFEST: _manifest(host)}, host.links)


def _manifest(host: RecordedTree) -> bytes:
    """As of a host that is constructed: what it lacks is absent, and no digest gives away that a
    file is another."""
    return encode({**host.manifest, "constructed": True})


def _held(found: list[tuple[str, bytes, str, bytes]], below: bool) -> Held:
    start = len(found[0][0].partition("/")[0]) + 1 if below else 0
    files = {name[start:]: raw for name, kind, _, raw in found if kind == b"0"}
    return Held(files, {name[start:]: to for name, kind, to, _ in found if kind == b"2"})


@cache
def packed(base: str) -> bytes:
    """A base as a plain tar."""
    if base in _PACKED:
        return lzma.decompress((CORPUS / _PACKED[base]).read_bytes())
    host = held(base)
    files = [(name, b"0", "", raw) for name, raw in host.files.items()]
    return tar([*files, *((name, b"2", to, b"") for name, to in host.links.items())])


def with_file(base: str, path: str, content: bytes) -> Tree:
    """The base's host, of which one file is another. Raises RecordingError, and KeyError for a base
    that is none."""
    host = held(base)
    changed = Held({**host.files, path: content}, host.links)
    if base in CAPTURES:
        return as_capture(changed)
    return as_sosreport(changed) if base == SOSREPORT else as_recording(changed)


def files(*bases: str) -> Iterator[bytes]:
    """Each file of the bases as an input: a line with base and path, and what is in it."""
    for base in bases:
        for path, content in held(base).files.items():
            if content and not path.endswith(("manifest.json", "asked.json")):
                yield f"{base} {path}\n".encode() + content
