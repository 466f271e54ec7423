"""A run of the program in a process of its own, and what it cost."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.sessions import Run, command_line, process_environment

HANG = 600.0  # seconds: a run that takes longer never ends; a machine may be slow, and shared
_MEASURE = """
import atexit
def told():
    status = open("/proc/self/status").read()
    open("peak", "w").write(status.partition("VmHWM:")[2].split()[0])
atexit.register(told)
"""


@dataclass(frozen=True)
class Measured:
    """`peak` is the most memory that it had, `written` how much its reports take; both bytes."""

    run: Run
    peak: int
    written: int


def measured(cwd: Path, *arguments: str | Path, before: str = "") -> Measured:
    """`vmfex ARGUMENTS --out=out`, after the code `before`."""
    done = subprocess.run(
        command_line(*arguments, "--out=out", code=_MEASURE + before),
        cwd=cwd,
        env=process_environment({}),
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert (cwd / "peak").exists(), done.stderr
    out = cwd / "out"
    files = [Path(folder, name) for folder, _, names in os.walk(out) for name in names]
    return Measured(
        Run(done.returncode, out, done.stdout, done.stderr),
        int((cwd / "peak").read_text()) * 1024,
        sum(file.stat().st_size for file in files),
    )
