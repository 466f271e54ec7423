"""What a result in Allure says, whether pytest ran its scenario or not.

A result says what the findings say. Its identity is the rule's id, with the host (and, where a rule
has several scenarios, the scenario) as parameters that are not excluded: otherwise one host's
failure would hide behind another's pass as a "retry" of it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding, Verdict, in_words, worst
from vmfex.checks.text import harmless, no_link, one_line
from vmfex.reports.view import remedy

EPIC = "VM-FEX for KVM"
MOST_REMEDIES = 10  # in one message; all of them are in the findings and in the record
MOST_ATTACHED = 20  # pieces of evidence on one step; a host of 200 domains has thousands
MOST_COMPLIANT = 100  # findings of one step that nobody has to act on; the record has all
EXTENSIONS = {"application/xml": "xml", "application/json": "json"}
PASSED, FAILED, BROKEN, SKIPPED = "passed", "failed", "broken", "skipped"
STATUS = {
    Verdict.VIOLATED: FAILED,
    Verdict.UNDETERMINED: BROKEN,
    Verdict.WAIVED: FAILED,  # with `known`, which Allure 3 shows as accepted
    Verdict.COMPLIANT: PASSED,
    Verdict.NOT_APPLICABLE: SKIPPED,
}
TO_MEND = (Verdict.VIOLATED, Verdict.UNDETERMINED)
TO_TELL = (*TO_MEND, Verdict.WAIVED)  # always, however many
# What an attachment that is no evidence is called.
TABLE, FINDINGS, MORE_EVIDENCE = "table", "findings", "more evidence, in certification.json"
Json = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What a result and the step that spoke have in common. `mark` is what the result's name says
    of it in brackets."""

    status: str
    details: Json | None
    mark: str = ""

    def fields(self) -> Json:
        return {"status": self.status} | ({"statusDetails": self.details} if self.details else {})


def said(result: RuleResult, why: str) -> Said:
    """What a scenario's findings come to; `why` they decide nothing, empty where they do.

    What is not as it should be and decides nothing is skipped, as in JUnit: red, it would be taken
    for what keeps the host from being certified, and green, for compliant. `muted` says so to what
    reads the results by itself.
    """
    verdict, mark = result.verdict, _mark(result, why)
    if verdict is Verdict.COMPLIANT:
        return Said(STATUS[verdict], None, mark)
    message = no_link(harmless("\n".join([in_words(result.findings), *_to_do(result)])))
    if verdict is Verdict.WAIVED:
        return Said(STATUS[verdict], {"known": True, "message": message}, mark)
    if why and verdict in TO_MEND:
        told = message.replace(":", f", decides nothing ({why}):", 1)
        return Said(SKIPPED, {"muted": True, "message": told}, mark)
    return Said(STATUS[verdict], {"message": message}, mark)


def _mark(result: RuleResult, why: str) -> str:
    """What is to be seen without opening a result, but for what its colour says."""
    seen = result.verdict is Verdict.COMPLIANT or (result.verdict is Verdict.VIOLATED and not why)
    said = [why.partition(":")[0], "" if seen else str(result.verdict)]
    return ": ".join(filter(None, said))


def _to_do(result: RuleResult) -> list[str]:
    """The remedies of what gave the verdict, each once."""
    if result.verdict not in TO_MEND:
        return []
    blamed = [f for f in result.findings if f.verdict is result.verdict]
    wanted = list(dict.fromkeys(f.remedy or remedy(result) for f in blamed)) or [remedy(result)]
    more = len(wanted) - MOST_REMEDIES
    rest = [f"do: and {more} more, which the findings name"] if more > 0 else []
    return [f"do: {each}" for each in wanted[:MOST_REMEDIES]] + rest


def broken(error: BaseException, trace: str) -> Said:
    """An error of the program, whatever was found before."""
    message = no_link(harmless(f"INTERNAL ERROR: {type(error).__name__}: {error}"))
    return Said(BROKEN, {"message": message, "trace": no_link(harmless(trace))}, "internal error")


def of_table(table: Sequence[Sequence[str]]) -> Evidence:
    """A step's table, to be attached to it."""
    return Evidence(TABLE, "\n".join(" | ".join(row) for row in table))


def to_attach(findings: Sequence[Finding]) -> list[Evidence]:
    """The findings as a text, and the evidence they were read from, the most telling first. What
    only complies or does not apply is left to the record beyond MOST_COMPLIANT of them."""
    verdict = worst(finding.verdict for finding in findings)
    fine = [n for n, f in enumerate(findings) if f.verdict not in TO_TELL]
    left_out = set(fine[MOST_COMPLIANT:])
    told = [f for n, f in enumerate(findings) if n not in left_out]
    lines = [
        f"{f.verdict.upper()}  {f.subject}\n  read: {f.observed}\n  from: "
        + ", ".join(dict.fromkeys(e.where for e in f.evidence))
        + f"\n  wanted: {f.wanted}"
        + (f"\n  do: {f.remedy}" if f.remedy else "")
        for f in told
    ]
    if left_out:
        lines.append(
            f"{len(left_out)} more findings, compliant or not applicable, are in certification.json"
        )
    telling = sorted(told, key=lambda f: f.verdict is not verdict)
    pieces = list({(e.where, e.raw): e for f in telling for e in f.evidence}.values())
    more = "\n".join(e.where for e in pieces[MOST_ATTACHED:])
    rest = [Evidence(MORE_EVIDENCE, more)] if more else []
    said = no_link(harmless("\n\n".join(lines)))
    return [Evidence(FINDINGS, said), *pieces[:MOST_ATTACHED], *rest]


def identity(rule: Rule, scenario: str, alone: bool, host: str, mark: str) -> Json:
    """A result's name, identity and labels; `alone`: the rule has no other scenario; `mark` is what
    `Said` has of it."""
    host = one_line(host)
    parameters = [{"name": "host", "value": host}]
    if not alone:
        parameters.append({"name": "scenario", "value": scenario})
    return {
        "name": named(rule, scenario, alone, mark),
        "fullName": rule.id,
        "testCaseId": _digest(rule.id),
        "historyId": history_id(rule.id, *(p["value"] for p in parameters)),
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


def history_id(rule_id: str, *values: str) -> str:
    """By what Allure knows a result again: the rule, and the values of its parameters."""
    return _digest(rule_id, *values)


def named(rule: Rule, scenario: str, alone: bool, mark: str) -> str:
    """A result's name: what it says in brackets, the rule's id and statement, and the scenario
    where the rule has several."""
    name = f"{rule.id} {rule.title}" if alone else f"{rule.id} {rule.title}: {scenario}"
    return f"[{mark}] {name}" if mark else name


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
