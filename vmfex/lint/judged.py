"""What the rules say of the definitions in some files, and what they cannot say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Evidence
from vmfex.checks.model.plan import Plan
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.certification import RuleResult, decides
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.engine.judge import judge
from vmfex.engine.rule_set import RuleSet, load
from vmfex.errors import InternalError
from vmfex.lint.files import Written
from vmfex.lint.host import WrittenHost

MAY_BE_VMFEX = (Carrier.MACVTAP, Carrier.DEVICE, Carrier.UNTOLD)
NOT_SEEN = (
    "it names no 802.1Qbh virtual port: whether it is on VM-FEX, and what holds for it then, only "
    "the host's PCI functions tell"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A file, as it was named, and a line in it, counted from 1."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A violated rule, and where. `decides`: it would keep a host from being certified."""

    rule: Rule
    finding: Finding
    place: Place
    decides: bool


@dataclass(frozen=True, slots=True)
class Unseen:
    """An interface of which the files do not tell whether it is on VM-FEX: which one, and why."""

    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Linted:
    """`untold` are the rules that need more than the files, each with the first reason; `aside`
    counts the XML of other programs. No rule is compliant here: of a host nothing else was read."""

    rule_set: RuleSet
    files: Sequence[Written]
    interfaces: int  # on VM-FEX
    problems: Sequence[Problem]
    unseen: Sequence[Unseen]
    untold: Mapping[str, str]
    aside: int = 0


def lint(
    files: Sequence[Written],
    plan: Plan,
    *,
    strict: bool = False,
    guide_only: bool = False,
    aside: int = 0,
) -> Linted:
    """All files together, as definitions on one host. Raises InternalError where a rule breaks."""
    rule_set, scope = load(), Scope(WrittenHost(files), plan)
    problems: list[Problem] = []
    untold: dict[str, str] = {}
    for scenario in rule_set.scenarios:
        judged = judge(scenario, scope)
        if judged.error is not None:
            said = f"{type(judged.error).__name__}: {judged.error}"
            raise InternalError(f"{scenario.rule_id}: internal error in {scenario.name!r}: {said}")
        rule = rule_set.rules[scenario.rule_id]
        for finding in judged.findings:
            counts = decides(RuleResult(rule, (finding,)), strict, guide_only)
            if finding.verdict is Verdict.VIOLATED:
                problems.append(Problem(rule, finding, _place(finding.evidence, files), counts))
            elif finding.verdict is Verdict.UNDETERMINED:
                untold.setdefault(rule.id, finding.observed)
    return Linted(
        rule_set,
        files,
        len(scope.interfaces.items),
        sorted(problems, key=lambda problem: (problem.place.path, problem.place.line)),
        tuple(_unseen(scope, files)),
        untold,
        aside,
    )


def _unseen(scope: Scope, files: Sequence[Written]) -> Iterator[Unseen]:
    seen = {id(interface) for interface in scope.interfaces.items}
    inside = {domain.uuid for domain in scope.every_domain[0]}
    for interface in scope.everyones.items:
        mine = interface.domain.uuid in inside and id(interface) not in seen
        if mine and interface.carrier in MAY_BE_VMFEX:
            reason = f"{interface.label}: {NOT_SEEN}"
            yield Unseen(reason, _place(interface.evidence, files))
    for unresolved in scope.gaps:
        if any(each.raw in file.lines for each in unresolved.evidence for file in files):
            yield Unseen(unresolved.reason, _place(unresolved.evidence, files))


def _place(evidence: Sequence[Evidence], files: Sequence[Written]) -> Place:
    """Where the first piece of evidence that is in a file begins; a plan's violation is in none,
    and stands at the first domain."""
    of = {file.path: file for file in files}
    for each in evidence:
        if each.where in of and each.raw in of[each.where].lines:
            return Place(each.where, of[each.where].lines[each.raw])
    domains = (file.path for file in files if isinstance(file.value, Domain))
    return Place(next(domains, files[0].path), 1)
