"""Runs scenarios in as few boots as they need, and brings back what came out."""

import json
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.lab.machine import LabError, Machine
from tests.lab.parts import CHECKOUT, Parts
from tests.lab.scenario import load

MEASUREMENT = "measurement"  # runs like a scenario: the sizes of Netlink's replies
BOOT_LIMIT, SCENARIO_LIMIT = 120.0, 600.0  # seconds
START = Path(__file__).parent / "guest" / "start.sh"


@dataclass(frozen=True)
class Result:
    """What one scenario left in its folder."""

    name: str
    folder: Path

    @cached_property
    def answers(self) -> Any:
        return self._json("answers.json")

    @cached_property
    def record(self) -> Any:
        return self._json("certification/certification.json")

    @cached_property
    def measurement(self) -> Any:
        return self._json("measurement.json")

    @property
    def recording(self) -> Path:
        return self.folder / "recording.tar"

    @property
    def verdicts(self) -> dict[str, str]:
        return {rule["id"]: rule["verdict"] for rule in self.record["rules"]}

    def _json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text())


def run(
    parts: Parts,
    names: Sequence[str],
    share: Path,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Result]:
    """Each scenario's result; `say` hears what is being done.

    Raises LabError where the guest, or a scenario in it, does not come to its end."""
    results = share / "results"
    for iommu in (True, False):
        chosen = [n for n in names if (n == MEASUREMENT or load(n).iommu) == iommu]
        if not chosen:
            continue
        say(f"boots for {', '.join(chosen)}")
        limit = BOOT_LIMIT + SCENARIO_LIMIT * len(chosen)
        ended: set[str] = set()

        def watch(chosen: Sequence[str] = chosen, ended: set[str] = ended) -> None:
            for name in chosen:
                if name not in ended and (results / name / "done").exists():
                    ended.add(name)
                    say(f"{name} is done")

        Machine(parts, share, iommu).run(_script(parts, chosen), limit, watch)
        watch()
    for name in names:
        error = results / name / "error"
        if error.exists():
            raise LabError(f"{name}: {error.read_text()}")
    return {name: Result(name, results / name) for name in names}


def _script(parts: Parts, names: Sequence[str]) -> str:
    """Shell: what `guest` is to do, and where things are."""
    command = [sys.executable, "-m", "tests.lab.guest", *names]
    return (
        f"checkout={shlex.quote(str(CHECKOUT))}\n"
        f"modules={shlex.quote(str(parts.modules.parent))}\n"
        f". {shlex.quote(str(START))}\n"
        'cd "$checkout" || exit\n'
        f"{shlex.join(command)} || exit\n"
    )
