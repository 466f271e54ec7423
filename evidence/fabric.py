"""UCS Manager's answers as a tree has them, each class read once."""

from dataclasses import replace
from itertools import chain

from vmfex.checks.model.fabric import Objects
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.evidence import fabric_remedy
from vmfex.evidence.parsers import limits
from vmfex.evidence.parsers.fabric import CONNECTION, is_unasked, notes, objects, was_asked
from vmfex.evidence.sources.ucsm.classes import CLASSES
from vmfex.evidence.tree import Tree


class ReadFabric:
    """`Fabric` in checks/model/, of a host's tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._answers: dict[str, Fact[Objects]] = {}
        self._held = 0  # objects

    def objects(self, class_id: str) -> Fact[Objects]:
        if class_id not in self._answers:
            answer = self._within(objects(self._tree, class_id))
            if isinstance(answer, Unknown) and not answer.remedy:
                way, why = self._tree.way, answer.reason
                ask = fabric_remedy.ask(way, self._tree.name) if is_unasked(why) else ""
                answer = replace(answer, remedy=ask or fabric_remedy.mend(why))
            self._answers[class_id] = answer
        return self._answers[class_id]

    def _within(self, answer: Fact[Objects]) -> Fact[Objects]:
        """Of all classes together no more is kept than fits into memory."""
        if isinstance(answer, Known):
            self._held += len(answer.value)
            if self._held > limits.ALL_OBJECTS:
                most = f"{limits.ALL_OBJECTS:,} objects"
                return Unknown(f"UCS Manager's answers have more than {most}")
        return answer

    def asked(self) -> bool:
        return was_asked(chain([self._connection], map(self.objects, CLASSES)))

    @lazy
    def _connection(self) -> Fact[bytes | None]:
        return self._tree.read(CONNECTION)

    def notes(self) -> tuple[str, ...]:
        """What every report has to say of how UCS Manager was asked; nothing if it was not."""
        return notes(self._connection) if self._answers else ()
