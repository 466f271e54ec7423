"""A comparison as a JSON document, as `comparison.schema.json` describes it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Finding
from vmfex.checks.text import encodable
from vmfex.reports.comparison.compare import Comparison, RuleChange
from vmfex.reports.comparison.hosts import Compared
from vmfex.reports.described import as_json
from vmfex.reports.layout import encode

SCHEMA = "urn:vmfex:comparison:1"
SCHEMA_FILE = Path(__file__).with_name("comparison.schema.json")

Json = dict[str, Any]


def render(compared: Compared) -> str:
    """The document's text."""
    return encode(dump(compared))


def dump(compared: Compared) -> Json:
    """All hosts that both sides have, and the names of those that came or went."""
    return {
        "schema": SCHEMA,
        "trend": str(compared.trend),
        "hosts": [_host(label, each) for label, each in compared.pairs.items()],
        "came": [encodable(label) for label in compared.came],
        "went": [encodable(label) for label in compared.went],
        "unknown": [encodable(label) for label in compared.unknown],
    }


def _host(label: str, comparison: Comparison) -> Json:
    return {
        "label": encodable(label),
        "trend": str(comparison.trend),
        "old": _head(comparison.old),
        "new": _head(comparison.new),
        "same_ruleset": comparison.same_rules,
        "remarks": [encodable(remark) for remark in comparison.remarks],
        "rules": [_rule(change) for change in comparison.changes],
        "accepted": [
            {"old": as_json(each.old, encodable), "new": as_json(each.new, encodable)}
            for each in comparison.acceptances
        ],
    }


def _head(certification: Certification) -> Json:
    return {
        "host": encodable(certification.host),
        "decision": str(certification.decision),
        "started": certification.started,
        "ruleset": certification.ruleset,
        "version": certification.version,
        "digest": certification.digest,
    }


def _rule(change: RuleChange) -> Json:
    return {
        "id": change.rule.id,
        "title": change.rule.title,
        "trend": str(change.trend),
        "decides": change.decides,
        "old": str(change.old) if change.old else None,
        "new": str(change.new) if change.new else None,
        "subjects": [
            {
                "subject": encodable(each.subject),
                "trend": str(each.trend),
                "old": _findings(each.old),
                "new": _findings(each.new),
            }
            for each in change.subjects
        ],
    }


def _findings(findings: Sequence[Finding]) -> list[Json]:
    return [
        {
            "verdict": str(finding.verdict),
            "observed": encodable(finding.observed),
            "wanted": encodable(finding.wanted),
            "evidence": [encodable(evidence.where) for evidence in finding.evidence],
        }
        for finding in findings
    ]
