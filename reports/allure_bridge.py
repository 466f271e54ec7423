"""From pytest-bdd's hooks to Allure's results: every Gherkin step with its status and evidence.

allure-pytest alone shows no steps, names tests after Python functions, and reports a test that was
interrupted as passed. A result's identity is the rule's id, with the host (and, where a
rule has several scenarios, the scenario) as parameters that are not excluded: otherwise one
host's failure would hide behind another's pass as a "retry" of it.
"""

import hashlib
import sys
from collections.abc import Iterator, Sequence
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
from checks.verdict import Finding

EPIC = "VM-FEX for KVM"
EXTENSIONS = {"application/xml": "xml", "application/json": "json"}
_step = pytest.StashKey[str]()
_done = pytest.StashKey[int]()
_phases = pytest.StashKey[dict[str, str]]()


class QuietReporter(AllureReporter):
    """Writes one result file a scenario: no container for each fixture that pytest-bdd makes."""

    def stop_group(self, uuid: str, **kwargs: Any) -> None:
        self._update_item(uuid, **kwargs)
        self._items.pop(uuid)


class AllureBridge:
    """Registered as a pytest plugin and with allure_commons, for one session."""

    def __init__(self, config: pytest.Config, host: str) -> None:
        self._listener: Any = config.pluginmanager.get_plugin("allure_listener")
        self._listener.allure_logger = QuietReporter()
        self._host = host
        self._attached: dict[tuple[str, str], str] = {}
        self._rules: dict[str, tuple[Rule, str, bool]] = {}
        self._items: dict[str, pytest.Item] = {}
        self.written = 0

    def describe(self, item: pytest.Item, rule: Rule, scenario: str, alone: bool) -> None:
        """Which rule and scenario a test is; `alone` when the rule has no other scenario."""
        self._rules[item.nodeid] = (rule, scenario, alone)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        yield
        item.stash[_phases], item.stash[_done] = {}, 0
        result = self._result()
        rule, scenario, alone = self._rules[item.nodeid]
        result.name = f"{rule.id} {scenario}"
        result.fullName = rule.id
        result.testCaseId = hashlib.sha256(rule.id.encode()).hexdigest()[:32]
        result.titlePath = [rule.area, rule.feature, rule.title]
        result.description = (
            f"{rule.title}\n\nSource: {rule.source}\n\nRemedy: {rule.remedy}\n\n"
            f"Evidence: {rule.evidence}"
        )
        result.parameters = [Parameter(name="host", value=self._host)]
        if not alone:
            result.parameters.append(Parameter(name="scenario", value=scenario))
        self._items[result.uuid] = item

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        outcome: Any = yield
        report = outcome.get_result()
        item.stash.setdefault(_phases, {})[report.when] = report.outcome

    def pytest_bdd_before_step(self, request: Any, step: Any) -> None:
        uuid = str(uuid4())
        request.node.stash[_step] = uuid
        title = f"{step.keyword} {step.name}"
        allure_commons.plugin_manager.hook.start_step(uuid=uuid, title=title, params={})
        if step.datatable:
            table = "\n".join(" | ".join(row) for row in step.datatable.raw())
            self.attach(Evidence("table", table))

    def close_step(self, item: pytest.Item, error: BaseException | None) -> None:
        """Ends the open step, with the status that `error` means."""
        uuid = item.stash.get(_step, None)
        if uuid is None:
            return
        del item.stash[_step]
        item.stash[_done] += 1
        kind, trace = (type(error), error.__traceback__) if error else (None, None)
        allure_commons.plugin_manager.hook.stop_step(
            uuid=uuid, exc_type=kind, exc_val=error, exc_tb=trace
        )

    def pytest_bdd_step_error(self, request: Any, exception: BaseException) -> None:
        self.close_step(request.node, exception)

    def pytest_bdd_after_scenario(self, request: Any, scenario: Any) -> None:
        """Skips and interrupts end a scenario without a step error: end the step here."""
        self.close_step(request.node, sys.exc_info()[1])
        for step in scenario.steps[request.node.stash[_done] :]:
            title = f"{step.keyword} {step.name}"
            self._result().steps.append(TestStepResult(name=title, status=Status.SKIPPED))

    def attach_findings(self, findings: Sequence[Finding]) -> None:
        """The findings and the evidence they were read from, on the step that is open."""
        lines = [
            f"{f.verdict.upper()}  {f.subject}\n  read: {f.observed}\n  from: "
            + ", ".join(dict.fromkeys(e.where for e in f.evidence))
            + f"\n  wanted: {f.wanted}"
            for f in findings
        ]
        self.attach(Evidence("findings", "\n\n".join(lines)))
        for evidence in dict.fromkeys(e for f in findings for e in f.evidence):
            self.attach(evidence)

    def attach(self, evidence: Evidence) -> None:
        """Attaches a text; the same text is written once, however many steps used it."""
        key = (evidence.media, evidence.raw)
        if key not in self._attached:
            name = f"{uuid4()}-attachment.{EXTENSIONS.get(evidence.media, 'txt')}"
            hook = allure_commons.plugin_manager.hook
            hook.report_attached_data(body=evidence.raw.encode("utf-8", "replace"), file_name=name)
            self._attached[key] = name
        attachment = Attachment(evidence.where, self._attached[key], evidence.media)
        self._listener.allure_logger.get_last_item(ExecutableItem).attachments.append(attachment)

    def _result(self) -> Any:
        return self._listener.allure_logger.get_test(None)

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:
        """The last word on a result, before it is written."""
        item = self._items.pop(result.uuid, None)
        if item is None:
            return
        rule = self._rules[item.nodeid][0]
        result.labels = [
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
        result.links = [Link("tms", f"urn:vmfex:rule:{rule.id}", f"{rule.id}: {rule.source}")]
        phases = item.stash.get(_phases, {})
        if "call" not in phases and phases.get("setup") not in ("failed", "skipped"):
            result.status = Status.BROKEN
            result.statusDetails = StatusDetails(
                message="INTERRUPTED: the run ended before this rule was judged"
            )
        elif result.statusDetails:
            message = str(result.statusDetails.message or "")
            result.statusDetails.message = message.partition(": ")[2] or message
            result.statusDetails.trace = None
        self.written += 1


def write_environment(results: Path, values: dict[str, str]) -> None:
    """environment.properties, which Allure shows beside the results."""
    lines = [f"{key}={_escaped(value)}" for key, value in values.items()]
    (results / "environment.properties").write_text("\n".join(lines) + "\n", "ascii")


def _escaped(value: str) -> str:
    return "".join(
        c if 32 <= ord(c) < 127 and c != "\\" else f"\\u{ord(c):04x}" for c in value[:1000]
    )
