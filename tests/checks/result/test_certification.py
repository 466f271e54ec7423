"""The decision over all rules, in every combination that changes it."""

from itertools import product

import pytest

from tests.support.certifications import rule
from vmfex.checks.result.certification import Decision, RuleResult, counts_for_decision, decide
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Finding, Verdict, worst

AREAS = ("host", "adapter", "sriov", "fabric", "topology")
PASSES = {Verdict.COMPLIANT, Verdict.NOT_APPLICABLE}


def result(
    verdict: Verdict,
    severity: Severity = Severity.CRITICAL,
    derived: bool = False,
    area: str = "host",
) -> RuleResult:
    about = rule("HST-01", severity, derived=derived, area=area)
    return RuleResult(about, (Finding("host", verdict, "observed", "wanted"),))


def decision(
    *results: RuleResult, topology: bool = True, strict: bool = False, partial: bool = False
) -> Decision:
    passed = result(Verdict.COMPLIANT)
    return decide([passed, *results], topology, strict, partial)


@pytest.mark.parametrize("verdicts", [*product(Verdict, repeat=3)])
def test_worst_verdict_decides(verdicts: tuple[Verdict, ...]) -> None:
    """Violated outweighs undetermined, that a waiver, and that a pass."""
    expected = Decision.CERTIFIED
    if Verdict.WAIVED in verdicts:
        expected = Decision.CERTIFIED_WITH_WAIVERS
    if Verdict.UNDETERMINED in verdicts:
        expected = Decision.INCOMPLETE
    if Verdict.VIOLATED in verdicts:
        expected = Decision.NOT_CERTIFIED
    assert decision(*map(result, verdicts)) is expected


@pytest.mark.parametrize(
    ("severity", "derived", "strict"), [*product(Severity, (False, True), (False, True))]
)
def test_minor_and_derived_rules_decide_nothing(
    severity: Severity, derived: bool, strict: bool
) -> None:
    """Minor ones never count, derived ones only when the user is strict; the others always."""
    counts = severity is not Severity.MINOR and (strict or not derived)
    assert counts_for_decision(rule("HST-01", severity, derived=derived), strict) is counts
    for verdict, otherwise in (
        (Verdict.VIOLATED, Decision.NOT_CERTIFIED),
        (Verdict.UNDETERMINED, Decision.INCOMPLETE),
        (Verdict.WAIVED, Decision.CERTIFIED_WITH_WAIVERS),
    ):
        expected = otherwise if counts else Decision.CERTIFIED
        assert decision(result(verdict, severity, derived), strict=strict) is expected


@pytest.mark.parametrize("area", AREAS)
def test_without_a_topology_the_rest_may_stay_open(area: str) -> None:
    """Host and adapter rules are judged on every host; what else is unread has no subject yet."""
    open_ = result(Verdict.UNDETERMINED, area=area)
    expected = Decision.INCOMPLETE if area in ("host", "adapter") else Decision.CERTIFIED
    assert decision(open_, topology=False) is expected
    assert decision(open_, topology=True) is Decision.INCOMPLETE


@pytest.mark.parametrize(("area", "topology"), [*product(AREAS, (False, True))])
def test_violation_always_counts(area: str, topology: bool) -> None:
    """What was read and is wrong keeps a host from being certified, meant for something or not."""
    assert decision(result(Verdict.VIOLATED, area=area), topology=topology) == "NOT CERTIFIED"


@pytest.mark.parametrize("verdict", list(Verdict))
def test_selected_rules_alone_cannot_certify(verdict: Verdict) -> None:
    """A partial run is incomplete at best."""
    expected = Decision.NOT_CERTIFIED if verdict is Verdict.VIOLATED else Decision.INCOMPLETE
    assert decision(result(verdict), partial=True) is expected


def test_nothing_that_decides_is_no_certificate() -> None:
    """No rule at all, or advice alone, certifies nothing."""
    assert decide([], True, False, False) is Decision.INCOMPLETE
    advice = result(Verdict.COMPLIANT, derived=True)
    assert decide([advice], True, False, False) is Decision.INCOMPLETE
    assert decide([advice], True, True, False) is Decision.CERTIFIED


def test_rule_without_findings_is_undetermined() -> None:
    """What nobody judged is no pass."""
    assert RuleResult(rule("HST-01"), ()).verdict is Verdict.UNDETERMINED
    assert worst([]) is Verdict.UNDETERMINED
    assert worst([Verdict.NOT_APPLICABLE, Verdict.COMPLIANT]) is Verdict.COMPLIANT
