"""A host that could not be read: whatever is asked of it is unknown, for one reason."""

from dataclasses import dataclass

from vmfex.checks.model.fact import Unknown


@dataclass(frozen=True)
class UnreadTree:
    """A tree (evidence/tree.py) that knows nothing but its name, and why."""

    name: str
    reason: str
    constructed: bool = False
    digest: str | None = None

    def _unknown(self, _path: str) -> Unknown:
        return Unknown(self.reason)

    read = names = link = exists = _unknown
