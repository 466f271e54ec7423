"""Names in a row, as `ssh://kvm[01:40]`: Ansible's way to write them."""

import re
from collections.abc import Iterator

MOST = 10_000  # hosts that one name may stand for
_RANGE = re.compile(r"\[(\d+):(\d+)\]", re.ASCII)  # an IPv6 address has more than one colon


def expanded(name: str) -> Iterator[str]:
    """The names that it stands for, each number as wide as the first is written; itself where it
    has no range. Raises ValueError for a range that is none."""
    match = _RANGE.search(name)
    if match is None:
        yield name
        return
    first, last = match[1], match[2]
    numbers = range(int(first), int(last) + 1) if len(first) <= len(last) < 10 else range(0)
    if not 0 < len(numbers) <= MOST:
        raise ValueError(f"{match[0]} is no range of at most {MOST} numbers, as in [01:40]")
    width = len(first)
    for number in numbers:
        yield from expanded(f"{name[: match.start()]}{number:0{width}}{name[match.end() :]}")
