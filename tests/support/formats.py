"""Hosts with everything that a format must tell apart, and what a format needs beside records."""

import json
import lzma
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.certifications import WAIVER, certification, finding, result, rule
from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.acceptance import Acceptance, Kind
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.formats.context import Context, Place

SCHEMAS = Path(__file__).parents[1] / "reports" / "formats" / "schemas"
STATEMENT = Acceptance(
    kind=Kind.STATEMENT,
    rule="HDV-05",
    text="enic is bound, by ethtool -i",
    by="A. Admin",
    at="2026-02-10T09:00:00+00:00",
    expires=datetime(2026, 9, 1, tzinfo=UTC),
    file="db01.txt",
)
SRV_03 = replace(WAIVER, rule="SRV-03")
CONTEXT = Context(
    {
        "HST-01": Place("features/host/hypervisor.feature", 6),
        "VIC-02": Place("features/adapter/models.feature", 20),
    },
    "5f2b9d",
)


def _waived(of: RuleResult, by: int) -> RuleResult:
    return RuleResult(of.rule, tuple(replace(f, accepted=by) for f in of.findings))


def _mixed(of: RuleResult) -> RuleResult:
    """The same, with another subject that is well, and one that is not applicable."""
    well = finding(subject="another subject")
    none = finding(Verdict.NOT_APPLICABLE, subject="a third")
    return RuleResult(of.rule, (well, *of.findings, none))


V, U, W = Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED
OK = result()
NONE = result(Verdict.NOT_APPLICABLE, "MTD-01", Severity.CRITICAL, area="topology")
VIOLATED = _mixed(result(V, "VIC-02", area="adapter"))
OPEN = _mixed(result(U, "PRF-04", Severity.CRITICAL, area="fabric"))
WAIVED = _mixed(result(W, "SRV-03", Severity.NORMAL, area="sriov"))
STATED = _waived(result(W, "HDV-05", Severity.CRITICAL, area="topology"), 1)
ADVICE = _mixed(result(V, "FAB-05", Severity.NORMAL, derived=True, area="fabric"))
DERIVED = _mixed(result(U, "FAB-06", Severity.CRITICAL, derived=True, area="fabric"))
UNJUDGED = RuleResult(rule("EMU-01", Severity.CRITICAL, area="topology"), ())
EVERYTHING = (OK, NONE, VIOLATED, OPEN, WAIVED, STATED, ADVICE, DERIVED, UNJUDGED)


def host(*results: RuleResult, name: str = "reference", **about: Any) -> Certification:
    """A certification whose waivers are there."""
    return replace(certification(*results, host=name, **about), accepted=(SRV_03, STATEMENT))


WHOLE = host(*EVERYTHING, not_run=("TOP-04",), notes=("the certificate was not verified",))
CERTIFIED = host(OK, NONE, name="blade-1")
ADVISED = host(OK, ADVICE, DERIVED, name="blade-2")
WITH_WAIVERS = host(OK, WAIVED, STATED, name="blade-3")
INCOMPLETE = host(OK, OPEN, name="blade-4")
PARTIAL = host(OK, name="blade-5", not_run=("TOP-04",))
HOSTS = (WHOLE, CERTIFIED, ADVISED, WITH_WAIVERS, INCOMPLETE, PARTIAL)

HOSTILE = "=1+1|<b>\u202e\x1b[2J[x](javascript:y){0}\ud800\r\n\t##vso[task]'\"\\"


def hostile(text: str = HOSTILE) -> Certification:
    """A host that put the text wherever it can."""
    evidence = (Evidence(text, text),)
    bad = finding(V, text, text, text, evidence, remedy=text)
    open_, none = (finding(v, text, text, text, evidence) for v in (U, Verdict.NOT_APPLICABLE))
    ids = ("HST-01", "HST-02", "HST-03")
    results = (RuleResult(rule(i), (f,)) for i, f in zip(ids, (bad, open_, none), strict=True))
    return host(*results, name=text, notes=(text,))


def schema(name: str) -> Any:
    """The official schema of that name, from `tests/reports/formats/schemas`."""
    with lzma.open(SCHEMAS / f"{name}.json.xz", "rt", encoding="utf-8") as packed:
        return json.load(packed)
