"""What in a record does not follow from the rest of it.

A record is believed as far as it agrees with itself: its decision, counts and verdicts must follow
from its findings, and each piece of evidence must have the digest that it is filed under.
"""

from datetime import datetime
from typing import Any

from vmfex.checks.result.acceptance import Acceptance, Kind, fault_of
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.record import evidence_id

Json = dict[str, Any]


def contradictions(record: Json, certification: Certification) -> list[str]:
    """What in the record does not follow from the rest of it, in the order of its weight."""
    decision, counts = certification.decision, certification.counts
    faults = []
    if record["decision"] != decision:
        faults.append(f"it says {record['decision']}, and its findings say {decision}")
    for stated, result in zip(record["rules"], certification.results, strict=True):
        if stated["verdict"] != result.verdict:
            faults.append(
                f"{result.rule.id} says {stated['verdict']}, and its findings say {result.verdict}"
            )
    if record["counts"] != counts:
        faults.append("its counts are not those of its rules")
    ids = [result.rule.id for result in certification.results] + list(certification.not_run)
    faults += _scenario_faults(certification)
    faults += [f"{id_} is in it twice" for id_ in sorted({i for i in ids if ids.count(i) > 1})]
    return faults + _acceptance_faults(certification) + _evidence_faults(record)


def _scenario_faults(certification: Certification) -> list[str]:
    """What the scenarios of a rule found are its findings, and none ran more steps than it has."""
    faults = []
    for result in certification.results:
        ran = result.scenarios
        if ran and sum(each.findings for each in ran) != len(result.findings):
            faults.append(f"{result.rule.id} has other findings than its scenarios")
        if any(each.steps_run > len(each.steps) for each in ran):
            faults.append(f"{result.rule.id} ran more steps than it has")
    return faults


def _acceptance_faults(certification: Certification) -> list[str]:
    """A finding is waived by somebody who is named, or it is not waived."""
    faults = []
    for result in certification.results:
        for finding in result.findings:
            index = finding.accepted
            if index is not None and not 0 <= index < len(certification.accepted):
                faults.append(f"{result.rule.id} names a waiver that is not there")
            elif finding.verdict is Verdict.WAIVED and index is None:
                faults.append(f"{result.rule.id} is waived, and nobody is named who waived it")
            elif index is not None:
                said = certification.accepted[index]
                if said.rule != result.rule.id or not _may(said, finding, result, certification):
                    faults.append(f"{result.rule.id} names what cannot accept it: the {said.label}")
    return faults


def _may(
    said: Acceptance, finding: Finding, result: RuleResult, certification: Certification
) -> bool:
    """Whether the verdict of a finding can be that which somebody said of it left."""
    if finding.verdict is not Verdict.WAIVED:
        return True
    judged = datetime.fromisoformat(certification.started)
    return (
        said.kind is not Kind.OBJECTION
        and said.expires is not None
        and said.holds(judged)
        and not fault_of(said, result.rule)
    )


def _evidence_faults(record: Json) -> list[str]:
    store: dict[str, dict[str, str]] = record["evidence"]
    wrong = [
        key for key, entry in store.items() if evidence_id(entry["media"], entry["raw"]) != key
    ]
    named = {
        piece["id"]
        for rule in record["rules"]
        for finding in rule["findings"]
        for piece in finding["evidence"]
    }
    return [f"evidence {key} was changed after it was filed" for key in wrong] + [
        f"evidence {key} is named and not there" for key in sorted(named - store.keys())
    ]
