"""The workers of a Dask scheduler as an executor (`concurrent.futures`), in the place of this
machine's own processes.

Hosts are collected here and judged there: a worker gets a host's evidence and gives back its
reports, so that it needs no way to any host, and no folder is shared. A worker that goes away costs
no host: Dask hands its work to another one.
"""

from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, wait
from contextlib import suppress
from threading import Event
from time import monotonic, time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from vmfex.background import in_background
from vmfex.checks.text import shown
from vmfex.errors import ClusterLost, UsageError
from vmfex.fleet.judging import Task
from vmfex.fleet.parcel import Work, packed, read_answer, received
from vmfex.fleet.processes import Processes, WorkerLost, WorkFailed
from vmfex.fleet.serving import CLOCKS, Greeting, greeting, leave, serve
from vmfex.version import VERSION

if TYPE_CHECKING:
    from distributed import Client

TO_ANSWER = 20.0  # seconds
BETWEEN_LOOKS = 5.0
PATIENCE = 60.0  # seconds that it may be without workers, or mute: a worker begins anew in ten
BEYOND = 300.0  # seconds over a host's limit; a scheduler gives up a worker that stops before that


class Cluster(Executor):
    """Judges by what `client` leads to; `places` hosts at a time. What cannot be sent is judged by
    `here`, this machine's own processes."""

    def __init__(self, client: "Client", address: str, ruleset: str, limit: float) -> None:
        self._client, self._address, self._ruleset = client, address, ruleset
        self._limit = limit
        self._run = uuid4().hex
        self._asked = client.get_executor(pure=False)
        self._here = Processes(1, limit)
        self._lost = ""
        self._ended = Event()
        self.places = sum(client.nthreads().values())
        in_background(self._watch)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """`fn` is a function of a module, its one argument a task. Its result is text; ClusterLost
        where nobody can be asked any more."""
        future: Future[Any] = Future()
        in_background(self._serve, future, fn, *args)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends what is under way, here and there."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._here.shutdown()
        with suppress(Exception):  # what cannot be told any more is told by the connection's end
            if not self._lost:
                self._of_all(leave, self._run)
        with suppress(Exception):
            self._client.close(TO_ANSWER if not self._lost else 1)

    def refuse_others(self) -> None:
        """Raises UsageError for workers that would judge in another way, and where there are
        none."""
        if not self.places:
            raise UsageError(
                f"the Dask scheduler at {self._address} has no workers: start some with "
                f"`dask worker {self._address}`"
            )
        here = greeting()
        for worker, there in sorted(self._of_all(greeting).items()):
            if isinstance(there, BaseException):
                told = f"cannot say which vmfex it has ({told_of(there)})"
            elif there[:2] != here[:2]:
                told = self._differs(there[0], there[1])
            elif abs(there[2] - time()) > CLOCKS:
                told = "has a clock that differs from this machine's by more than two minutes"
            else:
                continue
            raise UsageError(f"the Dask worker {worker} {told}")

    def _of_all(self, function: Callable[..., Any], *args: object) -> "dict[str, Any]":
        answers: dict[str, Any] = self._client.sync(
            self._client._run, function, *args, on_error="return", callback_timeout=TO_ANSWER
        )
        return answers

    def _differs(self, version: object, digest: object) -> str:
        if version != VERSION:
            return f"has vmfex {shown(str(version))}, and this is {VERSION}: install the same there"
        return (
            f"has another rule set than this machine ({shown(str(digest))}, not {self._ruleset}): "
            "install the same vmfex there"
        )

    def _serve(self, future: "Future[Any]", work: Work, task: Task) -> None:
        try:
            words = self._judged(work, task)
        except BaseException as error:  # whatever it is: somebody waits for it
            future.set_exception(error)
        else:
            future.set_result(words)

    def _judged(self, work: Work, task: Task) -> str:
        parcel = packed(work, task)
        if parcel is None:
            return str(self._here.submit(work, task).result())
        there: Greeting = (VERSION, self._ruleset, time())
        asked = self._asked.submit(serve, self._run, there, self._limit, parcel)
        try:
            sent = self._waited_for(asked)
            if sent is None:
                return str(self._here.submit(work, task).result())
            told = read_answer(sent)
            if told["version"] != VERSION or told["ruleset"] != self._ruleset:
                raise ClusterLost(
                    f"a Dask worker {self._differs(told['version'], told['ruleset'])}"
                )
            if "differs" in told:
                raise ClusterLost("a Dask worker has a clock that is more than two minutes behind")
            match told.get("error"):
                case None:
                    return received(told["words"], told["files"], task)
                case "OSError":  # that machine lacks something
                    return str(self._here.submit(work, task).result())
                case "TimeoutError":
                    raise TimeoutError(told["told"])
                case "WorkerLost":
                    raise WorkerLost(told["told"])
            raise WorkFailed(told["told"])
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise ClusterLost(f"a Dask worker gave an answer that is none: {error}") from error

    def _waited_for(self, asked: "Future[bytes]") -> bytes | None:
        """None where whoever has it stopped, and the scheduler does not give it to another one."""
        from distributed.scheduler import KilledWorker

        end = monotonic() + self._limit + BEYOND
        while not wait([asked], 1).done:
            if self._lost or self._ended.is_set():
                raise ClusterLost(self._lost or "the run has ended")
            if monotonic() > end:
                asked.cancel()
                return None
        try:
            return asked.result()
        except CancelledError:
            raise ClusterLost(
                f"the Dask scheduler at {self._address} went away while the run was under way"
            ) from None
        except KilledWorker as error:
            often = error.allowed_failures + 1
            raise WorkerLost(f"{often} Dask workers ended while they judged it") from None
        except Exception as error:
            raise ClusterLost(f"a Dask worker cannot judge: {told_of(error)}") from error

    def _watch(self) -> None:
        since = None
        while not self._ended.wait(BETWEEN_LOOKS):
            if trouble := self._trouble():
                since = since or monotonic()
                if monotonic() - since >= PATIENCE:
                    self._lost = f"the Dask scheduler at {self._address} {trouble}"
                    return
            else:
                since = None

    def _trouble(self) -> str:
        try:
            workers = self._client.sync(self._workers, callback_timeout=TO_ANSWER)
        except Exception:
            return "does not answer any more"
        return "" if workers else "has no workers any more"

    async def _workers(self) -> object:
        scheduler = self._client.scheduler
        return scheduler and await scheduler.ncores(workers=None)


def told_of(error: BaseException) -> str:
    """An error of Dask's or of a worker's, in a few words."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
