"""Names in a row, as `ssh://kvm[01:40]`: Ansible's way to write them."""

import re
from collections.abc import Iterator
from itertools import product
from math import prod

MOST = 10_000  # hosts that one name may stand for
_RANGE = re.compile(r"\[(\d+):(\d+)\]", re.ASCII)  # an IPv6 address has more than one colon


def expanded(name: str) -> Iterator[str]:
    """The names that it stands for, each number as wide as the first is written; itself where it
    has no range. Raises ValueError for a range that is none, and for too many names."""
    rows = [_numbers(match) for match in _RANGE.finditer(name)]
    if prod(map(len, rows)) > MOST:
        raise ValueError(f"the ranges of this name together stand for more than {MOST} hosts")
    form = _RANGE.sub("{}", name.replace("{", "{{").replace("}", "}}"))
    yield from (form.format(*numbers) for numbers in product(*rows))


def _numbers(match: re.Match[str]) -> list[str]:
    first, last = match[1], match[2]
    numbers = range(int(first), int(last) + 1) if len(first) <= len(last) < 10 else range(0)
    if not 0 < len(numbers) <= MOST:
        raise ValueError(f"{match[0]} is no range of at most {MOST} numbers, as in [01:40]")
    return [f"{number:0{len(first)}}" for number in numbers]
