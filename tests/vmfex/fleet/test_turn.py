"""Hosts whose evidence is all in memory take turns."""

from threading import Thread

import pytest

from vmfex.evidence.host_spec import HostKind
from vmfex.fleet.turn import Turns


@pytest.mark.parametrize("kind", [HostKind.SSH, HostKind.PATH, HostKind.EMBEDDED])
def test_one_at_a_time(kind: HostKind) -> None:
    """The next begins when the one before has ended, in whatever thread."""
    turns = Turns(60)
    assert turns.begin(kind)
    begun: list[bool] = []
    second = Thread(target=lambda: begun.append(turns.begin(kind)))
    second.start()
    second.join(0.05)
    assert begun == []
    turns.end(True)
    second.join(60)
    assert begun == [True]


@pytest.mark.parametrize("kind", [HostKind.LOCAL, HostKind.LIBVIRT])
def test_who_answers_bit_by_bit_needs_none(kind: HostKind) -> None:
    """Such a host waits for no other, and no other for it."""
    turns = Turns(60)
    assert turns.begin(HostKind.PATH)
    assert not turns.begin(kind)
    turns.end(False)


def test_patience_has_an_end() -> None:
    """Behind a host that hangs the others go on, and end no turn that is not theirs."""
    turns = Turns(0.01)
    assert turns.begin(HostKind.PATH)
    assert not turns.begin(HostKind.PATH)
    turns.end(False)
    assert not turns.begin(HostKind.PATH)
