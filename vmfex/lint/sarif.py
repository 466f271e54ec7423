"""SARIF 2.1.0, for code review: each violation at its file and line.

What could not be judged is no result, which readers would count as one, but a notification of the
run (OASIS, SARIF 2.1.0, 3.20.21).
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from vmfex.checks.result.rule import Rule, Severity
from vmfex.checks.text import harmless, no_link
from vmfex.lint.judged import Linted, Place, Problem
from vmfex.lint.text import said, short, summary
from vmfex.version import VERSION

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {
    Severity.BLOCKER: "error",
    Severity.CRITICAL: "error",
    Severity.NORMAL: "warning",
    Severity.MINOR: "note",
}

Json = dict[str, Any]


def render(linted: Linted) -> str:
    """The whole document."""
    rules = list(linted.rule_set.rules.values())
    index = {rule.id: place for place, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "vmfex",
                "semanticVersion": VERSION,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": [*_notifications(linted)]}
        ],
        "results": [_result(problem, index[problem.rule.id]) for problem in linted.problems],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "shortDescription": _text(rule.title),
        "help": _text(f"{rule.remedy} Source: {rule.source}"),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"severity": str(rule.severity), "derived": rule.derived},
    }


def _result(problem: Problem, index: int) -> Json:
    finding, rule = problem.finding, problem.rule
    identity = "\0".join((rule.id, problem.place.path, finding.subject))
    return {
        "ruleId": rule.id,
        "ruleIndex": index,
        "kind": "fail",
        "level": LEVELS[rule.severity] if problem.decides else "note",
        "message": _text(f"{said(finding)}. {short(finding.remedy or rule.remedy)}"),
        "locations": [_location(problem.place)],
        "partialFingerprints": {"vmfex/1": sha256(identity.encode()).hexdigest()},
    }


def _notifications(linted: Linted) -> Iterator[Json]:
    yield {"level": "note", "message": _text(summary(linted))}
    for unseen in linted.unseen:
        yield {
            "level": "note",
            "message": _text(f"not judged: {short(unseen.reason)}"),
            "locations": [_location(unseen.place)],
        }
    for id_, reason in linted.untold.items():
        message = _text(f"{id_} needs the host: {short(reason)}")
        yield {"level": "none", "message": message, "associatedRule": {"id": id_}}


def _location(place: Place) -> Json:
    return {
        "physicalLocation": {
            "artifactLocation": _address(Path(place.path)),
            "region": {"startLine": place.line},
        }
    }


def _address(path: Path) -> Json:
    """Below the folder where it was run: relative to it, as code review wants it."""
    whole = path.absolute()
    if whole.is_relative_to(Path.cwd()):
        relative = whole.relative_to(Path.cwd())
        return {"uri": Path("/", relative).as_uri()[8:], "uriBaseId": "%SRCROOT%"}
    return {"uri": whole.as_uri()}


def _text(text: str) -> Json:
    """Plain text, in which no host's word is a link: `[...](...)` is one in SARIF (3.11.6)."""
    return {"text": no_link(harmless(text)).replace("](", "] (")}
