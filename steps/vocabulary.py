"""The two roles of a step. A Given returns a selection, a Then the findings on it.

A step touches nothing but the scope (a host and its plan), what an earlier step selected, and the
table in the feature: so the same steps can judge many hosts on any executor. The registry is our
own: judging a host loads no pytest. The pytest plugin hands these very definitions to pytest-bdd.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TypeVar

from vmfex.checks.result.scenario import Kind
from vmfex.checks.result.scenario import Table as Table
from vmfex.checks.result.verdict import Finding

Findings = list[Finding]
F = TypeVar("F", bound=Callable[..., object])

ROOM = __name__.rpartition(".")[0]
MODULES = (
    *("given_host", "given_vmfex", "given_fabric", "given_network"),
    *("then_host", "then_vmfex", "then_fabric", "then_network"),
)
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """`pattern` is the step's text, with a `{name}` for each argument; `wants` are the names of
    what the function takes: scope, selected, datatable, and the pattern's arguments."""

    kind: Kind
    pattern: str
    function: Callable[..., object]
    wants: frozenset[str]

    @property
    def takes_table(self) -> bool:
        return "datatable" in self.wants

    def match(self, text: str) -> Mapping[str, str] | None:
        """The pattern's arguments in a step's text; None where it is another step's."""
        if "{" not in self.pattern:
            return {} if text == self.pattern else None
        found = _compiled(self.pattern).fullmatch(text)
        return found.groupdict() if found else None


_definitions: list[StepDefinition] = []


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = PLACE.split(pattern)  # texts and names by turns
    texts, names = parts[::2], [f"(?P<{name}>.+?)" for name in parts[1::2]]
    return re.compile("".join(map("".join, zip(map(re.escape, texts), [*names, ""], strict=True))))


def given(pattern: str) -> Callable[[F], F]:
    """Registers a function that returns what a Given of this text selects."""
    return _registered("given", pattern)


def then(pattern: str) -> Callable[[F], F]:
    """Registers a function that returns what a Then of this text finds."""
    return _registered("then", pattern)


def _registered(kind: Kind, pattern: str) -> Callable[[F], F]:
    def register(function: F) -> F:
        code = function.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        _definitions.append(StepDefinition(kind, pattern, function, frozenset(names)))
        return function

    return register


@cache
def vocabulary() -> Sequence[StepDefinition]:
    """Every definition in `steps/`, in the order in which it stands there."""
    for module in MODULES:
        import_module(f"{ROOM}.{module}")
    return _definitions


def definitions(kind: Kind, text: str) -> Sequence[StepDefinition]:
    """Every definition that a step of this kind and text matches; the lint wants it to be one."""
    return _matching(kind, text, len(vocabulary()))


@cache
def bound(kind: Kind, text: str) -> tuple[StepDefinition, Mapping[str, str]]:
    """The definition of a step that the lint has seen, and the arguments in the step's text."""
    [definition] = definitions(kind, text)
    return definition, definition.match(text) or {}


@cache
def _matching(kind: Kind, text: str, _known: int) -> Sequence[StepDefinition]:
    """Found once, as long as no more definitions are known."""
    return [d for d in vocabulary() if d.kind == kind and d.match(text) is not None]


def rows(table: Table) -> list[dict[str, str]]:
    """The rows of a feature's table, by the names in its first row."""
    header, *body = table
    return [dict(zip(header, row, strict=True)) for row in body]


def column(table: Table, name: str) -> Sequence[str]:
    """One column of a feature's table, in its order."""
    return [row[name] for row in rows(table)]


def version(text: str) -> tuple[int, int]:
    """(6, 10) for `6.10`."""
    major, minor = text.split(".")
    return int(major), int(minor)
