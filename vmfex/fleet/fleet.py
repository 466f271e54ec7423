"""Certifying several hosts: read and judged side by side, each with its own record and reports.

A host that cannot be read is a result for that host, and stops no other (docs/remote.md).
"""

import gc
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.checks.model.fact import Known
from vmfex.checks.rules.migration_matrix import Matrix, matrix
from vmfex.checks.rules.move import Site
from vmfex.engine import output
from vmfex.engine.certify import Job, Notify, Outcome, judge_host, open_host, prepared
from vmfex.engine.ledger import now
from vmfex.engine.request import Display, Request
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.host_spec import HostSpec
from vmfex.evidence.opening import fetch
from vmfex.evidence.sources.unread import UnreadTree
from vmfex.evidence.tree import Tree
from vmfex.exit_status import WORST_FIRST, Exit
from vmfex.fail_on import gated, told
from vmfex.fleet.allure import combine, host_in_allure
from vmfex.fleet.pool import in_parallel
from vmfex.fleet.targets import Target, targets
from vmfex.fleet.turn import Turns
from vmfex.folder.folder import Folder, folder_at
from vmfex.folder.moves import remove
from vmfex.folder.names import CERTIFICATE, HOSTS, JUNIT, SUMMARY
from vmfex.progress import Progress, say
from vmfex.publishing import publish, shown
from vmfex.reports import summary, summary_text
from vmfex.reports.record import write_whole
from vmfex.reports.summary import HostSummary
from vmfex.version import VERSION

if TYPE_CHECKING:
    from vmfex.evidence.sources.ssh import Arrived

NO_REPORTS = "none, for they could not be written"
AT_ONCE = 8  # hosts; an sshd, as on a jump host, refuses some of more than 10 that log in at once
HOST_LIMIT = 600.0  # seconds; whatever hangs inside has a shorter limit of its own


def certify_fleet(hosts: Sequence[HostSpec], request: Request, out: Path, display: Display) -> Exit:
    """Certifies the hosts and prints a line for each. Returns the worst of their exit statuses.
    Raises UsageError and the other errors of what cannot be used."""
    gc.enable()  # hosts come and go in this process
    started = now()
    wanted = targets(hosts)
    folder = folder_at(out)
    with ExitStack() as run:
        with prepared(request) as job:
            if not job.chosen:
                say("no rule ran: the selection matches no rule")
                return Exit.NO_RULE_RAN
            run.enter_context(folder.run())
            lines, sites = _certify_each(wanted, job, folder.new, display.quiet)
        status = min((Exit(line.status) for line in lines), key=WORST_FIRST.index)
        tool = {"name": "vmfex", "version": VERSION, "ruleset": job.rule_set.digest}
        head = {
            "tool": tool,
            "started": started,
            "finished": now(),
            "strict": request.strict,
            "guide_only": request.guide_only,
        }
        report = combine(folder, lines, display.html, display.quiet)
        moves = matrix(sites) if len(sites) > 1 else Matrix()
        document = summary.dump(lines, status, head, moves)
        seen = moves if _was_asked(request, sites) else Matrix()
        text = _text(lines, seen, report, display)  # before: whatever fails here certifies nothing
        ended = gated(status, [line.decision for line in lines], display.fail_on)
        if _written(document, lines, head, folder) and publish(folder, ended):
            sentence = told(status, ended, display.fail_on)
        else:
            text, ended, sentence = _text(lines, seen, NO_REPORTS, display), Exit.INTERNAL_ERROR, ""
    if sentence:
        say(sentence)
    return shown(text, folder, ended)


def _was_asked(request: Request, sites: Sequence[Site]) -> bool:
    """Whether UCS Manager was asked, now or for a recording: without it no VM can be said to move
    anywhere, and a matrix would say just that."""
    return request.sources.ucsm is not None or any(
        isinstance(site.clusters, Known) for site in sites
    )


def _written(
    document: summary.Json, lines: Sequence[HostSummary], head: summary.Json, folder: Folder
) -> bool:
    """The summary, and what is made of all hosts: JUnit and the page."""
    from vmfex.reports import junit
    from vmfex.reports.certificate import fleet as page

    there = [folder.new / line.directory for line in lines if line.directory]
    started, tool = head["started"], head["tool"]
    try:
        suites = (host.joinpath(JUNIT).read_text(encoding="utf-8") for host in there)
        write_whole(folder.new / JUNIT, junit.combine(suites))
        html = page.render(lines, started, tool["version"], tool["ruleset"])
        write_whole(folder.new / CERTIFICATE, html)
        summary.write(document, folder.new / SUMMARY)
    except OSError as error:
        say(f"internal error: the summary cannot be written: {error.strerror or error}")
        return False
    return True


def _certify_each(
    wanted: Sequence[Target], job: Job, new: Path, quiet: bool
) -> tuple[list[HostSummary], list[Site]]:
    done: dict[Target, HostSummary] = {}
    sites: dict[Target, Site] = {}
    with Progress(f"certifying {len(wanted)} hosts", quiet) as progress:
        turns = Turns(HOST_LIMIT / AT_ONCE)

        def work(target: Target) -> _InTurn:
            def notify(what: str) -> None:
                progress.say(f"{len(done)} done; {target.label}: {what}")

            notify("reading")
            return certify_in_turn(target, job, notify, turns)

        def late(result: _InTurn | Exception) -> None:
            turns.end(isinstance(result, _InTurn) and result.begun)

        for target, result in in_parallel(wanted, work, AT_ONCE, HOST_LIMIT, late):
            if isinstance(result, Exception):
                outcome = without_host(target, job, result)
            else:
                outcome = result.outcome
            done[target] = _write(target, job, outcome, new)
            if outcome.site is not None:
                sites[target] = outcome.site
            late(result)
            del result, outcome  # before the next host is waited for: it can be large
    return [done[target] for target in wanted], [sites[t] for t in wanted if t in sites]


@dataclass(frozen=True, slots=True)
class _InTurn:
    outcome: Outcome
    begun: bool


def certify_in_turn(target: Target, job: Job, notify: Notify, turns: Turns) -> _InTurn:
    """Its turn is over when its reports are written."""
    arrived = fetch(target.host, notify)
    begun = turns.begin(target.host.kind)
    try:
        return _InTurn(certify_host(target, job, notify, arrived), begun)
    except BaseException:
        turns.end(begun)
        raise


def certify_host(
    target: Target, job: Job, notify: Notify, arrived: "Arrived | None" = None
) -> Outcome:
    """A host that cannot be opened is a result too."""
    tree: Tree
    try:
        tree = open_host(target.host, job, notify, arrived)
    except RecordingError as error:
        tree = UnreadTree(target.label, str(error))
    return judge_host(tree, job, target.label)


def without_host(target: Target, job: Job, error: Exception) -> Outcome:
    """What is to be said of a host whose reading never came to its end."""
    if isinstance(error, TimeoutError):
        reason, fault = f"the host was given up: {error}", ""
    else:
        reason = fault = f"internal error in reading the host: {type(error).__name__}: {error}"
    return judge_host(UnreadTree(target.label, reason), job, target.label, fault)


def _write(target: Target, job: Job, outcome: Outcome, new: Path) -> HostSummary:
    certification, status = outcome.certification, outcome.status
    reason = "; ".join(dict.fromkeys(filter(None, [outcome.lost, *outcome.errors[:1]])))
    directory: str | None = f"{HOSTS}/{target.label}"
    if outcome.misleads:
        directory = None
    else:
        shown = host_in_allure(certification.host, target.label)
        place = new / HOSTS / target.label
        try:
            place.mkdir(parents=True, exist_ok=True)
            output.write(place, outcome, job.rule_set.rules, shown)
        except OSError as error:
            directory, status = None, Exit.INTERNAL_ERROR
            reason = f"the reports cannot be written: {error.strerror or error}"
            with suppress(OSError):
                remove(place)
    return summary.summarise(
        certification,
        target.source,
        target.label,
        status=status,
        directory=directory,
        reason=reason,
        misleads=outcome.misleads,
    )


def _text(lines: Sequence[HostSummary], moves: Matrix, report: str, display: Display) -> str:
    from vmfex.reports.text import wants_colour

    return summary_text.render(
        lines,
        moves,
        report=report,
        colour=wants_colour(sys.stdout, os.environ),
        quiet=display.quiet,
        verbose=display.verbose,
        width=shutil.get_terminal_size((100, 24)).columns,
    )
