"""XLSX: a sheet of hosts, one of rules, and one of every finding that is not well.

CSV has the findings of what is compliant too; a workbook of them would take a second of a large
host.
"""

from collections.abc import Iterator, Sequence

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.formats.cells import cell
from vmfex.reports.formats.context import Context
from vmfex.reports.formats.findings_table import HEADER, NOT_RUN, WORDS, rows
from vmfex.reports.formats.telling import GOOD, remarks, yes
from vmfex.reports.formats.workbook import workbook
from vmfex.reports.view import purpose

__all__ = ["WORDS", "render"]

HOSTS = ("host", "decision", "judged for", *Verdict, NOT_RUN, "judged", "vmfex", "rule set", "note")
RULES = (
    "host",
    "rule",
    "title",
    "severity",
    "derived",
    "decides",
    "verdict",
    "findings",
    "not well",
)


def render(hosts: Sequence[Certification], context: Context) -> bytes:
    """Raises ReportError where the library is not installed."""
    tables = (
        ("Hosts", HOSTS, _hosts(hosts)),
        ("Rules", RULES, _rules(hosts)),
        ("Findings", HEADER, rows(hosts, context, well=False)),
    )
    return workbook(tables, max(of.finished for of in hosts))


def _hosts(hosts: Sequence[Certification]) -> Iterator[tuple[str, ...]]:
    for of in hosts:
        counts = (str(of.counts[verdict]) for verdict in Verdict)
        made = (of.finished, of.version, of.ruleset, cell("; ".join(remarks(of))))
        yield (cell(of.host), of.decision, purpose(of), *counts, str(len(of.not_run)), *made)


def _rules(hosts: Sequence[Certification]) -> Iterator[tuple[str, ...]]:
    for of in hosts:
        for result in of.results:
            rule, found = result.rule, result.findings
            told = (rule.severity, yes(rule.derived), yes(of.decides(result)))
            bad = sum(finding.verdict not in GOOD for finding in found)
            counts = (WORDS[result.verdict], str(len(found)), str(bad))
            yield (cell(of.host), rule.id, cell(rule.title), *told, *counts)
        for id_ in of.not_run:
            yield (cell(of.host), id_, "", "", "", "", NOT_RUN, "", "")
