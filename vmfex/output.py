"""The files that a certification leaves: the record, JUnit, and Allure's results."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from checks.certification import Certification
from checks.rule import Rule
from checks.verdict import Finding

RECORD, JUNIT, RESULTS, HTML = "certification.json", "junit.xml", "allure-results", "report.html"
ASIDE = ".allure-results.part"


class Output:
    """A directory of reports. What an earlier run left there goes when a new one starts, so that
    nobody takes it for the result of a run that did not come to its end."""

    def __init__(self, directory: Path, config: pytest.Config) -> None:
        self.directory = directory
        self.certification: Certification | None = None
        self._config = config
        self._bridge: Any = None
        self._own = config.option.allure_report_dir is None
        try:
            directory.mkdir(parents=True, exist_ok=True)
            for name in (RECORD, JUNIT, HTML):
                (directory / name).unlink(missing_ok=True)
            for name in (RESULTS, ASIDE):
                shutil.rmtree(directory / name, ignore_errors=True)
        except OSError as error:
            raise pytest.UsageError(f"reports cannot go to {directory}: {error.strerror}") from None
        if self._own:
            config.option.allure_report_dir = str(directory / ASIDE)

    def start(self, host: str) -> None:
        """Puts the bridge behind allure-pytest, once that is configured."""
        if self._config.pluginmanager.get_plugin("allure_listener") is None:
            return
        import allure_commons

        from reports.allure_bridge import AllureBridge

        self._bridge = AllureBridge(self._config, host)
        self._config.pluginmanager.register(self._bridge, "vmfex-allure")
        allure_commons.plugin_manager.register(self._bridge)
        self._config.add_cleanup(lambda: allure_commons.plugin_manager.unregister(self._bridge))

    def describe(self, item: pytest.Item, rule: Rule, scenario: str, alone: bool) -> None:
        if self._bridge:
            self._bridge.describe(item, rule, scenario, alone)

    def attach(self, findings: Sequence[Finding]) -> None:
        if self._bridge:
            self._bridge.attach_findings(findings)

    def close_step(self, item: pytest.Item, error: BaseException | None) -> None:
        if self._bridge:
            self._bridge.close_step(item, error)

    def write(self, certification: Certification) -> None:
        """Writes every report. Raises OSError."""
        from reports import junit, record

        self.certification = certification
        self._finish_allure(certification)
        record.write_whole(self.directory / JUNIT, junit.render(certification))
        record.write(certification, self.directory / RECORD)

    def _finish_allure(self, certification: Certification) -> None:
        from reports.allure_bridge import write_environment

        if not self._bridge:
            return
        results = Path(self._config.option.allure_report_dir)
        write_environment(
            results,
            {
                "Host": certification.host,
                "Decision": certification.decision,
                "Topologies": ", ".join(certification.topologies) or "none was judged",
                "Constructed": str(certification.constructed),
                "vmfex": certification.version,
                "Ruleset": certification.ruleset,
            },
        )
        if self._own:
            results.rename(self.directory / RESULTS)

    def text(self, report: str, **style: Any) -> str:
        """The certification as a person reads it; `report` is what the last line points at."""
        from reports.text import render

        assert self.certification is not None
        return render(self.certification, report=report, **style)
