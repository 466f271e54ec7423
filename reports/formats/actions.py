"""The action plan as CSV or XLSX. The next report takes a filled one (filled_plan.py)."""

from collections.abc import Iterator, Sequence

from vmfex.checks.result.certification import Certification
from vmfex.reports.formats.action_rows import WORDS, actions
from vmfex.reports.formats.cells import cell
from vmfex.reports.formats.context import Context
from vmfex.reports.formats.findings_csv import text
from vmfex.reports.formats.telling import yes
from vmfex.reports.formats.workbook import workbook

__all__ = ["HEADER", "WORDS", "render", "render_xlsx"]

HEADER = (
    "rule",
    "host",
    "subject",
    "severity",
    "decides",
    "verdict",
    "observed",
    "what to do",
    "accepted",
    "owner",
    "due",
    "status",
)


def render(hosts: Sequence[Certification], context: Context) -> str:
    return text(HEADER, _rows(hosts, context))


def render_xlsx(hosts: Sequence[Certification], context: Context) -> bytes:
    """Raises ReportError where the library is not installed."""
    sheet = ("Actions", HEADER, _rows(hosts, context))
    return workbook([sheet], max(of.finished for of in hosts))


def _rows(hosts: Sequence[Certification], context: Context) -> Iterator[tuple[str, ...]]:
    for action in actions(hosts, context):
        yield (
            *action.key,
            action.result.rule.severity,
            yes(action.decides),
            action.finding.verdict,
            cell(action.observed),
            cell(action.to_do),
            cell(action.accepted),
            cell(action.assigned.owner),
            action.assigned.due,
            cell(action.assigned.status),
        )
