"""`python -m tests.fuzz`: inputs for some minutes; exit status 1 where one of them met a fault."""

import json
import signal
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from random import SystemRandom

from tests.fuzz.guard import Fault, Guard
from tests.fuzz.loop import Fuzzer, kept
from tests.fuzz.targets import TARGETS

FOLDER = Path(__file__).parents[2] / ".setup" / "fuzz"


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="how long (5)")
    parser.add_argument("--inputs", type=int, default=10**12, help="and how many at most")
    parser.add_argument("--seed", type=int, help="of the random choices; another one each time")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="of corpus and faults")
    parser.add_argument(
        "--repeat", type=Path, metavar="FILE", help="run the input of a fault again"
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="a part of a target's name")
    asked = parser.parse_args()
    if asked.repeat:
        return repeat(asked.repeat)
    chosen = [t for t in TARGETS if not asked.targets or any(n in t.name for n in asked.targets)]
    if not chosen:
        parser.error(f"no such target: there are {', '.join(t.name for t in TARGETS)}")
    seed = SystemRandom().randrange(10**9) if asked.seed is None else asked.seed
    print(f"seed {seed}; {len(chosen)} targets; {asked.minutes:g} minutes; in {asked.folder}")
    fuzzer = Fuzzer(tuple(chosen), seed, asked.folder, Guard(stuck=True), _say)
    started = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell has it ignored
        signal.signal(number, signal.default_int_handler)
    try:
        fuzzer.prepare()
        fuzzer.run(asked.minutes * 60, asked.inputs)
    except KeyboardInterrupt:
        _say("interrupted")
    return _told(fuzzer, time.monotonic() - started)


def repeat(file: Path) -> int:
    """Runs one input again, and shows what it came to."""
    name, raw = kept(file)
    [target] = [target for target in TARGETS if target.name == name]
    said = Guard().run(target.run, raw)
    print(said.trace if isinstance(said, Fault) else "\n".join(sorted(said)) or "(nothing)")
    return int(isinstance(said, Fault))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _told(fuzzer: Fuzzer, seconds: float) -> int:
    total = {"inputs": 0, "crash": 0, "hang": 0, "memory": 0}
    for name, figures in fuzzer.figures.items():
        found = figures.faults
        total["inputs"] += figures.inputs
        for kind, count in found.items():
            total[kind] += count
        print(
            f"  {name:22}{figures.inputs:10,} inputs{figures.spent:8.0f} s"
            f"{len(fuzzer.corpora[name].kept):6} kept  "
            + ", ".join(f"{count} {kind}" for kind, count in found.items())
        )
    peak = fuzzer.guard.peak // 10**6
    print(
        f"{total['inputs']:,} inputs in {seconds / 60:.1f} minutes: {total['crash']} crashes, "
        f"{total['hang']} hangs, {total['memory']} above the memory limit; {peak} MB at most"
    )
    with (fuzzer.folder / "runs").open("a") as runs:
        runs.write(json.dumps({"seed": fuzzer.seed, **total, "megabytes": peak}) + "\n")
    return int(any(total[kind] for kind in ("crash", "hang", "memory")))


if __name__ == "__main__":
    sys.exit(main())
