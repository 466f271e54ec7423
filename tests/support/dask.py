"""A Dask scheduler with workers of its own, each a process, on loopback."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.sessions import process_environment
from tests.support.waiting import PATIENCE, wait_until

LOOPBACK = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
DYING = ("setpriv", "--pdeathsig", "KILL")  # with the tests, however they end
ONE_AT_A_TIME = ("--no-nanny", "--nthreads", "1", "--death-timeout", "60")


class Cluster:
    """`folder` is new, and has what its processes say and leave."""

    def __init__(self, folder: Path, scheduler: Sequence[str], worker: Sequence[str]) -> None:
        folder.mkdir()
        self._folder, self._of_workers = folder, worker
        self.workers: list[subprocess.Popen[bytes]] = []
        self._logs: dict[int, Path] = {}
        file = folder / "scheduler.json"
        words = ("--port", "0", "--scheduler-file", str(file), *LOOPBACK, *scheduler)
        self.scheduler = self._started("dask_scheduler", words, {})
        wait_until(lambda: self._lives(self.scheduler) and _whole(file), "a Dask scheduler")
        self.address = str(json.loads(file.read_text())["address"])

    def work(self, **environment: str) -> "subprocess.Popen[bytes]":
        """One more worker, which is there."""
        words = (self.address, *LOOPBACK, *ONE_AT_A_TIME, *self._of_workers)
        words += ("--local-directory", str(self._folder / "scratch"))
        worker = self._started("dask_worker", words, environment)
        self.workers.append(worker)
        wait_until(
            lambda: self._lives(worker) and b"Registered to" in self._log(worker), "a Dask worker"
        )
        return worker

    def _started(
        self, program: str, words: Sequence[str], environment: Mapping[str, str]
    ) -> "subprocess.Popen[bytes]":
        line = (*DYING, sys.executable, "-m", f"distributed.cli.{program}", *words)
        file = self._folder / f"{program}-{len(self._logs)}.log"
        with file.open("wb") as log:
            process = subprocess.Popen(
                line,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=process_environment(environment),
                cwd=self._folder,
            )
        self._logs[process.pid] = file
        return process

    def _log(self, process: "subprocess.Popen[bytes]") -> bytes:
        return self._logs[process.pid].read_bytes()

    def _lives(self, process: "subprocess.Popen[bytes]") -> bool:
        assert process.poll() is None, self._log(process).decode(errors="replace")
        return True

    def end(self) -> None:
        """Asks every process to end, and ends it where it does not: a worker whose scheduler is
        gone ignores SIGTERM."""
        processes = [each for each in (*self.workers, self.scheduler) if each.poll() is None]
        for process in processes:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(PATIENCE)


def _whole(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_text()))
    except (OSError, ValueError):
        return False


@contextmanager
def cluster(
    folder: Path, workers: int = 2, scheduler: Sequence[str] = (), worker: Sequence[str] = ()
) -> Iterator[Cluster]:
    """A scheduler with so many workers; `scheduler` and `worker` are words for their programs."""
    made = Cluster(folder, scheduler, worker)
    try:
        for _ in range(workers):
            made.work()
        yield made
    finally:
        made.end()
