"""Patterns from UCS Manager, against Python's own regular expressions."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmfex.checks.rules.name_pattern import name_pattern

PIECES = st.sampled_from(
    [*"ab-", ".", "a*", ".+", "b?", "[ab]", "[^a]", "\\.", "(a|b)*", "^", "$", "|"]
)


@given(st.lists(PIECES, min_size=1, max_size=8).map("".join), st.text("ab-.", max_size=8))
def test_agrees_with_regular_expressions(pattern: str, name: str) -> None:
    """What is read means what Python takes it for, on the whole name and on a part of it."""
    read = name_pattern(pattern)
    assert read is not None
    assert read.is_all_of(name) == (re.fullmatch(pattern, name) is not None)
    assert read.is_in(name) == (re.search(pattern, name) is not None)


@pytest.mark.parametrize(
    "pattern",
    ["", "a" * 257, "(", "a)", "[", "*a", "a**", "a{2}", "(?:a)", "\\d", "(" * 30 + ")" * 30],
)
def test_outside_the_subset_is_no_pattern(pattern: str) -> None:
    """Not guessed at."""
    assert name_pattern(pattern) is None


def test_pattern_that_keeps_backtracking_busy_ends() -> None:
    """Each part is tried once at each place."""
    read = name_pattern("(.*)*" * 40 + "x")
    assert read is not None
    assert not read.is_all_of("a" * 32)
