"""What contrib/ is tested with: the tools that the set-up installs below `.setup/contrib`."""

import sys
from pathlib import Path

from tests.support.needs import missing

ROOT = Path(__file__).parents[2]
CONTRIB = ROOT / "contrib"
TOOLS = ROOT / ".setup/contrib/venv/bin"
VMFEX = Path(sys.executable).with_name("vmfex")


def tool(name: str) -> Path:
    """A program of theirs; the test that needs it ends where it is missing."""
    if not (TOOLS / name).exists():
        missing(name)
    return TOOLS / name
