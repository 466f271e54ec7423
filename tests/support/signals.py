"""What the tests start hears signals, whoever started the tests.

A shell starts what it puts into the background with SIGINT and SIGQUIT ignored, `nohup` with SIGHUP
ignored, and programs inherit that: they could not be interrupted. A signal that is handled, here by
doing nothing, has its default action again in every program that is started.
"""

import signal
from collections.abc import Iterator

import pytest

HEARD = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM)


def give_back() -> None:
    """Programs that are started from here hear the signals that this process was told to ignore;
    it goes on ignoring them itself."""
    for number in HEARD:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _nothing)


def _nothing(number: int, frame: object) -> None:
    """As if the signal were ignored."""


@pytest.fixture
def interruptible() -> Iterator[None]:
    """In this process too SIGINT raises KeyboardInterrupt."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
