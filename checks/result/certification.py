"""A host's certification: every rule's result, and the decision that follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from vmfex.checks.result.rule import Rule, Severity
from vmfex.checks.result.verdict import Finding, Verdict, worst

UNCONDITIONAL_AREAS = ("host", "adapter")  # they are judged whatever the host is meant for


class Decision(StrEnum):
    CERTIFIED = "CERTIFIED"
    CERTIFIED_WITH_WAIVERS = "CERTIFIED WITH WAIVERS"
    INCOMPLETE = "INCOMPLETE"
    NOT_CERTIFIED = "NOT CERTIFIED"


@dataclass(frozen=True)
class RuleResult:
    rule: Rule
    findings: tuple[Finding, ...]

    @cached_property
    def verdict(self) -> Verdict:
        return worst(finding.verdict for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Certification:
    """The one record of a run; every report is a view of it. Times are ISO 8601 in UTC.

    `topologies` is what the host was judged for, `not_run` the ids of rules that were not selected,
    `constructed` says that no real host gave the evidence, `digest` is the SHA-256 of the one file
    that all evidence is in, if there is one, `notes` what else is to be known of how it was read,
    such as a certificate that was not verified.
    """

    host: str
    constructed: bool
    version: str
    ruleset: str
    started: str
    finished: str
    strict: bool
    topologies: dict[str, int]
    results: tuple[RuleResult, ...]
    not_run: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    digest: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def decision(self) -> Decision:
        return decide(self.results, bool(self.topologies), self.strict, bool(self.not_run))

    @property
    def counts(self) -> dict[Verdict, int]:
        verdicts = [result.verdict for result in self.results]
        return {verdict: verdicts.count(verdict) for verdict in Verdict}


def counts_for_decision(rule: Rule, strict: bool) -> bool:
    """Minor and derived rules are shown and decide nothing, unless the user is strict about D."""
    return rule.severity is not Severity.MINOR and (strict or not rule.derived)


def decide(
    results: Sequence[RuleResult], topology_judged: bool, strict: bool, partial: bool
) -> Decision:
    """The decision over all rules (docs/operating.md).

    A violation always counts. Where no topology was judged, what is undetermined outside the host
    and adapter rules does not: there is nothing on the host yet that it could be about. A run of
    selected rules only cannot certify a host.
    """
    deciding = [r for r in results if counts_for_decision(r.rule, strict)]
    verdicts = {r.verdict for r in deciding}
    if Verdict.VIOLATED in verdicts:
        return Decision.NOT_CERTIFIED
    open_ = [r for r in deciding if r.verdict is Verdict.UNDETERMINED]
    if not topology_judged:
        open_ = [r for r in open_ if r.rule.area in UNCONDITIONAL_AREAS]
    if open_ or partial or not deciding:
        return Decision.INCOMPLETE
    if Verdict.WAIVED in verdicts:
        return Decision.CERTIFIED_WITH_WAIVERS
    return Decision.CERTIFIED
