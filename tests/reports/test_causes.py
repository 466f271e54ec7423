"""One cause is told once: which findings it takes in, and which say something of their own."""

from tests.support.certifications import finding, result, rule
from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.causes import before, causes_of

DOWN = "UCS Manager at ucs.example gave no answer within 10 s"


def unread(reason: str, remedy: str = "Ask it anew.") -> Finding:
    return finding(Verdict.UNDETERMINED, observed=reason, remedy=remedy)


def results(*findings: Finding) -> list[RuleResult]:
    """A rule for each finding: FAB-01, FAB-02 and so on."""
    return [RuleResult(rule(f"FAB-{n:02}"), (f,)) for n, f in enumerate(findings, start=1)]


def test_two_rules_are_no_cause() -> None:
    """What two rules have in common is read where they are."""
    assert not causes_of(results(unread(DOWN), unread(DOWN)))


def test_a_reason_within_longer_ones() -> None:
    """A reason that another one ends with is the cause of both; what that one says of its own
    stays with its rule, without what the cause says."""
    longer = f"VIC 1340; its PID in UCS Manager is not known: {DOWN}"
    findings = [unread(DOWN), unread(DOWN), unread(longer)]
    causes = causes_of(results(*findings))
    assert causes[DOWN] == causes[longer]
    cause = causes[longer]
    assert cause.rules == ("FAB-01", "FAB-02", "FAB-03")
    assert cause.reason == DOWN
    assert cause.tells_all_of(findings[0])
    assert not cause.tells_all_of(findings[2])
    assert before(cause.reason, longer) == "VIC 1340; its PID in UCS Manager is not known"


def test_what_many_rules_say_beside_it_is_told_with_the_cause() -> None:
    """A longer reason that three rules have is told once too."""
    links = "netlink/links.bin: no answer from the kernel within 5 s"
    longer = f"macvtap links could not be seen: {links}"
    causes = causes_of(results(*[unread(longer)] * 4, *[unread(links)] * 2))
    assert len({cause.reason for cause in causes.values()}) == 1
    assert causes[longer].consequences == ("macvtap links could not be seen",)
    assert causes[longer].tells_all_of(unread(longer))


def test_a_short_reason_is_not_looked_for_in_others() -> None:
    """A word or two at the end of a sentence are chance."""
    causes = causes_of(results(*[unread("no")] * 3, *[unread("whether it is: no")] * 3))
    assert len({cause.reason for cause in causes.values()}) == 2


def test_the_remedy_of_most() -> None:
    """Of several remedies the one that most findings give."""
    causes = causes_of(results(unread(DOWN, "One."), unread(DOWN, "Two."), unread(DOWN, "Two.")))
    assert causes[DOWN].remedy == "Two."


def test_a_violation_is_never_told_as_a_cause() -> None:
    """Only what could not be read is: a violation stays in its place."""
    violated = [finding(Verdict.VIOLATED, observed=DOWN)] * 3
    assert not causes_of([*results(*violated), result()])
