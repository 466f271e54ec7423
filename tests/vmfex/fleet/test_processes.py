"""An executor of processes: what one of them loses is lost with a reason, and nothing else is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ended import ended
from tests.support.sessions import ROOT
from tests.support.waiting import PATIENCE, wait_until
from vmfex.fleet.processes import Processes, WorkerLost, WorkFailed


@pytest.fixture(scope="module")
def two() -> Iterator[Processes]:
    with Processes(2, PATIENCE) as processes:
        yield processes


def told(*words: object) -> str:
    return f"{words} by {os.getpid()}"


def crash() -> str:
    os.kill(os.getpid(), signal.SIGSEGV)
    return "never"


def leave() -> str:
    os._exit(7)


def shout() -> str:
    print("on standard output", flush=True)
    os.write(1, b"and below it\n")
    return "an answer"


def fail() -> str:
    raise ZeroDivisionError("by\udcff zero")


def hang() -> str:
    time.sleep(600)
    return "never"


def test_work_is_done_elsewhere(two: Processes) -> None:
    """In at most two processes, none of which is this one."""
    answers = [two.submit(told, number) for number in range(20)]
    by = {answer.result().rpartition(" by ")[2] for answer in answers}
    assert [answer.result().partition(",")[0] for answer in answers] == [f"({n}" for n in range(20)]
    assert 1 <= len(by) <= 2
    assert str(os.getpid()) not in by


@pytest.mark.parametrize(
    ("work", "kind", "why"),
    [
        (crash, WorkerLost, "the process that judged it was ended by SIGSEGV"),
        (leave, WorkerLost, "the process that judged it ended with status 7"),
        (fail, WorkFailed, r"ZeroDivisionError: by\udcff zero"),
    ],
)
def test_what_breaks_is_told_and_stops_nothing(
    two: Processes, work: "type[str]", kind: type[Exception], why: str
) -> None:
    """The other work is done, before and after."""
    futures = [two.submit(told), two.submit(work), two.submit(told)]
    error = futures[1].exception()
    assert isinstance(error, kind)
    assert str(error) == why
    assert all(future.result() for future in (futures[0], futures[2]))


def killed_once(mark: str) -> str:
    """As where another program took all memory for a moment."""
    if Path(mark).exists():
        return "an answer"
    Path(mark).touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def test_who_was_killed_is_tried_once_more(two: Processes, tmp_path: Path) -> None:
    assert two.submit(killed_once, str(tmp_path / "mark")).result() == "an answer"


def test_processes_that_end_while_nobody_asks() -> None:
    """Killed between two pieces of work: the next one has a process of its own."""
    with Processes(1, PATIENCE) as one:
        process = int(one.submit(told).result().rpartition(" by ")[2])
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: not running(process), "the end of a process")
        assert one.submit(told).result()


def test_what_prints_disturbs_no_answer(two: Processes) -> None:
    assert two.submit(shout).result() == "an answer"


def test_what_hangs_is_ended() -> None:
    """With its process; the next work has another."""
    with Processes(1, 0.5) as one:
        first, then = one.submit(hang), one.submit(told)
        assert isinstance(first.exception(), TimeoutError)
        assert str(first.exception()) == "it was not judged within 0.5 s"
        assert then.exception() is None or isinstance(then.exception(), TimeoutError)


def test_the_end_ends_what_is_at_work() -> None:
    """Nobody waits for it."""
    processes = Processes(1, 600)
    future = processes.submit(hang)
    wait_until(future.running, "the work to begin")
    processes.shutdown()
    assert isinstance(future.exception(), WorkerLost)


@pytest.mark.parametrize("at_work", [True, False])
def test_no_process_outlives_the_one_that_started_it(tmp_path: Path, at_work: bool) -> None:
    """Killed (kill -9), it can end nothing itself."""
    code = (
        "import os, sys, time\nfrom tests.vmfex.fleet.test_processes import hang, told\n"
        "from vmfex.fleet.processes import Processes\n"
        "processes = Processes(1, 600)\n"
        "print(processes.submit(told).result(), flush=True)\n"
        f"{'processes.submit(hang)' if at_work else ''}\n"
        "print('on', flush=True); time.sleep(600)"
    )
    with ended(
        subprocess.Popen((sys.executable, "-c", code), cwd=ROOT, stdout=subprocess.PIPE)
    ) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline().rpartition(b" ")[2])
        assert parent.stdout.readline() == b"on\n"
        assert running(worker)
        parent.kill()
    wait_until(lambda: not running(worker), "the worker's end")


def running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
