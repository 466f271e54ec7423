"""HDF exec-json, MITRE's legacy format, for InSpec's users and Heimdall.

A document has one platform, and Heimdall calls what it shows by the name of its file: each host has
a file of its own, and Heimdall opens several at once.

Its readers derive a control's status: impact 0 is Not Applicable, a failed result Failed, a pass
among skipped results Passed, and `skipped_due_to_waiver` hides a violation as Not Applicable. So an
open rule has no passed result, and what was waived stays failed, with its waiver beside it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.formats.context import Context
from vmfex.reports.formats.telling import (
    acceptance_of,
    accepted_by,
    dumps,
    line,
    lines,
    measured,
    remarks,
    sentence,
    telling,
    yes,
)
from vmfex.reports.view import purpose, remedy, tally

WORDS = {  # the status of a result, and what a reader calls the control
    Verdict.VIOLATED: "failed",  # Failed
    Verdict.UNDETERMINED: "skipped",  # Not Reviewed
    Verdict.WAIVED: "failed",  # Failed, with waiver_data; by a statement: skipped, Not Reviewed
    Verdict.COMPLIANT: "passed",  # Passed
    Verdict.NOT_APPLICABLE: "skipped",  # Not Applicable, by its impact of 0
}
IMPACT = {
    Severity.BLOCKER: 1.0,
    Severity.CRITICAL: 0.7,
    Severity.NORMAL: 0.5,
    Severity.MINOR: 0.3,
}
OF_NOT_RUN = 0.5
NAME_LIMIT = 80  # characters; a file's name may have 255
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")

Json = dict[str, Any]


def render(hosts: Sequence[Certification], context: Context) -> str | dict[str, str]:
    """The document of one host; those of several by the names of their files."""
    if len(hosts) == 1:
        return _document(hosts[0], context)
    documents: dict[str, str] = {}
    for of in hosts:
        documents[_file_name(of.host, documents.keys())] = _document(of, context)
    return documents


def _file_name(host: str, taken: Collection[str]) -> str:
    """A name like the host's that is none of `taken`, in any case of letters."""
    plain = _UNSAFE.sub("_", host).lstrip("._-")[:NAME_LIMIT] or "host"
    there = {name.casefold() for name in taken}
    names = (f"{plain}{f'-{number}' if number > 1 else ''}.json" for number in count(1))
    return next(name for name in names if name.casefold() not in there)


def _document(of: Certification, context: Context) -> str:
    begun, ended = map(datetime.fromisoformat, (of.started, of.finished))
    controls = [_control(of, result, context) for result in of.results]
    controls += [_not_run(of, id_, context) for id_ in of.not_run]
    profile = {
        "name": "vmfex",
        "title": "Cisco VM-FEX for KVM",
        "summary": f"{of.decision} for {purpose(of)}: {tally(of)}",
        "description": "\n".join(remarks(of)),
        "version": of.version,
        "sha256": of.ruleset.removeprefix("sha256:"),
        "supports": [],
        "attributes": [],
        "groups": [*_groups(of)],
        "status": "loaded",
        "controls": controls,
    }
    platform = {"name": line(of.host), "release": "KVM host", "target_id": line(of.host)}
    duration = (ended - begun).total_seconds()
    head = {"platform": platform, "version": of.version, "statistics": {"duration": duration}}
    return dumps(head | {"profiles": [profile]})


def _control(of: Certification, result: RuleResult, context: Context) -> Json:
    rule, established = result.rule, result.verdict is Verdict.NOT_APPLICABLE
    waiver = next(filter(None, (_waiver(of, finding) for finding in result.findings)), None)
    told = {"check": rule.evidence, "fix": remedy(result), "source": rule.source}
    return _head(rule.id, rule.title, context) | {
        "impact": 0.0 if established else IMPACT[rule.severity],
        "descriptions": [{"label": label, "data": lines(said)} for label, said in told.items()],
        "tags": {
            "verdict": result.verdict,
            "rule_severity": rule.severity,
            "derived": yes(rule.derived),
            "decides": yes(of.decides(result)),
        },
        "results": [_result(of, finding) for finding in telling(result)],
        **({"waiver_data": waiver} if waiver else {}),
    }


def _head(id_: str, title: str, context: Context) -> Json:
    place = context.place(id_)
    location = {"ref": place.file, "line": place.line}
    return {"id": id_, "title": title, "desc": title, "refs": [], "source_location": location}


def _result(of: Certification, finding: Finding) -> Json:
    status = WORDS[measured(finding, of)]
    said = "\n".join(filter(None, (sentence(finding), line(accepted_by(finding, of)))))
    about = "skip_message" if status == "skipped" else "message"
    desc = f"{line(finding.subject)}: {line(finding.wanted)}"
    return {"status": status, "code_desc": desc, "start_time": of.started, about: said}


def _waiver(of: Certification, finding: Finding) -> Json | None:
    acceptance = acceptance_of(finding, of)
    if acceptance is None:
        return None
    return {
        "justification": line(accepted_by(finding, of)),
        "expiration_date": acceptance.expires.isoformat() if acceptance.expires else None,
        "run": True,
        "skipped_due_to_waiver": False,
    }


def _not_run(of: Certification, id_: str, context: Context) -> Json:
    said = {"status": "skipped", "skip_message": "not run: the rule was not selected"}
    result = said | {"code_desc": "the rule is run", "start_time": of.started}
    tags = {"verdict": "not run"}
    return _head(id_, id_, context) | {"impact": OF_NOT_RUN, "tags": tags, "results": [result]}


def _groups(of: Certification) -> Iterator[Json]:
    features = dict.fromkeys(result.rule.feature for result in of.results)
    for name in features:
        ids = [result.rule.id for result in of.results if result.rule.feature == name]
        yield {"id": line(name), "title": line(name), "controls": ids}
