"""A host's certification: every rule's result, and the decision that follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from vmfex.checks.inventory.parts import Capacity, Inventory
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.acceptance import Acceptance
from vmfex.checks.result.reading import Reading
from vmfex.checks.result.rule import Rule, Severity
from vmfex.checks.result.scenario import Ran
from vmfex.checks.result.verdict import Finding, Verdict, worst

SERIOUS = (Severity.BLOCKER, Severity.CRITICAL)


class Decision(StrEnum):
    CERTIFIED = "CERTIFIED"
    CERTIFIED_WITH_WAIVERS = "CERTIFIED WITH WAIVERS"
    INCOMPLETE = "INCOMPLETE"
    NOT_CERTIFIED = "NOT CERTIFIED"


@dataclass(frozen=True)
class RuleResult:
    """`scenarios` gave the findings, in this order; older records do not have them."""

    rule: Rule
    findings: tuple[Finding, ...]
    scenarios: tuple[Ran, ...] = ()

    @lazy
    def verdict(self) -> Verdict:
        return worst(finding.verdict for finding in self.findings)


@dataclass(frozen=True)
class Certification:
    """The one record of a run; every report is a view of it. Times are ISO 8601 in UTC.

    `strict` lets every derived rule decide, `guide_only` none. `topologies` is what the host was
    judged for, `not_run` the ids of rules that were not selected,
    `constructed` says that no real host gave the evidence, `digest` is the SHA-256 of the one file
    that all evidence is in, if there is one, `notes` what else is to be known of how it was read,
    such as a certificate that was not verified. `lost` says why not all of the evidence arrived.
    `accepted` are the waivers, statements and objections that speak of this host.
    """

    host: str
    constructed: bool
    version: str
    ruleset: str
    started: str
    finished: str
    strict: bool
    guide_only: bool
    topologies: dict[str, int]
    results: tuple[RuleResult, ...]
    not_run: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    digest: str | None = None
    notes: tuple[str, ...] = ()
    lost: str = ""
    readings: tuple[Reading, ...] = ()
    plan: Plan = field(default_factory=Plan)
    accepted: tuple[Acceptance, ...] = ()
    inventory: Inventory = field(default_factory=Inventory)
    capacity: tuple[Capacity, ...] = ()

    @lazy  # every report asks for it, and some for each finding
    def decision(self) -> Decision:
        return decide(
            self.results,
            strict=self.strict,
            guide_only=self.guide_only,
            partial=bool(self.not_run or self.lost),
        )

    def decides(self, result: RuleResult) -> bool:
        """Whether a rule's verdict takes part in the decision."""
        return decides(result, self.strict, self.guide_only)

    @property
    def counts(self) -> dict[Verdict, int]:
        verdicts = [result.verdict for result in self.results]
        return {verdict: verdicts.count(verdict) for verdict in Verdict}


def decides(result: RuleResult, strict: bool, guide_only: bool) -> bool:
    """Whether a rule's verdict takes part in the decision. Minor rules of the guide never do. What
    libvirt, the kernel or UCS Manager refuses counts like the guide where it is serious; where it
    could not be read, or is mere advice, only a strict user wants it to."""
    severity = result.rule.severity
    if not result.rule.derived:
        return severity is not Severity.MINOR
    if guide_only:
        return False
    if result.verdict is Verdict.UNDETERMINED:
        return strict and severity is not Severity.MINOR
    return strict or severity in SERIOUS


def decide(
    results: Sequence[RuleResult], *, strict: bool, guide_only: bool, partial: bool
) -> Decision:
    """The decision over all rules (docs/operating.md). A run of selected rules only cannot certify
    a host, nor can evidence that did not arrive whole: a violation may be in what is missing."""
    verdicts = {r.verdict for r in results if decides(r, strict, guide_only)}
    if Verdict.VIOLATED in verdicts:
        return Decision.NOT_CERTIFIED
    if Verdict.UNDETERMINED in verdicts or partial or not verdicts:
        return Decision.INCOMPLETE
    if Verdict.WAIVED in verdicts:
        return Decision.CERTIFIED_WITH_WAIVERS
    return Decision.CERTIFIED
