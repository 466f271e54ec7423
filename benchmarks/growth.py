"""How the cost of a host grows with its VFs and its domains.

A fitted exponent of 1 is a cost in proportion to their number, 2 one in proportion to its square.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from math import log
from pathlib import Path
from statistics import linear_regression

from benchmarks.processes import ROOT, Command, Measured, certify, measure

NOT_CERTIFIED = 1  # so many VFs are more vNICs than one VIC may have
REFERENCE, VFS, MOST_VFS = "vmfex certify reference", 256, 1024
DOMAINS, NUMBERS = 200, (125, 250, 500, 1000)  # the numbers stand on MOST_VFS

Size = tuple[int, int]  # VFs, domains


def lines(rounds: int) -> Iterator[str]:
    """What was measured, and the aims."""
    sizes = [(VFS, 0), (VFS, DOMAINS), (MOST_VFS, 0), *((MOST_VFS, n) for n in NUMBERS)]
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        out = Path(place) / "out"
        commands = [command(size, Path(place), out) for size in sizes]
        first, *others = measure((certify("reference", out), *commands), rounds)
    yield from map(str, (first, *others))
    cost = dict(zip(sizes, others, strict=True))
    vf, domain = _each(first, cost[VFS, 0], VFS), _each(cost[VFS, 0], cost[VFS, DOMAINS], DOMAINS)
    yield f"a VF of {VFS}, beyond reference: {vf} (the aim: at most 1 ms)"
    yield f"a domain of {DOMAINS}, beyond their VFs: {domain} (the aim: at most 2.5 ms)"
    yield f"exponent to {NUMBERS[-1]} domains: {_exponents(cost)} (the aim: at most 1.1)"


def command(size: Size, place: Path, out: Path) -> Command:
    """Built in a process of its own: the memory of this one would count as the command's."""
    vfs, domains = map(str, size)
    directory = place / f"{vfs}-{domains}"
    words = (sys.executable, "-m", "benchmarks.big_host", str(directory), vfs, domains)
    subprocess.run(words, cwd=ROOT, check=True)
    name = f"vmfex certify, {vfs} VFs, {domains} domains"
    return certify(str(directory), out, NOT_CERTIFIED, name)


def _each(small: Measured, large: Measured, number: int) -> str:
    medians, least = large.median - small.median, large.least - small.least
    return f"{medians / number * 1e3:.2f} ms (medians), {least / number * 1e3:.2f} ms (least)"


def _exponents(cost: Mapping[Size, Measured]) -> str:
    none = cost[MOST_VFS, 0]
    medians = [cost[MOST_VFS, number].median - none.median for number in NUMBERS]
    least = [cost[MOST_VFS, number].least - none.least for number in NUMBERS]
    return f"{_slope(medians):.2f} (medians), {_slope(least):.2f} (least)"


def _slope(seconds: list[float]) -> float:
    return linear_regression([log(n) for n in NUMBERS], [log(s) for s in seconds]).slope
