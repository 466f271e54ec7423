"""Certifying several hosts: collected in threads, judged in processes, each with its own reports.

A host that cannot be read is a result for that host, and stops no other (docs/remote.md).
"""

import gc
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from vmfex.checks.model.fact import Known
from vmfex.checks.result.acceptance import of_no_host
from vmfex.checks.rules.migration_matrix import Matrix, matrix
from vmfex.checks.rules.move import Site
from vmfex.engine.certify import Outcome
from vmfex.engine.ledger import now
from vmfex.engine.request import Display, Request
from vmfex.errors import ClusterLost
from vmfex.evidence.host_spec import HostSpec
from vmfex.exit_status import WORST_FIRST, Exit
from vmfex.fail_on import gated, told
from vmfex.fleet import findings
from vmfex.fleet.allure import combine, extent_of
from vmfex.fleet.collecting import Collecting, is_bounded, is_live
from vmfex.fleet.jobs import Jobs, jobs_of
from vmfex.fleet.journal import Journal, identity
from vmfex.fleet.judging import ASK_UCSM, Done, certify_host, judge, without_host, write
from vmfex.fleet.many import ONE_RUN, Many
from vmfex.fleet.pool import in_parallel
from vmfex.fleet.processes import Processes
from vmfex.fleet.settings import PLAIN
from vmfex.fleet.tally import Tally
from vmfex.fleet.targets import Target, targets, targets_of
from vmfex.fleet.words import Kept
from vmfex.folder.folder import Folder, folder_at
from vmfex.folder.names import CERTIFICATE, JUNIT, SUMMARY
from vmfex.progress import Progress, say
from vmfex.publishing import publish, shown
from vmfex.reports import same_name, summary, summary_text
from vmfex.reports.record import write_whole
from vmfex.reports.summary import HostSummary
from vmfex.version import VERSION

NO_REPORTS = "none, for they could not be written"
HOST_LIMIT = 600.0  # seconds; whatever hangs inside has a shorter limit of its own
HOSTS_A_WORKER = 8  # at least: a process takes as long to begin as three hosts to be judged


def certify_fleet(
    hosts: Sequence[HostSpec],
    request: Request,
    out: Path,
    display: Display,
    many: Many = ONE_RUN,
    executor: Executor | None = None,
) -> Exit:
    """Certifies the hosts and prints a line for each. Returns the worst of their exit statuses.
    `executor` judges what was collected, by default this machine's own processes. Raises UsageError
    and the other errors of what cannot be used."""
    gc.enable()  # hosts come and go in this process
    from vmfex.reports.certificate import fleet as page

    started = now()
    wanted = targets_of(many.entries) if many.entries else targets(hosts)
    folder = folder_at(out)
    with ExitStack() as run:
        with jobs_of(request, wanted, many.said) as jobs:
            job = jobs[PLAIN]
            if not job.chosen:
                say("no rule ran: the selection matches no rule")
                return Exit.NO_RULE_RAN
            same = identity(jobs, wanted)
            if many.resume:  # before anything is touched
                Journal.resumed(folder.journal, same, wanted, folder.new)
            if many.scheduler is not None:
                from vmfex.fleet.scheduler import cluster_at

                there = cluster_at(many.scheduler, job.rule_set.digest, HOST_LIMIT)
                executor = run.enter_context(there)
            run.enter_context(folder.run(resumable=True, resumes=many.resume))
            if many.resume:  # again: nobody else is in the folder now
                journal = Journal.resumed(folder.journal, same, wanted, folder.new)
            else:
                journal = Journal.begun(folder.journal, same, started)
            lines, sites = _certify_each(wanted, jobs, folder, journal, display, many, executor)
        status = min((Exit(line.status) for line in lines), key=WORST_FIRST.index)
        tool = {"name": "vmfex", "version": VERSION, "ruleset": job.rule_set.digest}
        head = {
            "tool": tool,
            "started": journal.started,
            "finished": now(),
            "strict": request.strict,
            "guide_only": request.guide_only,
        }
        report = combine(folder, lines, display)
        moves = matrix(sites) if len(sites) > 1 else Matrix()
        document = summary.dump(lines, status, head, moves)
        asked = any(job.ucsm is not None for job in jobs.values())
        seen = moves if _was_asked(asked, sites) else Matrix()
        text = _text(lines, seen, report, display)  # before: whatever fails here certifies nothing
        ended = gated(status, [line.decision for line in lines], display.fail_on)
        html = page.render(
            # what has no record is no decision that anybody may rely on
            [line if line.directory else replace(line, decision=None) for line in lines],
            journal.started,
            VERSION,
            job.rule_set.digest,
            job.rule_set.rules,
            sites if seen is moves else (),
        )
        if _written(document, html, lines, folder) and publish(folder, ended):
            sentence = told(status, ended, display.fail_on)
        else:
            text, ended, sentence = _text(lines, seen, NO_REPORTS, display), Exit.INTERNAL_ERROR, ""
    given = dict.fromkeys(a for job in jobs.values() for a in job.request.plan.accepted)
    strange = of_no_host([*given], [line.host for line in lines])
    for said in (strange, same_name.told(lines), sentence):
        if said:
            say(said)
    return shown(text, folder, ended)


def _was_asked(asked: bool, sites: Sequence[Site]) -> bool:
    """Whether UCS Manager was asked, now or for a recording: without it no VM can be said to move
    anywhere, and a matrix would say just that."""
    return asked or any(isinstance(site.clusters, Known) for site in sites)


def _written(
    document: summary.Json, html: Iterable[str], lines: Sequence[HostSummary], folder: Folder
) -> bool:
    """The summary, and what is made of all hosts: JUnit, the page and the findings."""
    from vmfex.reports import junit

    def suites() -> Iterator[str]:
        for line in lines:
            if line.directory:
                yield (folder.new / line.directory / JUNIT).read_text("utf-8")
            else:
                yield junit.without_record(line.label, line.reason, document["started"])

    try:
        write_whole(folder.new / JUNIT, junit.combine(suites))
        write_whole(folder.new / CERTIFICATE, html)
        findings.combine(folder.new, lines)
        summary.write(document, folder.new / SUMMARY)
    except OSError as error:
        say(f"internal error: the summary cannot be written: {error.strerror or error}")
        return False
    return True


def _certify_each(
    wanted: Sequence[Target],
    jobs: Jobs,
    folder: Folder,
    journal: Journal,
    display: Display,
    many: Many,
    executor: Executor | None,
) -> tuple[list[HostSummary], list[Site]]:
    """In the order of the hosts. What is the same as of another host is in memory once."""
    same: Kept = {}
    done = dict(journal.finished)
    waiting = [target for target in wanted if target.label not in done]
    tally = Tally(len(wanted))
    for each in done.values():
        tally.add(each.summary.decision, before=True)
    workers = min(len(os.sched_getaffinity(0)), -(-len(wanted) // HOSTS_A_WORKER))
    places: int = getattr(executor, "places", workers)
    noun = "host" if len(wanted) == 1 else "hosts"
    with (
        Progress(f"certifying {len(wanted)} {noun}", display.quiet) as progress,
        executor or Processes(workers, HOST_LIMIT) as processes,
    ):
        allure = display.allure or extent_of(len(wanted))
        collecting = Collecting(jobs, folder, many.parallel, allure)

        def work(target: Target) -> str | Outcome:
            def notify(what: str) -> None:
                progress.say(f"{tally}; {target.label}: {what}")

            if is_live(target):
                notify("reading")
                return certify_host(target, jobs[target.settings], notify)
            with collecting.task(target, notify) as task:
                words: str = processes.submit(judge, task).result()
                if words == ASK_UCSM:
                    notify("UCS Manager")
                    words = processes.submit(judge, collecting.with_answers(task)).result()
                return words

        try:
            at_once = many.parallel + 2 * places
            for target, result in in_parallel(waiting, work, at_once, HOST_LIMIT, is_bounded):
                if isinstance(result, ClusterLost):
                    raise result
                job = jobs[target.settings]
                of = without_host(target, job, result) if isinstance(result, Exception) else result
                if isinstance(of, str):
                    words = of
                else:
                    words = write(target, job, of, folder.new, allure).words()
                made = done[target.label] = Done.of_words(words, same)
                journal.add(target, words)
                tally.add(made.summary.decision)
                if line := summary_text.refused(made.summary):
                    progress.tell(line)
        except (KeyboardInterrupt, ClusterLost):
            if done and journal.kept:
                kept = f"{len(done)} of {len(wanted)} hosts are finished and kept"
                say(f"{kept}: the same command with --resume goes on from there")
            raise
    hosts = [done[target.label] for target in wanted]
    return [each.summary for each in hosts], [each.site for each in hosts if each.site]


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
        wrapped=sys.stdout.isatty(),
    )
