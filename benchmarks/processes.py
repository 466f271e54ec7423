"""What whole processes cost, from their start to their exit: processor time and memory."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic

ROOT = Path(__file__).resolve().parent.parent
VMFEX = (sys.executable, "-c", "from vmfex.__main__ import main; main()")
FOREIGN = ("PYTHON", "PYTEST", "ALLURE", "VMFEX")  # what would steer only one of the sides
MIB = 2**20


@dataclass(frozen=True)
class Command:
    """What is measured. `status` is what it exits with, where all is as it should be."""

    name: str
    words: Sequence[str]
    status: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """Seconds of user and system time, and the most memory that one of its processes had, which
    Linux never tells as less than what the process that started it has; and how long it took."""

    seconds: float
    memory: int
    elapsed: float


@dataclass(frozen=True)
class Measured:
    """A command with what each of its runs cost."""

    name: str
    costs: Sequence[Cost]

    @property
    def median(self) -> float:
        return median(cost.seconds for cost in self.costs)

    @property
    def least(self) -> float:
        return min(cost.seconds for cost in self.costs)

    @property
    def memory(self) -> int:
        return max(cost.memory for cost in self.costs)

    def __str__(self) -> str:
        times = f"median {self.median:.3f} s, least {self.least:.3f} s"
        return f"{self.name}: {times}, peak {self.memory / MIB:.0f} MiB"


def measure(commands: Sequence[Command], rounds: int) -> list[Measured]:
    """Runs all in turn, in every second round the last one first: whatever slows the machine down
    for a while slows each of them. Raises RuntimeError for one that does not end as it should."""
    costs: dict[str, list[Cost]] = {command.name: [] for command in commands}
    with tempfile.TemporaryDirectory(prefix="vmfex-benchmark-") as place:
        for command in commands:  # not counted: it fills the caches of byte code
            cost_of(command, Path(place))
        for number in range(rounds):
            for command in commands[:: -1 if number % 2 else 1]:
                costs[command.name].append(cost_of(command, Path(place)))
    return [Measured(command.name, costs[command.name]) for command in commands]


def compared(mine: Command, theirs: Command, rounds: int, aim: str) -> list[str]:
    """Both, and what one costs against the other, as lines."""
    first, second = measure((mine, theirs), rounds)
    ratios = f"{first.median / second.median:.2f} (medians), {first.least / second.least:.2f}"
    more = f"{first.median - second.median:+.3f} s, {first.least - second.least:+.3f} s"
    return [str(first), str(second), f"ratio {ratios} (least); difference {more}; the aim: {aim}"]


def cost_of(command: Command, place: Path) -> Cost:
    """One run, with all the processes that it waited for."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
    environment |= {"PYTHONPYCACHEPREFIX": str(place / "bytecode"), **command.environment}
    start = monotonic()
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
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, monotonic() - start)


def certify(host: str, out: Path, status: int = 0, name: str = "") -> Command:
    """The command that certifies a host and writes every file."""
    words = (*VMFEX, "certify", host, "--out", str(out))
    return Command(name or f"vmfex certify {host}", words, status)
