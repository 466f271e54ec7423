"""What several rules could not read for one and the same reason: told once, and not by each."""

from collections.abc import Sequence
from dataclasses import dataclass

from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.verdict import Finding, Verdict

SEVERAL = 3  # rules; a reason that fewer have is read best where they are


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason, the rules (ids) that it leaves open, and the first finding that gives it."""

    number: int
    finding: Finding
    rules: tuple[str, ...]


def causes_of(results: Sequence[RuleResult]) -> dict[str, Cause]:
    """The reasons that several rules have in common, by the reason, in the order of the rules."""
    rules: dict[str, dict[str, None]] = {}
    first: dict[str, Finding] = {}
    for result in results:
        for finding in result.findings:
            if finding.verdict is Verdict.UNDETERMINED:
                rules.setdefault(finding.observed, {})[result.rule.id] = None
                first.setdefault(finding.observed, finding)
    shared = [reason for reason, ids in rules.items() if len(ids) >= SEVERAL]
    return {
        reason: Cause(number, first[reason], tuple(rules[reason]))
        for number, reason in enumerate(shared, start=1)
    }
