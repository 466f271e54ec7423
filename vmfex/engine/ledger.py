"""The ledger of one certification: which scenarios were to run, what they found, what follows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from vmfex.checks.inventory.capacity import capacity_of
from vmfex.checks.inventory.of_host import inventory_of
from vmfex.checks.inventory.parts import Inventory
from vmfex.checks.model.fact import Evidence, Unknown
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.acceptance import Acceptances
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.scenario import Ran
from vmfex.checks.result.verdict import Finding, undetermined
from vmfex.checks.text import harmless, one_line
from vmfex.engine.request import Request
from vmfex.engine.rule_set import RuleSet
from vmfex.evidence.tree import Tree
from vmfex.version import VERSION

D = TypeVar("D")
AREAS_WITHOUT_DOMAINS = ("host", "adapter")


class _Judged(NamedTuple):
    """What a host was judged for, the domains left out, and what reports have to say of it."""

    topologies: Mapping[Topology, int]
    out_of_scope: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Ledger:
    """Collects findings per rule, and holds what was planned against what was written."""

    def __init__(self, scope: Scope, tree: Tree, rule_set: RuleSet, request: Request) -> None:
        self._scope = scope
        self._tree = tree
        self._rule_set = rule_set
        self._request = request
        self._started = now()
        started = datetime.fromisoformat(self._started)
        self._accepted = Acceptances(request.plan.accepted, scope.host.name, started)
        self._planned: dict[str, set[str]] = {}
        self._findings: dict[str, dict[str, tuple[Finding, ...]]] = {}
        self._steps_run: dict[tuple[str, str], int] = {}
        self.errors: list[str] = []

    def plan(self, scenarios: Iterable[tuple[str, str]]) -> None:
        """Says which scenarios (rule id, name) are to run."""
        for rule_id, scenario in scenarios:
            self._planned.setdefault(rule_id, set()).add(scenario)

    def add(
        self, rule_id: str, scenario: str, findings: Sequence[Finding], steps_run: int = 0
    ) -> list[Finding]:
        """What a scenario found in so many steps; scenarios without a finding count as not judged.
        Returns it as every report has it: with evidence named as its source names it."""
        rule = self._rule_set.rules[rule_id]
        found = [self._accepted.applied(rule, self._named(f)) for f in findings]
        self._findings.setdefault(rule_id, {})[scenario] = tuple(found)
        self._steps_run[rule_id, scenario] = steps_run
        return found

    def fail(self, rule_id: str, scenario: str, error: BaseException) -> None:
        """A scenario that broke: undetermined in the record, and an error of the program."""
        reason = f"internal error in {scenario!r}: {type(error).__name__}: {error}"
        self.errors.append(f"{rule_id}: {reason}")
        self.add(rule_id, scenario, [undetermined(scenario, Unknown(reason))])

    def certification(self) -> Certification:
        """The record. A scenario that was planned and did not run is an error, not a silence."""
        for rule_id, scenarios in self._planned.items():
            for scenario in sorted(scenarios - set(self._findings.get(rule_id, {}))):
                self.fail(rule_id, scenario, RuntimeError("it was collected and did not run"))
        rules = self._rule_set.rules
        ran = [rule for rule in rules.values() if rule.id in self._planned]
        judged, host = self._judged_for(ran), self._scope.host
        return Certification(
            host=self._scope.host.name,
            constructed=self._tree.constructed,
            version=VERSION,
            ruleset=self._rule_set.digest,
            started=self._started,
            finished=now(),
            strict=self._request.strict,
            guide_only=self._request.guide_only,
            topologies={str(t): n for t, n in judged.topologies.items()},
            results=tuple(RuleResult(r, self._findings_of(r), self._ran(r)) for r in ran),
            not_run=tuple(id_ for id_ in rules if id_ not in self._planned),
            out_of_scope=judged.out_of_scope,
            digest=self._tree.digest,
            lost=self._tree.lost,
            notes=(
                *self._tree.notes,
                *judged.notes,
                *host.notes(),
                *host.fabric.notes(),
                *self._accepted.notes(),
            ),
            readings=self._tree.readings,
            plan=self._request.plan,
            accepted=tuple(self._request.plan.accepted),
            inventory=self._described(inventory_of, Inventory(), ran),
            capacity=self._described(capacity_of, (), ran),
        )

    def _described(self, describe: Callable[[Scope], D], nothing: D, ran: Sequence[Rule]) -> D:
        """What pages show of the host, where every rule was run: what some rules do not need is not
        read for them. A fault in it is an error of the program, and no reason to keep the verdicts
        back."""
        if len(ran) < len(self._rule_set.rules):
            return nothing
        try:
            return describe(self._scope)
        except Exception as error:
            self.errors.append(f"the host cannot be described: {type(error).__name__}: {error}")
            return nothing

    def _judged_for(self, ran: Sequence[Rule]) -> _Judged:
        """Host and adapter rules need no domain to be read: of them alone the plan says what the
        host is judged for."""
        planned = _Judged(self._scope.plan.meant)
        if all(rule.area in AREAS_WITHOUT_DOMAINS for rule in ran):
            return planned
        try:
            scope = self._scope
            return _Judged(scope.topologies, scope.out_of_scope, scope.notes())
        except Exception as error:  # the rules that asked for the domains broke on it too
            self.errors.append(f"the domains cannot be read: {type(error).__name__}: {error}")
            return planned

    def _findings_of(self, rule: Rule) -> tuple[Finding, ...]:
        return tuple(f for found in self._findings[rule.id].values() for f in found)

    def _ran(self, rule: Rule) -> tuple[Ran, ...]:
        return tuple(
            Ran(name, steps, self._steps_run[rule.id, name], len(findings))
            for name, findings in self._findings[rule.id].items()
            if (steps := self._rule_set.steps.get((rule.id, name))) is not None
        )

    def _named(self, finding: Finding) -> Finding:
        """With evidence named as its source names it, and on one line whatever a host says: what
        is shown of a finding begins no line but those that a report gives it."""
        evidence = tuple(map(self._placed, finding.evidence))
        texts = " ".join([finding.subject, finding.observed, finding.wanted, finding.remedy])
        if one_line(texts) == texts and evidence == finding.evidence:
            return finding  # as nearly always; a blank hides nothing of what it parts
        return replace(
            finding,
            subject=one_line(finding.subject),
            observed=one_line(finding.observed),
            wanted=one_line(finding.wanted),
            remedy=harmless(finding.remedy),
            evidence=evidence,
        )

    def _placed(self, evidence: Evidence) -> Evidence:
        place = self._tree.place(evidence.where)
        return evidence if place == evidence.where else replace(evidence, where=place)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
