"""Lazy properties: worked out once each, and no instance waits for another."""

from threading import Event, Thread

from vmfex.checks.model.lazy import lazy


class Host:
    def __init__(self, gate: Event | None = None) -> None:
        self.gate = gate
        self.asked = 0

    @lazy
    def fact(self) -> int:
        self.asked += 1
        if self.gate:
            self.gate.wait(60)
        return self.asked


def test_once_for_each_instance() -> None:
    one, other = Host(), Host()
    assert (one.fact, one.fact, other.fact) == (1, 1, 1)
    assert (one.asked, other.asked) == (1, 1)


def test_an_instance_that_hangs_stops_no_other() -> None:
    """`functools.cached_property` has one lock for all of them until Python 3.12."""
    gate = Event()
    hanging, other = Host(gate), Host()
    threads = [Thread(target=lambda host=host: host.fact, daemon=True) for host in (hanging, other)]
    try:
        threads[0].start()
        while not hanging.asked:
            pass
        threads[1].start()
        threads[1].join(30)
        assert other.asked == 1
        assert not threads[1].is_alive()
    finally:
        gate.set()
    threads[0].join(30)
