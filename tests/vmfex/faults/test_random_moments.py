"""Runs that are ended at random moments, one after the other in one folder: nothing is lost, mixed,
or believed that should not be. `make faults` has many more of them, each time with another seed."""

import random
import signal
from pathlib import Path

import pytest

from tests.support.faults import PAGE, but_refusals, no_certificate, number, run, whole

SIGNALS = (signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGHUP)
KINDS = {  # what is certified, and the status of a whole run
    ("reference",): 0,
    ("no-vic", "--html"): 1,
    ("reference", "no-vic", "--html"): 1,
}
# The nth call of a function, whichever it is, once signals are listened to: no clock is asked.
MOMENT = """
import os, sys
class Moment:
    left, listening = {calls}, False
def watch(frame, event, _):
    if not Moment.listening:
        Moment.listening = event == "return" and frame.f_code.co_name == "listen"
        return
    Moment.left -= 1
    if Moment.left == 0:
        os.kill(os.getpid(), {number})
sys.setprofile(watch)
"""
COUNT = """
import atexit
def tell():
    sys.setprofile(None)
    print("vmfex: calls", -Moment.left, file=sys.stderr)
atexit.register(tell)
"""


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], int]:
    """How many calls a whole run of each kind has."""
    counted = {}
    for words in KINDS:
        code = PAGE + MOMENT.format(calls=0, number=0) + COUNT
        done = run(tmp_path_factory.getbasetemp(), "certify", *words, "--out=counted", code=code)
        counted[words] = int(done.stderr.split()[-1])
    return counted


def test_ended_at_random_moments(tmp_path: Path, calls: dict[tuple[str, ...], int]) -> None:
    """Of a run that says that nothing is certified there is nothing; a run that came to its end is
    there whole, and the one before it in `previous/`."""
    chosen = random.Random(number("FAULTS_SEED", 12))
    out, newest = tmp_path / "out", None
    for _ in range(number("FAULTS", 12)):
        words, ending = chosen.choice([*KINDS]), chosen.choice(SIGNALS)
        # most of what can be mixed up happens at the end
        begin = chosen.choice([0, calls[words] * 9 // 10])
        moment = chosen.randrange(begin, calls[words])
        code = PAGE + MOMENT.format(calls=moment, number=int(ending))
        done = run(tmp_path, "certify", *words, "--out=out", code=code)
        told = f"{ending.name} at call {moment} of {words}: {done.returncode}, {done.stderr}"
        if done.returncode == KINDS[words]:
            assert but_refusals(done.stderr) == "", told
            started = whole(out)
            assert started, told
            assert newest in (None, started) or whole(out / "previous") == newest, told
            newest = started
            continue
        assert done.returncode == (-9 if ending == signal.SIGKILL else 2), told
        if done.returncode == 2:
            said = but_refusals(done.stderr)
            assert said == "vmfex: interrupted; nothing is certified by this run\n", told
        here = None if no_certificate(out) else whole(out)
        assert here in (None, newest), told
        assert newest in (here, whole(out / "previous") if (out / "previous").exists() else None)
    last = run(tmp_path, "certify", "no-vic", "--out=out")
    assert (last.returncode, but_refusals(last.stderr)) == (1, "")
    assert whole(out)
    assert newest in (None, whole(out / "previous"))
    assert {path.name for path in (out / ".vmfex").iterdir()} == {"lock"}
