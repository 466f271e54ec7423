"""The decision over all rules, in every combination that changes it."""

from itertools import product

import pytest

from tests.support.certifications import rule
from vmfex.checks.result.certification import Decision, RuleResult, decide
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Finding, Verdict, worst


def result(
    verdict: Verdict,
    severity: Severity = Severity.CRITICAL,
    derived: bool = False,
) -> RuleResult:
    about = rule("HST-01", severity, derived=derived)
    return RuleResult(about, (Finding("host", verdict, "observed", "wanted"),))


def decision(
    *results: RuleResult, strict: bool = False, guide_only: bool = False, partial: bool = False
) -> Decision:
    passed = result(Verdict.COMPLIANT)
    return decide([passed, *results], strict=strict, guide_only=guide_only, partial=partial)


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


SERIOUS = (Severity.BLOCKER, Severity.CRITICAL)
OTHERWISE = {
    Verdict.VIOLATED: Decision.NOT_CERTIFIED,
    Verdict.UNDETERMINED: Decision.INCOMPLETE,
    Verdict.WAIVED: Decision.CERTIFIED_WITH_WAIVERS,
}


@pytest.mark.parametrize(
    ("verdict", "severity", "mode"),
    [*product(OTHERWISE, Severity, ("", "strict", "guide_only"))],
)
def test_rules_of_the_guide_decide_unless_minor(
    verdict: Verdict, severity: Severity, mode: str
) -> None:
    """Whatever the user wants of the others."""
    expected = Decision.CERTIFIED if severity is Severity.MINOR else OTHERWISE[verdict]
    how = {mode: True} if mode else {}
    assert decision(result(verdict, severity), **how) is expected


@pytest.mark.parametrize("verdict", [Verdict.VIOLATED, Verdict.WAIVED])
@pytest.mark.parametrize("severity", Severity)
def test_what_libvirt_refuses_decides_where_it_is_serious(
    verdict: Verdict, severity: Severity
) -> None:
    """A host on which libvirt refuses to start the VM is not certified for the guide's silence;
    normal and minor derived rules are advice, that a strict user lets decide."""
    of_it = result(verdict, severity, derived=True)
    expected = OTHERWISE[verdict] if severity in SERIOUS else Decision.CERTIFIED
    assert decision(of_it) is expected
    assert decision(of_it, strict=True) is OTHERWISE[verdict]
    assert decision(of_it, guide_only=True) is Decision.CERTIFIED


@pytest.mark.parametrize("severity", Severity)
def test_derived_rule_that_could_not_be_read_decides_nothing(severity: Severity) -> None:
    """But for a strict user, who wants to know of every one that is not minor."""
    of_it = result(Verdict.UNDETERMINED, severity, derived=True)
    minor = severity is Severity.MINOR
    assert decision(of_it) is Decision.CERTIFIED
    assert decision(of_it, strict=True) is (Decision.CERTIFIED if minor else Decision.INCOMPLETE)
    assert decision(of_it, guide_only=True) is Decision.CERTIFIED


@pytest.mark.parametrize("verdict", list(Verdict))
def test_selected_rules_alone_cannot_certify(verdict: Verdict) -> None:
    """A partial run is incomplete at best."""
    expected = Decision.NOT_CERTIFIED if verdict is Verdict.VIOLATED else Decision.INCOMPLETE
    assert decision(result(verdict), partial=True) is expected


def test_nothing_that_decides_is_no_certificate() -> None:
    """No rule at all, or advice alone, certifies nothing."""

    def of(*results: RuleResult, strict: bool = False) -> Decision:
        return decide(results, strict=strict, guide_only=False, partial=False)

    assert of() is Decision.INCOMPLETE
    advice = result(Verdict.COMPLIANT, Severity.NORMAL, derived=True)
    assert of(advice) is Decision.INCOMPLETE
    assert of(advice, strict=True) is Decision.CERTIFIED


def test_rule_without_findings_is_undetermined() -> None:
    """What nobody judged is no pass."""
    assert RuleResult(rule("HST-01"), ()).verdict is Verdict.UNDETERMINED
    assert worst([]) is Verdict.UNDETERMINED
    assert worst([Verdict.NOT_APPLICABLE, Verdict.COMPLIANT]) is Verdict.COMPLIANT
