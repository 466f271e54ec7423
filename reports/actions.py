"""What is to be done, most severe first: each violated rule, and what kept rules open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.causes import causes_of
from vmfex.reports.view import remedy

SEVERITIES = list(Severity)
NOTHING = "there is no finding: nothing was judged, which is never a pass"


@dataclass(slots=True)
class Action:
    """`rules` are the results that it would settle: one that is violated, or all that were left
    open for one reason, or for several (`causes`) that one and the same thing mends. `decides` says
    whether the decision waits for it."""

    verdict: Verdict
    decides: bool
    rules: list[RuleResult]
    causes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def cause(self) -> str:
        """The first of the reasons; empty where the rule is violated."""
        return self.causes[0] if self.causes else ""

    @property
    def ids(self) -> list[str]:
        return [result.rule.id for result in self.rules]

    @property
    def severity(self) -> Severity:
        return min((result.rule.severity for result in self.rules), key=SEVERITIES.index)

    @property
    def remedies(self) -> list[str]:
        """What to do, each sentence once; the rule's own where a finding has none."""
        of_rule = remedy(self.rules[0])
        told = dict.fromkeys(finding.remedy or of_rule for finding in self.findings)
        return list(told) or [of_rule]

    @property
    def of_this_host(self) -> tuple[str, ...]:
        """What to do on this very host; empty where a finding has nothing of its own."""
        told = dict.fromkeys(finding.remedy for finding in self.findings)
        return () if "" in told else tuple(told)

    def join(self, other: "Action") -> None:
        """Takes in what is mended by the same."""
        self.causes += other.causes
        self.findings += other.findings
        self.decides |= other.decides
        self.rules += [result for result in other.rules if result not in self.rules]


def actions_of(certification: Certification) -> list[Action]:
    """What the decision waits for comes first, violations before what was not read."""
    actions = [*_violations(certification), *_joined(certification)]
    return sorted(
        actions,
        key=lambda a: (
            not a.decides,
            a.verdict is not Verdict.VIOLATED,
            SEVERITIES.index(a.severity),
        ),
    )


def _violations(certification: Certification) -> Iterator[Action]:
    for result in certification.results:
        if result.verdict is Verdict.VIOLATED:
            decides = certification.decides(result)
            yield Action(result.verdict, decides, [result], [], _of(result, Verdict.VIOLATED))


def _causes(certification: Certification) -> Iterable[Action]:
    """By the reason; a reason that keeps a deciding rule open is one that decides."""
    causes: dict[str, Action] = {}
    shared = causes_of(certification.results)
    for result in certification.results:
        if result.verdict is not Verdict.UNDETERMINED:
            continue
        if not result.findings:
            causes.setdefault(NOTHING, Action(Verdict.UNDETERMINED, False, [], [NOTHING]))
            causes[NOTHING].rules.append(result)
            causes[NOTHING].decides |= certification.decides(result)
        for finding in _of(result, Verdict.UNDETERMINED):
            cause = shared.get(finding.observed)
            reason = cause.reason if cause else finding.observed
            action = causes.setdefault(reason, Action(Verdict.UNDETERMINED, False, [], [reason]))
            action.decides |= certification.decides(result)
            action.findings.append(finding)
            if result not in action.rules[-1:]:  # those before are of other rules
                action.rules.append(result)
    return causes.values()


def _joined(certification: Certification) -> Iterable[Action]:
    """Those that one and the same mends are one, as for three damaged files of a recording."""
    order = [result.rule.id for result in certification.results]
    joined: dict[object, Action] = {}
    for action in _causes(certification):
        first = joined.setdefault(action.of_this_host or id(action), action)
        if first is not action:
            first.join(action)
            first.rules.sort(key=lambda result: order.index(result.rule.id))
    return joined.values()


def _of(result: RuleResult, verdict: Verdict) -> list[Finding]:
    return [finding for finding in result.findings if finding.verdict is verdict]
