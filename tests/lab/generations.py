"""The generations of libvirt that the lab can boot, each of a Debian release."""

from dataclasses import dataclass
from pathlib import Path

from tests.lab.parts import CHECKOUT

FOLDER = CHECKOUT / ".setup" / "generations"  # where tools/generations.sh puts them
VERSIONS = {"bullseye": "7.0", "bookworm": "9.0", "trixie": "11.3"}  # of libvirt, by suite


@dataclass(frozen=True, slots=True)
class Generation:
    """`root` is what the guest boots from."""

    name: str
    root: Path


def find(suite: str) -> Generation | str:
    """The generation of a suite, or in words why there is none."""
    root, problem = FOLDER / suite / "root", FOLDER / suite / "problem"
    if problem.exists():
        return problem.read_text().strip()
    if not (FOLDER / suite / "made").exists():
        return f"the lab's libvirt of Debian {suite} is missing (make lab-all fetches it)"
    return Generation(suite, root)
