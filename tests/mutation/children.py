"""Work in forked processes: each has everything that this one has imported, and changes nothing
in it."""

import os
import pickle
import resource
import signal
from collections.abc import Callable, Iterable, Iterator
from time import process_time
from typing import BinaryIO, TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")
SECONDS = 20  # of processor time, for each step; a mutant may go on for ever
BYTES = 4 << 30


def in_children(
    work: Callable[[Task], Answer], tasks: Iterable[Task], at_once: int
) -> Iterator[tuple[Task, Answer | None]]:
    """What `work` answers for each task; None where its process did not come to an end."""
    running: list[tuple[Task, int, BinaryIO]] = []
    for task in tasks:
        if len(running) == at_once:
            yield _ended(*running.pop(0))
        running.append((task, *_started(work, task)))
    for child in running:
        yield _ended(*child)


def one_step_more() -> None:
    """What is done until the next one ends this process, if it takes too long."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(process_time()) + SECONDS, hard))


def _started(work: Callable[[Task], Answer], task: Task) -> tuple[int, BinaryIO]:
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(writing)
        return pid, os.fdopen(reading, "rb")
    status = 1
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        one_step_more()
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        answer = pickle.dumps(work(task))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
        status = 0
    finally:
        os._exit(status)


def _ended(task: Task, pid: int, pipe: BinaryIO) -> tuple[Task, Answer | None]:
    with pipe:
        answer = pipe.read()
    _, status = os.waitpid(pid, 0)
    return task, pickle.loads(answer) if status == 0 and answer else None
