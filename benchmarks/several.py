"""Many recordings in one directory, against one: the embedded hosts, again and again."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from benchmarks.processes import certify, compared
from vmfex.evidence.embedded import embedded_file, embedded_hosts

NUMBER = 50
NOT_CERTIFIED = 1


def lines(rounds: int) -> Iterator[str]:
    """What was measured, and the aim."""
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        out, hosts = Path(place) / "out", Path(place) / "hosts"
        hosts.mkdir()
        for count, name in enumerate(islice(cycle(embedded_hosts()), NUMBER)):
            shutil.copy(embedded_file(name), hosts / f"{count:03}-{name}.tar.gz")
        many = certify(str(hosts), out, NOT_CERTIFIED, f"vmfex certify, {NUMBER} hosts")
        aim = f"a ratio below {NUMBER // 2}"
        yield from compared(many, certify("reference", out), rounds, aim)
