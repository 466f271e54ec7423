"""A host that could not be read: whatever is asked of it is unknown, for one reason."""

from dataclasses import dataclass

from vmfex.checks.model.fact import Unknown
from vmfex.checks.result.reading import Reading
from vmfex.evidence.way_in import NOTHING_ARRIVED, WayIn


@dataclass(frozen=True)
class UnreadTree:
    """A tree (evidence/tree.py) that knows nothing but its name, and why."""

    name: str
    lost: str
    constructed: bool = False
    digest: str | None = None
    notes: tuple[str, ...] = ()
    way: WayIn = NOTHING_ARRIVED
    readings: tuple[Reading, ...] = ()

    def place(self, path: str) -> str:
        return path

    def _unknown(self, _path: str) -> Unknown:
        return Unknown(self.lost)

    read = names = link = exists = _unknown
