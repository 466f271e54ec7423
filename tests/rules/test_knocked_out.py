"""Less evidence makes no better verdict: hiding what was read turns no red into green."""

import pytest

from tests.rules.changes import unreadable
from tests.rules.rows import GAPS, VIOLATIONS
from tests.rules.table import IDLE, PRIVATE, REFERENCE, Host, Violation
from tests.support.judging import Judgement, judge_raw
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.certification import Decision, RuleResult, decide
from vmfex.checks.result.verdict import Verdict
from vmfex.engine.catalogue import rules

AREAS = ("sys", "sys/bus/pci", "sys/class", "sys/kernel", "proc", "etc", "dev", "lib", "var")
PARTS = ("uname", "kernel-changelog", "netlink", "netlink/links.bin", "netlink/pf")
LIBVIRT = ("", "/connection.json", "/capabilities.xml", "/domains", "/networks", "/migration")
HIDDEN = (*AREAS, *PARTS, *(f"libvirt{part}" for part in LIBVIRT), "ucsm", "guests")
GREEN = {Verdict.COMPLIANT, Verdict.NOT_APPLICABLE}
CATALOGUE = {rule.id: rule for rule in rules()}


def decision(judged: Judgement, strict: bool = False) -> Decision:
    results = [RuleResult(CATALOGUE[rule], found) for rule, found in judged.findings.items()]
    return decide(results, strict=strict, guide_only=False, partial=False)


@pytest.mark.parametrize("row", VIOLATIONS, ids=lambda row: f"{row.rule}: {row.what}")
def test_hiding_evidence_turns_no_violation_green(row: Violation) -> None:
    """Whatever cannot be read, the violated rule is violated or undetermined, never a pass."""
    for hidden in HIDDEN:
        raw = row.host.but(unreadable(hidden)).raw()
        verdict = judge_raw(raw, row.host.plan, row.rule).verdicts[row.rule]
        assert verdict not in GREEN, f"without {hidden}"


@pytest.mark.parametrize("host", [REFERENCE, PRIVATE, IDLE], ids=lambda host: host.base)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_hiding_evidence_of_a_good_host_violates_nothing(host: Host, hidden: str) -> None:
    """What cannot be read is undetermined; only MacVTap direct has to be proven supported."""
    before, after = host.judged().verdicts, host.but(unreadable(hidden)).judged().verdicts
    violated = {rule for rule, verdict in after.items() if verdict is Verdict.VIOLATED}
    assert violated <= {"MTD-01"} if host is PRIVATE and hidden == "ucsm" else not violated
    better = [r for r in after if after[r] in GREEN and before[r] not in GREEN]
    assert not better


@pytest.mark.parametrize("row", GAPS, ids=lambda row: f"{row.rule}: {row.what}")
def test_host_with_a_gap_is_not_certified(row: Violation) -> None:
    """A gap in a rule that decides leaves the certification incomplete, if not worse."""
    rule, judged = CATALOGUE[row.rule], row.host.judged()
    if rule.severity == "minor":
        return
    assert decision(judged, strict=rule.derived) in ("INCOMPLETE", "NOT CERTIFIED")


def test_decisions_of_the_bases() -> None:
    """The hosts that the matrix starts from are certified, so a change is what breaks them; of the
    empty one nobody told which fabric it is on."""
    assert decision(REFERENCE.judged()) == "CERTIFIED"
    assert decision(REFERENCE.judged(), strict=True) == "CERTIFIED"
    assert decision(PRIVATE.judged()) == "CERTIFIED"
    assert decision(IDLE.judged()) == "INCOMPLETE"


def test_nothing_readable_leaves_every_rule_open() -> None:
    """With a plan that makes every rule's subject possible, none of them is judged."""
    blind = Host("unreadable", plan=Plan(must_migrate=("*",), destinations=("blade-2",)))
    assert set(blind.judged().verdicts.values()) == {Verdict.UNDETERMINED}
    assert decision(blind.judged()) == "INCOMPLETE"


def test_nothing_recorded_leaves_every_rule_open() -> None:
    """The same for a recording without any area."""
    empty = Host("unreadable", (unreadable(),), Plan(must_migrate=("*",)))
    raw = empty.raw()
    raw.describe("empty", "nothing was recorded")
    verdicts = judge_raw(raw, empty.plan).verdicts
    assert set(verdicts.values()) == {Verdict.UNDETERMINED}
