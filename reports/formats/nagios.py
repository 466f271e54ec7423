"""One line for Nagios and what reads its plugins, with performance data and an exit status."""

from collections.abc import Sequence

from vmfex.checks.result.certification import Certification, Decision
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.formats.context import Context
from vmfex.reports.formats.telling import line, remarks
from vmfex.reports.times import moment

OK, WARNING, CRITICAL, UNKNOWN = range(4)
DECISIONS = {
    Decision.CERTIFIED: OK,
    Decision.CERTIFIED_WITH_WAIVERS: WARNING,
    Decision.INCOMPLETE: UNKNOWN,
    Decision.NOT_CERTIFIED: CRITICAL,
}
NAMES = {OK: "OK", WARNING: "WARNING", CRITICAL: "CRITICAL", UNKNOWN: "UNKNOWN"}
WORST_FIRST = (CRITICAL, UNKNOWN, WARNING, OK)
WORDS = {  # the label of the performance data that counts the rules
    Verdict.VIOLATED: "violated",
    Verdict.UNDETERMINED: "undetermined",
    Verdict.WAIVED: "waived",
    Verdict.COMPLIANT: "compliant",
    Verdict.NOT_APPLICABLE: "not_applicable",
}
NAMED = 5  # rules or hosts that the line names
LIMIT = 300  # characters of a name


def render(hosts: Sequence[Certification], _context: Context) -> str:
    told = _one(hosts[0]) if len(hosts) == 1 else _several(hosts)
    told = told.replace("|", "/")  # which begins the performance data
    return f"VMFEX {NAMES[status(hosts)]} - {told} | {_performance(hosts)}\n"


def status(hosts: Sequence[Certification]) -> int:
    """The exit status of a plugin that speaks of these hosts: the worst of theirs."""
    return min((DECISIONS[of.decision] for of in hosts), key=WORST_FIRST.index)


def cannot_tell(reason: str) -> str:
    """The line where there is no record to speak of."""
    return f"VMFEX UNKNOWN - {line(reason, LIMIT).replace('|', '/')}\n"


def _one(of: Certification) -> str:
    parts = [f"{line(of.host, LIMIT)}: {of.decision}"]
    for verdict in (Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED):
        ids = [r.rule.id for r in of.results if r.verdict is verdict and of.decides(r)]
        if ids:
            parts.append(f"{verdict}: {_names(ids)}")
    if of.not_run:
        parts.append(f"not run: {len(of.not_run)}")
    return "; ".join([*parts, f"judged {moment(of.finished)}", *_remarks(of)])


def _remarks(of: Certification) -> list[str]:
    """The first of them, as far as one line has room."""
    told = [line(remark, LIMIT) for remark in remarks(of)]
    more = [f"{len(told) - NAMED} more remarks"] if len(told) > NAMED else []
    return told[:NAMED] + more


def _several(hosts: Sequence[Certification]) -> str:
    parts = [f"{len(hosts)} hosts"]
    for decision in (Decision.NOT_CERTIFIED, Decision.INCOMPLETE, Decision.CERTIFIED_WITH_WAIVERS):
        if names := [line(of.host, LIMIT) for of in hosts if of.decision is decision]:
            parts.append(f"{len(names)} {decision}: {_names(names)}")
    first = min(of.finished for of in hosts)
    return "; ".join([*parts, f"the first judged {moment(first)}"])


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _performance(hosts: Sequence[Certification]) -> str:
    counts = {WORDS[v]: sum(of.counts[v] for of in hosts) for v in Verdict}
    counts["not_run"] = sum(len(of.not_run) for of in hosts)
    return " ".join(f"{label}={number};;;0" for label, number in counts.items())
