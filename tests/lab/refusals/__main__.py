"""Asks one generation, and keeps what came out: `python -m tests.lab.refusals SUITE [NAME...]`."""

import sys
import tempfile
from pathlib import Path

from tests.lab import generations, parts
from tests.lab.machine import LabError
from tests.lab.refusals.asking import ask
from tests.lab.refusals.refusal import REFUSED, TWIN, load, names


def main() -> int:
    """0 where all were asked; the tests judge what came out."""
    suite, *chosen = sys.argv[1:]
    found, generation = parts.find(), generations.find(suite)
    if isinstance(found, str) or isinstance(generation, str):
        print(f"refusals: {f'{found} is missing' if isinstance(found, str) else generation}")
        return 4
    share = Path(tempfile.mkdtemp(prefix="refusals-"))
    print(f"refusals: results are in {share}", flush=True)
    try:
        answers = ask(found, generation, chosen or names(), share)
    except LabError as error:
        print(f"refusals: {error}")
        return 1
    for name in chosen or names():
        for variant in (REFUSED, TWIN):
            try:
                said = answers.of(name, variant).refusal(load(name).variants[variant].asked)
            except LabError as error:
                said = f"refusals: {error}"
            print(f"{answers.version} {name}, {variant}: {' '.join((said or 'starts').split())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
