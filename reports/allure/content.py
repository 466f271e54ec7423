"""What a result in Allure says, whether pytest ran its scenario or not.

A result says what the findings say. Its identity is the rule's id, with the host (and, where a rule
has several scenarios, the scenario) as parameters that are not excluded: otherwise one host's
failure would hide behind another's pass as a "retry" of it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding, Verdict, worst
from vmfex.checks.text import harmless, no_link, one_line

EPIC = "VM-FEX for KVM"
MOST_ATTACHED = 20  # pieces of evidence on one step; a host of 200 domains has thousands
EXTENSIONS = {"application/xml": "xml", "application/json": "json"}
PASSED, FAILED, BROKEN, SKIPPED = "passed", "failed", "broken", "skipped"
STATUS = {
    Verdict.VIOLATED: FAILED,
    Verdict.UNDETERMINED: BROKEN,
    Verdict.WAIVED: FAILED,  # with `known`, which Allure 3 shows as accepted
    Verdict.COMPLIANT: PASSED,
    Verdict.NOT_APPLICABLE: SKIPPED,
}
Json = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What a result and the step that spoke have in common."""

    status: str
    details: Json | None

    def fields(self) -> Json:
        return {"status": self.status} | ({"statusDetails": self.details} if self.details else {})


def said(findings: Sequence[Finding], message: str) -> Said:
    """What the findings come to; `message` is what they say in all."""
    verdict = worst(finding.verdict for finding in findings)
    if verdict is Verdict.COMPLIANT:
        return Said(STATUS[verdict], None)
    known = {"known": True} if verdict is Verdict.WAIVED else {}
    return Said(STATUS[verdict], {**known, "message": no_link(harmless(message))})


def broken(error: BaseException, trace: str) -> Said:
    """An error of the program, whatever was found before."""
    message = no_link(harmless(f"INTERNAL ERROR: {type(error).__name__}: {error}"))
    return Said(BROKEN, {"message": message, "trace": no_link(harmless(trace))})


def of_table(table: Sequence[Sequence[str]]) -> Evidence:
    """A step's table, to be attached to it."""
    return Evidence("table", "\n".join(" | ".join(row) for row in table))


def to_attach(findings: Sequence[Finding]) -> list[Evidence]:
    """The findings as a text, and the evidence they were read from, the most telling first."""
    verdict = worst(finding.verdict for finding in findings)
    lines = [
        f"{f.verdict.upper()}  {f.subject}\n  read: {f.observed}\n  from: "
        + ", ".join(dict.fromkeys(e.where for e in f.evidence))
        + f"\n  wanted: {f.wanted}"
        + (f"\n  do: {f.remedy}" if f.remedy else "")
        for f in findings
    ]
    telling = sorted(findings, key=lambda f: f.verdict is not verdict)
    pieces = list({(e.where, e.raw): e for f in telling for e in f.evidence}.values())
    more = "\n".join(e.where for e in pieces[MOST_ATTACHED:])
    rest = [Evidence("more evidence, in certification.json", more)] if more else []
    said = no_link(harmless("\n\n".join(lines)))
    return [Evidence("findings", said), *pieces[:MOST_ATTACHED], *rest]


def identity(rule: Rule, scenario: str, alone: bool, host: str) -> Json:
    """A result's name, identity and labels; `alone`: the rule has no other scenario."""
    host = one_line(host)
    parameters = [{"name": "host", "value": host}]
    if not alone:
        parameters.append({"name": "scenario", "value": scenario})
    return {
        "name": f"{rule.id} {scenario}",
        "fullName": rule.id,
        "testCaseId": _digest(rule.id),
        "historyId": _digest(rule.id, *(p["value"] for p in parameters)),
        "titlePath": [rule.area, rule.feature, rule.title],
        "description": f"{rule.title}\n\nSource: {rule.source}\n\nRemedy: {rule.remedy}\n\n"
        f"Evidence: {rule.evidence}",
        "parameters": parameters,
        "labels": [{"name": name, "value": value} for name, value in _labels(rule, host)],
        "links": [
            {
                "type": "tms",
                "url": f"urn:vmfex:rule:{rule.id}",
                "name": f"{rule.id}: {rule.source}",
            }
        ],
    }


def _labels(rule: Rule, host: str) -> list[tuple[str, str]]:
    return [
        ("epic", EPIC),
        ("feature", rule.feature),
        ("story", rule.title),
        ("severity", rule.severity),
        ("parentSuite", host),
        ("suite", rule.area),
        ("host", host),
        ("rule", rule.id),
        ("source", rule.source),
        ("tag", rule.id),
        *([("tag", "derived")] if rule.derived else []),
        ("framework", "vmfex"),
        ("language", "python"),
    ]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def environment(certification: Certification) -> dict[str, str]:
    """What Allure shows beside one host's results."""
    return {
        "Host": certification.host,
        "Decision": certification.decision,
        "Topologies": ", ".join(certification.topologies) or "no topology was judged",
        "Constructed": str(certification.constructed),
        **({"SHA-256": certification.digest} if certification.digest else {}),
        "vmfex": certification.version,
        "Ruleset": certification.ruleset,
        **({"Note": "; ".join(certification.notes)} if certification.notes else {}),
    }


def write_environment(results: Path, values: dict[str, str]) -> None:
    """environment.properties, which Allure shows beside the results."""
    lines = [f"{key}={_escaped(value)}" for key, value in values.items()]
    (results / "environment.properties").write_text("\n".join(lines) + "\n", "ascii")


def _escaped(value: str) -> str:
    """As Java reads properties: ASCII, and UTF-16 in escapes."""
    units = value[:1000].encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2)]
    return "".join(
        chr(code) if 32 <= code < 127 and code != ord("\\") else f"\\u{code:04x}" for code in codes
    )
