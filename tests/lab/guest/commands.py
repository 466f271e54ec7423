"""Running a program in the guest, with a time limit, and what it said."""

import subprocess
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LIMIT = 120.0  # seconds; the processor is emulated


@dataclass(frozen=True, slots=True)
class Answer:
    command: str
    status: int
    stdout: str
    stderr: str

    def document(self) -> dict[str, Any]:
        return asdict(self)


def run(*command: str, limit: float = LIMIT, into: Path | None = None) -> Answer:
    """What it said; a status of -9 where it was killed at the limit. What it prints goes to the
    file `into`, where there is one."""
    line = " ".join(command)
    with into.open("wb") if into else nullcontext(subprocess.PIPE) as output:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.PIPE,
                text=True,
                timeout=limit,
            )
        except subprocess.TimeoutExpired:
            return Answer(line, -9, "", f"no answer within {limit:g} s")
    return Answer(line, done.returncode, done.stdout or "", done.stderr)


def must(*command: str) -> str:
    """What it printed. Raises RuntimeError where it fails."""
    answer = run(*command)
    if answer.status:
        raise RuntimeError(f"{answer.command}: {answer.stderr.strip() or answer.status}")
    return answer.stdout
