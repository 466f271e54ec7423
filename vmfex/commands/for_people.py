"""What `vmfex report` makes of one record for people: text, pages, and the record itself."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from vmfex.checks.result.certification import Certification
from vmfex.reports.assignment import AssignedTo, nobody
from vmfex.reports.loading import load


@dataclass(frozen=True, slots=True)
class Show:
    """How text is shown; `plain` where it goes to a file."""

    quiet: bool
    verbose: bool
    plain: bool


def for_people(format_: str, path: Path, filled: Path | None, show: Show) -> str | bytes:
    """The report; `filled` is a filled action plan. Raises ReportError, UsageError."""
    certification = load(path)
    to: AssignedTo = nobody
    if filled is not None:
        from vmfex.commands.filled import assigned_in

        to = assigned_in(certification, filled)
    if format_ == "text":
        return _text(certification, path, show, to)
    if format_ == "junit":
        from vmfex.reports.junit import render

        return render(certification)
    if format_ == "certificate":
        from vmfex.reports.certificate.page import render as page

        return page(certification, assigned=to)
    if format_ == "pdf":
        from vmfex.reports.certificate.pdf import render as pdf

        return pdf(certification, to)
    from vmfex.reports.record import text as record_text

    return record_text(certification)


def _text(certification: Certification, path: Path, show: Show, to: AssignedTo) -> str:
    from shutil import get_terminal_size

    from vmfex.reports.text import render, wants_colour

    return render(
        certification,
        width=get_terminal_size().columns,
        colour=not show.plain and wants_colour(sys.stdout, os.environ),
        quiet=show.quiet,
        verbose=show.verbose,
        report=str(path),
        assigned=to,
    )
