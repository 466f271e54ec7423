"""The files that a session leaves: those of `vmfex certify`, Allure's by allure-pytest."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from vmfex import interrupts
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding
from vmfex.engine.output import write_views
from vmfex.errors import UsageError
from vmfex.exit_status import EXIT_STATUS
from vmfex.folder.folder import folder_at
from vmfex.folder.names import RESULTS


class Output:
    """A folder of reports (folder/folder.py).

    Allure's results go where `--alluredir` says. Without it they grow among the files of a run that
    is under way: those of an interrupted one stay there until the next, and are never taken for
    more.
    """

    def __init__(self, directory: str, config: pytest.Config) -> None:
        try:
            self._folder = folder_at(directory)
        except UsageError as error:
            raise pytest.UsageError(str(error)) from None
        self.directory = self._folder.out
        self.certification: Certification | None = None
        self._config = config
        self._bridge: Any = None
        self._expected = self._before = 0
        self._own = config.option.allure_report_dir is None
        if self._own:
            # allure-pytest wants a directory when it is configured, and our writer takes its place
            empty = tempfile.TemporaryDirectory(prefix="vmfex-")
            config.add_cleanup(empty.cleanup)
            config.option.allure_report_dir = empty.name

    def start(self, host: str, why_aside: Callable[[RuleResult], str]) -> None:
        """Puts the bridge behind allure-pytest, once that is configured."""
        import allure_commons

        from vmfex.pytest_plugin.allure_bridge import AllureBridge
        from vmfex.pytest_plugin.allure_files import take_over

        self._bridge = AllureBridge(self._config, host, why_aside)
        self._config.pluginmanager.register(self._bridge, "vmfex-allure")
        allure_commons.plugin_manager.register(self._bridge)
        self._config.add_cleanup(lambda: allure_commons.plugin_manager.unregister(self._bridge))
        if self._own:
            self._config.add_cleanup(take_over(self._results))

    def begin(self) -> None:
        """Takes the folder, when tests are there to be run: a session that is not what its user
        meant touches nothing. Raises pytest.UsageError."""
        from vmfex.reports.allure.results import on_disk

        held = ExitStack()
        try:
            held.enter_context(self._folder.run(leaves_unfinished=True))
            if self._own:
                self._results.mkdir()
            self._before = on_disk(self._results)
        except (UsageError, OSError) as error:
            held.close()
            raise pytest.UsageError(str(error)) from None
        self._config.add_cleanup(held.close)

    @property
    def _results(self) -> Path:
        """Where Allure's results are written."""
        own = self._folder.new / RESULTS
        return own if self._own else Path(self._config.option.allure_report_dir)

    @property
    def published(self) -> bool:
        """Whether the files are in place."""
        return self._folder.published

    def describe(self, item: pytest.Item, rule: Rule, scenario: str, alone: bool) -> None:
        """Announces a test that is to run: its result is missed if it is not written."""
        self._expected += 1
        self._bridge.describe(item, rule, scenario, alone)

    def attach(self, findings: Sequence[Finding]) -> None:
        self._bridge.attach_findings(findings)

    def close_step(self, error: BaseException | None) -> None:
        self._bridge.close_step(error)

    def fail(self, error: BaseException, trace: str) -> None:
        self._bridge.fail(error, trace)

    def write(self, certification: Certification) -> None:
        """Writes every report. Raises OSError, and KeyboardInterrupt where the session was
        interrupted before."""
        self._finish_allure(certification)
        write_views(self._folder.new, certification)
        interrupts.hold()
        self._folder.publish()
        interrupts.completed(EXIT_STATUS[certification.decision])
        self.certification = certification

    def _finish_allure(self, certification: Certification) -> None:
        from vmfex.reports.allure.environment import environment, write_environment
        from vmfex.reports.allure.results import count_on_disk

        if self._bridge.written != self._expected:
            raise OSError(f"{self._bridge.written} of {self._expected} Allure results are there")
        count_on_disk(self._results, self._expected, self._before)
        write_environment(self._results, environment(certification))

    def text(self, report: str, **style: Any) -> str:
        """The certification as a person reads it; `report` is what the last line points at."""
        from vmfex.reports.text import render

        assert self.certification is not None
        return render(self.certification, report=report, **style)
