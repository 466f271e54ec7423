"""Raw evidence as a tree of files, wherever it comes from (docs/recordings.md has the layout)."""

from datetime import UTC, datetime
from typing import Protocol

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.result.reading import Reading
from vmfex.evidence.way_in import WayIn

OF_HOST = "host"  # what a reading is of
HOST_FILES = ("sys", "proc", "etc", "dev", "lib", "var", "usr")


class Tree(Protocol):
    """A host's raw evidence. Paths are relative, with `/`. None is an absence that was
    established; what could not be read is Unknown, with the reason. No method raises for what a
    host is or lacks, and none writes."""

    @property
    def name(self) -> str:
        """How the host is called in reports."""

    @property
    def constructed(self) -> bool:
        """Whether the evidence was made up rather than read from a host."""

    @property
    def digest(self) -> str | None:
        """The SHA-256 of the one file that all evidence is in; None where there is no such file."""

    @property
    def lost(self) -> str:
        """Why the host, or a part of it, did not arrive; empty where all of it did. Why this or
        that could not be read on the host is for the answers to say."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What every report has to say of how the evidence came, a sentence each."""

    @property
    def way(self) -> WayIn:
        """How it was read, and as whom: what would tell more follows from that."""

    @property
    def readings(self) -> tuple[Reading, ...]:
        """When and how the evidence was read."""

    def place(self, path: str) -> str:
        """What is at `path`, as evidence or a recording has it, by its name in this source."""

    def read(self, path: str) -> Fact[bytes | None]:
        """A file's bytes; symbolic links are followed."""

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        """A directory's entries, sorted."""

    def link(self, path: str) -> Fact[str | None]:
        """A symbolic link's target as it is stored; None too where `path` is no link."""

    def exists(self, path: str) -> Fact[bool]: ...


class BaseTree:
    """What most trees say of themselves: all of it arrived, and it is where a recording has it."""

    notes: tuple[str, ...] = ()
    way: WayIn = WayIn()
    readings: tuple[Reading, ...] = ()

    @property
    def lost(self) -> str:
        return ""

    def place(self, path: str) -> str:
        return path


class WrappingTree:
    """A tree that answers some questions itself and is otherwise the tree inside it."""

    def __init__(self, inner: Tree) -> None:
        self._tree = inner

    @property
    def name(self) -> str:
        return self._tree.name

    @property
    def constructed(self) -> bool:
        return self._tree.constructed

    @property
    def digest(self) -> str | None:
        return self._tree.digest

    @property
    def lost(self) -> str:
        return self._tree.lost

    @property
    def notes(self) -> tuple[str, ...]:
        return self._tree.notes

    @property
    def way(self) -> WayIn:
        return self._tree.way

    @property
    def readings(self) -> tuple[Reading, ...]:
        return self._tree.readings

    def place(self, path: str) -> str:
        return self._tree.place(path)


def where(path: str) -> str:
    """A path as findings show it: absolute for what was a file on the host."""
    return f"/{path}" if path.partition("/")[0] in HOST_FILES else path


def text(tree: Tree, path: str, media: str = "text/plain") -> Fact[str | None]:
    """A file as text, with itself as the evidence; bytes that are no UTF-8 are escaped."""
    raw = tree.read(path)
    if isinstance(raw, Unknown):
        return raw
    if raw.value is None:
        return Known(None, (Evidence(where(path), "(no such file)"),))
    content = raw.value.decode("utf-8", "backslashreplace")
    return Known(content, (Evidence(where(path), content, media),))


def now() -> str:
    """This moment, as readings have it."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
