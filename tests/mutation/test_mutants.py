"""The mutants of a source."""

import pytest

from tests.mutation.explained import explained
from tests.mutation.mutants import mutants


def changes(body: str) -> set[tuple[str, str]]:
    return {(m.was, m.becomes) for m in mutants(f"def f(a, b, c):\n    {body}\n")}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return [x for x in a if x]", {("x", "True"), ("x", "False")}),
        ("return a and b", {("a and b", "((a))"), ("a and b", "((b))")}),
        ("return a or ''", {("a or ''", "((''))")}),
        ("return a in b", {("a in b", "True"), ("a in b", "False")}),
        (
            "return 1 if a < b else 2",
            {("a < b", "((a) <= (b))"), ("a < b", "True"), ("a < b", "False")},
        ),
        (
            "return len(a) == 1",
            {
                *(("len(a) == 1", new) for new in ("True", "False")),
                *(("len(a) == 1", f"((len(a)) {sign} (1))") for sign in ("<=", ">=")),
                *(("1", new) for new in ("0", "2")),
            },
        ),
        ("return any(a)", {("any", "all"), ("any(a)", "True"), ("any(a)", "False")}),
        ("return a + b", set()),
    ],
)
def test_changes_of_a_condition(body: str, expected: set[tuple[str, str]]) -> None:
    """Every change that the condition's kind has, and no other."""
    assert changes(body) == expected


def test_changes_of_cases_and_handlers() -> None:
    """A case that matches nothing, but not the last, which takes all; a handler for nothing."""
    source = (
        "def f(a):\n    try:\n        match a:\n            case 'x':\n                return 1\n"
        "            case _:\n                return 2\n    except KeyError:\n        return 3\n"
    )
    found = [(m.was, m.becomes) for m in mutants(source)]
    assert found == [("'x'", "'x' if False"), ("KeyError", "ZeroDivisionError")]


def test_mutant_is_the_source_with_one_change() -> None:
    """Columns count bytes, and every line is where it was."""
    source = "def f(a):\n    é = 'é' if a else 'è'\n    return é\n"
    assert [m.source for m in mutants(source)] == [
        source.replace("if a", "if True"),
        source.replace("if a", "if False"),
    ]
    assert {m.function for m in mutants(source)} == {"f"}


def test_each_that_survives_is_explained() -> None:
    """With a reason; the file can be read."""
    assert isinstance(explained(), set)
