"""The pytest plugin: `.feature` files as tests of one host, and a certification at the end.

It does nothing until `--host` names a host, so that the project's own tests run beside it.
"""

import hashlib
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from checks.plan import Plan
from checks.rule import Rule
from checks.scope import Scope
from checks.verdict import Finding, Selection, judge_selection
from vmfex.catalogue import FEATURES, CatalogueError, digest, rules
from vmfex.certifier import EXIT_STATUS, INTERNAL_ERROR, INTERRUPTED, NOTHING_RAN, Certifier
from vmfex.lint import STEP_MODULES, problems
from vmfex.outcome import Undetermined, Violated, speak
from vmfex.output import Output

pytest_plugins = STEP_MODULES
NAME = "vmfex"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("vmfex", "certify a KVM host for Cisco VM-FEX")
    group.addoption("--host", help="local, an embedded host's name, a recording")
    group.addoption("--plan", type=Path, help="what the host is meant for (YAML)")
    group.addoption("--out", type=Path, default=Path("certification"), help="where reports go")
    group.addoption("--libvirt-uri", default="qemu:///system", help="for the host `local`")
    group.addoption("--strict-derived", action="store_true", help="derived rules decide too")
    group.addoption("--rule", action="append", default=[], help="judge this rule id only")
    group.addoption("--tag", action="append", default=[], help="judge rules with this tag only")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.host is None:
        return
    if getattr(config.option, "numprocesses", None) or hasattr(config, "workerinput"):
        raise pytest.UsageError("a certification is one process: run it without -n (xdist)")
    allow_md5()
    forget_features()
    config.pluginmanager.register(Session(config), NAME)


def allow_md5() -> None:
    """allure-pytest hashes names with md5, which a machine in FIPS mode refuses for security."""
    try:
        hashlib.md5(b"")
    except ValueError:
        hashlib.md5 = partial(hashlib.md5, usedforsecurity=False)


def forget_features() -> None:
    """pytest-bdd caches feature files for the life of the process, edited or not."""
    sys.modules["pytest_bdd.feature"].features.clear()


class FeatureFile(pytest.Module):
    """A feature file, collected directly: no stub module is needed."""

    def _getobj(self) -> ModuleType:
        module = ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        code = "from pytest_bdd import scenarios as _scenarios; _scenarios(__file__)"
        exec(compile(code, str(self.path), "exec"), module.__dict__)
        return module


class Session:
    """One host's certification, from the command line to the files that it leaves."""

    def __init__(self, config: pytest.Config) -> None:
        from fixtures.host import ReadHost
        from fixtures.recorded import RecordingError
        from fixtures.sources import open_tree
        from vmfex import plan as plans

        option = config.option
        self._features = _features_of(config)
        found = problems(self._features)
        if found:
            raise pytest.UsageError("the features are not fit to judge: " + "; ".join(found))
        notify = getattr(option, "notify", None) or (lambda _: None)
        try:
            plan = plans.load(option.plan) if option.plan else Plan()
            tree = open_tree(option.host, libvirt_uri=option.libvirt_uri, notify=notify)
        except (plans.PlanError, RecordingError, CatalogueError) as error:
            raise pytest.UsageError(str(error)) from None
        self._rules = {rule.id: rule for rule in rules(self._features)}
        self._scope = Scope(ReadHost(tree), plan)
        self.certifier = Certifier(
            self._scope,
            tree.constructed,
            tuple(self._rules.values()),
            digest(self._features),
            option.strict_derived,
        )
        self.output = Output(option.out, config)

    @pytest.fixture(scope="session")
    def scope(self) -> Scope:
        return self._scope

    def pytest_sessionstart(self) -> None:
        self.output.start(self._scope.host.name)

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
        order = list(self._rules)
        mine = {item: _rule_id(item) for item in items}
        wanted = [i for i in items if self._is_selected(self._rules[mine[i]], config.option)]
        config.hook.pytest_deselected(items=[i for i in items if i not in set(wanted)])
        items[:] = sorted(wanted, key=lambda item: order.index(mine[item]))
        names = [(mine[item], _scenario(item)) for item in items]
        self.certifier.plan(names)
        ids = [rule_id for rule_id, _ in names]
        for item, (rule_id, scenario) in zip(items, names, strict=True):
            self.output.describe(item, self._rules[rule_id], scenario, ids.count(rule_id) == 1)

    @staticmethod
    def _is_selected(rule: Rule, option: Any) -> bool:
        tags = {rule.id, rule.severity, rule.area, rule.id[:3]} | (
            {"derived"} if rule.derived else set()
        )
        by_rule = not option.rule or rule.id in option.rule
        return by_rule and (not option.tag or bool(tags & set(option.tag)))

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_after_step(self, request: Any, step: Any) -> None:
        """A Given that selects nothing, and every Then, speaks here."""
        name = "selected" if step.type == "given" else "findings"
        said = request.getfixturevalue(name)
        error: BaseException | None = None
        try:
            findings = _findings(said)
            if findings:
                self.certifier.add(_rule_id(request.node), _scenario(request.node), findings)
                self.output.attach(findings)
                speak(findings)
        except BaseException as raised:
            error = raised
            raise
        finally:
            self.output.close_step(request.node, error)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Iterator[None]:
        yield
        spoken = (Violated, Undetermined, pytest.skip.Exception, pytest.xfail.Exception)
        if call.excinfo and not call.excinfo.errisinstance(spoken):
            self.certifier.fail(_rule_id(item), _scenario(item), call.excinfo.value)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        session.exitstatus = self._finish(session, int(exitstatus))

    def _finish(self, session: pytest.Session, status: int) -> int:
        """Writes the reports of a run that came to its end. Returns the exit status."""
        if session.shouldstop or session.shouldfail or status == INTERRUPTED:
            errors = session.config.pluginmanager.get_plugin("terminalreporter")
            broken = errors is not None and bool(errors.stats.get("error"))
            return INTERNAL_ERROR if broken else INTERRUPTED
        if status in (INTERNAL_ERROR, NOTHING_RAN):
            return status
        certification = self.certifier.certification()
        try:
            self.output.write(certification)
        except OSError as error:
            self.certifier.errors.append(f"the reports cannot be written: {error}")
        if self.certifier.errors:
            return INTERNAL_ERROR
        return EXIT_STATUS[certification.decision]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for error in self.certifier.errors:
            terminalreporter.write_line(f"internal error: {error}")
        if self.output.certification is not None:
            terminalreporter.section("certification")
            terminalreporter.write(self.output.text(str(self.output.directory)))

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Undetermined is an outcome of its own beside pytest's failed."""
        message = getattr(report.longrepr, "reprcrash", None)
        if report.when == "call" and report.failed and "Undetermined" in str(message):
            return "undetermined", "U", "UNDETERMINED"
        return None


def _features_of(config: pytest.Config) -> Path:
    """The features folder that pytest was pointed at, else the project's own."""
    for argument in config.args:
        path = Path(str(argument).partition("::")[0]).resolve()
        for folder in (path, *path.parents):
            if (folder / "rules.txt").is_file():
                return folder
    return FEATURES


def _template(item: pytest.Item) -> Any:
    registry = sys.modules["pytest_bdd.scenario"].scenario_wrapper_template_registry
    return registry[item.obj]  # type: ignore[attr-defined]


def _rule_id(item: pytest.Item) -> str:
    names: set[str] = _template(item).rule.tags
    return next(name for name in names if name[:3].isupper() and name[3:4] == "-")


def _scenario(item: pytest.Item) -> str:
    return str(_template(item).name)


def _findings(said: object) -> list[Finding]:
    if isinstance(said, Selection):
        return judge_selection(said)
    if isinstance(said, list) and said and all(isinstance(f, Finding) for f in said):
        return said
    raise TypeError(f"a step returned {said!r:.80} instead of a selection or findings")
