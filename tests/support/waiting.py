"""Waiting for a condition. Its limit is no measure of speed: it ends what would wait for ever."""

import time
from collections.abc import Callable

PATIENCE = 120.0  # seconds, far more than anything takes on a busy machine


def wait_until(condition: Callable[[], object], what: str, limit: float = PATIENCE) -> None:
    """Returns when the condition holds. Raises AssertionError, which says what was waited for,
    where it does not come to that within `limit` seconds."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, f"waited {limit:g} s for this in vain: {what}"
        time.sleep(0.02)
