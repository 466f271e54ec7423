"""A pytest session that is ended at random moments, as the command is (test_random_moments.py)."""

import random
import signal
import subprocess
from pathlib import Path

from tests.support.faults import no_certificate, number, whole
from tests.support.sessions import process_environment, session_line
from tests.vmfex.faults.test_random_moments import COUNT, MOMENT

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SENTENCE = "vmfex: interrupted; nothing is certified by this run\n"


def session(cwd: Path, calls: int, ending: int, more: str = "") -> subprocess.CompletedProcess[str]:
    code = MOMENT.format(calls=calls, number=ending) + more
    line = session_line("certify", "no-vic", "--out=out", "-q", code=code)
    environment = process_environment({"PYTHONDONTWRITEBYTECODE": "1"})
    return subprocess.run(line, cwd=cwd, env=environment, capture_output=True, text=True)


def test_ended_at_random_moments(tmp_path: Path) -> None:
    """Status 2, the sentence, and nothing of the session; or it is there whole, with its own
    status. Never a traceback."""
    counted = session(tmp_path, 0, 0, COUNT)
    assert counted.returncode == 1
    calls, newest = int(counted.stderr.split()[-1]), whole(tmp_path / "out")
    chosen = random.Random(number("FAULTS_SEED", 12))
    out = tmp_path / "out"
    for _ in range(max(4, number("FAULTS", 4) // 4)):
        ending = chosen.choice(SIGNALS)
        moment = chosen.randrange(chosen.choice([0, calls * 9 // 10]), calls)
        done = session(tmp_path, moment, int(ending))
        told = f"{ending.name} at call {moment}: {done.returncode}, {done.stdout}, {done.stderr}"
        assert "Traceback" not in done.stdout + done.stderr, told
        if done.returncode == 1:
            started = whole(out)
            assert started, told
            assert newest in (None, started) or whole(out / "previous") == newest, told
            newest = started
            continue
        assert done.returncode == 2, told
        assert done.stderr == SENTENCE, told
        here = None if no_certificate(out) else whole(out)
        assert here in (None, newest), told
