"""Certifying several hosts: read and judged side by side, each with its own record and reports.

A host that cannot be read is a result for that host, and stops no other (docs/remote.md).
"""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex import UsageError, version
from vmfex.checks.rules.migration_matrix import Matrix, Site, matrix
from vmfex.engine import output as host_output
from vmfex.engine.judge import Options, Result, certify_host, options_of, without_host
from vmfex.engine.ledger import EXIT_STATUS, INTERNAL_ERROR, NOTHING_RAN, now
from vmfex.fleet.allure import combine
from vmfex.fleet.pool import side_by_side
from vmfex.fleet.targets import Target, targets
from vmfex.progress import Progress, say
from vmfex.pytest_plugin.output import HOSTS, SUMMARY, clear
from vmfex.reports import summary
from vmfex.reports.summary import HostSummary

if TYPE_CHECKING:
    from vmfex.evidence.sources.ucsm.manager import Asked, UcsManager

AT_ONCE = 8  # hosts; an sshd, as on a jump host, refuses some of more than 10 that log in at once
HOST_LIMIT = 600.0  # seconds; whatever hangs inside has a shorter limit of its own
WORST_FIRST = (INTERNAL_ERROR, 1, 6, 0)


def certify(
    hosts: tuple[str, ...],
    *,
    plan: Path | None,
    out: Path,
    rules: tuple[str, ...],
    tags: tuple[str, ...],
    strict: bool,
    libvirt_uri: str,
    quiet: bool,
    verbose: bool,
    html: bool,
    ucsm: "Asked | None" = None,
) -> int:
    """Certifies the hosts and prints a line for each. Returns the worst of their exit statuses."""
    gc.enable()  # hosts come and go in this process
    started = now()
    wanted = targets(hosts)
    options = options_of(plan, rules, tags, strict, libvirt_uri, ucsm)
    if not options.chosen:
        say("no rule ran: the selection names none")
        return NOTHING_RAN
    try:
        clear(out)
    except OSError as error:
        raise UsageError(f"reports cannot go to {out}: {error.strerror}") from None
    with _closed(options.ucsm):
        lines, sites = _certify_each(wanted, options, out, quiet)
    status = min((line.status for line in lines), key=WORST_FIRST.index)
    tool = {"name": "vmfex", "version": version(), "ruleset": options.ruleset}
    head = {"tool": tool, "started": started, "finished": now(), "strict": strict}
    report = combine(out, lines, html, quiet)
    moves = matrix(sites) if len(sites) > 1 else Matrix()
    summary.write(summary.dump(lines, status, head, moves), out / SUMMARY)
    _print(lines, moves, report, quiet, verbose)
    return status


@contextmanager
def _closed(manager: "UcsManager | None") -> Iterator[None]:
    """The session is a thread's, which hears of no Ctrl-C and no signal, and is left alone when the
    process ends: it has to be ended before."""
    if manager is None:
        yield
        return
    from vmfex.evidence.sources.ucsm.session import terminations_as_interrupts

    with terminations_as_interrupts():
        try:
            yield
        finally:
            manager.close()


def _certify_each(
    wanted: Sequence[Target], options: Options, out: Path, quiet: bool
) -> tuple[list[HostSummary], list[Site]]:
    done: dict[Target, HostSummary] = {}
    sites: dict[Target, Site] = {}
    with Progress(f"certifying {len(wanted)} hosts", quiet) as progress:

        def work(target: Target) -> Result:
            def notify(what: str) -> None:
                progress.say(f"{len(done)} done; {target.label}: {what}")

            notify("reading")
            return certify_host(target, options, notify)

        for target, result in side_by_side(wanted, work, AT_ONCE, HOST_LIMIT):
            if isinstance(result, Exception):
                result = without_host(target, options, result)
            done[target] = _write(target, options, result, out)
            if result.site is not None:
                sites[target] = result.site
    return [done[target] for target in wanted], [sites[t] for t in wanted if t in sites]


def _write(target: Target, options: Options, result: Result, out: Path) -> HostSummary:
    certification, status = result.certification, result.status
    reason = "; ".join(dict.fromkeys(filter(None, [result.unread, *result.errors[:1]])))
    directory: str | None = f"{HOSTS}/{target.label}"
    if result.errors and EXIT_STATUS[certification.decision] == 0:
        directory = None  # advice that broke: nothing may say CERTIFIED all the same
    else:
        shown = host_in_allure(certification.host, target.label)
        place = out / HOSTS / target.label
        try:
            place.mkdir(parents=True, exist_ok=True)
            host_output.write(place, certification, result.judged, options.rules, shown)
        except OSError as error:
            directory, status = None, INTERNAL_ERROR
            reason = f"the reports cannot be written: {error}"
    return summary.summarise(
        certification,
        target.source,
        target.label,
        status=status,
        directory=directory,
        reason=reason,
    )


def host_in_allure(host: str, label: str) -> str:
    """How a host is told apart from the others. No host can call itself so that it has another's
    name here: labels are unique, and hold no parenthesis."""
    return label if host == label else f"{host} ({label})"


def _print(
    lines: Sequence[HostSummary], moves: Matrix, report: str, quiet: bool, verbose: bool
) -> None:
    from vmfex.reports.text import wants_colour

    colour = wants_colour(sys.stdout, os.environ)
    sys.stdout.write(
        summary.render(lines, moves, report=report, colour=colour, quiet=quiet, verbose=verbose)
    )
