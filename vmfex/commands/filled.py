"""A filled action plan that a user names, for a report."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from vmfex.checks.result.certification import Certification
from vmfex.progress import say
from vmfex.reports.assignment import AssignedTo
from vmfex.reports.formats.action_rows import forgotten, of_others
from vmfex.reports.formats.assigned import assigned
from vmfex.reports.formats.context import Context, Key
from vmfex.reports.formats.filled_plan import read


def filled_in(hosts: Sequence[Certification], path: Path) -> Context:
    """What was filled in, and which day it is; stderr has what of it is of no use here. Raises
    ReportError."""
    context = Context(assigned=read(path), today=date.today().isoformat())
    _tell(path, of_others(hosts, context), "are of hosts that are not in this report")
    _tell(path, set(forgotten(hosts, context)), "have no action any more")
    return context


def _tell(path: Path, rows: set[Key], what: str) -> None:
    if rows:
        rule, host, subject = min(rows)
        say(f"{len(rows)} rows of {path} {what}; the first: {rule} on {host}, {subject}")


def assigned_in(of: Certification, path: Path) -> AssignedTo:
    """Who mends what on one host."""
    context = filled_in([of], path)
    return lambda action: assigned(action, of, context)
