"""What a tree of evidence was asked and what it answered, and how another tree answers that."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from vmfex.checks.model.fact import Fact, Unknown
from vmfex.evidence.parsers.fabric import NOBODY
from vmfex.evidence.parsers.links import REFUSAL
from vmfex.evidence.tree import Tree, WrappingTree

Answer = Fact[bytes | None] | Fact[tuple[str, ...] | None] | Fact[str | None] | Fact[bool]
Difference = frozenset[tuple[str, str, object]]
MARKS = (REFUSAL, *NOBODY)  # words in a reason that decide something


class Answered(WrappingTree):
    """The same tree, with every question and its answer written down."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree)
        self._read: dict[str, Fact[bytes | None]] = {}
        self._names: dict[str, Fact[tuple[str, ...] | None]] = {}
        self._link: dict[str, Fact[str | None]] = {}
        self._exists: dict[str, Fact[bool]] = {}

    def read(self, path: str) -> Fact[bytes | None]:
        return self._read.setdefault(path, self._tree.read(path))

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return self._names.setdefault(path, self._tree.names(path))

    def link(self, path: str) -> Fact[str | None]:
        return self._link.setdefault(path, self._tree.link(path))

    def exists(self, path: str) -> Fact[bool]:
        return self._exists.setdefault(path, self._tree.exists(path))

    def difference(self, tree: Tree) -> Difference:
        """What a tree answers otherwise of all that was asked: nothing where whoever asked finds
        the same. Of what it does not know, the reason is left out."""
        return frozenset(
            chain(
                _other("read", tree.read, self._read),
                _other("names", tree.names, self._names),
                _other("link", tree.link, self._link),
                _other("exists", tree.exists, self._exists),
            )
        )


def _other(
    question: str, ask: Callable[[str], Answer], answers: Mapping[str, Answer]
) -> Iterator[tuple[str, str, object]]:
    for path, answer in answers.items():
        if (now := said(ask(path))) != said(answer):
            yield question, path, now


def said(answer: Fact[object]) -> object:
    """An answer as far as anything follows from it."""
    if isinstance(answer, Unknown):
        return Unknown, *(mark for mark in MARKS if mark in answer.reason)
    return answer.value
