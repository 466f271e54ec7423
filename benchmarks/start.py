"""Commands that judge nothing, against the start of Python."""

import sys
from collections.abc import Iterator

from benchmarks.processes import VMFEX, Command, compared


def lines(rounds: int) -> Iterator[str]:
    """What was measured, and the aim."""
    nothing = Command("python -c pass", (sys.executable, "-c", "pass"))
    for word, aim in (("--help", "a ratio below 2"), ("rules", "none")):
        yield from compared(Command(f"vmfex {word}", (*VMFEX, word)), nothing, rounds, aim)
