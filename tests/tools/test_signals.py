"""What the tests start hears signals, also where they were themselves told to ignore them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START = """
import os, signal, subprocess, sys
from tests.support import signals
signals.give_back()
os.kill(os.getpid(), signal.SIG{name})  # as the shell wanted it, the tests go on
ended = subprocess.run(["sh", "-c", "kill -{name} $$; echo ignored"])
sys.exit(ended.returncode != -signal.SIG{name})
"""


@pytest.mark.parametrize("name", ["INT", "QUIT", "HUP", "TERM"])
def test_ignored_signals_are_given_back(name: str) -> None:
    """Started as a shell starts what is in its background: a child ends by the signal, and the
    process that gave it back does not."""
    code = START.format(name=name)
    done = subprocess.run(
        ["sh", "-c", f"trap '' {name}; exec \"$@\"", "sh", sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
