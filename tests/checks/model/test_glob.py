"""A plan's patterns: as shells and Python's fnmatch read them, in time that grows with them."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmfex.checks.model.glob import matches
from vmfex.checks.model.plan import LONGEST, MOST, Plan
from vmfex.errors import UsageError

SIGNS = "ab*?[]!-^\\.\n"


@pytest.mark.parametrize(
    ("pattern", "name", "is_it"),
    [
        ("web-*", "web-01", True),
        ("web-*", "my-web-01", False),
        ("web-0?", "web-01", True),
        ("web-0?", "web-0", False),
        ("web-[0-4]", "web-3", True),
        ("web-[!0-4]", "web-3", False),
        ("web-[]]", "web-]", True),
        ("web-[", "web-[", True),
        ("web-[4-0]", "web-3", False),  # an empty range
        ("*", "", True),
        ("Web", "web", False),
        ("a\nb", "a\nb", True),
        ("*b", "a\nb", True),
        ("a", "a\n", False),
    ],
)
def test_what_a_shell_makes_of_it(pattern: str, name: str, is_it: bool) -> None:
    """The signs of a shell, in the case as written, on the whole name."""
    assert matches(name, pattern) is is_it


@given(st.text(SIGNS, max_size=12), st.text(SIGNS, max_size=12))
def test_as_fnmatch_has_it(pattern: str, name: str) -> None:
    """Python's own reading of the same signs, which plans had before."""
    assert matches(name, pattern) is fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    ("pattern", "is_it"),
    [("[" * 100_000, False), ("[!" * 50_000, False), ("*" * 100_000, True), ("[]" * 50_000, False)],
)
def test_no_pattern_is_looked_through_again_for_each_of_its_signs(
    pattern: str, is_it: bool
) -> None:
    """Where each `[` looks for its end as far as the last sign, this test takes minutes."""
    assert matches("web-01", pattern) is is_it


def test_a_plan_takes_patterns_as_long_as_names_are() -> None:
    """A longer one, or more of them than hosts have VMs, is refused in a sentence."""
    assert Plan(out_of_scope=("*" * LONGEST,) * MOST).leaves_out("web-01")
    with pytest.raises(UsageError, match="a name pattern has at most 1000 characters, not 1001"):
        Plan(out_of_scope=("*" * 1001,))
    with pytest.raises(UsageError, match="a plan has at most 1000 name patterns, not 1001"):
        Plan(must_migrate=("a",), out_of_scope=("a",) * 1000)
