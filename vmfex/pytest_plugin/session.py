"""One host's certification in a pytest session, from its options to the files that it leaves."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vmfex.checks.model.scope import Scope
from vmfex.checks.result.rule import Rule
from vmfex.engine.acceptance_file import check
from vmfex.engine.catalogue import CatalogueError, selects
from vmfex.engine.certify import Job, open_host
from vmfex.engine.judge import findings_of
from vmfex.engine.ledger import Ledger
from vmfex.engine.rule_set import load
from vmfex.errors import UsageError
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.host import ReadHost
from vmfex.evidence.host_spec import parse_host
from vmfex.evidence.sources.ucsm import UcsmError
from vmfex.exit_status import EXIT_STATUS, Exit
from vmfex.folder.names import CERTIFICATE
from vmfex.pytest_plugin.binding import HELD_AS, stand_in
from vmfex.pytest_plugin.collection import (
    FeatureFile,
    features_of,
    refuse_strangers,
    rule_id,
    scenario_name,
)
from vmfex.pytest_plugin.options import manager_of, request_of
from vmfex.pytest_plugin.outcome import SPOKEN, Undetermined, speak
from vmfex.pytest_plugin.output import Output
from vmfex.reports.view import why_aside

if TYPE_CHECKING:
    pass

SESSION = "vmfex-session"  # `vmfex` is the name of the plugin's entry point
REFUSALS = (UsageError, RecordingError, UcsmError, CatalogueError)


class Session:
    """One host's certification, from the command line to the files that it leaves."""

    def __init__(self, config: pytest.Config) -> None:
        self._features = features_of(config)
        try:
            self._rule_set = load(self._features)
            request = request_of(config.option)
            self._rule_set.chosen(request.rules, request.tags)
            check(request.plan.accepted, self._rule_set.rules)
            job = Job(request, self._rule_set, (), manager_of(request))
            tree = open_host(parse_host(config.option.host), job)
        except REFUSALS as error:
            raise pytest.UsageError(str(error)) from None
        stand_in(config, self._features)
        self._request = request
        self.scope = Scope(ReadHost(tree), request.plan)
        self.ledger = Ledger(self.scope, tree, self._rule_set, request)
        self.output = Output(config.option.out, config)
        self._interrupted = False
        for name in mark_names(self._rule_set.rules.values()):
            config.addinivalue_line("markers", f"{name}: a tag of vmfex's rules")

    def pytest_sessionstart(self) -> None:
        request = self._request
        why = partial(why_aside, strict=request.strict, guide_only=request.guide_only)
        self.output.start(self.scope.host.name, why)

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> Any:
        if file_path.suffix == ".feature":
            return FeatureFile.from_parent(parent, path=file_path)
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_bdd_apply_tag(self, tag: str, function: Any) -> bool:
        """The tags of Features and Rules are marks (-m blocker, -k SRV-03): names that the lint
        lets through, so that an `@skip` or `@xfail` is never pytest's."""
        getattr(pytest.mark, tag)(function)
        return True

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        refuse_strangers(items, self._features)
        chosen = self._whole([item for item in items if self._is_selected(rule_id(item))])
        config.hook.pytest_deselected(items=[i for i in items if i not in set(chosen)])
        order = list(self._rule_set.rules)
        items[:] = sorted(chosen, key=lambda item: order.index(rule_id(item)))
        names = [(rule_id(item), scenario_name(item)) for item in items]
        self.ledger.plan(names)
        ids = [id_ for id_, _ in names]
        for item, (id_, name) in zip(items, names, strict=True):
            self.output.describe(item, self._rule_set.rules[id_], name, ids.count(id_) == 1)

    def _is_selected(self, id_: str) -> bool:
        rules, tags = self._request.rules, self._request.tags
        return selects(self._rule_set.rules[id_], rules, tags)

    def _whole(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """A rule some of whose scenarios pytest left out (-k, a node id) is not run at all: the
        others alone could speak for it, and would pass for the rule."""
        there = {(rule_id(item), scenario_name(item)) for item in items}
        missed = {s.rule_id for s in self._rule_set.scenarios if (s.rule_id, s.name) not in there}
        return [item for item in items if rule_id(item) not in missed]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        if session.items and not session.testsfailed and not session.config.option.collectonly:
            self.output.begin()

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_after_step(
        self,
        request: Any,
        feature: Any,
        scenario: Any,
        step: Any,
        step_func: Any,
        step_func_args: Any,
    ) -> None:
        """A Given that selects nothing, and every Then, speaks here. pytest-bdd has closed the step
        as passed by now, and has to be told of an error, or Cucumber JSON would have it so."""
        name = HELD_AS[step.type]
        error: BaseException | None = None
        try:
            findings = findings_of(request.getfixturevalue(name))
            if findings:
                of = rule_id(request.node), scenario_name(request.node)
                steps_run = [*scenario.steps].index(step) + 1
                findings = self.ledger.add(*of, findings, steps_run)
                self.output.attach(findings)
                speak(findings)
        except BaseException as raised:
            error = raised
            request.config.hook.pytest_bdd_step_error(
                request=request,
                feature=feature,
                scenario=scenario,
                step=step,
                step_func=step_func,
                step_func_args=step_func_args,
                exception=raised,
            )
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
            self.ledger.fail(rule_id(item), scenario_name(item), call.excinfo.value)
            self.output.fail(call.excinfo.value, str(call.excinfo.getrepr(style="short")))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.ledger.errors.append(f"{report.nodeid} cannot be collected")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.ledger.errors.append(excinfo.exconly())

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self._interrupted = not excinfo.errisinstance(pytest.Session.Interrupted)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        try:
            session.exitstatus = self._finish(session, int(exitstatus))
        except KeyboardInterrupt:  # while the reports were written, or when they were in place
            if not self.output.published:
                session.exitstatus = Exit.INTERRUPTED

    def _finish(self, session: pytest.Session, status: int) -> int:
        """Writes the reports of a run that came to its end. Returns the exit status."""
        if self._interrupted:
            return Exit.INTERRUPTED
        if session.config.option.collectonly:
            return Exit.NO_RULE_RAN
        stopped = session.shouldstop or session.shouldfail
        if stopped or status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            if status > Exit.INTERRUPTED:
                return status
            return Exit.INTERNAL_ERROR if self.ledger.errors else Exit.INTERRUPTED
        try:
            certification = self.ledger.certification()
            if self.ledger.errors and EXIT_STATUS[certification.decision] == 0:
                return (
                    Exit.INTERNAL_ERROR
                )  # advice that broke: nothing may say CERTIFIED all the same
            self.output.write(certification)
        except Exception as error:
            what = error if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
            self.ledger.errors.append(f"the reports cannot be written: {what}")
        if self.ledger.errors or self.output.certification is None:
            return Exit.INTERNAL_ERROR
        return EXIT_STATUS[self.output.certification.decision]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for error in self.ledger.errors:
            terminalreporter.write_line(f"internal error: {error}")
        if self.output.certification is not None:
            terminalreporter.section("certification")
            terminalreporter.write(self.output.text(str(self.output.directory / CERTIFICATE)))

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Undetermined is an outcome of its own beside pytest's failed."""
        if getattr(report, "undetermined", False):
            return "undetermined", "U", "UNDETERMINED"
        return None


def mark_names(rules: Iterable[Rule]) -> set[str]:
    """The tags that the lint lets through."""
    marks = {name for rule in rules for name in (rule.id, str(rule.severity), rule.area)}
    return marks | {"derived"}
