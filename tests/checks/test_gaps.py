"""What could not be read of a selection: each by itself, and of many the rest together."""

from collections.abc import Sequence

import pytest

from vmfex.checks.model.fact import Evidence, Unknown
from vmfex.checks.result.verdict import (
    GAPS_TOLD,
    Finding,
    Selection,
    Subject,
    Verdict,
    judge,
    judge_selection,
)


def unread(count: int) -> Selection[Subject]:
    gaps = (Unknown(f"VM {n} is gone", (Evidence(f"d{n}", "x"),), f"do {n}") for n in range(count))
    return Selection("VM-FEX domain", (), tuple(gaps))


def both_ways(selection: Selection[Subject]) -> tuple[Sequence[Finding], Sequence[Finding]]:
    def never(_item: Subject) -> Finding:
        raise AssertionError("nothing is selected")

    return judge_selection(selection), judge(selection, never)


@pytest.mark.parametrize("count", [1, GAPS_TOLD])
def test_few_are_told_one_by_one(count: int) -> None:
    for findings in both_ways(unread(count)):
        assert [f.observed for f in findings] == [f"VM {n} is gone" for n in range(count)]


def test_many_are_told_together() -> None:
    """With their number, the first one's reason, evidence and remedy."""
    for findings in both_ways(unread(GAPS_TOLD + 5_000)):
        assert len(findings) == GAPS_TOLD + 1
        last = findings[-1]
        assert last.verdict is Verdict.UNDETERMINED
        assert last.observed == f"5,000 more cannot be read; the first: VM {GAPS_TOLD} is gone"
        assert [e.where for e in last.evidence] == [f"d{GAPS_TOLD}"]
        assert last.remedy == f"do {GAPS_TOLD}"


def test_one_more_is_no_crowd() -> None:
    """One that is left over is told like the others."""
    for findings in both_ways(unread(GAPS_TOLD + 1)):
        assert findings[-1].observed == f"VM {GAPS_TOLD} is gone"
