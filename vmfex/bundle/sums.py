"""SHA256SUMS: the digest of every file of a bundle, in the form that `sha256sum -c` reads."""

import re
from collections.abc import Mapping

NAME = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)", re.ASCII)


def render(sums: Mapping[str, str]) -> bytes:
    """A line for each file, sorted by name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()


def parse(raw: bytes) -> Mapping[str, str]:
    """The digest of each file by name. Raises ValueError for what `render` did not write."""
    found = {}
    for line in raw.decode().split("\n")[:-1]:
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError("a line of it is none")
        found[match[2]] = match[1]
    if render(found) != raw:
        raise ValueError("it is not as it was written")
    return found
