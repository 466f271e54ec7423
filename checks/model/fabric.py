"""What UCS Manager says: objects and property names as in its own model (ucsmsdk `mometa`)."""

import re
from collections.abc import Mapping
from typing import Protocol

from vmfex.checks.model.fact import Fact

Objects = tuple[Mapping[str, str], ...]


class Fabric(Protocol):
    """UCS Manager's answers, a class of objects at a time."""

    def objects(self, class_id: str) -> Fact[Objects]:
        """Every object of a class, as its properties; unknown if nobody could ask."""

    def notes(self) -> tuple[str, ...]:
        """What every report has to say of how UCS Manager was asked, a sentence each."""


def release_number(text: str) -> tuple[int, int] | None:
    """(2, 1) for UCS Manager's `2.1(1a)`; None for what is no release."""
    match = re.match(r"(\d+)\.(\d+)\(", text)
    return (int(match[1]), int(match[2])) if match else None
