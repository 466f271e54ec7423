"""A host's evidence, damaged in one place: what copies, editors and disks do to files."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from vmfex.evidence.archive.entries import Entries
from vmfex.evidence.archive.recording import open_recording
from vmfex.evidence.archive.tar import Archive
from vmfex.evidence.sources.captured import CapturedTree
from vmfex.evidence.sources.recorded import RecordedTree
from vmfex.evidence.sources.sos.report import SosReport
from vmfex.evidence.tree import Tree

T = TypeVar("T")
Opener = Callable[["Held"], Tree]


@dataclass(frozen=True, slots=True)
class Held:
    """The files and links that a host's evidence is in, however it was read."""

    files: Mapping[str, bytes]
    links: Mapping[str, str]

    def entries(self) -> Entries:
        made = Entries()
        for path, content in self.files.items():
            made.add_file(path, len(content))
        for path, target in self.links.items():
            made.add_link(path, target)
        return made


@dataclass(frozen=True, slots=True)
class Damage:
    """What was done to which path, and what was left."""

    what: str
    path: str
    held: Held

    def __str__(self) -> str:
        return f"{self.path} {self.what}"


def as_recording(held: Held) -> Tree:
    """Raises RecordingError, as for any that cannot be used."""
    entries, files = held.entries(), held.files
    for document in ("manifest.json", "asked.json"):
        entries.sizes.pop(document, None)
    return RecordedTree(open_recording(entries, files, files.get, "damaged"))


def as_capture(held: Held) -> Tree:
    """Raises RecordingError for what is no capture any more."""
    return CapturedTree(Archive(held.entries(), dict(held.files), "0" * 64))


def as_sosreport(held: Held) -> Tree:
    """Raises RecordingError for what is no sosreport any more."""
    return SosReport(held.files, held.links)


def damages(held: Held) -> Iterator[Damage]:
    """One thing at a time: each file gone, cut and garbled, each link gone, flattened and turned,
    each directory gone."""
    for path, content in held.files.items():
        yield Damage("gone", path, Held(_without(held.files, path), held.links))
        for what, changed in _changed(content):
            yield Damage(what, path, Held({**held.files, path: changed}, held.links))
    for path in held.links:
        rest = _without(held.links, path)
        yield Damage("link gone", path, Held(held.files, rest))
        yield Damage("link flattened", path, Held({**held.files, path: b""}, rest))
        yield Damage("link turned", path, Held(held.files, {**held.links, path: "../nowhere"}))
    for directory in _directories(held):
        files = _without(held.files, f"{directory}/")
        yield Damage(
            "directory gone", directory, Held(files, _without(held.links, f"{directory}/"))
        )


def _changed(content: bytes) -> Iterator[tuple[str, bytes]]:
    if not content:
        return
    yield "cut to half", content[: len(content) // 2]
    lines = content.splitlines(keepends=True)
    if len(lines) > 1:
        yield "without its last line", b"".join(lines[:-1])
    middle = len(content) // 2
    yield "garbled", content[:middle] + bytes([content[middle] ^ 0x15]) + content[middle + 1 :]
    if b"\n" in content:
        yield "with other line ends", content.replace(b"\n", b"\r\n")


def _without(held: Mapping[str, T], path: str) -> dict[str, T]:
    """Without a path, or with a `/` at its end without all below."""
    if not path.endswith("/"):
        return {each: value for each, value in held.items() if each != path}
    return {each: value for each, value in held.items() if not each.startswith(path)}


def _directories(held: Held) -> list[str]:
    found = set()
    for path in (*held.files, *held.links):
        while path := path.rpartition("/")[0]:
            found.add(path)
    return sorted(found)
