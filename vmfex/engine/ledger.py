"""One certification in one pytest session: which rules ran, what they found, what follows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from vmfex import version
from vmfex.checks.model.fact import Evidence, Unknown
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding, undetermined

EXIT_STATUS = {
    Decision.CERTIFIED: 0,
    Decision.CERTIFIED_WITH_WAIVERS: 0,
    Decision.NOT_CERTIFIED: 1,
    Decision.INCOMPLETE: 6,
}
INTERRUPTED, INTERNAL_ERROR, USAGE, NOTHING_RAN = 2, 3, 4, 5


class Certifier:
    """Collects findings per rule, and holds what was planned against what was written."""

    def __init__(
        self,
        scope: Scope,
        constructed: bool,
        digest: str | None,
        place: Callable[[str], str],
        rules: Sequence[Rule],
        ruleset: str,
        strict: bool,
    ) -> None:
        self.scope = scope
        self._constructed = constructed
        self._digest = digest
        self._place = place
        self._rules = {rule.id: rule for rule in rules}
        self._ruleset = ruleset
        self._strict = strict
        self._started = now()
        self._planned: dict[str, set[str]] = {}
        self._findings: dict[str, dict[str, tuple[Finding, ...]]] = {}
        self.errors: list[str] = []

    def plan(self, scenarios: Iterable[tuple[str, str]]) -> None:
        """Says which scenarios (rule id, name) are to run."""
        for rule_id, scenario in scenarios:
            self._planned.setdefault(rule_id, set()).add(scenario)

    def add(self, rule_id: str, scenario: str, findings: Sequence[Finding]) -> list[Finding]:
        """What a scenario found; scenarios without a finding count as not judged. Returns it as
        every report has it: with evidence named as its source names it."""
        found = [replace(f, evidence=tuple(map(self._placed, f.evidence))) for f in findings]
        self._findings.setdefault(rule_id, {})[scenario] = tuple(found)
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
        ran = [rule for rule in self._rules.values() if rule.id in self._planned]
        return Certification(
            host=self.scope.host.name,
            constructed=self._constructed,
            version=version(),
            ruleset=self._ruleset,
            started=self._started,
            finished=now(),
            strict=self._strict,
            topologies={str(t): n for t, n in self.scope.known_topologies().items()},
            results=tuple(RuleResult(rule, self._findings_of(rule)) for rule in ran),
            not_run=tuple(id_ for id_ in self._rules if id_ not in self._planned),
            out_of_scope=self.scope.known_out_of_scope(),
            digest=self._digest,
            notes=self.scope.host.fabric.notes(),
        )

    def _findings_of(self, rule: Rule) -> tuple[Finding, ...]:
        return tuple(f for found in self._findings[rule.id].values() for f in found)

    def _placed(self, evidence: Evidence) -> Evidence:
        place = self._place(evidence.where)
        return evidence if place == evidence.where else replace(evidence, where=place)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
