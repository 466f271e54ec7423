"""Processor time of whole processes, from their start to their exit."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
VMFEX = (sys.executable, "-c", "from vmfex.cli import main; main()")
FOREIGN = ("PYTHON", "PYTEST", "ALLURE", "VMFEX")  # what would steer only one of the two sides


@dataclass(frozen=True)
class Command:
    """What is measured. `status` is what it exits with, where all is as it should be."""

    name: str
    words: Sequence[str]
    status: int = 0
    only_plugins_named: bool = False  # a pytest that loads no plugin that happens to be installed


@dataclass(frozen=True)
class Comparison:
    """Medians: seconds of user and system time of each, and the ratio and difference pair by pair,
    of which the machine's changing speed leaves more than of the times."""

    measured: float
    baseline: float
    ratio: float
    difference: float


def compare(measured: Command, baseline: Command, runs: int) -> Comparison:
    """Runs the two in turn. Raises RuntimeError for one that does not end as it should."""
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        for command in (measured, baseline):  # not counted: it fills the caches of byte code
            seconds(command, Path(place))
        pairs = [
            (seconds(measured, Path(place)), seconds(baseline, Path(place))) for _ in range(runs)
        ]
    return Comparison(
        median(mine for mine, _ in pairs),
        median(theirs for _, theirs in pairs),
        median(mine / theirs for mine, theirs in pairs),
        median(mine - theirs for mine, theirs in pairs),
    )


def seconds(command: Command, place: Path) -> float:
    """User and system time of one run, with all the processes that it waited for."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
    environment |= {"PYTHONPYCACHEPREFIX": str(place / "bytecode")}
    if command.only_plugins_named:
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    with (place / "output").open("w+b") as output:
        process = subprocess.Popen(
            command.words, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != command.status:
            output.seek(0)
            said = output.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{command.name} ended with {process.returncode}:\n{said}")
    return used.ru_utime + used.ru_stime
