"""What is made of all hosts of a run, with pseudonyms: summary, page, JUnit and findings."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vmfex.bundle.contents import Run
from vmfex.bundle.redact.names import Redactor
from vmfex.checks.result.certification import Certification
from vmfex.folder.names import CERTIFICATE, FINDINGS, JUNIT, SUMMARY

# Keys of a summary whose values are words of ours.
WORDS = {
    *("schema", "tool", "started", "finished", "decision", "decisions", "counts", "topologies"),
    *("violated", "undetermined", "waived", "advice", "exit_status"),
    *("rules", "verdict", "topology"),
}
# Those whose values are names of hosts and VMs, or paths of them.
NAMES = {"source", "label", "host", "hosts", "directory", "domain", "possible"}

Json = Any


def files(run: Run, hosts: Mapping[str, Certification | None], names: Redactor) -> dict[str, bytes]:
    """Each by its name; `hosts` are redacted already."""
    from vmfex.checks.result.certification import Decision
    from vmfex.reports import junit
    from vmfex.reports.certificate import fleet
    from vmfex.reports.formats import findings_csv
    from vmfex.reports.formats.context import Context
    from vmfex.reports.summary import HostSummary, summarise

    document = _summary(json.loads(run.files[SUMMARY].read_bytes()), names)
    lines: list[HostSummary] = []
    for host in document["hosts"]:
        of = hosts[host["label"]]
        host["source"] = host["label"]  # a path of somebody's, or a login
        if of is None:
            decision = host["decision"] and Decision(host["decision"])
            lines.append(_without_record(host, decision))
        else:
            told = {"status": host["exit_status"], "directory": host["directory"]}
            lines.append(
                summarise(of, host["source"], host["label"], reason=host["reason"], **told)
            )
    tool = document["tool"]
    there = {label: of for label, of in hosts.items() if of is not None}
    rules = {r.rule.id: r.rule for of in there.values() for r in of.results}
    page = fleet.render(lines, document["started"], tool["version"], tool["ruleset"], rules)
    reasons = {host["label"]: host["reason"] for host in document["hosts"]}
    suites = [
        junit.without_record(label, reasons[label], document["started"])
        if of is None
        else junit.render(of, label)
        for label, of in hosts.items()
    ]
    called = Counter(of.host for of in there.values())
    renamed = (
        replace(of, host=f"{of.host} ({label})") if called[of.host] > 1 else of
        for label, of in there.items()
    )
    return {
        FINDINGS: "".join(findings_csv.stream(renamed, Context())).encode(),
        SUMMARY: (json.dumps(document, indent=1) + "\n").encode(),
        CERTIFICATE: "".join(page).encode(),
        JUNIT: "".join(junit.combine(lambda: suites)).encode(),
    }


def _without_record(host: Json, decision: Json) -> Any:
    from vmfex.reports.summary import HostSummary

    return HostSummary(
        source=host["source"],
        label=host["label"],
        host=host["host"],
        constructed=host["constructed"],
        decision=decision,
        status=host["exit_status"],
        topologies=host["topologies"],
        counts=host["counts"],
        tally="",
        violated=tuple(host["violated"]),
        undetermined=tuple(host["undetermined"]),
        directory=None,
        reason=host["reason"],
        notes=tuple(host["notes"]),
    )


def _summary(value: Json, names: Redactor, key: str = "") -> Json:
    if isinstance(value, dict):
        return {
            names.text(key): each if key in WORDS else _summary(each, names, key)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_summary(each, names, key) for each in value]
    if isinstance(value, str):
        return names.name(value) if key in NAMES else names.text(value)
    return value
