"""The action plan: a row for whatever is not well, with what auditors fill in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.formats.cells import cell
from vmfex.reports.formats.context import Assignment, Context, Key
from vmfex.reports.formats.telling import (
    GOOD,
    acceptance_of,
    accepted_by,
    line,
    telling,
    what_to_do,
)

OPEN, ACCEPTED = "open", "accepted"
WORDS: dict[Verdict, str | None] = {  # the status of a row that nobody filled in; None: no row
    Verdict.VIOLATED: OPEN,
    Verdict.UNDETERMINED: OPEN,
    Verdict.WAIVED: ACCEPTED,
    Verdict.COMPLIANT: None,
    Verdict.NOT_APPLICABLE: None,
}


@dataclass(frozen=True, slots=True)
class Action:
    """What one subject of a host needs for one rule. The texts are a host's own, and untrusted."""

    of: Certification
    result: RuleResult
    finding: Finding
    observed: str
    assigned: Assignment

    @property
    def key(self) -> Key:
        return key(self.result.rule.id, self.of.host, self.finding.subject)

    @property
    def decides(self) -> bool:
        return self.of.decides(self.result)

    @property
    def to_do(self) -> str:
        return what_to_do(self.result, self.finding)

    @property
    def accepted(self) -> str:
        return accepted_by(self.finding, self.of)


def key(rule_id: str, host: str, subject: str) -> Key:
    """What tells a row from others, as its cells show it."""
    return rule_id, cell(host), cell(subject)


def actions(hosts: Sequence[Certification], context: Context) -> list[Action]:
    """Those of what decides first, violations before what is open, the most severe first. Several
    findings of one verdict on one subject are one action."""
    found: dict[tuple[Key, Verdict], Action] = {}
    for of in hosts:
        for result in of.results:
            if result.verdict not in GOOD:
                for finding in telling(result):
                    _add(found, of, result, finding, context)
    return sorted(found.values(), key=_weight)


def _add(
    found: dict[tuple[Key, Verdict], Action],
    of: Certification,
    result: RuleResult,
    finding: Finding,
    context: Context,
) -> None:
    place = key(result.rule.id, of.host, finding.subject)
    observed = line(finding.observed)
    if before := found.get((place, finding.verdict)):
        observed = f"{before.observed}; {observed}"
    assigned = _assigned(of, finding, context.assigned.get(place, Assignment()))
    found[place, finding.verdict] = Action(of, result, finding, observed, assigned)


def _assigned(of: Certification, finding: Finding, filled: Assignment) -> Assignment:
    """What the waiver says, which may have been renewed since; else what a person wrote."""
    waiver = acceptance_of(finding, of)
    until = waiver.expires.date().isoformat() if waiver and waiver.expires else ""
    owner = (waiver.owner if waiver else "") or filled.owner
    return Assignment(owner, until or filled.due, filled.status or WORDS[finding.verdict] or "")


def _weight(action: Action) -> tuple[bool, int, int]:
    verdicts, severities = list(Verdict), list(Severity)
    severity = severities.index(action.result.rule.severity)
    return not action.decides, verdicts.index(action.finding.verdict), severity


def forgotten(hosts: Sequence[Certification], context: Context) -> Iterator[Key]:
    """What was filled in for these hosts and has no action any more: it was mended, or is called
    otherwise now."""
    there = {action.key for action in actions(hosts, context)} | of_others(hosts, context)
    return (place for place in context.assigned if place not in there)


def of_others(hosts: Sequence[Certification], context: Context) -> set[Key]:
    """What was filled in for hosts that are none of these."""
    here = {cell(of.host) for of in hosts}
    return {place for place in context.assigned if place[1] not in here}
