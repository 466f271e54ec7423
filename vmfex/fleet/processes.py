"""An executor (`concurrent.futures`) of processes that may crash or hang: only the work that one of
them had is lost, and its future says how. Functions return text.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from queue import SimpleQueue
from signal import Signals
from threading import Event
from typing import Any, cast

from vmfex import children
from vmfex.background import in_background
from vmfex.evidence.sources.ucsm.environment import without_credentials
from vmfex.fleet.worker import DONE, receive, send


class WorkerLost(Exception):
    """The process ended in the midst of the work; the message says how."""


class WorkFailed(Exception):
    """The work raised an exception, which the message names."""


class _Work:
    def __init__(self, message: bytes) -> None:
        self.message = message
        self.future: Future[Any] = Future()


class Processes(Executor):
    """At most `number` of them, begun when there is work, ended with this program or before. Who
    works longer than `limit` seconds on something is ended: that is a TimeoutError."""

    def __init__(self, number: int, limit: float) -> None:
        self._limit = limit
        self._waiting: SimpleQueue[_Work | None] = SimpleQueue()
        self._workers = [_Worker() for _ in range(number)]
        self._ended = False
        for worker in self._workers:
            in_background(self._serve, worker)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """`fn` is a function of a module, the arguments can be pickled."""
        if self._ended or kwargs:
            raise RuntimeError("no work after the end, and none with keywords")
        work = _Work(pickle.dumps((fn, args)))
        self._waiting.put(work)
        return work.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends every process at once; who wants results has waited for them."""
        self._ended = True
        for worker in self._workers:
            self._waiting.put(None)
            worker.end()

    def _serve(self, worker: "_Worker") -> None:
        while not self._ended and (work := self._waiting.get()) is not None:
            if not work.future.set_running_or_notify_cancel():
                continue
            try:
                answer = self._answer(worker, work.message)
            except Exception as error:
                work.future.set_exception(error)
            else:
                work.future.set_result(answer)
        worker.end()

    def _answer(self, worker: "_Worker", message: bytes) -> str:
        """By another process where the first was lost, once: it may have been killed for what
        others did, or before it had the work."""
        try:
            return worker.answer(message, self._limit)
        except WorkerLost:
            if self._ended:
                raise
            return worker.answer(message, self._limit)


class _Worker:
    """One process after another: the next begins with the next work."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def answer(self, message: bytes, limit: float) -> str:
        """Raises WorkFailed, WorkerLost, TimeoutError, or OSError where none can be started."""
        process = self._process = self._process or _started()
        assert process.stdin
        assert process.stdout
        late: list[bool] = []

        answered = Event()

        def give_up() -> None:
            if not answered.wait(limit):
                late.append(True)
                children.end(process)

        in_background(give_up)
        try:
            send(cast("Any", process.stdin), message)
            answer = receive(cast("Any", process.stdout))
        except OSError:
            answer = None
        finally:
            answered.set()
        if answer is None:
            self.end()
            status = process.wait()  # it was ended, here or by who ends them all
            if late:
                raise TimeoutError(f"it was not judged within {limit:g} s")
            raise WorkerLost(f"the process that judged it {_how(status)}")
        text = answer[1:].decode("utf-8", "backslashreplace")
        if not answer.startswith(DONE):
            raise WorkFailed(text)
        return text

    def end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)  # it may be about to end by itself, which tells more
            children.end(process)
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):  # half a message may wait in it
                        stream.close()


def _started() -> "subprocess.Popen[bytes]":
    """By the very interpreter and the modules of this program, whatever the current folder has."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from vmfex.fleet.worker import main; main()"
    process = subprocess.Popen(
        (sys.executable, "-P", "-c", code),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=without_credentials(os.environ),
        process_group=children.OWN,
    )
    children.started(process)
    return process


def _how(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    return f"was ended by {Signals(-status).name}"
