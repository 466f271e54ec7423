"""`findings.csv` of a run over several hosts: a host's rows are written when it is judged, and put
together at the end, so that nobody holds them all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmfex.checks.result.certification import Certification
from vmfex.folder.names import FINDINGS, HOSTS, PART
from vmfex.reports.allure.results import write_new
from vmfex.reports.formats import findings_csv
from vmfex.reports.formats.context import Context
from vmfex.reports.record import write_whole
from vmfex.reports.summary import HostSummary


def keep(folder: Path, certification: Certification) -> None:
    """Writes a host's rows into its folder. Raises OSError."""
    text = findings_csv.body([certification], Context())
    write_new(f"{folder}/{PART}", text.encode())


def combine(new: Path, hosts: Sequence[HostSummary]) -> None:
    """Puts them together in the order of the hosts. Raises OSError."""
    judged = [host for host in hosts if host.directory]
    write_whole(new / FINDINGS, _text(new / HOSTS, judged))
    for host in judged:
        (new / HOSTS / host.label / PART).unlink()


def _text(folders: Path, hosts: Sequence[HostSummary]) -> Iterator[str]:
    names = Counter(host.host for host in hosts)
    yield findings_csv.head()
    for host in hosts:
        with (folders / host.label / PART).open(encoding="utf-8", newline="") as stream:
            rows = stream.read()
        if names[host.host] > 1:  # as `vmfex report csv` tells them apart
            rows = findings_csv.called(rows, host.host, f"{host.host} ({host.label})")
        yield rows
