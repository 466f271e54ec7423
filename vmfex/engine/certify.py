"""One host by one rule set: its evidence is opened, every chosen scenario is judged, and what they
found is one record. One host or a thousand go this way.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vmfex.checks.model.host import Host
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.scenario import Judged, Scenario
from vmfex.checks.rules.move import Site
from vmfex.checks.rules.site import site_of
from vmfex.engine.acceptance_file import check
from vmfex.engine.judge import judge
from vmfex.engine.ledger import Ledger
from vmfex.engine.request import Request
from vmfex.engine.rule_set import RuleSet, load
from vmfex.evidence.host_spec import HostSpec
from vmfex.evidence.opening import open_tree
from vmfex.evidence.tree import Tree
from vmfex.exit_status import EXIT_STATUS, Exit

if TYPE_CHECKING:
    from vmfex.evidence.sources.ssh import Arrived
    from vmfex.evidence.sources.ucsm.tree import FabricSource

Notify = Callable[[str], None]


def silent(_sentence: str) -> None:
    """For whoever wants to hear of nothing that takes long."""


@dataclass(frozen=True, slots=True)
class Job:
    """A request made ready: the rules that it chooses, and its UCS Manager, which all hosts share
    and which is asked in one session."""

    request: Request
    rule_set: RuleSet
    chosen: tuple[Scenario, ...]
    ucsm: "FabricSource | None" = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A host's record, what each scenario found, and what came in the way of it. `site` is what
    the migration matrix takes of the host; None where nobody asked for CLU-02."""

    certification: Certification
    judged: Sequence[Judged]
    errors: Sequence[str]
    site: Site | None
    lost: str = ""

    @property
    def status(self) -> Exit:
        return Exit.INTERNAL_ERROR if self.errors else EXIT_STATUS[self.certification.decision]

    @property
    def misleads(self) -> bool:
        """Advice broke, so that the record says CERTIFIED all the same: it is never written."""
        return bool(self.errors) and EXIT_STATUS[self.certification.decision] == Exit.CERTIFIED


@contextmanager
def prepared(request: Request, notify: Notify = silent) -> Iterator[Job]:
    """The job that a request is, for as long as its session with UCS Manager may be open. Raises
    UsageError, CatalogueError or UcsmError for what cannot be used."""
    rule_set = load()
    chosen = rule_set.chosen(request.rules, request.tags)
    check(request.plan.accepted, rule_set.rules)
    if request.sources.ucsm is None:
        yield Job(request, rule_set, chosen)
        return
    from vmfex.evidence.sources.ucsm.manager import open_manager
    from vmfex.evidence.terminations import terminations_as_interrupts

    manager = open_manager(request.sources.ucsm, notify)
    # The session is a thread's, which hears of no Ctrl-C and no signal, and is left alone when the
    # process ends: it has to be ended before.
    with terminations_as_interrupts():
        try:
            yield Job(request, rule_set, chosen, manager)
        finally:
            manager.close()


def open_host(
    host: HostSpec, job: Job, notify: Notify = silent, arrived: "Arrived | None" = None
) -> Tree:
    """The host's evidence; `arrived` is what was fetched of it. Raises RecordingError for what
    cannot be used."""
    sources = job.request.sources
    return open_tree(
        host,
        libvirt_uri=sources.libvirt_uri,
        ucsm=job.ucsm,
        notify=notify,
        guests=sources.guests,
        arrived=arrived,
    )


def judge_host(
    tree: Tree, job: Job, label: str = "", error: str = "", host: Host | None = None
) -> Outcome:
    """The chosen rules on a host's evidence; `label` is how the migration matrix calls it, `error`
    a fault of the program that came before, `host` what is judged where that is not what the tree
    says (vmfex/what_if.py)."""
    from vmfex.evidence.host import ReadHost

    scope = Scope(host or ReadHost(tree), job.request.plan)
    ledger = Ledger(scope, tree, job.rule_set, job.request)
    ledger.plan((scenario.rule_id, scenario.name) for scenario in job.chosen)
    ledger.errors += [error] if error else []
    judged = [_taken_down(judge(scenario, scope), ledger) for scenario in job.chosen]
    moving = any(scenario.rule_id == "CLU-02" for scenario in job.chosen)
    site = site_of(label or tree.name, scope) if moving else None
    return Outcome(ledger.certification(), judged, ledger.errors, site, tree.lost)


def _taken_down(judged: Judged, ledger: Ledger) -> Judged:
    """With the findings as every report has them."""
    of = judged.scenario.rule_id, judged.scenario.name
    if judged.error is not None:
        ledger.fail(*of, judged.error)
        return judged
    findings = ledger.add(*of, judged.findings, judged.steps_run)
    return Judged(judged.scenario, findings, None, judged.times)
