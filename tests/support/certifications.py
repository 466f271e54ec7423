"""Certifications made by hand, for the tests of what is made of them."""

from dataclasses import replace
from datetime import UTC, datetime

from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.acceptance import Acceptance, Kind
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Rule, Severity
from vmfex.checks.result.verdict import Finding, Verdict

RELEASE = Evidence("etc/redhat-release", "Red Hat Enterprise Linux Server release 7.9 (Maipo)\n")
WAIVER = Acceptance(
    kind=Kind.WAIVER,
    rule="HST-01",
    text="replaced in May",
    by="change board",
    owner="server team",
    expires=datetime(2026, 6, 1, tzinfo=UTC),
    risk_accepted=True,
)
DOMAIN = Evidence("libvirt/domains/4dea/running.xml", "<domain type='kvm'/>", "application/xml")


def rule(
    id_: str = "HST-01",
    severity: Severity = Severity.BLOCKER,
    *,
    derived: bool = False,
    area: str = "host",
    title: str = "The host runs Red Hat Enterprise Linux 6.1 or later",
) -> Rule:
    """A rule with all its texts."""
    return Rule(
        id=id_,
        title=title,
        severity=severity,
        derived=derived,
        area=area,
        feature="The hypervisor",
        source="KVM Components, Hypervisor",
        remedy="Install a supported release.",
        evidence="os-release, redhat-release",
        violation="RHEL 6.0",
        file=f"features/{area}/functions.feature",
    )


def finding(
    verdict: Verdict = Verdict.COMPLIANT,
    subject: str = "the operating system",
    observed: str = "RHEL 7.9",
    wanted: str = "RHEL 6.1 or later",
    evidence: tuple[Evidence, ...] = (RELEASE,),
    remedy: str = "",
) -> Finding:
    """A finding on the host's release unless told otherwise."""
    accepted = 0 if verdict is Verdict.WAIVED else None
    return Finding(subject, verdict, observed, wanted, evidence, remedy, accepted)


def result(
    verdict: Verdict = Verdict.COMPLIANT,
    id_: str = "HST-01",
    severity: Severity = Severity.BLOCKER,
    *,
    derived: bool = False,
    area: str = "host",
) -> RuleResult:
    """A rule with one finding of that verdict."""
    return RuleResult(rule(id_, severity, derived=derived, area=area), (finding(verdict),))


def certification(
    *results: RuleResult,
    host: str = "reference",
    strict: bool = False,
    guide_only: bool = False,
    topologies: dict[str, int] | None = None,
    not_run: tuple[str, ...] = (),
    out_of_scope: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    constructed: bool = True,
) -> Certification:
    """A certification of 2.5 seconds, for four VM interfaces on SR-IOV VF passthrough; each rule
    with a waived finding has a waiver of its own."""
    waived = list(dict.fromkeys(r.rule.id for r in results for f in r.findings if f.accepted == 0))
    return Certification(
        host=host,
        constructed=constructed,
        version="0.1.0",
        ruleset="5f2b9d",
        started="2026-03-01T10:00:00Z",
        finished="2026-03-01T10:00:02.500000Z",
        strict=strict,
        guide_only=guide_only,
        topologies={"SR-IOV VF passthrough": 4} if topologies is None else topologies,
        results=tuple(_accepted(result, waived) for result in results),
        not_run=not_run,
        out_of_scope=out_of_scope,
        notes=notes,
        accepted=tuple(replace(WAIVER, rule=id_) for id_ in waived),
    )


def _accepted(result: RuleResult, waived: list[str]) -> RuleResult:
    """With its waived findings under the waiver of its own rule."""
    if result.rule.id not in waived:
        return result
    place = waived.index(result.rule.id)
    findings = (f if f.accepted is None else replace(f, accepted=place) for f in result.findings)
    return replace(result, findings=tuple(findings))
