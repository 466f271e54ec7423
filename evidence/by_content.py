"""What is made of evidence that many hosts have in common, as one UCS Manager's answers: once."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")

MOST = 4 * 2**20  # bytes of all that is kept; a domain of 160 blades and 1,000 VMs has 1.5 MB
EACH = 2 * 2**10  # bytes that each is counted for besides its own: what is made of it has some


def by_content(make: Callable[[bytes, str], T]) -> Callable[[bytes, str], T]:
    """`make`, whose result is kept for these very bytes and this text. Nobody may change it. Where
    there is no more room, all that was kept is dropped."""
    kept: dict[tuple[bytes, str], T] = {}
    held = 0

    @wraps(make)
    def made(raw: bytes, what: str) -> T:
        nonlocal kept, held
        if len(raw) > MOST:
            return make(raw, what)
        known = kept  # by threads too: another may begin anew meanwhile
        if (raw, what) not in known:
            size = len(raw) + EACH
            if held + size > MOST:
                kept = known = {}
                held = 0
            held += size
            known[raw, what] = make(raw, what)
        return known[raw, what]

    return made
