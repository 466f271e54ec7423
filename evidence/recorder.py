"""Makes a recording: passes every question to a tree, and writes down what it answered."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.archive.arrange import Answer, Arrangement, recorded_reason
from vmfex.evidence.archive.entries import RecordingError, flaw
from vmfex.evidence.archive.inventory import Inventory
from vmfex.evidence.archive.manifest import (
    ASKED,
    MANIFEST,
    MANIFEST_LIMIT,
    AskedQuestions,
    Question,
    encode,
    sealed,
)
from vmfex.evidence.archive.writer import Contents, write_recording
from vmfex.evidence.secrets import readable
from vmfex.evidence.sources.recorded import RecordedTree
from vmfex.evidence.tree import Tree, WrappingTree

T = TypeVar("T")


class RecordingTree(WrappingTree):
    """The same tree, each question asked once and its answer remembered."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(readable(tree))
        self._reads: dict[str, Fact[bytes | None]] = {}
        self._names: dict[str, Fact[tuple[str, ...] | None]] = {}
        self._links: dict[str, Fact[str | None]] = {}
        self._exists: dict[str, Fact[bool]] = {}

    def read(self, path: str) -> Fact[bytes | None]:
        return _once(self._reads, path, self._tree.read)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return _once(self._names, path, self._tree.names)

    def link(self, path: str) -> Fact[str | None]:
        return _once(self._links, path, self._tree.link)

    def exists(self, path: str) -> Fact[bool]:
        return _once(self._exists, path, self._tree.exists)

    def write(self, target: str | Path, note: str = "") -> tuple[str, ...]:
        """Writes a directory, or a tar if the name ends like one's; to a new place only.

        Returns the paths of answers that contradict others, as when something changed meanwhile:
        the recording has them as unknown. Raises RecordingError."""
        answers = self._answers()
        arranged = Arrangement(answers)
        manifest = {
            "name": self.name,
            "constructed": self.constructed,
            "note": note,
            "unreadable": arranged.unreadable,
            **({"recorded": at} if (at := self._read_at) else {}),
        }
        try:
            replay = RecordedTree.of(
                arranged.files, arranged.links, manifest, directories=arranged.directories
            )
        except RecordingError as error:
            raise RecordingError(f"The host cannot be recorded: {error}.") from None
        lost = {asked for asked, answer in answers.items() if not _same(replay, asked, answer)}
        asked = AskedQuestions(arranged.areas, frozenset(answers.keys() - lost))
        questions = {ASKED: encode(asked.document())}
        inventory = Inventory.of(replay.entries, {**arranged.files, **questions})
        documents = {MANIFEST: encode(sealed(manifest, inventory)), **questions}
        if len(documents[MANIFEST]) > MANIFEST_LIMIT:
            raise RecordingError("The recording cannot be written: its manifest is too large.")
        write_recording(Path(target), Contents(replay.entries, arranged.files, documents))
        return tuple(sorted({path for _, path in lost}))

    @property
    def _read_at(self) -> str:
        """When the oldest of the evidence was read; empty where nobody knows."""
        return min((reading.at for reading in self.readings), default="")

    def _answers(self) -> dict[tuple[Question, str], Answer]:
        found: dict[tuple[Question, str], Answer] = {}
        found.update({("read", path): answer for path, answer in self._reads.items()})
        found.update({("names", path): answer for path, answer in self._names.items()})
        found.update({("link", path): answer for path, answer in self._links.items()})
        found.update({("exists", path): answer for path, answer in self._exists.items()})
        return {asked: answer for asked, answer in found.items() if not flaw(asked[1])}


def _once(answers: dict[str, Fact[T]], path: str, ask: Callable[[str], Fact[T]]) -> Fact[T]:
    if path not in answers:
        answers[path] = ask(path)
    return answers[path]


def _same(replay: RecordedTree, asked: tuple[Question, str], answer: Answer) -> bool:
    question, path = asked
    ask: Callable[[str], Answer] = getattr(replay, question)
    again = ask(path)
    if isinstance(again, Known) and isinstance(answer, Known):
        return bool(again.value == answer.value)
    if isinstance(again, Unknown) and isinstance(answer, Unknown):
        return again.reason == recorded_reason(answer.reason)
    return False
