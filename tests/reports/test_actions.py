"""What is to be done: in which order, and each cause once."""

from dataclasses import replace

from tests.support.certifications import certification, finding, result, rule
from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.actions import actions_of


def test_what_the_decision_waits_for_comes_first() -> None:
    """Violations before what was not read, blockers before the rest, advice last."""
    of = certification(
        result(Verdict.VIOLATED, "FAB-05", Severity.NORMAL, derived=True),
        result(Verdict.UNDETERMINED, "HST-01"),
        result(Verdict.VIOLATED, "SRV-03", Severity.NORMAL),
        result(Verdict.VIOLATED, "HST-02", Severity.BLOCKER),
        result(Verdict.COMPLIANT, "HST-03"),
    )
    assert [action.ids for action in actions_of(of)] == [
        ["HST-02"],
        ["SRV-03"],
        ["HST-01"],
        ["FAB-05"],
    ]
    assert [action.decides for action in actions_of(of)] == [True, True, True, False]


def test_one_reason_is_one_action_for_all_its_rules() -> None:
    """It decides if it keeps any rule open that counts."""
    unread = replace(finding(Verdict.UNDETERMINED), observed="libvirt does not answer")
    advice = RuleResult(rule("FAB-05", Severity.NORMAL, derived=True), (unread,))
    counted = RuleResult(rule("HST-05"), (unread, unread))
    [action] = actions_of(certification(advice, counted))
    assert action.ids == ["FAB-05", "HST-05"]
    assert action.cause == "libvirt does not answer"
    assert action.decides
    assert action.severity is Severity.BLOCKER


def test_a_remedy_of_this_host_is_told_once_and_before_the_rules_own() -> None:
    """The rule's own stands in where a finding has none."""
    here = replace(finding(Verdict.VIOLATED), remedy="virsh edit web01")
    [action] = actions_of(certification(RuleResult(rule(), (here, here))))
    assert action.remedies == ["virsh edit web01"]
    [action] = actions_of(certification(result(Verdict.VIOLATED)))
    assert action.remedies == ["Install a supported release."]
