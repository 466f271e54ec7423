"""What changed from one certification to the next, and whether that is worse.

Worse is also what is known no more: a rule that was compliant and is undetermined, or is not run.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vmfex.checks.result.acceptance import Acceptance
from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding, Verdict, worst

_WEIGHT = {Verdict.VIOLATED: 3, Verdict.UNDETERMINED: 2, Verdict.WAIVED: 1}  # the others weigh 0
MOST_NAMED = 10  # VMs
_DECISIONS = list(Decision)  # the best first


class Trend(StrEnum):
    WORSE = "worse"
    BETTER = "better"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """What was found on one subject of a rule, in the old certification and in the new one; empty
    where that one has no such subject."""

    subject: str
    old: tuple[Finding, ...]
    new: tuple[Finding, ...]

    @property
    def trend(self) -> Trend:
        """That of the worst verdict; where it is the same, whether there is more of it."""
        of_verdict = _trend(_verdict(self.old), _verdict(self.new))
        if of_verdict is not Trend.NEITHER:
            return of_verdict
        before, after = _weight(self.old), _weight(self.new)
        return Trend.WORSE if after > before else Trend.BETTER if after < before else of_verdict


@dataclass(frozen=True, slots=True)
class RuleChange:
    """`old` and `new` are None where the rule was not judged. `subjects` are those on which
    something else was found. `decides` says whether the verdict takes part in the decision."""

    rule: Rule
    old: Verdict | None
    new: Verdict | None
    subjects: tuple[SubjectChange, ...]
    decides: bool

    @property
    def trend(self) -> Trend:
        """That of the verdict; where it is the same, the worst of its subjects'."""
        if self.new is None:
            return Trend.WORSE
        of_rule = _trend(self.old, self.new)
        of_subjects = {change.trend for change in self.subjects}
        if Trend.WORSE in (of_rule, *of_subjects):
            return Trend.WORSE
        return Trend.BETTER if Trend.BETTER in (of_rule, *of_subjects) else Trend.NEITHER


@dataclass(frozen=True, slots=True)
class AcceptanceChange:
    """A waiver, statement or objection that came (`old` is None), went, or says something else."""

    old: Acceptance | None
    new: Acceptance | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changes` are of rules with another verdict or other findings, in the order of the new rule
    set and then of the old one. `remarks` is what else makes the two differ, a sentence each."""

    old: Certification
    new: Certification
    changes: tuple[RuleChange, ...]
    acceptances: tuple[AcceptanceChange, ...]
    remarks: tuple[str, ...]

    @property
    def same_rules(self) -> bool:
        return self.old.ruleset == self.new.ruleset

    @property
    def came(self) -> tuple[str, ...]:
        """Ids of the rules that only the new one has a verdict on."""
        return tuple(change.rule.id for change in self.changes if change.old is None)

    @property
    def went(self) -> tuple[str, ...]:
        """Ids of the rules that only the old one has a verdict on."""
        return tuple(change.rule.id for change in self.changes if change.new is None)

    @property
    def decision(self) -> Trend:
        old, new = _DECISIONS.index(self.old.decision), _DECISIONS.index(self.new.decision)
        return Trend.WORSE if new > old else Trend.BETTER if new < old else Trend.NEITHER

    @property
    def trend(self) -> Trend:
        trends = {self.decision, *(change.trend for change in self.changes)}
        return next(trend for trend in Trend if trend in trends)

    def of_trend(self, trend: Trend) -> tuple[RuleChange, ...]:
        return tuple(change for change in self.changes if change.trend is trend)


def compare(old: Certification, new: Certification) -> Comparison:
    """What changed from `old` to `new`."""
    return Comparison(
        old,
        new,
        tuple(_rules(old, new)),
        tuple(_acceptances(old.accepted, new.accepted)),
        tuple(_remarks(old, new)),
    )


def _rules(old: Certification, new: Certification) -> Iterator[RuleChange]:
    was = {result.rule.id: result for result in old.results}
    is_ = {result.rule.id: result for result in new.results}
    for id_ in dict.fromkeys((*is_, *was)):
        before, after = was.get(id_), is_.get(id_)
        subjects = tuple(_subjects(before, after))
        if before is None or after is None or subjects or before.verdict is not after.verdict:
            decides = any(
                result is not None and certification.decides(result)
                for certification, result in ((old, before), (new, after))
            )
            known = after or was[id_]
            yield RuleChange(known.rule, _of(before), _of(after), subjects, decides)


def _of(result: RuleResult | None) -> Verdict | None:
    return result.verdict if result else None


def _subjects(old: RuleResult | None, new: RuleResult | None) -> Iterator[SubjectChange]:
    was, is_ = _by_subject(old), _by_subject(new)
    for subject in dict.fromkeys((*is_, *was)):
        before, after = was.get(subject, ()), is_.get(subject, ())
        if [*map(_said, before)] != [*map(_said, after)]:
            yield SubjectChange(subject, before, after)


def _by_subject(result: RuleResult | None) -> Mapping[str, tuple[Finding, ...]]:
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in result.findings if result else ():
        found[finding.subject] = (*found.get(finding.subject, ()), finding)
    return found


def _said(finding: Finding) -> tuple[Verdict, str, str]:
    return finding.verdict, finding.observed, finding.wanted


def _verdict(findings: Sequence[Finding]) -> Verdict | None:
    return worst(finding.verdict for finding in findings) if findings else None


def _weight(findings: Sequence[Finding]) -> list[int]:
    """How many there are of each verdict that is not well, the worst first."""
    verdicts = [finding.verdict for finding in findings]
    return [verdicts.count(verdict) for verdict in _WEIGHT]


def _trend(old: Verdict | None, new: Verdict | None) -> Trend:
    """What was not judged, or is no more, weighs like compliant: a VM that is gone is no fault."""
    if new is Verdict.UNDETERMINED and old is not new:
        return Trend.WORSE
    before, after = (_WEIGHT.get(verdict, 0) if verdict else 0 for verdict in (old, new))
    return Trend.WORSE if after > before else Trend.BETTER if after < before else Trend.NEITHER


def _acceptances(
    old: Sequence[Acceptance], new: Sequence[Acceptance]
) -> Iterator[AcceptanceChange]:
    gone = [each for each in old if each not in new]
    for came in (each for each in new if each not in old):
        about = (came.kind, came.rule, came.host, came.subject)
        same = [e for e in gone if (e.kind, e.rule, e.host, e.subject) == about]
        if same:
            gone.remove(same[0])
        yield AcceptanceChange(same[0] if same else None, came)
    yield from (AcceptanceChange(each, None) for each in gone)


def _remarks(old: Certification, new: Certification) -> Iterator[str]:
    if old.host != new.host:
        yield f"these are two hosts: {old.host} and {new.host}"
    if new.started < old.started:
        yield f"the new one was judged before the old one: {new.started}, {old.started}"
    if old.version != new.version:
        yield f"judged by vmfex {old.version}, then by {new.version}"
    for name in ("constructed", "strict", "guide_only"):
        if getattr(old, name) != getattr(new, name):
            yield f"{name.replace('_', '-')}: {_yes(old, name)}, then {_yes(new, name)}"
    if old.topologies != new.topologies:
        yield f"judged for {_aims(old)}, then for {_aims(new)}"
    if old.plan != new.plan:
        yield "the plan is another"
    if left_out := [vm for vm in new.out_of_scope if vm not in old.out_of_scope]:
        more = f" and {len(left_out) - MOST_NAMED} more" if len(left_out) > MOST_NAMED else ""
        yield f"not judged any more, by the plan: {', '.join(left_out[:MOST_NAMED])}{more}"
    if new.lost and not old.lost:
        yield f"not all of the new one's evidence arrived: {new.lost}"
    graver = {r.rule.id: (r.rule.severity, r.rule.derived) for r in old.results}
    for rule in (result.rule for result in new.results):
        kind = (rule.severity, rule.derived)
        if graver.get(rule.id, kind) != kind:
            yield f"{rule.id} is {_kind(*kind)}, and was {_kind(*graver[rule.id])}"


def _yes(certification: Certification, name: str) -> str:
    return "yes" if getattr(certification, name) else "no"


def _aims(certification: Certification) -> str:
    aims = sorted(certification.topologies.items())
    return ", ".join(f"{name} ({n})" for name, n in aims) or "no topology"


def _kind(severity: str, derived: bool) -> str:
    return f"{severity}, derived" if derived else str(severity)
