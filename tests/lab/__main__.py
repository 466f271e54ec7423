"""`make lab`: runs the scenarios that are named, or all, and shows what they came to."""

import sys
import tempfile
from pathlib import Path

from tests.lab import lab, parts, scenario
from tests.lab.machine import LabError


def main() -> int:
    """0 where every scenario came to its end; the tests judge what came out."""
    known = (*scenario.names(), lab.MEASUREMENT)
    names = sys.argv[1:] or known
    unknown = [name for name in names if name not in known]
    found = parts.find()
    if unknown or isinstance(found, str):
        wrong = f"there is no scenario {unknown[0]!a}" if unknown else f"{found} is missing"
        print(f"lab: {wrong}; there are: {', '.join(known)}", file=sys.stderr)
        return 4
    share = Path(tempfile.mkdtemp(prefix="lab-"))
    try:
        results = lab.run(found, names, share, lambda said: print(f"lab: {said}", file=sys.stderr))
    except LabError as error:
        print(f"lab: {error}\nlab: what it left is in {share}", file=sys.stderr)
        return 1
    for result in results.values():
        if result.name != lab.MEASUREMENT:
            print(f"{result.name}: {result.answers['certify']['stdout'].strip()}")
    print(f"lab: results are in {share / 'results'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
