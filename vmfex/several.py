"""Certifying several hosts: read and judged side by side, each with its own record and reports.

A host that cannot be read is a result for that host, and stops no other (docs/remote.md).
"""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.certification import Certification
from checks.move import Matrix, Site, matrix, site_of
from checks.plan import Plan
from checks.rule import Rule
from checks.scope import Scope
from fixtures.recorded import RecordingError
from fixtures.sources import open_tree, why_unread
from fixtures.tree import Tree
from fixtures.unread import UnreadTree
from reports import summary
from reports.summary import HostSummary
from vmfex import UsageError, catalogue, host_output, version
from vmfex.certifier import EXIT_STATUS, INTERNAL_ERROR, NOTHING_RAN, Certifier, now
from vmfex.combined import combine
from vmfex.judging import Judged, Scenario, judge, scenarios
from vmfex.lint import problems
from vmfex.output import HOSTS, SUMMARY, clear
from vmfex.progress import Progress, say
from vmfex.side_by_side import side_by_side
from vmfex.targets import Target, targets

if TYPE_CHECKING:
    from fixtures.ucsm.manager import Asked, UcsManager

AT_ONCE = 8  # hosts; an sshd, as on a jump host, refuses some of more than 10 that log in at once
HOST_LIMIT = 600.0  # seconds; whatever hangs inside has a shorter limit of its own
WORST_FIRST = (INTERNAL_ERROR, 1, 6, 0)


@dataclass(frozen=True)
class Options:
    """What holds for every host of a run."""

    plan: Plan
    rules: dict[str, Rule]
    chosen: tuple[Scenario, ...]
    ruleset: str
    strict: bool
    libvirt_uri: str
    ucsm: "UcsManager | None"


@dataclass(frozen=True)
class Result:
    """A host's record, and what came in the way of it."""

    certification: Certification
    judged: Sequence[Judged]
    errors: Sequence[str]
    site: Site | None  # None where nobody asked for CLU-02
    unread: str = ""

    @property
    def status(self) -> int:
        return INTERNAL_ERROR if self.errors else EXIT_STATUS[self.certification.decision]


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
    options = _options(plan, rules, tags, strict, libvirt_uri, ucsm)
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


def _options(
    plan: Path | None,
    rules: Sequence[str],
    tags: Sequence[str],
    strict: bool,
    libvirt_uri: str,
    ucsm: "Asked | None",
) -> Options:
    if found := problems():
        raise UsageError("the features are not fit to judge: " + "; ".join(found))
    known = {rule.id: rule for rule in catalogue.rules()}
    order = list(known)
    chosen = [s for s in scenarios() if catalogue.selects(known[s.rule_id], rules, tags)]
    chosen.sort(key=lambda scenario: order.index(scenario.rule_id))
    ruleset = catalogue.digest()
    manager = _manager(ucsm)
    return Options(_plan(plan), known, tuple(chosen), ruleset, strict, libvirt_uri, manager)


def _manager(asked: "Asked | None") -> "UcsManager | None":
    """One for all hosts: it is asked in one session."""
    if asked is None:
        return None
    from fixtures.ucsm.manager import open_manager

    return open_manager(asked)


def _plan(path: Path | None) -> Plan:
    if path is None:
        return Plan()
    from vmfex.plan import load  # only here: it loads a YAML parser

    return load(path)


@contextmanager
def _closed(manager: "UcsManager | None") -> Iterator[None]:
    """The session is a thread's, which hears of no Ctrl-C and no signal, and is left alone when the
    process ends: it has to be ended before."""
    if manager is None:
        yield
        return
    from fixtures.ucsm.session import terminations_as_interrupts

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
            return _certify(target, options, notify)

        for target, result in side_by_side(wanted, work, AT_ONCE, HOST_LIMIT):
            if isinstance(result, Exception):
                result = _without(target, options, result)
            done[target] = _write(target, options, result, out)
            if result.site is not None:
                sites[target] = result.site
    return [done[target] for target in wanted], [sites[t] for t in wanted if t in sites]


def _certify(target: Target, options: Options, notify: Any) -> Result:
    tree: Tree
    try:
        tree = open_tree(
            target.source, libvirt_uri=options.libvirt_uri, ucsm=options.ucsm, notify=notify
        )
    except RecordingError as error:
        tree = UnreadTree(target.label, str(error))
    return judge_host(tree, options, target.label)


def judge_host(tree: Tree, options: Options, label: str, error: str = "") -> Result:
    """The chosen rules on one host; `error` is a fault of the program that came before."""
    from fixtures.host import ReadHost

    scope = Scope(ReadHost(tree), options.plan)
    rules = tuple(options.rules.values())
    certifier = Certifier(
        scope,
        tree.constructed,
        tree.digest,
        getattr(tree, "place", str),
        rules,
        options.ruleset,
        options.strict,
    )
    certifier.plan((scenario.rule_id, scenario.name) for scenario in options.chosen)
    judged = []
    for scenario in options.chosen:
        each = judge(scenario, scope)
        if each.error is not None:
            certifier.fail(scenario.rule_id, scenario.name, each.error)
        else:
            certifier.add(scenario.rule_id, scenario.name, each.findings)
        judged.append(each)
    certifier.errors += [error] if error else []
    moving = any(scenario.rule_id == "CLU-02" for scenario in options.chosen)
    site = site_of(label, scope) if moving else None
    return Result(certifier.certification(), judged, certifier.errors, site, why_unread(tree))


def _without(target: Target, options: Options, error: Exception) -> Result:
    """What is to be said of a host whose reading never came to its end."""
    if isinstance(error, TimeoutError):
        reason, fault = f"the host was given up: {error}", ""
    else:
        reason = fault = f"internal error in reading the host: {type(error).__name__}: {error}"
    return judge_host(UnreadTree(target.label, reason), options, target.label, fault)


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
    from reports.text import wants_colour

    colour = wants_colour(sys.stdout, os.environ)
    sys.stdout.write(
        summary.render(lines, moves, report=report, colour=colour, quiet=quiet, verbose=verbose)
    )
