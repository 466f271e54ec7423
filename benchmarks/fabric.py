"""Reading UCS Manager: what an object costs in a large domain, against a small one; the memory.

The server runs in this process, the reading in one of its own, which measures itself: the processor
time of its second reading, from the login to the last parsed class (the first loads the SDK), and
the most memory that it ever had.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.processes import ROOT

LARGE, SMALL = (160, 1000), (16, 100)  # blades, VMs
MIB = 2**20
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Reading:
    """Objects read, seconds of processor time, bytes of memory."""

    objects: int
    seconds: float
    memory: int

    @property
    def per_object(self) -> float:
        return self.seconds / self.objects


def lines(runs: int) -> Iterator[str]:
    """What was measured, against what it should come to."""
    with _served(*LARGE) as large, _served(*SMALL) as small:
        pairs = [(_read(large), _read(small)) for _ in range(runs)]
    ratio = median(big.per_object / little.per_object for big, little in pairs)
    for (blades, vms), readings in zip((LARGE, SMALL), zip(*pairs, strict=True), strict=True):
        seconds, memory = median(r.seconds for r in readings), max(r.memory for r in readings)
        cost = median(r.per_object for r in readings)
        yield (
            f"UCS Manager, {blades} blades, {vms} VMs: {readings[0].objects} objects in "
            f"{seconds:.3f} s, {cost * 1e6:.0f} us each, {memory / MIB:.0f} MiB"
        )
    yield f"an object of the large domain against one of the small: {ratio:.2f} (at most 1.3)"
    yield f"memory: {max(big.memory for big, _ in pairs) / 1e6:.0f} MB (less than 200)"


@contextmanager
def _served(blades: int, vms: int) -> Iterator[tuple[str, Path]]:
    from tests.support.ucsm.fabrics import large
    from tests.support.ucsm.run import ca_file, running

    with (
        tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as folder,
        running(large(blades, vms)) as server,
    ):
        yield server.url, ca_file(Path(folder))


def _read(served: tuple[str, Path]) -> Reading:
    url, ca = served
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.fabric", url, str(ca)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return Reading(**json.loads(done.stdout))


def main(url: str, ca: str) -> None:
    """The measured process: reads everything twice and prints what the second time took."""
    from tests.support.ucsm.asking import credentials_in_environment

    with credentials_in_environment():
        _objects(url, ca)
    with credentials_in_environment():
        begun = time.process_time()
        objects = _objects(url, ca)
        seconds = time.process_time() - begun
    status = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    memory = int(status["VmHWM"].split()[0]) * 1024
    print(json.dumps({"objects": objects, "seconds": seconds, "memory": memory}))


def _objects(url: str, ca: str) -> int:
    """How many objects UCS Manager has of all classes that are asked for."""
    from tests.support.tree import DictTree
    from vmfex.evidence.fabric import ReadFabric
    from vmfex.evidence.sources.ucsm.classes import CLASSES
    from vmfex.evidence.sources.ucsm.manager import UcsmRequest, open_manager
    from vmfex.evidence.sources.ucsm.tree import WithFabric

    fabric = ReadFabric(WithFabric(DictTree({}), open_manager(UcsmRequest(url, ca))))
    return sum(len(fabric.objects(class_id).need()) for class_id in CLASSES)


if __name__ == "__main__":
    main(*sys.argv[1:])
