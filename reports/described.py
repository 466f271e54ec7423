"""A host's inventory, capacity, readings, plan and what people say of it: to JSON and back.

Each is a tree of dataclasses whose values are texts, numbers, truth values, tuples and other such
dataclasses. What is empty or None is left out.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Json = dict[str, Any]


def as_json(value: Any, bounded: Callable[[str], str]) -> Any:
    """The value in JSON's terms; `bounded` makes each text fit to be written."""
    if isinstance(value, str):
        return bounded(str(value))
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return [as_json(each, bounded) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return {
        name: as_json(each, bounded)
        for name, default in _defaults(value.__class__)
        if (each := getattr(value, name)) != default and each is not None and each != ()
    }


@cache
def _defaults(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in fields(kind))


def from_json(kind: type[T], value: Any) -> T:
    """The dataclass that was written as `value`, which is valid by the record's schema."""
    hints = get_type_hints(kind)
    return kind(**{name: _typed(hints[name], each) for name, each in value.items()})


def _typed(hint: Any, value: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return tuple(_typed(arguments[0], each) for each in value)
    if origin in (Union, UnionType):
        [hint] = [each for each in arguments if each is not type(None)]
        return _typed(hint, value)
    if isinstance(hint, type) and is_dataclass(hint):
        return from_json(hint, value)
    return datetime.fromisoformat(value) if hint is datetime else hint(value)
