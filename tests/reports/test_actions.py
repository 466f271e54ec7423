"""What is to be done: in which order, and each cause once."""

from dataclasses import replace

from tests.support.certifications import certification, finding, result, rule
from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.actions import actions_of
from vmfex.reports.certificate.page import render as page
from vmfex.reports.text import render as text


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


def unread(rule_id: str, observed: str, remedy: str) -> RuleResult:
    of = replace(finding(Verdict.UNDETERMINED), observed=observed, remedy=remedy)
    return RuleResult(rule(rule_id), (of,))


def test_what_one_remedy_mends_is_one_action() -> None:
    """Three damaged files of one recording, for which the same is to be done. What has no remedy of
    this host's own, or another one, stays by itself."""
    of = certification(
        unread("HST-01", "a is damaged", "Copy it anew."),
        unread("HST-02", "it needs root", "Run it as root."),
        unread("HST-03", "b is damaged", "Copy it anew."),
        unread("HST-04", "x", ""),
        unread("HST-05", "c is damaged", "Copy it anew."),
        unread("HST-06", "y", ""),
    )
    one, *others = actions_of(of)
    assert one.causes == ["a is damaged", "b is damaged", "c is damaged"]
    assert one.ids == ["HST-01", "HST-03", "HST-05"]
    assert one.remedies == ["Copy it anew."]
    assert one.decides
    assert [action.causes for action in others] == [["it needs root"], ["x"], ["y"]]


def test_reports_tell_one_remedy_once() -> None:
    """With each of the causes."""
    files = ("a is damaged", "b is damaged", "c is damaged")
    made = [unread(f"HST-0{n}", file, "Copy it anew.") for n, file in enumerate(files, 1)]
    for said in (text(certification(*made)), page(certification(*made))):
        assert said.lower().replace("</b>", "").count("do: ") == 1
        assert all(file in said for file in files)


def test_a_remedy_of_this_host_is_told_once_and_before_the_rules_own() -> None:
    """The rule's own stands in where a finding has none."""
    here = replace(finding(Verdict.VIOLATED), remedy="virsh edit web01")
    [action] = actions_of(certification(RuleResult(rule(), (here, here))))
    assert action.remedies == ["virsh edit web01"]
    [action] = actions_of(certification(result(Verdict.VIOLATED)))
    assert action.remedies == ["Install a supported release."]
