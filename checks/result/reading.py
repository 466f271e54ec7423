"""When and how a host's evidence was read."""

from dataclasses import dataclass
from datetime import datetime

OLD = 24 * 3600  # seconds; a host may have been changed since


@dataclass(frozen=True, slots=True)
class Reading:
    """`what` was read: the host, UCS Manager, a guest; `how`: over SSH, from a capture. `at` is ISO
    8601 in UTC, empty where the evidence does not tell."""

    what: str
    how: str
    at: str = ""

    def age(self, now: str) -> float | None:
        """Seconds from the reading until `now`; None where nobody knows."""
        try:
            return (datetime.fromisoformat(now) - datetime.fromisoformat(self.at)).total_seconds()
        except (ValueError, TypeError):  # not told, or without a time zone
            return None


def in_days(seconds: float) -> str:
    """An age as people say it: 3 days, 5 hours, 12 minutes."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if (number := int(seconds // size)) >= 1:
            return f"{number} {unit}{'s' if number > 1 else ''}"
    return "less than a minute"
