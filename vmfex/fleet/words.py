"""Small values as one line of JSON and back: what a worker answers, and what the journal keeps.

Only the classes that are listed are ever made of such a line.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
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
CLASSES: Mapping[str, Any] = {kind.__name__: kind for kind in (*MADE, Decision, Topology)}
KIND = "is"


def to_words(value: object) -> str:
    """The line. Raises TypeError for what has no such form."""
    return json.dumps(_plain(value))


def from_words(line: str) -> Any:
    """What the line was made of; lists are tuples. Raises ValueError for any other line."""
    try:
        return _made(json.loads(line))
    except (LookupError, TypeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _plain(value: object) -> object:
    if isinstance(value, int):
        return value if isinstance(value, bool) else int(value)
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
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"{type(value).__name__} has no words")


@cache
def _names(kind: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(CLASSES[kind]))


def _made(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(map(_made, plain))
    if not isinstance(plain, dict):
        return plain
    kind = plain.pop(KIND)
    if kind == "frozenset":
        return frozenset(map(_made, plain["of"]))
    if kind == "dict":
        return {_made(key): _made(value) for key, value in plain["of"]}
    return CLASSES[kind](**{name: _made(value) for name, value in plain.items()})
