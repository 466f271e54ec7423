"""Cucumber JSON, for what shows the results of acceptance suites.

A host is a feature for each feature file, a rule an element, and a finding its step. What decides
nothing and is not well is skipped, as in JUnit, so that a certified host shows nothing red.
"""

from collections.abc import Iterator, Sequence
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
    remarks,
    sentence,
    telling,
    what_to_do,
)
from vmfex.reports.view import tally, why_not

WORDS = {
    Verdict.VIOLATED: "failed",
    Verdict.UNDETERMINED: "failed",
    Verdict.WAIVED: "skipped",
    Verdict.COMPLIANT: "passed",
    Verdict.NOT_APPLICABLE: "skipped",
}
ASIDE = "skipped"  # violated or undetermined, and decides nothing
NOT_RUN = "skipped"
NOT_CERTIFICATES = (Decision.INCOMPLETE, Decision.NOT_CERTIFIED)

Json = dict[str, Any]


def render(hosts: Sequence[Certification], context: Context) -> str:
    return dumps([feature for host in hosts for feature in _features(host, context)])


def word(certification: Certification, result: RuleResult, verdict: Verdict) -> str:
    """The status of a finding of that verdict."""
    aside = verdict not in GOOD and not certification.decides(result)
    return ASIDE if aside else WORDS[verdict]


def _features(of: Certification, context: Context) -> Iterator[Json]:
    by_name: dict[tuple[str, str], list[Json]] = {}
    for result in of.results:
        place = context.place(result.rule.id)
        element = _element(of, result, place)
        by_name.setdefault((result.rule.feature, place.file), []).append(element)
    if rest := [*_not_run(of), *_decision(of)]:
        by_name["The decision", RULE_LIST.file] = rest
    description = "\n".join((f"{of.decision}: {tally(of)}", *remarks(of)))
    for (name, file), elements in by_name.items():
        title = f"{line(of.host)}: {line(name)}"
        yield {
            "uri": file,
            "id": title,
            "keyword": "Feature",
            "name": title,
            "line": 1,
            "description": description,
            "elements": elements,
        }


def _element(of: Certification, result: RuleResult, place: Place) -> Json:
    rule = result.rule
    aside = why_not(of, result) if result.verdict not in GOOD else ""
    tags = [rule.id, rule.severity, *(["derived"] if rule.derived else [])]
    steps = [_step(of, result, finding, place) for finding in telling(result)]
    said = f"{result.verdict.upper()}{f', decides nothing ({aside})' if aside else ''}"
    return _scenario(of, f"{rule.id} {rule.title}", tags, place, steps, said)


def _step(of: Certification, result: RuleResult, finding: Finding, place: Place) -> Json:
    told = f"{finding.verdict.upper()}: {sentence(finding)}"
    parts = (told, line(accepted_by(finding, of)), lines(what_to_do(result, finding)))
    said = "\n".join(filter(None, parts)) if finding.verdict not in GOOD else ""
    name = f"{line(finding.subject)}: {line(finding.wanted)}"
    return _said(name, word(of, result, finding.verdict), said, place)


def _said(name: str, status: str, message: str, place: Place) -> Json:
    result: Json = {"status": status, "duration": 0}
    if message:
        result["error_message"] = message
    return {
        "keyword": "Then ",
        "name": name,
        "line": place.line,
        "match": {"location": place.file},
        "result": result,
    }


def _scenario(
    of: Certification,
    name: str,
    tags: Sequence[str],
    place: Place,
    steps: Sequence[Json],
    said: str = "",
) -> Json:
    return {
        "id": f"{line(of.host)};{line(name)}",
        "type": "scenario",
        "keyword": "Rule",
        "name": line(name),
        "line": place.line,
        "description": said,
        "tags": [{"name": f"@{tag}"} for tag in tags],
        "steps": list(steps),
    }


def _not_run(of: Certification) -> Iterator[Json]:
    for id_ in of.not_run:
        step = _said("the rule is run", NOT_RUN, "not run: the rule was not selected", RULE_LIST)
        yield _scenario(of, id_, [id_], RULE_LIST, [step])


def _decision(of: Certification) -> Iterator[Json]:
    """A host that is not certified has a failed step, whatever left it open."""
    red = any(word(of, r, f.verdict) == "failed" for r in of.results for f in telling(r))
    if of.decision in NOT_CERTIFICATES and not red:
        message = f"{of.decision}: {tally(of)}"
        step = _said("the host is certified", "failed", message, RULE_LIST)
        yield _scenario(of, "decision", [], RULE_LIST, [step])
