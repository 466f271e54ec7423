"""What is fuzzed: something that reads bytes from anywhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

Mutate = Callable[[bytes, bytes, Random], bytes]


@dataclass(frozen=True, slots=True)
class Target:
    """`seeds` are inputs that are good or nearly so; `mutate` makes another out of one and of a
    second that it may take from; `run` reads one, and tells what it came to in short words: an
    input that comes to something new is kept. It raises nothing but for a fault of the program.
    `weight` is its share of the time."""

    name: str
    weight: int
    seeds: Callable[[], Iterable[bytes]]
    mutate: Mutate
    run: Callable[[bytes], Iterable[str]]
