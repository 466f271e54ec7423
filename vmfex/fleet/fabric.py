"""UCS Manager's answers handed from the process that asked to those that judge."""

from collections.abc import Mapping
from pathlib import Path

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.sources.ucsm.tree import AREA, FabricSource
from vmfex.fleet.words import from_words, to_words


def hand_over(fabric: FabricSource, file: Path) -> None:
    """Asks for everything and writes it to a file. Raises OSError."""
    told: dict[str, Fact[str]] = {}
    for name in fabric.names(AREA).need() or ():
        path = f"{AREA}/{name}"
        answer = fabric.read(path)
        if isinstance(answer, Unknown):
            told[path] = answer
        elif answer.value is not None:
            told[path] = Known(answer.value.decode(), answer.evidence)
    file.write_text(to_words(told), encoding="ascii")


class Unasked:
    """Nobody has asked UCS Manager yet: knows afterwards whether somebody has to."""

    def __init__(self) -> None:
        self.wanted = False

    def read(self, _path: str) -> Unknown:
        self.wanted = True
        return Unknown("UCS Manager was not asked yet")

    names = read


class Answers:
    """What such a file holds: the same bytes for every host."""

    def __init__(self, told: Mapping[str, Fact[str]]) -> None:
        self._told = {path: _encoded(answer) for path, answer in told.items()}

    @classmethod
    def at(cls, file: Path) -> "Answers":
        """Raises OSError or ValueError."""
        return cls(from_words(file.read_text(encoding="ascii")))

    def read(self, path: str) -> Fact[bytes | None]:
        return self._told.get(path, Known(None))

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        if path != AREA:
            return Known(None)
        return Known(tuple(sorted(name.removeprefix(f"{AREA}/") for name in self._told)))


def _encoded(answer: Fact[str]) -> Fact[bytes | None]:
    if isinstance(answer, Unknown):
        return answer
    return Known(answer.value.encode(), answer.evidence)
