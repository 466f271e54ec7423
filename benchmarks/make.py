"""`make certify` where everything is set up, against the command that it runs."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import VMFEX, Command, compared


def lines(rounds: int) -> Iterator[str]:
    """What was measured, and the aim. Without `make bench`, which sets up before, the first run
    could make the environment anew in which this program runs."""
    if "MAKELEVEL" not in os.environ:
        yield "not measured: make bench ARGS=make sets up what is to be there before"
        return
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        out = Path(place) / "out"
        html = (*VMFEX, "certify", "reference", "--html", "--out", str(out))
        bare = Command("vmfex certify reference --html", html)
        made = Command("make certify", ("make", "certify", f"OUT={out}", "ARGS="))
        yield from compared(made, bare, rounds, "at most 0.1 s more")
