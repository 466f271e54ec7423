"""What hosts, VFs and domains cost, drawn: `python -m benchmarks chart` writes docs/cost.svg."""

import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import growth, many
from benchmarks.processes import ROOT, certify, cost_of
from benchmarks.svg import charts

FILE = ROOT / "docs" / "cost.svg"
VFS = (128, 256, 512, 1024)  # all are more than one VIC may have vNICs
DOMAINS = (50, 100, 150, 200)  # on 256 VFs


def lines(_rounds: int) -> Iterator[str]:
    """What was measured, each number once, and where it is drawn."""
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        folder = Path(place)
        cost_of(certify("reference", folder / "out"), folder)  # fills the caches of byte code
        hosts = {number: cost.seconds for number, cost in many.costs()}
        yield f"hosts: {_told(hosts)}"
        vfs = {number: _of(folder, number, 0) for number in VFS}
        yield f"VFs of one host: {_told(vfs)}"
        domains = {number: _of(folder, growth.VFS, number) for number in DOMAINS}
        yield f"domains of one host: {_told(domains)}"
    said = (
        f"Seconds of processor time of one run (user and system), all processes together; Python "
        f"{platform.python_version()}. Made by `python -m benchmarks chart`."
    )
    measured = {
        "Hosts in one run": hosts,
        "VFs of one host, no domains": vfs,
        f"Domains of one host, {growth.VFS} VFs": domains,
    }
    FILE.write_text(charts(measured, said), "utf-8")
    yield f"drawn in {FILE.relative_to(ROOT)}"


def _of(folder: Path, vfs: int, domains: int) -> float:
    command = growth.command((vfs, domains), folder, folder / "out")
    return cost_of(command, folder).seconds


def _told(measured: dict[int, float]) -> str:
    return ", ".join(f"{number}: {seconds:.2f} s" for number, seconds in measured.items())
