"""The files that a session leaves: those of `vmfex certify`, Allure's by allure-pytest."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding
from vmfex.engine.output import JUNIT, PART, RECORD, RESULTS, clear


class Output:
    """A directory of reports.

    Allure's results go where `--alluredir` says. Without it they grow in `allure-results.part`,
    which becomes `allure-results` when they are whole: those of an interrupted run stay where they
    are and are never taken for more. The record comes last, so that where it is the rest is too.
    """

    def __init__(self, directory: Path, config: pytest.Config) -> None:
        self.directory = directory
        self.certification: Certification | None = None
        self._config = config
        self._bridge: Any = None
        self._expected = 0
        self._own = config.option.allure_report_dir is None
        try:
            clear(directory)
        except OSError as error:
            raise pytest.UsageError(f"reports cannot go to {directory}: {error.strerror}") from None
        if self._own:
            config.option.allure_report_dir = str(directory / PART)

    def start(self, host: str) -> None:
        """Puts the bridge behind allure-pytest, once that is configured."""
        import allure_commons

        from vmfex.pytest_plugin.allure_bridge import AllureBridge
        from vmfex.pytest_plugin.allure_files import take_over

        self._bridge = AllureBridge(self._config, host)
        self._config.pluginmanager.register(self._bridge, "vmfex-allure")
        allure_commons.plugin_manager.register(self._bridge)
        self._config.add_cleanup(lambda: allure_commons.plugin_manager.unregister(self._bridge))
        if self._own:
            self._config.add_cleanup(take_over(self.directory / PART))

    def describe(self, item: pytest.Item, rule: Rule, scenario: str, alone: bool) -> None:
        """Announces a test that is to run: its result is missed if it is not written."""
        self._expected += 1
        self._bridge.describe(item, rule, scenario, alone)

    def attach(self, findings: Sequence[Finding], message: str) -> None:
        self._bridge.attach_findings(findings, message)

    def close_step(self, error: BaseException | None) -> None:
        self._bridge.close_step(error)

    def fail(self, error: BaseException, trace: str) -> None:
        self._bridge.fail(error, trace)

    def write(self, certification: Certification) -> None:
        """Writes every report. Raises OSError."""
        from vmfex.reports import junit, record

        self._finish_allure(certification)
        record.write_whole(self.directory / JUNIT, junit.render(certification))
        record.write(certification, self.directory / RECORD)
        self.certification = certification

    def _finish_allure(self, certification: Certification) -> None:
        from vmfex.reports.allure.content import environment, write_environment

        if self._bridge.written != self._expected:
            raise OSError(f"{self._bridge.written} of {self._expected} Allure results are there")
        results = Path(self._config.option.allure_report_dir)
        write_environment(results, environment(certification))
        if self._own:
            results.rename(self.directory / RESULTS)

    def text(self, report: str, **style: Any) -> str:
        """The certification as a person reads it; `report` is what the last line points at."""
        from vmfex.reports.text import render

        assert self.certification is not None
        return render(self.certification, report=report, **style)
