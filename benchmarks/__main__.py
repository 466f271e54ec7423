"""`python -m benchmarks [RUNS]`: prints a table of ratios."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import fabric
from benchmarks.big_host import write_big_host
from benchmarks.cpu import ROOT, VMFEX, Command, compare
from benchmarks.fleet import write_fleet

SUITE = Path(__file__).with_name("testinfra_suite.py")
# pytest looks through no folder above the suite, whatever is there
ALONE = ("-c", "/dev/null", "--rootdir", str(SUITE.parent), "--confcutdir", str(SUITE.parent))
FLEET = 50
NOT_CERTIFIED = 1  # 256 VFs are more vNICs than one VIC may have
ROW = "{:<34} {:<34} {:>9} {:>9} {:>7} {:>9}  {}"


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    heading = ("measured", "against", "measured", "against", "ratio", "more", "the aim")
    print(f"user and system time, medians of {runs} alternating runs\n\n{ROW.format(*heading)}")
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        for measured, baseline, aim in pairs(Path(place)):
            c = compare(measured, baseline, runs)
            times = (f"{c.measured:.3f} s", f"{c.baseline:.3f} s", f"{c.ratio:.2f}")
            more = f"{c.difference:+.3f} s"
            print(ROW.format(measured.name, baseline.name, *times, more, aim), flush=True)
    print()
    for line in fabric.lines(runs):
        print(line, flush=True)


def pairs(place: Path) -> Iterator[tuple[Command, Command, str]]:
    """What is measured, against what, and what it should come to."""
    testinfra = (
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "testinfra.plugin",
        *ALONE,
        str(SUITE),
    )
    suite = Command(
        "pytest-testinfra, 60 checks",
        (sys.executable, *testinfra),
        only_plugins_named=True,
    )
    reference = _certify("reference", place)
    yield reference, suite, "ratio below 1"
    write_big_host(place / "big")
    big = _certify(str(place / "big"), place, NOT_CERTIFIED, "certify 256 VFs, 200 domains")
    yield big, reference, "ratio at most 2"
    fleet = write_fleet(place / "fleet", FLEET)
    many = Command(
        f"certify {FLEET} hosts",
        (*VMFEX, "certify", str(fleet), "--out", str(place / "reports")),
        NOT_CERTIFIED,
    )
    yield many, reference, f"ratio below {FLEET // 2}"
    if (ROOT / ".venv/ready-certify").is_file():
        html = ("--html", "--out", str(place / "page"))
        page = Command("vmfex certify --html", (*VMFEX, "certify", "reference", *html))
        make = Command("make certify, set up before", ("make", "certify", f"OUT={place / 'page'}"))
        yield make, page, "at most 1 s more"
    nothing = Command("python -c pass", (sys.executable, "-c", "pass"))
    yield Command("vmfex --help", (*VMFEX, "--help")), nothing, ""
    yield Command("vmfex rules", (*VMFEX, "rules")), nothing, ""


def _certify(host: str, place: Path, status: int = 0, name: str = "") -> Command:
    words = (*VMFEX, "certify", host, "--out", str(place / "reports"))
    return Command(name or f"certify {host}", words, status)


main()
