"""What several rules could not read for one and the same reason: told once, and not by each."""

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.verdict import Finding, Verdict

SEVERAL = 3  # rules; a reason that fewer have is read best where they are
SHORTEST = 12  # characters of a reason that is looked for within others


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason, the rules (ids) that it leaves open, and the first finding that gives it. `remedy`
    is what most of its findings say to do. `consequences` are what several rules say that it
    leads to, and `own` the whole reasons of those that say something of their own as well."""

    reason: str
    finding: Finding
    rules: tuple[str, ...]
    remedy: str = ""
    consequences: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()

    def tells_all_of(self, finding: Finding) -> bool:
        """Whether the cause says all that the finding does."""
        return finding.observed not in self.own


@dataclass
class _Told:
    """A reason as findings give it: by which rules, and with which remedies."""

    first: Finding
    rules: dict[str, None] = field(default_factory=dict)
    remedies: Counter[str] = field(default_factory=Counter)


def causes_of(results: Sequence[RuleResult]) -> dict[str, Cause]:
    """The reasons that several rules have in common, in the order of the rules: for each reason as
    findings give it, its cause. One that ends with another's whole reason has that one's."""
    told: dict[str, _Told] = {}
    for result in results:
        for finding in result.findings:
            if finding.verdict is Verdict.UNDETERMINED:
                mine = told.setdefault(finding.observed, _Told(finding))
                mine.rules[result.rule.id] = None
                mine.remedies[finding.remedy] += 1
    roots = {reason: _root(reason, told) for reason in told}
    groups: dict[str, list[str]] = {}
    for reason, root in roots.items():
        groups.setdefault(root, []).append(reason)
    order = [result.rule.id for result in results]
    causes: dict[str, Cause] = {}
    for root, reasons in groups.items():
        rules = {rule for reason in reasons for rule in told[reason].rules}
        if len(rules) >= SEVERAL:
            cause = _cause(root, reasons, told, sorted(rules, key=order.index))
            causes |= dict.fromkeys(reasons, cause)
    return causes


def _root(reason: str, told: Container[str]) -> str:
    """The shortest reason that this one ends with, in words or in brackets; itself if none."""
    ends = [reason[found.end() :] for found in re.finditer(": ", reason)]
    if reason.endswith(")"):
        ends += [reason[found.end() : -1] for found in re.finditer(r" \(", reason)]
    known = (end for end in ends if len(end) >= SHORTEST and end in told)
    return min(known, key=len, default=reason)


def _cause(
    root: str,
    reasons: Sequence[str],
    told: Mapping[str, _Told],
    rules: Sequence[str],
) -> Cause:
    longer = [reason for reason in reasons if reason != root]
    shared = [reason for reason in longer if len(told[reason].rules) >= SEVERAL]
    remedies = sum((told[reason].remedies for reason in reasons), Counter[str]())
    return Cause(
        reason=root,
        finding=told[root].first,
        rules=tuple(rules),
        remedy=remedies.most_common(1)[0][0],
        consequences=tuple(before(root, reason) for reason in shared),
        own=frozenset(longer) - frozenset(shared),
    )


def before(root: str, reason: str) -> str:
    """What a longer reason says before the one that it ends with."""
    start = reason.rpartition(root)[0]
    return start.rstrip(" (:")
