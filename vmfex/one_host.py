"""`vmfex certify HOST`: one host, its reports, and what the terminal shows of it."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from vmfex.checks.result.rule import Rule
from vmfex.engine import output
from vmfex.engine.certify import Outcome, judge_host, open_host, prepared
from vmfex.engine.request import Display, Request
from vmfex.errors import UsageError
from vmfex.evidence.host_spec import HostSpec
from vmfex.exit_status import Exit
from vmfex.page import render_page
from vmfex.progress import Progress, say


def certify_one(host: HostSpec, request: Request, out: Path, display: Display) -> Exit:
    """Certifies the host, writes its reports to `out`, and prints the report. Raises UsageError and
    the other errors of what cannot be used."""
    with (
        Progress(f"certifying {host.text}", display.quiet) as progress,
        prepared(request, progress.say) as job,
    ):
        tree = open_host(host, job, progress.say)
        if not job.chosen:
            say("no rule ran: the selection matches no rule")
            return Exit.NO_RULE_RAN
        cleared(out)
        outcome = judge_host(tree, job)
        written = _written(outcome, job.rule_set.rules, out)
    for error in outcome.errors:
        say(f"internal error: {error}")
    if not written:
        say("the run did not finish: no record was written")
        return Exit.INTERNAL_ERROR
    report = render_page(out, display.quiet) if display.html else str(out)
    _print(outcome, display, report)
    return outcome.status


def cleared(out: Path) -> None:
    """Makes the folder for the reports clear of an earlier run's. Raises UsageError."""
    try:
        output.clear(out)
    except OSError as error:
        raise UsageError(f"reports cannot go to {out}: {error.strerror}") from None


def _written(outcome: Outcome, rules: Mapping[str, Rule], out: Path) -> bool:
    if outcome.misleads:
        return False
    try:
        output.write(out, outcome, rules)
    except Exception as error:
        what = error if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
        say(f"internal error: the reports cannot be written: {what}")
        return False
    return True


def _print(outcome: Outcome, display: Display, report: str) -> None:
    from vmfex.reports.text import render, wants_colour

    sys.stdout.write(
        render(
            outcome.certification,
            width=shutil.get_terminal_size((100, 24)).columns,
            colour=wants_colour(sys.stdout, os.environ),
            quiet=display.quiet,
            verbose=display.verbose,
            report=report,
        )
    )
