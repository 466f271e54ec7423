"""From pytest-bdd's hooks to Allure's results: every Gherkin step with its status and evidence.

allure-pytest alone shows no steps, names tests after Python functions, and reports a test that was
interrupted as passed. Here a result says what the findings say, whatever pytest or a plugin of it
makes of the test. Its identity is the rule's id, with the host (and, where a rule has several
scenarios, the scenario) as parameters that are not excluded: otherwise one host's failure would
hide behind another's pass as a "retry" of it.
"""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import allure_commons
import pytest
from allure_commons.model2 import (
    Attachment,
    ExecutableItem,
    Label,
    Link,
    Parameter,
    Status,
    StatusDetails,
    TestStepResult,
)
from allure_commons.reporter import AllureReporter

from checks.fact import Evidence
from checks.rule import Rule
from checks.verdict import Finding, Verdict, worst
from reports.view import harmless, one_line

EPIC = "VM-FEX for KVM"
MOST_ATTACHED = 20  # pieces of evidence on one step; a host of 200 domains has thousands
EXTENSIONS = {"application/xml": "xml", "application/json": "json"}
STATUS = {
    Verdict.VIOLATED: Status.FAILED,
    Verdict.UNDETERMINED: Status.BROKEN,
    Verdict.WAIVED: Status.FAILED,  # with `known`, which Allure 3 shows as accepted
    Verdict.COMPLIANT: Status.PASSED,
    Verdict.NOT_APPLICABLE: Status.SKIPPED,
}
INTERRUPTED = StatusDetails(message="INTERRUPTED: the run ended before this rule was judged")


@dataclass(frozen=True)
class Judged:
    """What a result and the step that spoke have in common."""

    status: str
    details: StatusDetails | None


@dataclass
class Running:
    """The test that runs. `alone`: its rule has no other scenario."""

    rule: Rule
    scenario: str
    alone: bool
    judged: Judged | None = None
    broken: Judged | None = None
    ended: bool = False
    step: str | None = None  # the id of the open one
    steps_done: int = 0


class AllureBridge:
    """Registered as a pytest plugin and with allure_commons, for one session."""

    def __init__(self, config: pytest.Config, host: str) -> None:
        listener: Any = config.pluginmanager.get_plugin("allure_listener")
        self._listener = listener
        self._listener.allure_logger = _quiet_reporter()
        self._host = one_line(host)
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
            table = "\n".join(" | ".join(row) for row in step.datatable.raw())
            self.attach(Evidence("table", table))

    def attach_findings(self, findings: Sequence[Finding], message: str) -> None:
        """The findings and the evidence they were read from, on the step that is open; what they
        say in all, in `message`, is the test's result."""
        verdict = worst(finding.verdict for finding in findings)
        details = None
        if verdict is not Verdict.COMPLIANT:
            known = True if verdict is Verdict.WAIVED else None
            details = StatusDetails(known=known, message=harmless(message))
        self._test.judged = Judged(STATUS[verdict], details)
        lines = [
            f"{f.verdict.upper()}  {f.subject}\n  read: {f.observed}\n  from: "
            + ", ".join(dict.fromkeys(e.where for e in f.evidence))
            + f"\n  wanted: {f.wanted}"
            for f in findings
        ]
        self.attach(Evidence("findings", "\n\n".join(lines)))
        telling = sorted(findings, key=lambda f: f.verdict is not verdict)
        pieces = list({(e.where, e.raw): e for f in telling for e in f.evidence}.values())
        for evidence in pieces[:MOST_ATTACHED]:
            self.attach(evidence)
        if more := pieces[MOST_ATTACHED:]:
            places = "\n".join(e.where for e in more)
            self.attach(Evidence("more evidence, in certification.json", places))

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
        message = harmless(f"INTERNAL ERROR: {type(error).__name__}: {error}")
        self._test.broken = Judged(
            Status.BROKEN, StatusDetails(message=message, trace=harmless(trace))
        )

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
            unsaid = StatusDetails(message=harmless(f"{type(error).__name__}: {error}"))
            judged = test.judged or Judged(Status.BROKEN, unsaid)
            step.status, step.statusDetails = judged.status, judged.details

    def pytest_bdd_step_error(self, exception: BaseException) -> None:
        self.close_step(exception)

    def pytest_bdd_after_scenario(self, scenario: Any) -> None:
        """Skips and interrupts end a scenario without a step error: end the step here."""
        self.close_step(sys.exc_info()[1])
        steps = self._listener.allure_logger.get_test(None).steps
        for step in scenario.steps[self._test.steps_done :]:
            title = f"{step.keyword} {step.name}"
            steps.append(TestStepResult(name=title, status=Status.SKIPPED))

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:
        """The last word on a result, before it is written."""
        test, rule = self._test, self._test.rule
        result.name = f"{rule.id} {test.scenario}"
        result.fullName = rule.id
        result.testCaseId = _digest(rule.id)
        result.titlePath = [rule.area, rule.feature, rule.title]
        result.description = (
            f"{rule.title}\n\nSource: {rule.source}\n\nRemedy: {rule.remedy}\n\n"
            f"Evidence: {rule.evidence}"
        )
        result.parameters = [Parameter(name="host", value=self._host)]
        if not test.alone:
            result.parameters.append(Parameter(name="scenario", value=test.scenario))
        result.historyId = _digest(rule.id, *(p.value for p in result.parameters))
        result.labels = self._labels(rule)
        result.links = [Link("tms", f"urn:vmfex:rule:{rule.id}", f"{rule.id}: {rule.source}")]
        judged = test.broken or (test.judged if test.ended else None)
        judged = judged or Judged(Status.BROKEN, INTERRUPTED)
        result.status, result.statusDetails = judged.status, judged.details
        self.written += 1

    def _labels(self, rule: Rule) -> list[Label]:
        return [
            Label("epic", EPIC),
            Label("feature", rule.feature),
            Label("story", rule.title),
            Label("severity", rule.severity),
            Label("parentSuite", self._host),
            Label("suite", rule.area),
            Label("host", self._host),
            Label("rule", rule.id),
            Label("source", rule.source),
            Label("tag", rule.id),
            *([Label("tag", "derived")] if rule.derived else []),
            Label("framework", "vmfex"),
            Label("language", "python"),
        ]


def _quiet_reporter() -> Any:
    """Writes one result file a scenario: no container for each fixture that pytest-bdd makes."""
    reporter: Any = AllureReporter()
    reporter.stop_group = lambda uuid, **_: reporter._items.pop(uuid)
    return reporter


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def write_environment(results: Path, values: dict[str, str]) -> None:
    """environment.properties, which Allure shows beside the results."""
    lines = [f"{key}={_escaped(value)}" for key, value in values.items()]
    (results / "environment.properties").write_text("\n".join(lines) + "\n", "ascii")


def _escaped(value: str) -> str:
    """As Java reads properties: ASCII, and UTF-16 in escapes."""
    units = value[:1000].encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2)]
    return "".join(
        chr(code) if 32 <= code < 127 and code != ord("\\") else f"\\u{code:04x}" for code in codes
    )
