"""The UCS release up to which MacVTap direct is supported."""

import pytest

from tests.rules.changes import edit
from tests.rules.table import (
    COMPLIANT,
    IDLE,
    NOT_APPLICABLE,
    PRIVATE,
    UNDETERMINED,
    VIOLATED,
)
from vmfex.checks.model.plan import Plan, Topology


@pytest.mark.parametrize(
    ("release", "verdict", "numbers"),
    [
        ("1.4(4k)", COMPLIANT, COMPLIANT),
        ("2.0(5c)", COMPLIANT, COMPLIANT),
        ("2.1(1a)", VIOLATED, NOT_APPLICABLE),
        ("2.2(8m)", VIOLATED, NOT_APPLICABLE),
        ("2.10(1a)", VIOLATED, NOT_APPLICABLE),
        ("10.0(1a)", VIOLATED, NOT_APPLICABLE),
        ("2.0", VIOLATED, UNDETERMINED),
        ("", VIOLATED, UNDETERMINED),
    ],
)
def test_ucs_release(release: str, verdict: str, numbers: str) -> None:
    """MacVTap direct is supported where UCS Manager is proven older than 2.1, and only there."""
    host = PRIVATE.but(edit("ucsm/firmwareRunning.xml", "2.0(4b)", release))
    verdicts = host.judged().verdicts
    assert verdicts["MTD-01"] == verdict
    assert verdicts["MTD-02"] == verdicts["MTD-03"] == numbers


def test_planned_private_mode_needs_proof_too() -> None:
    """A plan for MacVTap direct is held against the UCS release before any VM exists."""
    planned = IDLE.but(plan=Plan({Topology.PRIVATE: 2}))
    assert planned.judged().verdicts["MTD-01"] == VIOLATED


def test_adapters_release_proves_nothing() -> None:
    """Only UCS Manager's own firmware counts, not that of an adapter."""
    only_adapter = edit("ucsm/firmwareRunning.xml", 'dn="sys/mgmt/fw-system"', 'dn="sys/other"')
    assert PRIVATE.but(only_adapter).judged().verdicts["MTD-01"] == VIOLATED
