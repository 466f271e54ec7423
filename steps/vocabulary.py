"""The two roles of a step. A Given returns a selection, a Then the findings on it.

A step touches nothing but the scope (a host and its plan), what an earlier step selected, and the
table in the feature: so the same steps can judge many hosts without pytest.
"""

from collections.abc import Sequence
from functools import partial

import pytest_bdd

from vmfex.checks.result.verdict import Finding

given = partial(pytest_bdd.given, target_fixture="selected")
then = partial(pytest_bdd.then, target_fixture="findings")
parse = pytest_bdd.parsers.parse

Table = list[list[str]]
Findings = list[Finding]


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
