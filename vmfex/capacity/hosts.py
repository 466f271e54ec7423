"""The capacity of hosts, each read once and judged as it is, and as it would be."""

import gc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vmfex.capacity.records import capacities_of
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.what_if.change import Change
from vmfex.checks.what_if.host import ChangedHost
from vmfex.engine.certify import Job, Notify, Outcome, judge_host, open_host
from vmfex.engine.request import Request
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.host import ReadHost
from vmfex.evidence.sources.unread import UnreadTree
from vmfex.evidence.tree import Tree
from vmfex.exit_status import WORST_FIRST, Exit
from vmfex.fleet.jobs import jobs_of
from vmfex.fleet.judging import without_host
from vmfex.fleet.many import Many
from vmfex.fleet.pool import in_parallel
from vmfex.fleet.targets import Target
from vmfex.progress import Progress, say
from vmfex.reports.capacity.host import HostCapacity

HOST_LIMIT = 600.0  # seconds; whatever hangs inside has a shorter limit of its own


def capacities(
    wanted: Sequence[Target], records: Sequence[Path], request: Request, change: Change, many: Many
) -> tuple[list[HostCapacity], Exit]:
    """The hosts in their order and then those of the records, and the worst of their statuses.
    Nothing is written. A host that cannot be read is one of which nothing is known. Raises
    UsageError and the other errors of what cannot be used."""
    gc.enable()  # hosts come and go in this process
    of_records = capacities_of(records)  # before: what is wrong with them needs no host
    found: dict[Target, HostCapacity] = {}
    errors: list[str] = []
    noun = "host" if len(wanted) == 1 else "hosts"
    with (
        Progress(f"reading {len(wanted)} {noun}", quiet=False) as progress,
        jobs_of(request, wanted, many.said) as jobs,
    ):

        def work(target: Target) -> tuple[Outcome, Outcome | None]:
            return _judged(target, jobs[target.settings], change, progress.say)

        for target, result in in_parallel(wanted, work, many.parallel, HOST_LIMIT):
            if isinstance(result, Exception):
                result = without_host(target, jobs[target.settings], result), None
            now, then = result
            errors += [*now.errors, *(then.errors if then else ())]
            after = then.certification if then else now.certification if change else None
            found[target] = HostCapacity(target.label, now.certification, change, after)
    for error in errors:
        say(f"internal error: {error}")
    hosts = [found[target] for target in wanted] + of_records
    statuses = [Exit.INTERNAL_ERROR] * bool(errors) + [_status(host) for host in hosts]
    return hosts, min(statuses, key=WORST_FIRST.index)


def _judged(
    target: Target, job: Job, change: Change, notify: Notify
) -> tuple[Outcome, Outcome | None]:
    """Both times from one reading."""
    tree: Tree
    try:
        tree = open_host(target.host, job, notify)
    except RecordingError as error:
        tree = UnreadTree(target.label, str(error))
    host = ReadHost(tree)
    now = judge_host(tree, job, target.label, host=host)
    if not change:
        return now, None
    planned = replace(job, request=replace(job.request, plan=change.planned(job.request.plan)))
    return now, judge_host(tree, planned, target.label, host=ChangedHost(host, change))


def _status(host: HostCapacity) -> Exit:
    if host.turns(Verdict.VIOLATED):
        return Exit.NOT_CERTIFIED
    if host.turns(Verdict.UNDETERMINED) or not host.known:
        return Exit.INCOMPLETE
    return Exit.CERTIFIED
