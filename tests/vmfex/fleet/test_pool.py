"""The same work on many things: some at once, each bounded, none lost."""

import signal
from threading import Barrier, Event, Lock, get_ident

import pytest

from vmfex.fleet.pool import in_parallel


def test_each_item_has_its_result() -> None:
    """More items than run at once; an exception is a result."""

    def work(number: int) -> float:
        return 1 / number

    found = dict(in_parallel(range(20), work, 3, 60))
    assert isinstance(found.pop(0), ZeroDivisionError)
    assert found == {number: 1 / number for number in range(1, 20)}


def test_as_many_run_at_once_as_may() -> None:
    """Four wait for each other, which only four at once can."""
    barrier = Barrier(4)
    assert len(list(in_parallel(range(8), lambda _: barrier.wait(30), 4, 60))) == 8
    assert not barrier.broken


def test_no_more_run_at_once_than_may() -> None:
    lock, running, most = Lock(), [0], [0]

    def work(_: int) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        Event().wait(0.01)
        with lock:
            running[0] -= 1

    list(in_parallel(range(20), work, 2, 60))
    assert most == [2]


def test_what_hangs_is_given_up_and_makes_room() -> None:
    """One place only: what hangs in it does not keep the next from its turn, and the late result
    is dropped."""
    gate = Event()

    def work(item: str) -> str:
        if item == "hangs":
            gate.wait(60)
        return item

    results = in_parallel(["hangs", "works"], work, 1, 0.2)
    item, error = next(results)
    assert item == "hangs"
    assert isinstance(error, TimeoutError)
    assert str(error) == "no result within 0.2 s"
    gate.set()
    assert list(results) == [("works", "works")]


@pytest.mark.parametrize("at_once", [1, 8])
def test_nothing_to_do(at_once: int) -> None:
    assert list(in_parallel([], str, at_once, 1)) == []


def test_what_ends_its_thread_is_a_result() -> None:
    """A library that calls `sys.exit` ends the thread without a word; nobody waits for it."""

    def work(_: int) -> None:
        raise SystemExit("enough")

    [(_, error)] = in_parallel([1], work, 1, 60)
    assert isinstance(error, RuntimeError)
    assert str(error) == "SystemExit: enough"


class Heard(Exception):
    """What the signal's handler raises."""


def test_a_signal_that_wakes_nobody_is_heard() -> None:
    """As one that comes just before the wait begins: here another thread takes it, so that it does
    not end the wait of the main thread, which has to run the handler."""
    ends, ended = Event(), list[bool]()

    def handler(*_: object) -> None:
        raise Heard

    def work(_: int) -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
        signal.pthread_kill(get_ident(), signal.SIGUSR1)
        ended.append(ends.wait(60))

    before = signal.signal(signal.SIGUSR1, handler)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        with pytest.raises(Heard):
            list(in_parallel([1], work, 1, 60, lambda _: True))
        assert not ended
    finally:
        ends.set()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
        signal.signal(signal.SIGUSR1, before)
