"""The assessment results: a result for each host, an observation for each subject that is not well.

The format knows no third state. A rule that is not applicable has its observations and no finding,
and one that could not be decided is not satisfied, for another reason than a failure.
"""

from collections.abc import Iterator, Sequence

from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.verdict import Finding, Verdict, worst
from vmfex.reports.formats.action_rows import Action
from vmfex.reports.formats.oscal.parts import (
    AP,
    Json,
    identifier,
    markup,
    markup_line,
    metadata,
    objective_of,
    of_host,
    prop,
    select,
    tool,
)
from vmfex.reports.formats.oscal.risk import risk, risk_id
from vmfex.reports.formats.telling import GOOD, measured, remarks, sentence, telling, yes
from vmfex.reports.view import purpose, tally

WORDS: dict[Verdict, tuple[str, str] | None] = {  # state and reason; None: it has no finding
    Verdict.VIOLATED: ("not-satisfied", "fail"),
    Verdict.UNDETERMINED: ("not-satisfied", "other"),
    Verdict.WAIVED: ("not-satisfied", "fail"),  # with an approved deviation; stated: other
    Verdict.COMPLIANT: ("satisfied", "pass"),
    Verdict.NOT_APPLICABLE: None,
}
TOLD = 20  # findings of one observation, and places where they were read


def document(hosts: Sequence[Certification], actions: Sequence[Action]) -> Json:
    return {
        "assessment-results": {
            "uuid": identifier("assessment results", *(of_host(of) for of in hosts)),
            "metadata": metadata(hosts, "Assessment results of Cisco VM-FEX for KVM"),
            "import-ap": {"href": AP},
            "results": [_result(of, [a for a in actions if a.of is of]) for of in hosts],
        }
    }


def _result(of: Certification, actions: Sequence[Action]) -> Json:
    observations = [each for result in of.results for each in _observations(of, result)]
    risks: dict[str, list[Action]] = {}
    for action in actions:
        risks.setdefault(action.result.rule.id, []).append(action)
    findings = [
        _finding(of, result, risks.get(result.rule.id, ()))
        for result in of.results
        if WORDS[result.verdict] is not None
    ]
    ran = select(result.rule.id for result in of.results)
    selection: Json = {"include-controls": ran} if ran else {"include-all": {}}
    if of.not_run:
        selection["exclude-controls"] = select(of.not_run)
    made = {
        "uuid": of_host(of, "result"),
        "title": markup_line(f"{of.host}: {of.decision}"),
        "description": markup(f"{of.decision} for {purpose(of)}: {tally(of)}."),
        "start": of.started,
        "end": of.finished,
        "props": [prop("decision", of.decision), prop("host", of.host)],
        "reviewed-controls": {"control-selections": [selection]},
        "observations": observations,
        "risks": [risk(action) for action in actions],
        "findings": findings,
        "remarks": markup("\n".join(remarks(of))),
    }
    return {key: value for key, value in made.items() if value}


def _observations(of: Certification, result: RuleResult) -> Iterator[Json]:
    """One for the subjects that are well, and one for each that is not."""
    findings = telling(result)
    groups = [findings] if result.verdict in GOOD else [[finding] for finding in findings]
    for number, group in enumerate(groups):
        yield _observation(of, result, group, number)


def _observation(
    of: Certification, result: RuleResult, findings: Sequence[Finding], number: int
) -> Json:
    first, more = findings[0], len(findings) - TOLD
    told = [sentence(finding) for finding in findings[:TOLD]]
    told += [f"and {more} more, which the record has"] if more > 0 else []
    read = dict.fromkeys(evidence.where for f in findings[:TOLD] for evidence in f.evidence)
    made = {
        "uuid": _observation_id(of, result, number),
        "title": markup_line(f"{result.rule.id} {first.subject}"),
        "description": markup("\n".join(told)),
        "props": [prop("verdict", first.verdict), prop("subjects", str(len(findings)))],
        "methods": ["TEST"],
        "types": ["finding"],
        "subjects": [{"subject-uuid": of_host(of), "type": "component"}],
        "collected": of.started,
    }
    if read:
        made["relevant-evidence"] = [{"description": markup(at) or "-"} for at in [*read][:TOLD]]
    return made


def _finding(of: Certification, result: RuleResult, actions: Sequence[Action]) -> Json:
    rule, shown = result.rule, telling(result)
    number = 1 if result.verdict in GOOD else len(shown)
    told = "\n".join(sentence(finding) for finding in shown[:TOLD])
    state, reason = _word(of, result, shown)
    made: Json = {
        "uuid": of_host(of, "finding", rule.id),
        "title": markup_line(f"{rule.id} {rule.title}"),
        "description": markup(f"{result.verdict.upper()}\n{told}"),
        "props": [prop("verdict", result.verdict), prop("decides", yes(of.decides(result)))],
        "origins": [{"actors": [{"type": "tool", "actor-uuid": tool(of)["uuid"]}]}],
        "target": {
            "type": "objective-id",
            "target-id": objective_of(rule.id),
            "status": {"state": state, "reason": reason},
        },
        "related-observations": [
            {"observation-uuid": _observation_id(of, result, each)} for each in range(number)
        ],
    }
    if actions:
        made["related-risks"] = [{"risk-uuid": risk_id(action)} for action in actions]
    return made


def _word(of: Certification, result: RuleResult, shown: Sequence[Finding]) -> tuple[str, str]:
    """Of what the evidence alone says."""
    alone = result.verdict
    if alone is Verdict.WAIVED:
        alone = worst(measured(finding, of) for finding in shown)
    word = WORDS[alone]
    assert word is not None
    return word


def _observation_id(of: Certification, result: RuleResult, number: int) -> str:
    return of_host(of, "observation", result.rule.id, str(number))
