"""The same work on many things, some at once, none for longer than a time limit."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from math import inf
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeVar

from vmfex.background import in_background

TO_SIGNALS = 1.0  # seconds: one that comes just before a wait begins is heard after it
T = TypeVar("T")
R = TypeVar("R")


def in_parallel(
    items: Iterable[T],
    work: Callable[[T], R],
    at_once: int,
    limit: float,
    bounded: Callable[[T], bool] = lambda _item: False,
) -> Iterator[tuple[T, R | Exception]]:
    """Each item with its result as soon as that is there, or with the exception that it raised:
    TimeoutError for one that takes longer than `limit` seconds. Its thread is left alone then: a
    process that ends waits for none of them. What is `bounded` has a limit of its own."""
    waiting = deque(enumerate(items))
    running: dict[int, tuple[T, float]] = {}
    done: SimpleQueue[tuple[int, R | Exception]] = SimpleQueue()

    def run(number: int, item: T) -> None:
        result: R | Exception
        try:
            result = work(item)
        except Exception as error:
            result = error
        except BaseException as error:  # what ends a thread without a word: somebody waits for it
            result = RuntimeError(f"{type(error).__name__}: {error}")
        done.put((number, result))

    while waiting or running:
        while waiting and len(running) < at_once:
            number, item = waiting.popleft()
            running[number] = (item, inf if bounded(item) else monotonic() + limit)
            in_background(run, number, item)
        slowest = min(running, key=lambda number: running[number][1])
        left = running[slowest][1] - monotonic()
        result: R | Exception
        try:
            number, result = done.get(timeout=min(max(0, left), TO_SIGNALS))
        except Empty:
            if left > TO_SIGNALS:
                continue
            number, result = slowest, TimeoutError(f"no result within {limit:g} s")
        if number in running:
            item, _ = running.pop(number)
            yield item, result
