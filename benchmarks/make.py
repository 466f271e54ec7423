"""`make certify` where everything is set up, against the command that it runs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import ROOT, VMFEX, Command, compared

READY = ROOT / ".venv/ready-certify"


def lines(rounds: int) -> Iterator[str]:
    """What was measured, and the aim."""
    if not READY.is_file():
        yield "not measured: this checkout is not set up (make certify does that)"
        return
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        out = Path(place) / "out"
        html = (*VMFEX, "certify", "reference", "--html", "--out", str(out))
        bare = Command("vmfex certify reference --html", html)
        made = Command("make certify", ("make", "certify", f"OUT={out}"))
        yield from compared(made, bare, rounds, "at most 0.1 s more")
