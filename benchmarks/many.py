"""What a further host costs in a run over many, and whether that or the memory grows with them.

The site is written to the memory file system where there is one. Totals hide how the cost of a
host grows: the aim is for the slope between the larger numbers against that between the smaller. Of
each number of hosts Allure has what is not compliant, as it has by itself of more than 100: else
the smaller would have more files of each host than the larger. The smaller are run before and after
the largest, and the means are taken: a machine that is slower for a minute makes no slope.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import mean

from benchmarks.processes import MIB, ROOT, Cost, certify, cost_of

NUMBERS = (10, 100, 1000, 100, 10)
NOT_CERTIFIED = 1
ALIKE = ("--allure", "not-compliant")
SHARED_MEMORY = Path("/dev/shm")


def lines(_rounds: int) -> Iterator[str]:
    """What was measured, and the aims."""
    runs: dict[int, list[Cost]] = {}
    for number, cost in costs():
        runs.setdefault(number, []).append(cost)
        took = f"{cost.elapsed:.1f} s by the clock on {os.cpu_count()} cores"
        yield f"{number} hosts: {cost.seconds:.2f} s, peak {cost.memory / MIB:.0f} MiB; {took}"
    few, some, many = sorted(runs)
    (largest,) = runs[many]
    seconds = {number: mean(cost.seconds for cost in costs) for number, costs in runs.items()}
    slopes = [
        (seconds[more] - seconds[less]) / (more - less)
        for less, more in ((few, some), (some, many))
    ]
    yield f"a further host: {slopes[1] * 1e3:.1f} ms (the aim: at most 15 ms)"
    yield f"slope against that of fewer hosts: {slopes[1] / slopes[0]:.2f} (the aim: at most 1.2)"
    yield f"{many} hosts: {largest.elapsed:.0f} s (the aim: less than 60 s on two cores)"
    yield f"peak: {largest.memory / 1e6:.0f} MB (the aim: less than 150 MB)"


def costs() -> Iterator[tuple[int, Cost]]:
    """Of each number of hosts, in their order."""
    at = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-", dir=at) as place:
        for run, number in enumerate(NUMBERS):
            site = Path(place) / f"site-{number}"
            if not site.exists():
                words = (sys.executable, "-m", "benchmarks.site", str(site), str(number))
                subprocess.run(words, cwd=ROOT, check=True)
            of_all = certify(str(site), Path(place) / f"out-{run}", NOT_CERTIFIED)
            command = replace(of_all, words=(*of_all.words, *ALIKE))
            if run == 0:
                cost_of(command, Path(place))  # not counted: it fills the caches of byte code
            yield number, cost_of(command, Path(place))
