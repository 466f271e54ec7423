"""What a record, JUnit and the certificate cost, and a PDF, against judging the same host.

Each round is a process that measures itself: processor time, of the first time (which loads Jinja
and the template) and of the second, which is what each host after the first costs.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.processes import ROOT

VFS, DOMAINS = 256, 200
AIMS = {"reference": 0.03, f"{VFS} VFs, {DOMAINS} domains": 0.2}  # seconds, of the second time
PDF_AIM = 0.15  # seconds, of one host


def lines(rounds: int) -> Iterator[str]:
    """What was measured, and the aims."""
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        words = (sys.executable, "-m", "benchmarks.big_host", place, str(VFS), str(DOMAINS))
        subprocess.run(words, cwd=ROOT, check=True)
        for (name, aim), host in zip(AIMS.items(), ("reference", place), strict=True):
            costs = [_measured(host) for _ in range(rounds)]
            judging, first, views, pdf = (median(cost[part] for cost in costs) for part in PARTS)
            yield f"{name}: judged in {judging:.3f} s"
            yield (
                f"record, JUnit, certificate: {views:.3f} s, ratio {views / judging:.2f} "
                f"(the aim: at most {aim} s); the first time {first:.3f} s"
            )
            yield f"PDF: {pdf:.3f} s, ratio {pdf / judging:.2f} (the aim: {PDF_AIM} s of one host)"


PARTS = ("judging", "first", "views", "pdf")


def _measured(host: str) -> dict[str, float]:
    words = (sys.executable, "-m", "benchmarks.views", host)
    done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    seconds: dict[str, float] = json.loads(done.stdout)
    return seconds


def main(host: str) -> None:
    """The measured process."""
    from vmfex.api import certify
    from vmfex.engine.output import write_views
    from vmfex.reports.certificate import pdf

    def views() -> None:
        with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
            write_views(Path(place), of)

    of = certify(host).certification
    measured = {
        "judging": _seconds(lambda: certify(host)),
        "first": _seconds(views),
        "views": _seconds(views),
    }
    pdf.render(of)  # loads typst and its fonts
    print(json.dumps(measured | {"pdf": _seconds(lambda: pdf.render(of))}))


def _seconds(do: Callable[[], object]) -> float:
    begun = process_time()
    do()
    return process_time() - begun


if __name__ == "__main__":
    main(sys.argv[1])
