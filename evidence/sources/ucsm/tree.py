"""A host's tree of evidence with the part `ucsm/` from elsewhere."""

from typing import Protocol

from vmfex.checks.model.fact import Fact, Known
from vmfex.checks.result.reading import Reading
from vmfex.evidence.tree import Tree, WrappingTree, now

AREA = "ucsm"


class FabricSource(Protocol):
    """Whoever has UCS Manager's answers, as `Tree` has a host's."""

    def read(self, path: str) -> Fact[bytes | None]: ...

    def names(self, path: str) -> Fact[tuple[str, ...] | None]: ...


class WithFabric(WrappingTree):
    """A host's tree, with UCS Manager's answers in the place of what it may hold of them. What was
    lost, and the digest, are the host's own."""

    def __init__(self, tree: Tree, manager: FabricSource) -> None:
        super().__init__(tree)
        self._manager = manager
        self._opened = now()

    @property
    def readings(self) -> tuple[Reading, ...]:
        asked = Reading("UCS Manager", "asked over its XML API", self._opened)
        return (*self._tree.readings, asked)

    def place(self, path: str) -> str:
        return path if _is_fabric(path) else self._tree.place(path)

    def read(self, path: str) -> Fact[bytes | None]:
        return self._manager.read(path) if _is_fabric(path) else self._tree.read(path)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return self._manager.names(path) if _is_fabric(path) else self._tree.names(path)

    def link(self, path: str) -> Fact[str | None]:
        return Known(None) if _is_fabric(path) else self._tree.link(path)

    def exists(self, path: str) -> Fact[bool]:
        if not _is_fabric(path):
            return self._tree.exists(path)
        names = self._manager.names(AREA)
        listed = names.value or () if isinstance(names, Known) else ()
        return Known(path == AREA or path.removeprefix(f"{AREA}/") in listed)


def _is_fabric(path: str) -> bool:
    return path == AREA or path.startswith(f"{AREA}/")
