"""Records among what a user names as hosts: their capacity is in them."""

from collections.abc import Iterable
from pathlib import Path

from vmfex.checks.what_if.change import Change
from vmfex.evidence.sources.beside_hosts import is_beside_hosts
from vmfex.folder.names import RECORD, SUMMARY
from vmfex.presence import may_be
from vmfex.reports.capacity.host import HostCapacity


def is_record(word: str) -> bool:
    """Whether it is the folder of a run, its summary, or the file of a record."""
    path = Path(word)
    if "://" in word or "\0" in word:
        return False
    if path.is_dir():
        named = any(may_be(path / name) for name in (RECORD, SUMMARY))
        return named and is_beside_hosts(path)
    return path.suffix == ".json" and path.is_file()


def capacities_of(paths: Iterable[Path]) -> list[HostCapacity]:
    """Of each host that the records are of. Raises UsageError and ReportError."""
    from vmfex.commands.records import load_all

    return [HostCapacity(host.host, host, Change()) for host in load_all(*paths)]
