"""Patterns from UCS Manager, against Python's own regular expressions."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmfex.checks.rules.name_pattern import DEEPEST, LONGEST, name_pattern

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


@pytest.mark.parametrize(
    "pattern",
    [
        *("a+", "a?", "a*", "a+b", "a?b", "a*b", "(ab)+", "(ab)?", "(a|b)+", "(a*)+"),
        *("[a-c]", "[a-a]", "[^a-c]", "[a-]", "[-a]", "[ab-]", "a|", "(|b)"),
        *("a$b", "a^b", "(^a|b)$", ".", "\\-", "\\]"),
    ],
)
def test_each_form_agrees_with_regular_expressions(pattern: str) -> None:
    """On every short name of a few characters, the empty one too."""
    read = name_pattern(pattern)
    assert read is not None
    names = ["".join(chosen) for n in range(4) for chosen in product("abcd-]", repeat=n)]
    wrong = [
        name
        for name in names
        if read.is_all_of(name) != (re.fullmatch(pattern, name) is not None)
        or read.is_in(name) != (re.search(pattern, name) is not None)
    ]
    assert wrong == []


@pytest.mark.parametrize("sign", ["*", "+", "?", "{2}"])
@pytest.mark.parametrize("repeated", ["a*", "a+", "a?"])
def test_repeated_twice_is_no_pattern(repeated: str, sign: str) -> None:
    """Lazy and possessive ones mean something else."""
    assert name_pattern(repeated + sign) is None


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "(?i)a",
            "(?=a)",
            "(?",
            "[[:alpha:]]",
            "[]a]",
            "[^]a]",
            "[]",
            "[]a",
            "[[]",
            "[a-[]",
            "[a\\]",
            "[\\d]",
            "[a-\\]",
        ),
        *("[c-a]", "[a-é]", "[é-a]", "[à-é]", "[a", "[a-", "\\", "\\b", "\\1", "a{", "}"),
    ],
)
def test_what_reads_otherwise_elsewhere_is_no_pattern(pattern: str) -> None:
    """Flags, classes by name, escapes in classes, ranges beyond ASCII or backwards."""
    assert name_pattern(pattern) is None


@pytest.mark.parametrize(("length", "read"), [(LONGEST, True), (LONGEST + 1, False), (1, True)])
def test_longest_pattern(length: int, read: bool) -> None:
    """One that is longer is not read."""
    assert (name_pattern("a" * length) is not None) is read


@pytest.mark.parametrize(("depth", "read"), [(DEEPEST, True), (DEEPEST + 1, False)])
def test_deepest_pattern(depth: int, read: bool) -> None:
    """Groups within groups."""
    assert (name_pattern("(" * depth + "a" + ")" * depth) is not None) is read
