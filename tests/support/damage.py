"""A host's evidence, damaged in one place: what copies, editors and disks do to files."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from posixpath import normpath
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
EVERYTHING = "everything"  # where not one path alone is damaged
COPIED_PARTS = 8


@dataclass(frozen=True, slots=True)
class Held:
    """The files and links that a host's evidence is in, however it was read."""

    files: Mapping[str, bytes]
    links: Mapping[str, str]

    def of(self, names: Collection[str]) -> "Held":
        """Some of them alone, of which the last file has arrived to half."""
        chosen = set(names)
        files = {path: raw for path, raw in self.files.items() if path in chosen}
        if (last := next(iter(files.keys() & {*list(names)[-1:]}), None)) is not None:
            files[last] = files[last][: len(files[last]) // 2]
        return Held(files, {path: to for path, to in self.links.items() if path in chosen})

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
    """One thing at a time: each file gone, cut and garbled, each link gone, followed and turned,
    each directory gone; and what a copy does to all of them."""
    for path, content in held.files.items():
        yield Damage("gone", path, Held(_without(held.files, path), held.links))
        for changed, what in _changed(content).items():
            yield Damage(what, path, Held({**held.files, path: changed}, held.links))
    for path, target in held.links.items():
        rest = _without(held.links, path)
        yield Damage("link gone", path, Held(held.files, rest))
        yield Damage("link followed", path, Held({**held.files, **_below(held, path)}, rest))
        as_text = {**held.files, path: target.encode()}
        yield Damage("link as a text file", path, Held(as_text, rest))
        yield Damage("link turned", path, Held(held.files, {**held.links, path: "../nowhere"}))
    for directory in _directories(held):
        files = _without(held.files, f"{directory}/")
        yield Damage(
            "directory gone", directory, Held(files, _without(held.links, f"{directory}/"))
        )
    yield from _copies(held)


def _changed(content: bytes) -> dict[bytes, str]:
    """A file's content cut and garbled, with what was done to it."""
    lines, middle = content.splitlines(keepends=True), len(content) // 2
    half = len(lines) // 2
    flipped = bytes([content[middle] ^ 0x15]) if content else b""
    changed = {
        b"": "emptied",
        content[:middle]: "cut to half",
        content[:-1]: "without its last byte",
        b"".join(lines[:half]): "cut to half its lines",
        b"".join(lines[:-1]): "without its last line",
        b"".join(lines[:half] + lines[half + 1 :]): "without a line in the middle",
        content[:middle] + flipped + content[middle + 1 :]: "garbled",
        content.replace(b"\n", b"\r\n"): "with other line ends",
        content.rstrip(b"\n"): "without the line feed at its end",
    }
    return {each: what for each, what in changed.items() if each != content}


def _copies(held: Held) -> Iterator[Damage]:
    """What a copy, an editor or a file system does to all at once."""
    as_files = {path: target.encode() for path, target in held.links.items()}
    followed = dict(held.files)
    for path in held.links:
        followed |= _below(held, path)
    ends = {path: raw.replace(b"\n", b"\r\n") for path, raw in held.files.items()}
    yield Damage("all links left out", EVERYTHING, Held(held.files, {}))
    yield Damage("all links followed", EVERYTHING, Held(followed, {}))
    yield Damage("all links as text files", EVERYTHING, Held({**held.files, **as_files}, {}))
    yield Damage("other line ends in all files", EVERYTHING, Held(ends, held.links))
    names = sorted((*held.files, *held.links))
    for part in range(1, COPIED_PARTS):
        at = len(names) * part // COPIED_PARTS
        for what, copied in (("first", names[:at]), ("last", names[-at:])):
            yield Damage(f"the {what} {part} of {COPIED_PARTS} parts", EVERYTHING, held.of(copied))


def _below(held: Held, path: str) -> dict[str, bytes]:
    """What stands where a link was, when it was followed."""
    to = normpath(f"{path.rpartition('/')[0]}/{held.links[path]}")
    if to in held.files:
        return {path: held.files[to]}
    start = f"{to}/"
    found = {
        f"{path}/{name[len(start) :]}": content
        for name, content in held.files.items()
        if name.startswith(start)
    }
    return found or {path: b""}


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
