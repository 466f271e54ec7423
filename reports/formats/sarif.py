"""SARIF 2.1.0, for code scanning: what is violated or open, at the rule's line in its feature file.

Readers such as GitHub look at the level and not at the kind, and some count suppressed results: so
a host that is not certified has at least one result of level `error`, and what was accepted one of
level `note`. What is compliant or not applicable is no result; the run's properties count it.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.formats.context import RULE_LIST, Context, Place
from vmfex.reports.formats.telling import (
    GOOD,
    accepted_by,
    dumps,
    line,
    lines,
    measured,
    remarks,
    sentence,
    telling,
    what_to_do,
)
from vmfex.reports.view import purpose, tally

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
WORDS = {  # the kind of a result; None: it is no result
    Verdict.VIOLATED: "fail",
    Verdict.UNDETERMINED: "open",
    Verdict.WAIVED: "fail",  # of level `note` and suppressed; by a statement: open
    Verdict.COMPLIANT: None,
    Verdict.NOT_APPLICABLE: None,
}
DECISION = "decision"  # the rule of the result that says why a host is not certified

Json = dict[str, Any]


def render(hosts: Sequence[Certification], context: Context) -> str:
    runs = [_run(host, context) for host in hosts]
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": runs})


def _run(of: Certification, context: Context) -> Json:
    results = [
        _result(of, result, index, finding, context.place(result.rule.id))
        for index, result in enumerate(of.results)
        if result.verdict not in GOOD
        for finding in telling(result)
    ]
    results += _decision(of, results)
    rules = [_rule(of, result) for result in of.results]
    rules.append(_description(DECISION, "The host is certified", "See the other results."))
    return {
        "tool": {"driver": {"name": "vmfex", "version": of.version, "rules": rules}},
        "automationDetails": {"id": f"vmfex/{line(of.host)}/"},
        "invocations": [
            {
                "executionSuccessful": True,
                "startTimeUtc": of.started,
                "endTimeUtc": of.finished,
                "toolExecutionNotifications": [*_notes(of, context)],
            }
        ],
        "results": results,
        "properties": {
            "host": line(of.host),
            "decision": of.decision,
            "judged": purpose(of),
            "counts": of.counts,
            "not run": list(of.not_run),
            "ruleset": of.ruleset,
        },
    }


def _rule(of: Certification, result: RuleResult) -> Json:
    rule = result.rule
    about = _description(rule.id, rule.title, rule.remedy)
    tags = [rule.area, rule.severity, *(["derived"] if rule.derived else [])]
    told = {"verdict": result.verdict, "decides": of.decides(result), "tags": tags}
    return about | {"properties": told | {"source": line(rule.source)}}


def _description(id_: str, title: str, remedy: str) -> Json:
    return {"id": id_, "shortDescription": _text(title), "help": _text(remedy or title)}


def _result(
    of: Certification, result: RuleResult, index: int, finding: Finding, place: Place
) -> Json:
    said = (sentence(finding), line(accepted_by(finding, of)), what_to_do(result, finding))
    message = "\n".join(filter(None, said))
    made = _at(of, result.rule.id, index, finding.subject, message, place)
    made |= _kind(of, result, finding)
    if finding.verdict is Verdict.WAIVED:
        justification = line(accepted_by(finding, of))
        made["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": justification}
        ]
    return made


def _kind(of: Certification, result: RuleResult, finding: Finding) -> Json:
    kind = WORDS[measured(finding, of)]
    if kind != "fail":
        return {"kind": kind, "level": "none"}  # the format allows no other level
    decides = finding.verdict is Verdict.VIOLATED and of.decides(result)
    return {"kind": kind, "level": "error" if decides else "note"}


def _at(
    of: Certification, rule_id: str, index: int, subject: str, message: str, place: Place
) -> Json:
    same = "\0".join((of.host, rule_id, subject)).encode("utf-8", "backslashreplace")
    return {
        "ruleId": rule_id,
        "ruleIndex": index,
        "message": _text(message),
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": place.file},
                    "region": {"startLine": place.line},
                },
                "logicalLocations": [
                    {"name": line(subject) or "-", "fullyQualifiedName": line(of.host)}
                ],
            }
        ],
        # by this name code scanning tells the results of one line apart
        "partialFingerprints": {"primaryLocationLineHash": sha256(same).hexdigest()[:32]},
    }


def _decision(of: Certification, results: Sequence[Json]) -> Iterator[Json]:
    red = any(result["level"] == "error" for result in results)
    if of.decision in (Decision.INCOMPLETE, Decision.NOT_CERTIFIED) and not red:
        message = f"{of.decision}: {tally(of)}"
        made = _at(of, DECISION, len(of.results), DECISION, message, RULE_LIST)
        yield made | {"kind": "fail", "level": "error"}


def _notes(of: Certification, context: Context) -> Iterator[Json]:
    for note in remarks(of):
        yield {"message": _text(note), "level": "warning"}
    if context.ruleset != of.ruleset:
        told = "The lines are those of the installed rules; the record was made by others"
        yield {"message": _text(f"{told} ({of.ruleset})."), "level": "note"}


def _text(text: str) -> Json:
    """A message, in which braces would be placeholders, and `[a](b)` a link."""
    told = lines(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")
    return {"text": told or "-"}
