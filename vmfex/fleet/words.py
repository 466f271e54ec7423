"""Small values as one line of JSON and back: what a worker answers, and what the journal keeps.

Only the classes that are listed are ever made of such a line.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from itertools import chain
from typing import Any

from vmfex.checks.model.fact import Evidence, Known, Unknown
from vmfex.checks.model.plan import Topology
from vmfex.checks.result.certification import Decision
from vmfex.checks.rules.free_functions import Free, Offer, Room
from vmfex.checks.rules.migration_needs import Need
from vmfex.checks.rules.move import Mover, Site
from vmfex.checks.rules.profile_client import Client
from vmfex.reports.site_capacity import Left
from vmfex.reports.summary import Held, HostSummary

MADE = (
    *(Client, Evidence, Free, Held, HostSummary, Known, Left),
    *(Mover, Need, Offer, Room, Site, Unknown),
)
OF_ONE_HOST = (HostSummary, Mover, Site)  # what no other host has
CLASSES: Mapping[str, Any] = {kind.__name__: kind for kind in (*MADE, Decision, Topology)}
KIND = "is"
PLAIN = (str, int, bool)  # that JSON has too

Kept = dict[tuple[object, ...], Any]


def to_words(value: object) -> str:
    """The line. Raises TypeError for what has no such form."""
    return json.dumps(_plain(value))


def from_words(line: str, kept: Kept | None = None) -> Any:
    """What the line was made of; lists are tuples. What is the same as of a line before is in
    memory once, if that was `kept`. Raises ValueError for any other line."""
    try:
        return _Making({} if kept is None else kept).made(json.loads(line))
    except (LookupError, TypeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _plain(value: object) -> object:
    if value is None or type(value) in PLAIN:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Enum):
        return {KIND: type(value).__name__, "value": str(value.value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return {KIND: "frozenset", "of": [_plain(each) for each in sorted(value)]}
    if isinstance(value, Mapping):
        return {KIND: "dict", "of": [[_plain(k), _plain(v)] for k, v in value.items()]}
    name = type(value).__name__
    if is_dataclass(value) and name in CLASSES:
        return {KIND: name, **{each: _plain(getattr(value, each)) for each in _names(name)}}
    if isinstance(value, str):
        return value
    raise TypeError(f"{type(value).__name__} has no words")


@cache
def _names(kind: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(CLASSES[kind]))


class _Making:
    """Values of plain ones. Each that can be of another host too is kept by what it is made of,
    which is kept itself: so the places of its parts tell it from all others, and 1 from True."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._of_one_host = 0  # made by now: nothing that has one of them is kept

    def made(self, plain: Any) -> Any:
        before = self._of_one_host
        if isinstance(plain, list):
            parts = [self.made(each) for each in plain]
            return self._once(before, tuple(parts), "tuple", parts)
        if not isinstance(plain, dict):
            return self._kept.setdefault((type(plain), plain), plain)
        kind = plain.pop(KIND)
        if kind == "frozenset":
            parts = [self.made(each) for each in plain["of"]]
            return self._once(before, frozenset(parts), kind, parts)
        if kind == "dict":
            items = [(self.made(key), self.made(value)) for key, value in plain["of"]]
            return self._once(before, dict(items), kind, chain.from_iterable(items))
        fields = {name: self.made(value) for name, value in plain.items()}
        made = CLASSES[kind](**fields)
        if isinstance(made, Enum):
            return made
        self._of_one_host += isinstance(made, OF_ONE_HOST)
        return self._once(before, made, kind, (fields.get(name, KIND) for name in _names(kind)))

    def _once(self, before: int, made: Any, kind: str, parts: Iterable[object]) -> Any:
        if self._of_one_host != before:
            return made
        return self._kept.setdefault((kind, *map(id, parts)), made)
