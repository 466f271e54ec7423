"""`vmfex certify HOST`: one host, its reports, and what the terminal shows of it."""

import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from vmfex.allure_extent import Allure
from vmfex.checks.result.acceptance import of_no_host
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.rule import Rule
from vmfex.checks.text import one_line, shorten
from vmfex.engine import output
from vmfex.engine.certify import Outcome, judge_host, open_host, prepared
from vmfex.engine.request import Display, Request
from vmfex.evidence.host_spec import HostSpec
from vmfex.exit_status import Exit
from vmfex.fail_on import gated, told
from vmfex.folder.folder import folder_at
from vmfex.folder.names import CERTIFICATE
from vmfex.page import render_page
from vmfex.progress import Progress, say
from vmfex.publishing import publish, shown


def certify_one(host: HostSpec, request: Request, out: Path, display: Display) -> Exit:
    """Certifies the host, writes its reports to `out`, and prints the report. Raises UsageError and
    the other errors of what cannot be used."""
    folder = folder_at(out)
    with ExitStack() as run:
        with (
            Progress(f"certifying {host.text}", display.quiet) as progress,
            prepared(request, progress.say) as job,
        ):
            tree = open_host(host, job, progress.say)
            if not job.chosen:
                say("no rule ran: the selection matches no rule")
                return Exit.NO_RULE_RAN
            run.enter_context(folder.run())
            outcome = judge_host(tree, job)
            extent = display.allure or Allure.ALL
            written = _written(outcome, job.rule_set.rules, folder.new, extent)
        for error in outcome.errors:
            say(f"internal error: {error}")
        report = str(folder.out / CERTIFICATE)
        if written and display.html:
            report = render_page(folder, display.quiet, _title(outcome.certification))
        text = _text(outcome, display, report)  # before: whatever fails here certifies nothing
        decision = outcome.certification.decision
        status = gated(outcome.status, [decision], display.fail_on)
        if not written or not publish(folder, status):
            say("the run did not finish: no record was written")
            return Exit.INTERNAL_ERROR
    if sentence := of_no_host(request.plan.accepted, [outcome.certification.host]):
        say(sentence)
    if sentence := told(outcome.status, status, display.fail_on):
        say(sentence)
    return shown(text, folder, status)


def _title(certification: Certification) -> str:
    return f"{certification.decision}: {shorten(one_line(certification.host), 100)}"


def _written(outcome: Outcome, rules: Mapping[str, Rule], new: Path, allure: Allure) -> bool:
    if outcome.misleads:
        return False
    try:
        output.write(new, outcome, rules, allure=allure)
    except Exception as error:
        what: object = f"{type(error).__name__}: {error}"
        if isinstance(error, OSError):
            what = error.strerror or error
        say(f"internal error: the reports cannot be written: {what}")
        return False
    return True


def _text(outcome: Outcome, display: Display, report: str) -> str:
    from vmfex.reports.text import render, wants_colour

    return render(
        outcome.certification,
        width=shutil.get_terminal_size((100, 24)).columns,
        colour=wants_colour(sys.stdout, os.environ),
        quiet=display.quiet,
        verbose=display.verbose,
        report=report,
    )
