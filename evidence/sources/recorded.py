"""A recorded host: a tree in memory, from a directory, a tar or mappings. Symbolic links are
followed inside it and nowhere else."""

import stat
from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.checks.result.reading import Reading
from vmfex.checks.text import shown, shown_path
from vmfex.evidence.archive.damage import difference
from vmfex.evidence.archive.directory import DirectoryFiles, read_document, scan
from vmfex.evidence.archive.entries import Entries, RecordingError, flaw
from vmfex.evidence.archive.manifest import (
    ASKED,
    CONTENT,
    MANIFEST,
    AskedQuestions,
    Manifest,
    Question,
)
from vmfex.evidence.archive.recording import Recording, open_recording
from vmfex.evidence.archive.resolve import Resolver
from vmfex.evidence.archive.tar import Archive, read_archive, without_top
from vmfex.evidence.tree import HOST_FILES, OF_HOST, BaseTree, where

__all__ = ["RecordedTree", "RecordingError", "load"]

AREAS = (
    *HOST_FILES,
    "uname",
    "kernel-changelog",
    "kernel-log",
    "netlink",
    "libvirt",
    "ucsm",
    "guests",
)
_SUFFIXES = (
    *(".tar", ".tgz", ".txz", ".tzst", ".tbz2", ".zip"),
    *(".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2"),
)


class RecordedTree(BaseTree):
    """A host from what was recorded of it. An area of which nothing is held is unknown. Anything
    else that is missing is absent, if the recording can tell that it is not gone."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._entries = recording.entries
        self._files = recording.files
        self._manifest = recording.manifest
        self.readings = (Reading(OF_HOST, "from a recording", recording.manifest.recorded),)
        self._asked = recording.asked
        self._digest = recording.digest
        self._children = recording.entries.children()
        self._untold = _untold(recording.untold, self._children[""])
        missing = self._untold if recording.untold else None
        self._resolver = Resolver(recording.entries, recording.manifest, missing)

    @classmethod
    def of(
        cls,
        files: Mapping[str, bytes],
        links: Mapping[str, str] | None = None,
        manifest: Mapping[str, object] | None = None,
        *,
        directories: Iterable[str] = (),
        name: str = "recorded",
        asked: AskedQuestions | None = None,
    ) -> "RecordedTree":
        """From `{path: bytes}`, `{path: link target}`, the manifest as a JSON object, and
        directories that are to be there although they hold nothing.

        Raises RecordingError. To change a host, copy these (they are properties too) and make a
        new one."""
        entries = Entries()
        for path, content in files.items():
            entries.add_file(path, len(content))
        for path, target in (links or {}).items():
            entries.add_link(path, target)
        for path in directories:
            entries.add_directory(path)
        return cls(Recording(entries, files, Manifest.parse(manifest or {}, name), asked))

    @property
    def name(self) -> str:
        return self._manifest.name

    @property
    def constructed(self) -> bool:
        return self._manifest.constructed

    @property
    def digest(self) -> str | None:
        return self._digest

    @property
    def lost(self) -> str:
        """What happened to the recording since it was made; empty if nothing."""
        damage = self._recording.damage
        return f"the recording {self.name} is damaged: {damage}" if damage else ""

    @property
    def entries(self) -> Entries:
        """What is held, by name. Not to be changed."""
        return self._entries

    @property
    def files(self) -> dict[str, bytes]:
        """A copy, every file read. Raises OSError for a file that has gone since."""
        return {path: self._files[path] for path in self._entries.sizes}

    @property
    def links(self) -> dict[str, str]:
        return dict(self._entries.links)

    @property
    def directories(self) -> tuple[str, ...]:
        """Those that are empty; the others follow from what they hold."""
        return tuple(path for path, names in self._children.items() if path and not names)

    @property
    def manifest(self) -> dict[str, object]:
        return self._manifest.document()

    def read(self, path: str) -> Fact[bytes | None]:
        here = self._locate("read", path)
        if isinstance(here, Unknown):
            return self._blocked(path) or here
        if here is None or here not in self._entries.sizes:
            return Known(None)
        if blocked := self._blocked(path) or self._blocked(here):
            return blocked
        try:
            content = self._files[here]
        except OSError as error:
            return Unknown(f"the recording's {path} cannot be read: {error.strerror or error}")
        sealed = self._recording.inventory.files.get(here)
        if sealed and (how := difference(content, sealed)):
            return Unknown(f"{where(here)} is not what was recorded: {how}")
        return Known(content)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        here = self._locate("names", path)
        if isinstance(here, Unknown):
            return self._blocked(path) or here
        if here is None or here not in self._children:
            return Known(None)
        if blocked := self._blocked(path) or self._blocked(here):
            return blocked
        if self._recording.untold and (self._asked is None or here in self._perhaps_not_whole):
            return self._untold(path)
        return Known(self._children[here])

    def link(self, path: str) -> Fact[str | None]:
        here = self._locate("link", path)
        return here if isinstance(here, Unknown) else Known(self._entries.links.get(here or ""))

    def exists(self, path: str) -> Fact[bool]:
        here = self._locate("exists", path)
        return here if isinstance(here, Unknown) else Known(here is not None)

    def _locate(self, question: Question, path: str) -> str | Unknown | None:
        if flaw(path):
            return Unknown(f"{shown(path)} is not a path inside a host's evidence")
        if reason := self._manifest.reason(path):
            return Unknown(reason)
        if self._asked is not None and not self._asked.covers(question, path):
            return Unknown(f"{where(path)} was not asked for when the host was recorded")
        return self._resolver.resolve(path, follow=question in ("read", "names"))

    @lazy
    def _perhaps_not_whole(self) -> frozenset[str]:
        """Directories in which something was asked for that is not held."""
        found: set[str] = set()
        for _, asked in self._asked.questions if self._asked else ():
            path = asked
            while path and not flaw(path):
                above = path.rpartition("/")[0]
                here = self._resolver.resolve(above, follow=True) if above else ""
                if isinstance(here, str):
                    name = path.rpartition("/")[2]
                    if not self._entries.holds(f"{here}/{name}" if here else name):
                        found.add(here)
                    break
                path = above
        return frozenset(found)

    def _blocked(self, path: str) -> Unknown | None:
        if not self._manifest.unreadable:
            return None
        reason = self._manifest.unreadable.get(path + CONTENT)
        return None if reason is None else Unknown(reason)


def _untold(why: str, areas: Container[str]) -> Callable[[str], Unknown]:
    """What is said of paths that are not held, and of listings that may not be whole."""

    def of(path: str) -> Unknown:
        area = path.partition("/")[0]
        if area not in areas:
            return Unknown(f"the recording has no evidence under {area}/")
        return Unknown(f"of {where(path)} the recording has nothing, or not all: {why}")

    return of


def load(path: str | Path) -> RecordedTree:
    """The recorded host in a directory or a tar. Raises RecordingError, one sentence."""
    source = Path(path)
    try:
        mode = source.stat().st_mode
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a path"
        raise RecordingError(f"There is no recording {shown_path(path)}: {reason}.") from None
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise RecordingError(
            f"The recording {shown_path(path)} is neither a directory nor a tar archive."
        )
    try:
        return _from_directory(source) if stat.S_ISDIR(mode) else _from_archive(source)
    except RecordingError as error:
        raise RecordingError(f"The recording {shown_path(path)} cannot be used: {error}.") from None


def _from_directory(top: Path) -> RecordedTree:
    held = scan(top)
    files = DirectoryFiles(top, held)
    return RecordedTree(
        open_recording(held, files, lambda name: read_document(top, name), host_name(top))
    )


def _from_archive(path: Path) -> RecordedTree:
    return from_archive(read_archive(path), host_name(path))


def from_archive(archive: Archive, name: str) -> RecordedTree:
    """The recorded host in a whole tar; `name` is for one whose manifest tells none."""
    tops = archive.entries.tops()
    if len(tops) == 1 and tops[0] in archive.entries.directories and tops[0] not in AREAS:
        archive = without_top(archive, tops[0])
    for document in (MANIFEST, ASKED):
        archive.entries.sizes.pop(document, None)
    held, files = archive.entries, archive.contents
    return RecordedTree(open_recording(held, files, files.get, name, archive.digest))


def host_name(path: Path) -> str:
    """What a file or directory is called, without a suffix that says how it is packed."""
    name = path.resolve().name
    suffix = max((end for end in _SUFFIXES if name.endswith(end)), key=len, default="")
    name = (name.removesuffix(suffix) or name).strip() or "recorded"
    return name if name.isprintable() else ascii(name)
