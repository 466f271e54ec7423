"""`python -m benchmarks [--rounds N] [NAME ...]`: prints what was measured, beside the aims."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable

from benchmarks import (
    chart,
    collection,
    fabric,
    formats,
    growth,
    make,
    many,
    reference,
    several,
    start,
    views,
)

LEAST_ROUNDS = 9
BENCHMARKS: dict[str, Callable[[int], Iterable[str]]] = {
    "start": start.lines,
    "reference": reference.lines,
    "growth": growth.lines,
    "several": several.lines,
    "many": many.lines,
    "collection": collection.lines,
    "make": make.lines,
    "fabric": fabric.lines,
    "views": views.lines,
    "formats": formats.lines,
    "chart": chart.lines,
}


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    asked = parser.parse_args()
    if strangers := sorted(set(asked.names) - BENCHMARKS.keys()):
        parser.error(f"there is no benchmark {', '.join(strangers)}")
    rounds = max(asked.rounds, LEAST_ROUNDS)
    print(f"user and system time; {rounds} rounds in alternating order, after one not counted")
    for name in asked.names or (name for name in BENCHMARKS if name != "chart"):
        print(f"\n{name}", flush=True)
        for line in BENCHMARKS[name](rounds):
            print(f"  {line}", flush=True)


main()
