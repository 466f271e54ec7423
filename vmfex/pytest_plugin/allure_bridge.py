"""From pytest-bdd's hooks to Allure's results: every Gherkin step with its status and evidence.

allure-pytest alone shows no steps, names tests after Python functions, and reports a test that was
interrupted as passed. Here a result says what the findings say, whatever pytest or a plugin of it
makes of the test.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from traceback import format_exception
from typing import Any
from uuid import uuid4

import allure_commons
import pytest
from allure_commons.model2 import Attachment, ExecutableItem, TestStepResult
from allure_commons.reporter import AllureReporter

from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.certification import RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding
from vmfex.checks.text import one_line
from vmfex.reports.allure.content import (
    BROKEN,
    EXTENSIONS,
    SKIPPED,
    Said,
    broken,
    identity,
    of_table,
    said,
    to_attach,
)

INTERRUPTED = Said(
    BROKEN,
    {"message": "INTERRUPTED: the run ended before this rule was judged"},
    "interrupted",
)


@dataclass
class Running:
    """The test that runs. `alone`: its rule has no other scenario."""

    rule: Rule
    scenario: str
    alone: bool
    judged: Said | None = None
    broken: Said | None = None
    ended: bool = False
    step: str | None = None  # the id of the open one
    steps_done: int = 0


class AllureBridge:
    """Registered as a pytest plugin and with allure_commons, for one session. `why_aside` tells why
    a result decides nothing."""

    def __init__(
        self, config: pytest.Config, host: str, why_aside: Callable[[RuleResult], str]
    ) -> None:
        listener: Any = config.pluginmanager.get_plugin("allure_listener")
        self._listener = listener
        self._listener.allure_logger = _quiet_reporter()
        self._host = host
        self._why_aside = why_aside
        self._tests: dict[str, Running] = {}
        self._test: Running
        self.written = 0

    def describe(self, item: pytest.Item, rule: Rule, scenario: str, alone: bool) -> None:
        """Which rule and scenario a test is; `alone` when the rule has no other scenario."""
        self._tests[item.nodeid] = Running(rule, scenario, alone)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._test = self._tests[item.nodeid]
        yield

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[Any]) -> Iterator[None]:
        yield
        self._test.ended |= call.when == "call"

    def pytest_bdd_before_step(self, step: Any) -> None:
        self._test.step = str(uuid4())
        title = f"{step.keyword} {step.name}"
        hook = allure_commons.plugin_manager.hook
        hook.start_step(uuid=self._test.step, title=title, params={})
        if step.datatable:
            self.attach(of_table(step.datatable.raw()))

    def attach_findings(self, findings: Sequence[Finding]) -> None:
        """The findings and the evidence they were read from, on the step that is open; what they
        say in all is the test's result."""
        result = RuleResult(self._test.rule, tuple(findings))
        self._test.judged = said(result, self._why_aside(result))
        for evidence in to_attach(findings):
            self.attach(evidence)

    def attach(self, evidence: Evidence) -> None:
        """Attaches a text. Each use has a file of its own: Allure 3 gives a file to the first
        result that names it, and shows it as missed in the others."""
        name = f"{uuid4()}-attachment.{EXTENSIONS.get(evidence.media, 'txt')}"
        body = evidence.raw.encode("utf-8", "backslashreplace")
        allure_commons.plugin_manager.hook.report_attached_data(body=body, file_name=name)
        attachment = Attachment(one_line(evidence.where), name, evidence.media)
        self._listener.allure_logger.get_last_item(ExecutableItem).attachments.append(attachment)

    def fail(self, error: BaseException, trace: str) -> None:
        """The test broke by an error of the program, whatever was found before."""
        self._test.broken = broken(error, trace)

    def close_step(self, error: BaseException | None) -> None:
        """Ends the open step, as passed where there is no error; with one, the step either spoke
        or broke."""
        test, logger = self._test, self._listener.allure_logger
        if test.step is None:
            return
        step = logger.get_item(test.step)
        hook = allure_commons.plugin_manager.hook
        hook.stop_step(uuid=test.step, exc_type=None, exc_val=None, exc_tb=None)
        test.step = None
        test.steps_done += 1
        if error is not None:
            judged = test.judged or broken(error, "".join(format_exception(error)))
            step.status, step.statusDetails = judged.status, judged.details

    def pytest_bdd_step_error(self, exception: BaseException) -> None:
        self.close_step(exception)

    def pytest_bdd_after_scenario(self, scenario: Any) -> None:
        """Skips and interrupts end a scenario without a step error: end the step here."""
        self.close_step(sys.exc_info()[1])
        steps = self._listener.allure_logger.get_test(None).steps
        for step in scenario.steps[self._test.steps_done :]:
            title = f"{step.keyword} {step.name}"
            steps.append(TestStepResult(name=title, status=SKIPPED))

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:
        """The last word on a result, before it is written."""
        test = self._test
        judged = test.broken or (test.judged if test.ended else None) or INTERRUPTED
        about = identity(test.rule, test.scenario, test.alone, self._host, judged.mark)
        for name, value in about.items():
            setattr(result, name, value)
        result.status, result.statusDetails = judged.status, judged.details
        self.written += 1


def _quiet_reporter() -> Any:
    """Writes one result file a scenario: no container for each fixture that pytest-bdd makes."""
    reporter: Any = AllureReporter()
    reporter.stop_group = lambda uuid, **_: reporter._items.pop(uuid)
    return reporter
