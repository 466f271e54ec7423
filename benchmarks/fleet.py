"""Many recordings in one directory: the embedded hosts, again and again."""

import shutil
from itertools import cycle, islice
from pathlib import Path

from vmfex.evidence.opening import HOSTS, embedded_hosts


def write_fleet(directory: Path, number: int) -> Path:
    """Copies as many hosts into a new directory, and returns it."""
    for count, name in enumerate(islice(cycle(embedded_hosts()), number)):
        shutil.copytree(HOSTS / name, directory / f"{count:03}-{name}", symlinks=True)
    return directory
