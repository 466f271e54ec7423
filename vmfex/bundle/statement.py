"""The in-toto statement of a bundle: which tests passed on what, as a test result (predicate v0.1).

https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md. Its three lists
have fewer words than a record has verdicts, and nothing in it is greener than the record:

| verdict on a rule | list |
|---|---|
| compliant | passedTests |
| waived; violated or undetermined, and decides nothing | warnedTests |
| violated, undetermined | failedTests |
| not applicable, not run | none |
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.verdict import Verdict

NAME = "statement.json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
RESULTS = {
    Decision.CERTIFIED: "PASSED",
    Decision.CERTIFIED_WITH_WAIVERS: "WARNED",
    Decision.INCOMPLETE: "FAILED",
    Decision.NOT_CERTIFIED: "FAILED",
}
BEST_FIRST = ("PASSED", "WARNED", "FAILED")
NO_RECORD = "record"  # the test that a host without a record has failed
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")

Json = dict[str, Any]
Hosts = Mapping[str, Certification | None]  # by label, of one host empty; None: without a record


def statement(digests: Mapping[str, str], hosts: Hosts) -> bytes:
    """The statement's text; `digests` are the SHA-256 of the files that it vouches for."""
    subjects = [{"name": name, "digest": {"sha256": d}} for name, d in digests.items()]
    document = {
        "_type": STATEMENT,
        "subject": subjects + list(_evidence(hosts)),
        "predicateType": PREDICATE,
        "predicate": predicate(hosts),
    }
    return encode(document)


def encode(document: Json) -> bytes:
    """The one text of a document."""
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


def predicate(hosts: Hosts) -> Json:
    """What the records say, in in-toto's words."""
    lists: dict[str, list[str]] = {"passedTests": [], "warnedTests": [], "failedTests": []}
    results = {"PASSED"} if hosts else {"FAILED"}
    for label, of in hosts.items():
        prefix = f"{label}/" if label else ""
        if of is None:
            lists["failedTests"].append(f"{prefix}{NO_RECORD}")
            results.add("FAILED")
            continue
        results.add(RESULTS[of.decision])
        for result in of.results:
            if name := list_of(of, result):
                lists[name].append(f"{prefix}{result.rule.id}")
    configuration = list({str(each): each for each in _configuration(hosts)}.values())
    return {
        "result": max(results, key=BEST_FIRST.index),
        "configuration": configuration,
        **lists,
    }


def list_of(certification: Certification, result: RuleResult) -> str:
    """The list that a rule stands in; empty for none."""
    if result.verdict is Verdict.COMPLIANT:
        return "passedTests"
    if result.verdict is Verdict.NOT_APPLICABLE:
        return ""
    decides = certification.decides(result) and result.verdict is not Verdict.WAIVED
    return "failedTests" if decides else "warnedTests"


def _evidence(hosts: Hosts) -> Iterator[Json]:
    """The file that all evidence of a host was in, where there is one."""
    for label, of in hosts.items():
        if of is not None and of.digest:
            name = f"evidence of {label or of.host}"
            yield {"name": name, "digest": {"sha256": of.digest}}


def _configuration(hosts: Hosts) -> Iterator[Json]:
    """The rule set, and the plan where there is one."""
    for of in hosts.values():
        if of is None:
            continue
        known = _SHA256.fullmatch(of.ruleset)
        yield {
            "name": "rule set",
            "digest": {"sha256": known[1]} if known else {"vmfex": of.ruleset},
            "annotations": {
                "vmfex": of.version,
                "strict": of.strict,
                "guideOnly": of.guide_only,
            },
        }
        if of.plan.digest:
            yield {"name": "plan", "digest": {"sha256": of.plan.digest}}
