"""What one of the files says that tell a distribution's release."""

import re
from enum import Enum, auto
from typing import NamedTuple

from vmfex.checks.model.fact import Evidence
from vmfex.evidence.parsers.distributions import RHEL

NUMBER = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?(?:\.\d+)*", re.ASCII)
BUILT_FROM = re.compile(r"\bel(\d{1,3})\.(\d{1,3})\b", re.ASCII)
UNFINISHED = re.compile(r"\b(alpha|beta|htb|snapshot|rc\d*)\b", re.IGNORECASE)


class Kind(Enum):
    """Whose file it is. FOREIGN: of a distribution that only its own line names."""

    RHEL = auto()
    OTHER = auto()
    FOREIGN = auto()
    UNCLEAR = auto()


class Reading(NamedTuple):
    """`major` and `minor` are None where the file does not tell them; `text` is what it says, for
    an UNCLEAR one why it tells nothing. `image`: one of Red Hat's own images made from RHEL."""

    kind: Kind
    text: str
    evidence: Evidence
    name: str = RHEL
    major: int | None = None
    minor: int | None = None
    beta: bool = False
    image: bool = False

    def numbered(self, number: str) -> "Reading":
        """With the numbers that `number` begins with, if it does."""
        match = NUMBER.match(number)
        if match is None:
            return self
        return self._replace(major=int(match[1]), minor=int(match[2]) if match[2] else None)
