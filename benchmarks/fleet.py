"""Many recordings in one directory: the embedded hosts, again and again."""

from itertools import cycle, islice
from pathlib import Path

from vmfex.evidence.embedded import embedded_hosts, unpack


def write_fleet(directory: Path, number: int) -> Path:
    """Copies as many hosts into a new directory, and returns it."""
    for count, name in enumerate(islice(cycle(embedded_hosts()), number)):
        unpack(name, directory / f"{count:03}-{name}")
    return directory
