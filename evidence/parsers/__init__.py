"""Parsers: raw evidence in, one fact out. What cannot be understood is unknown, with a sentence."""

import re
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

from vmfex.checks.model.fact import Evidence, Fact, Missing, Unknown

P = ParamSpec("P")
T = TypeVar("T")

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
PCI_ADDRESS = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]", re.ASCII)


def fact(parse: Callable[P, Fact[T]]) -> Callable[P, Fact[T]]:
    """A parser that may ask for other facts with `need`: one that is unknown makes its own so."""

    @wraps(parse)
    def parsed(*args: P.args, **kwargs: P.kwargs) -> Fact[T]:
        try:
            return parse(*args, **kwargs)
        except Missing as missing:
            return missing.unknown

    return parsed


def give_up(reason: str, *evidence: Evidence, remedy: str = "") -> NoReturn:
    """Raises Missing: the evidence cannot be understood, for this reason."""
    raise Missing(Unknown(reason, evidence, remedy))


def excerpt(where: str, text: str, media: str = "text/plain", limit: int = 2000) -> Evidence:
    """The beginning of a text that could not be understood, as evidence."""
    return Evidence(where, text if len(text) <= limit else f"{text[:limit]}\n(cut)", media)
