"""One of several hosts: what holds for all of them, and what a host comes to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex import UsageError
from vmfex.checks.model.plan import Plan
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.rule import Rule
from vmfex.checks.rules.migration_matrix import Site, site_of
from vmfex.engine import catalogue
from vmfex.engine.ledger import EXIT_STATUS, INTERNAL_ERROR, Certifier
from vmfex.engine.lint import problems
from vmfex.engine.scenarios import Judged, Scenario, judge, scenarios
from vmfex.evidence.opening import open_tree, why_unread
from vmfex.evidence.sources.recorded import RecordingError
from vmfex.evidence.sources.unread import UnreadTree
from vmfex.evidence.tree import Tree
from vmfex.fleet.targets import Target

if TYPE_CHECKING:
    from vmfex.evidence.sources.ucsm.manager import Asked, UcsManager


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


def options_of(
    plan: Path | None,
    rules: Sequence[str],
    tags: Sequence[str],
    strict: bool,
    libvirt_uri: str,
    ucsm: "Asked | None",
) -> Options:
    """Raises UsageError for features, a plan or a UCS Manager that cannot be used."""
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
    from vmfex.evidence.sources.ucsm.manager import open_manager

    return open_manager(asked)


def _plan(path: Path | None) -> Plan:
    if path is None:
        return Plan()
    from vmfex.engine.plan_file import load  # only here: it loads a YAML parser

    return load(path)


def certify_host(target: Target, options: Options, notify: Callable[[str], None]) -> Result:
    """A host that cannot be opened is a result too."""
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
    from vmfex.evidence.host import ReadHost

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
            each.findings = certifier.add(scenario.rule_id, scenario.name, each.findings)
        judged.append(each)
    certifier.errors += [error] if error else []
    moving = any(scenario.rule_id == "CLU-02" for scenario in options.chosen)
    site = site_of(label, scope) if moving else None
    return Result(certifier.certification(), judged, certifier.errors, site, why_unread(tree))


def without_host(target: Target, options: Options, error: Exception) -> Result:
    """What is to be said of a host whose reading never came to its end."""
    if isinstance(error, TimeoutError):
        reason, fault = f"the host was given up: {error}", ""
    else:
        reason = fault = f"internal error in reading the host: {type(error).__name__}: {error}"
    return judge_host(UnreadTree(target.label, reason), options, target.label, fault)
