"""The files that one of several hosts leaves: those of a certification by pytest (output.py)."""

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from allure_commons.model2 import Attachment, Status, TestResult, TestStepResult

from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.rule import Rule
from vmfex.engine.scenarios import Judged
from vmfex.pytest_plugin.outcome import in_words
from vmfex.pytest_plugin.output import JUNIT, PART, RECORD, RESULTS
from vmfex.reports import junit, record
from vmfex.reports.allure.content import (
    EXTENSIONS,
    Said,
    broken,
    environment,
    identify,
    of_table,
    said,
    to_attach,
    write_environment,
)
from vmfex.reports.allure.files import AllureFiles
from vmfex.reports.view import one_line


def write(
    directory: Path,
    certification: Certification,
    judged: Sequence[Judged],
    rules: Mapping[str, Rule],
    host: str,
) -> None:
    """Writes every report into a directory that is there and empty; `host` is what tells it apart
    from the others in Allure. The record comes last. Raises OSError."""
    part = directory / PART
    part.mkdir()
    files = AllureFiles(part)
    for each in judged:
        files.report_result(_result(files, each, rules[each.scenario.rule_id], host))
    write_environment(part, environment(certification))
    part.rename(directory / RESULTS)
    record.write_whole(directory / JUNIT, junit.render(certification))
    record.write(certification, directory / RECORD)


def _result(files: AllureFiles, judged: Judged, rule: Rule, host: str) -> Any:
    scenario = judged.scenario
    result = TestResult(uuid=str(uuid4()))
    identify(result, rule, scenario.name, scenario.alone, host)
    outcome = _outcome(judged)
    result.status, result.statusDetails = outcome.status, outcome.details
    result.start, result.stop = _milliseconds(judged.times[0]), _milliseconds(judged.times[-1])
    for number, step in enumerate(scenario.steps):
        if number > judged.spoke:
            result.steps.append(TestStepResult(name=step.title, status=Status.SKIPPED))
            continue
        begun, ended = judged.times[number : number + 2]
        done = TestStepResult(name=step.title, status=Status.PASSED)
        done.start, done.stop = _milliseconds(begun), _milliseconds(ended)
        if step.table:
            done.attachments.append(_attach(files, of_table(step.table)))
        if number == judged.spoke:
            done.status, done.statusDetails = outcome.status, outcome.details
            attached = to_attach(judged.findings) if judged.findings else []
            done.attachments += [_attach(files, evidence) for evidence in attached]
        result.steps.append(done)
    return result


def _outcome(judged: Judged) -> Said:
    if judged.error is not None:
        return broken(judged.error, "".join(traceback.format_exception(judged.error)))
    return said(judged.findings, in_words(judged.findings))


def _attach(files: AllureFiles, evidence: Evidence) -> Attachment:
    name = f"{uuid4()}-attachment.{EXTENSIONS.get(evidence.media, 'txt')}"
    files.report_attached_data(evidence.raw.encode("utf-8", "backslashreplace"), name)
    return Attachment(one_line(evidence.where), name, evidence.media)


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
