"""What several rules, and one host after another, work out of one and the same answers: once."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def of_the_same(work: Callable[P, T]) -> Callable[P, T]:
    """`work`, whose result is kept until it is asked of other things. What it is asked of, and what
    it returns, is never changed."""
    last: tuple[tuple[object, ...], T] | None = None

    @wraps(work)
    def worked(*things: P.args, **named: P.kwargs) -> T:
        nonlocal last
        known = last  # other threads may be at it
        if named or known is None or not _are_the_same(known[0], things):
            last = known = things, work(*things, **named)
        return known[1]

    return worked


def _are_the_same(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return len(some) == len(others) and all(map(lambda a, b: a is b, some, others))
