"""The pytest plugin: `.feature` files as tests of one host, and a certification at the end.

It does nothing until `--host` names a host, so that the project's own tests run beside it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vmfex import UsageError
from vmfex.checks.model.plan import Plan
from vmfex.checks.model.scope import Scope
from vmfex.engine import catalogue
from vmfex.engine.guests import guests
from vmfex.engine.ledger import EXIT_STATUS, INTERNAL_ERROR, INTERRUPTED, NOTHING_RAN, Certifier
from vmfex.engine.lint import problems
from vmfex.engine.scenarios import findings_of
from vmfex.pytest_plugin import requirements as surroundings
from vmfex.pytest_plugin.binding import stand_in
from vmfex.pytest_plugin.collection import (
    FeatureFile,
    features_of,
    forget_features,
    refuse_strangers,
    rule_id,
    scenario,
)
from vmfex.pytest_plugin.outcome import SPOKEN, Undetermined, in_words, speak
from vmfex.pytest_plugin.output import Output

if TYPE_CHECKING:
    from vmfex.evidence.sources.ucsm.manager import UcsManager

SESSION = "vmfex-session"  # `vmfex` is the name of this module's entry point


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("vmfex", "certify a KVM host for Cisco VM-FEX")
    group.addoption("--host", help="local, an embedded host's name, a recording")
    group.addoption("--plan", type=Path, help="what the host is meant for (YAML)")
    group.addoption("--out", type=Path, default=Path("certification"), help="where reports go")
    group.addoption("--libvirt-uri", default="qemu:///system", help="for the host `local`")
    group.addoption("--guest", action="append", default=[], help="NAME=FILE, a capture in a VM")
    group.addoption("--ucsm", metavar="URL", help="UCS Manager to ask, https://HOST")
    group.addoption("--ucsm-ca", metavar="FILE", help="certificates to trust for UCS Manager")
    group.addoption("--ucsm-insecure", action="store_true", help="verify no certificate")
    group.addoption("--strict-derived", action="store_true", help="derived rules decide too")
    group.addoption("--rule", action="append", default=[], help="judge this rule id only")
    group.addoption("--tag", action="append", default=[], help="judge rules with this tag only")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.host is None:
        return
    surroundings.refuse_workers(config)
    surroundings.need_plugins(config)
    surroundings.allow_md5()
    forget_features()
    config.pluginmanager.register(Session(config), SESSION)


@pytest.fixture(scope="session")
def scope(pytestconfig: pytest.Config) -> Scope:
    """The host that is certified, and its plan."""
    session = pytestconfig.pluginmanager.get_plugin(SESSION)
    assert isinstance(session, Session), "only rules that run with --host have a host"
    return session.scope


class Session:
    """One host's certification, from the command line to the files that it leaves."""

    def __init__(self, config: pytest.Config) -> None:
        from vmfex.evidence.host import ReadHost
        from vmfex.evidence.opening import open_tree
        from vmfex.evidence.sources.recorded import RecordingError
        from vmfex.evidence.sources.ucsm import UcsmError

        option = config.option
        self._features = features_of(config)
        found = problems(self._features)
        if found:
            raise pytest.UsageError("the features are not fit to judge: " + "; ".join(found))
        stand_in(config, self._features)
        self._rules = {rule.id: rule for rule in catalogue.rules(self._features)}
        option.rule = [id_.upper() for id_ in option.rule]
        unknown = [id_ for id_ in option.rule if id_ not in self._rules]
        if unknown:
            raise pytest.UsageError(f"there is no rule {unknown[0]!a}")
        notify = getattr(option, "notify", None) or (lambda _: None)
        try:
            plan = _plan(option.plan)
            tree = open_tree(
                option.host,
                libvirt_uri=option.libvirt_uri,
                ucsm=_manager(option, notify),
                notify=notify,
                guests=guests(option.guest),
            )
        except (UsageError, RecordingError, UcsmError) as error:
            raise pytest.UsageError(str(error)) from None
        self.scope = Scope(ReadHost(tree), plan)
        self.certifier = Certifier(
            self.scope,
            tree.constructed,
            tree.digest,
            getattr(tree, "place", str),
            tuple(self._rules.values()),
            catalogue.digest(self._features),
            option.strict_derived,
        )
        self.output = Output(option.out, config)
        self._interrupted = False

    def pytest_sessionstart(self) -> None:
        self.output.start(self.scope.host.name)

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> Any:
        if file_path.suffix == ".feature":
            return FeatureFile.from_parent(parent, path=file_path)
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_bdd_apply_tag(self, tag: str, function: Any) -> bool:
        """Tags are data here: an `@skip` or `@xfail` in a feature is no mark of pytest's."""
        return True

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        refuse_strangers(items, self._features)
        chosen = self._whole([i for i in items if self._is_selected(rule_id(i), config.option)])
        config.hook.pytest_deselected(items=[i for i in items if i not in set(chosen)])
        order = list(self._rules)
        items[:] = sorted(chosen, key=lambda item: order.index(rule_id(item)))
        names = [(rule_id(item), scenario(item)) for item in items]
        self.certifier.plan(names)
        ids = [id_ for id_, _ in names]
        for item, (id_, name) in zip(items, names, strict=True):
            self.output.describe(item, self._rules[id_], name, ids.count(id_) == 1)

    def _is_selected(self, id_: str, option: Any) -> bool:
        return catalogue.selects(self._rules[id_], option.rule, option.tag)

    def _whole(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """A rule some of whose scenarios pytest left out (-k, a node id) is not run at all: the
        others alone could speak for it, and would pass for the rule."""
        there = {(rule_id(item), scenario(item)) for item in items}
        names = catalogue.scenarios(self._features)
        whole = {id_ for id_ in names if all((id_, name) in there for name in names[id_])}
        return [item for item in items if rule_id(item) in whole]

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_after_step(self, request: Any, step: Any) -> None:
        """A Given that selects nothing, and every Then, speaks here."""
        name = "selected" if step.type == "given" else "findings"
        error: BaseException | None = None
        try:
            findings = findings_of(request.getfixturevalue(name))
            if findings:
                of = rule_id(request.node), scenario(request.node)
                findings = self.certifier.add(*of, findings)
                self.output.attach(findings, in_words(findings))
                speak(findings)
        except BaseException as raised:
            error = raised
            raise
        finally:
            self.output.close_step(error)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Iterator[None]:
        outcome: Any = yield
        if call.excinfo and call.excinfo.errisinstance(Undetermined):
            outcome.get_result().undetermined = True
        if call.excinfo and not call.excinfo.errisinstance(SPOKEN):
            self.certifier.fail(rule_id(item), scenario(item), call.excinfo.value)
            self.output.fail(call.excinfo.value, str(call.excinfo.getrepr(style="short")))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.certifier.errors.append(f"{report.nodeid} cannot be collected")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.certifier.errors.append(excinfo.exconly())

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self._interrupted = not excinfo.errisinstance(pytest.Session.Interrupted)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        session.exitstatus = self._finish(session, int(exitstatus))

    def _finish(self, session: pytest.Session, status: int) -> int:
        """Writes the reports of a run that came to its end. Returns the exit status."""
        if self._interrupted:
            return INTERRUPTED
        if session.config.option.collectonly:
            return NOTHING_RAN
        stopped = session.shouldstop or session.shouldfail
        if stopped or status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            if status > INTERRUPTED:
                return status
            return INTERNAL_ERROR if self.certifier.errors else INTERRUPTED
        try:
            certification = self.certifier.certification()
            if self.certifier.errors and EXIT_STATUS[certification.decision] == 0:
                return INTERNAL_ERROR  # advice that broke: nothing may say CERTIFIED all the same
            self.output.write(certification)
        except Exception as error:
            what = error if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
            self.certifier.errors.append(f"the reports cannot be written: {what}")
        if self.certifier.errors or self.output.certification is None:
            return INTERNAL_ERROR
        return EXIT_STATUS[self.output.certification.decision]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for error in self.certifier.errors:
            terminalreporter.write_line(f"internal error: {error}")
        if self.output.certification is not None:
            terminalreporter.section("certification")
            terminalreporter.write(self.output.text(str(self.output.directory)))

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Undetermined is an outcome of its own beside pytest's failed."""
        if getattr(report, "undetermined", False):
            return "undetermined", "U", "UNDETERMINED"
        return None


def _plan(path: Path | None) -> Plan:
    if path is None:
        return Plan()
    from vmfex.engine.plan_file import load  # only here: it loads a YAML parser

    return load(path)


def _manager(option: Any, notify: Callable[[str], None]) -> "UcsManager | None":
    if option.ucsm is None:
        return None
    from vmfex.evidence.sources.ucsm.manager import Asked, open_manager

    return open_manager(Asked(option.ucsm, option.ucsm_ca, option.ucsm_insecure), notify)
