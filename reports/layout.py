"""How a record is laid out as text.

Each finding and each piece of evidence has a line of its own, so that a diff of two records can be
read. All of it is ASCII: nothing that a host put into its evidence can steer a terminal from here.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

json_of = json.JSONEncoder(check_circular=False).encode  # a record is a tree


class Lines(list[str]):
    """A list or an object as JSON, in parts."""


def encode(document: Mapping[str, Any]) -> str:
    """The text of a document: a line for each member."""
    text = "".join(_parts(document))
    return text.replace("##", "#\\u0023")  # within strings; ##vso[ is a command to Azure's agent


def _parts(document: Mapping[str, Any]) -> Iterator[str]:
    """Put together once: a record is so large that each copy of it costs."""
    before = "{\n  "
    for key, value in document.items():
        yield f"{before}{json_of(key)}: "
        yield from value if isinstance(value, Lines) else [json_of(value)]
        before = ",\n  "
    yield "\n}\n"


def lines(opening: str, items: Iterable[str], indent: int) -> Lines:
    """A list or object with one item a line, each of which is JSON."""
    # json.dumps with an indent runs in pure Python, ten times slower on a host of 200 domains
    closing = {"{": "}", "[": "]"}[opening]
    parts = Lines()
    for item in items:
        parts += ["," if parts else opening, f"\n{' ' * indent}", item]
    return Lines([*parts, f"\n{' ' * (indent - 2)}{closing}"] if parts else [opening, closing])
