"""What runs on a worker of a Dask cluster: it says which vmfex it has, and judges hosts that are
sent to it, in processes of its own (processes.py), so that a host that crashes or hangs costs no
worker.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import time

from vmfex.engine.rule_set import load
from vmfex.fleet.parcel import answer, files_of, unpacked
from vmfex.fleet.processes import Processes, WorkerLost, WorkFailed
from vmfex.version import VERSION

Greeting = tuple[str, str, float]  # version, digest of the rule set, seconds since 1970
CLOCKS = 120.0  # seconds that a clock may go wrong: by it waivers end, and evidence grows old
_begun = Lock()
_of_runs: dict[str, Processes] = {}


def greeting() -> Greeting:
    """What this machine has. Raises UsageError or CatalogueError."""
    return VERSION, _digest(), time()


@cache
def _digest() -> str:
    """That of the program that was loaded, whatever is installed since."""
    return load().digest


def serve(run: str, wanted: Greeting, limit: float, parcel: bytes) -> bytes:
    """A host judged as it is where it was sent from, or why not. `limit` is in seconds."""
    from distributed import get_worker

    here = greeting()
    head = {"version": here[0], "ruleset": here[1]}
    # a parcel may have waited, so that only a clock that is behind can be told
    if here[:2] != wanted[:2] or here[2] < wanted[2] - CLOCKS:
        return answer({**head, "differs": True})
    worker = get_worker()
    shared = Path(worker.local_directory)  # which Dask clears away, if not today
    processes = _processes(run, worker.state.nthreads, limit)
    try:
        with TemporaryDirectory(prefix="vmfex-", dir=shared) as place:
            work, task = unpacked(parcel, Path(place), shared)
            words = processes.submit(work, task).result()
            return answer({**head, "words": words, "files": files_of(task)})
    except (WorkerLost, WorkFailed, TimeoutError) as error:
        return answer({**head, "error": type(error).__name__, "told": str(error)})
    except OSError as error:
        return answer({**head, "error": "OSError", "told": error.strerror or str(error)})


def _processes(run: str, number: int, limit: float) -> Processes:
    with _begun:
        if run not in _of_runs:
            _of_runs[run] = Processes(number, limit)
        return _of_runs[run]


def leave(run: str) -> None:
    """The run has come to its end: its processes go."""
    with _begun:
        if processes := _of_runs.pop(run, None):
            processes.shutdown()
