"""Allure's results of one host, each file written once, into a directory of their own.

The files are those of `pytest features --alluredir DIR`; a test holds both against each other.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.scenario import Judged
from vmfex.checks.text import one_line
from vmfex.reports.allure.content import (
    EXTENSIONS,
    PASSED,
    SKIPPED,
    Json,
    Said,
    broken,
    identity,
    of_table,
    said,
    to_attach,
)
from vmfex.reports.allure.environment import environment, write_environment
from vmfex.reports.view import why_not

RESULT = "-result.json"


def write(
    directory: Path,
    certification: Certification,
    judged: Sequence[Judged],
    rules: Mapping[str, Rule],
    host: str,
) -> None:
    """Writes a result for each scenario; `host` is what tells this host apart from others. Raises
    OSError."""
    files = AllureFiles(directory)
    for each in judged:
        rule = rules[each.scenario.rule_id]
        files.write_result(_result(files, each, rule, host, _outcome(each, rule, certification)))
    files.count(len(judged))
    write_environment(directory, environment(certification))


class AllureFiles:
    """New files in one directory. A text that is there already gets a second name: Allure 3 gives a
    file to the first result that names it, and shows it as missed in the others."""

    def __init__(self, directory: Path) -> None:
        self._directory = f"{directory}/"
        self._written: dict[tuple[str, str], str] = {}
        self._sizes: dict[str, int] = {}

    def count(self, results: int) -> None:
        """Raises OSError where the directory does not hold so many results and whatever else was
        written, each in its whole length."""
        with os.scandir(self._directory) as entries:
            there = {entry.name: entry.stat().st_size for entry in entries}
        _check_number(sum(name.endswith(RESULT) for name in there), results)
        if there != self._sizes:
            wrong = {*there.items()} ^ {*self._sizes.items()}
            raise OSError(f"{len({name for name, _ in wrong})} files of Allure are not as written")

    def write_result(self, result: Json) -> None:
        self._write(f"{unique()}{RESULT}", json.dumps(result).encode("ascii"))

    def attach(self, evidence: Evidence) -> Json:
        """Writes a text and returns what a step says of it."""
        name = f"{unique()}-attachment.{EXTENSIONS.get(evidence.media, 'txt')}"
        there = self._written.setdefault((evidence.media, evidence.raw), name)
        if there != name and self._linked(there, name):
            self._sizes[name] = self._sizes[there]
        else:
            self._write(name, evidence.raw.encode("utf-8", "backslashreplace"))
        return {"name": one_line(evidence.where), "source": name, "type": evidence.media}

    def _linked(self, there: str, name: str) -> bool:
        try:
            os.link(self._directory + there, self._directory + name)
        except OSError:  # a file system without links
            return False
        return True

    def _write(self, name: str, content: bytes) -> None:
        write_new(self._directory + name, content)
        self._sizes[name] = len(content)


def count_on_disk(directory: str | Path, results: int, before: int = 0) -> None:
    """Raises OSError where the directory does not hold so many results, and those before."""
    _check_number(on_disk(directory) - before, results)


def _check_number(there: int, results: int) -> None:
    if there != results:
        raise OSError(f"{there} of {results} Allure results are there")


def on_disk(directory: str | Path) -> int:
    """How many results are there."""
    return sum(1 for _ in Path(directory).glob(f"*{RESULT}"))


def write_new(path: str, content: bytes) -> None:
    """Writes a file that is not there yet: one of hundreds of small ones, for which pathlib and
    buffers would double the cost. Raises OSError."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        while content := content[os.write(file, content) :]:
            pass
    finally:
        os.close(file)


def _result(files: AllureFiles, judged: Judged, rule: Rule, host: str, outcome: Said) -> Json:
    scenario = judged.scenario
    steps: list[Json] = []
    for number, step in enumerate(scenario.steps):
        if number >= judged.steps_run:
            steps.append({"name": step.title, "status": SKIPPED})
            continue
        begun, ended = map(_milliseconds, judged.times[number : number + 2])
        spoke = number == judged.steps_run - 1
        attached = [of_table(step.table)] if step.table else []
        attached += to_attach(judged.findings) if spoke and judged.findings else []
        steps.append(
            {
                "name": step.title,
                **(outcome.fields() if spoke else {"status": PASSED}),
                **({"attachments": [files.attach(e) for e in attached]} if attached else {}),
                "start": begun,
                "stop": ended,
            }
        )
    return {
        **identity(rule, scenario.name, scenario.alone, host, outcome.mark),
        **outcome.fields(),
        "steps": steps,
        "start": _milliseconds(judged.times[0]),
        "stop": _milliseconds(judged.times[-1]),
        "uuid": unique(),
    }


def unique() -> str:
    """128 random bits; the module uuid costs 2 % of a run to import."""
    return os.urandom(16).hex()


def _outcome(judged: Judged, rule: Rule, certification: Certification) -> Said:
    if judged.error is not None:
        import traceback

        return broken(judged.error, "".join(traceback.format_exception(judged.error)))
    result = RuleResult(rule, tuple(judged.findings))
    return said(result, why_not(certification, result))


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
