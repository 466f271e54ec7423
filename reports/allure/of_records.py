"""Allure's results of hosts that were certified earlier, from their records alone.

They are what the run itself wrote, but for times within it, and for the trace of a fault of the
program, which no record has.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from vmfex.checks.result.certification import Certification, Decision, RuleResult
from vmfex.checks.result.scenario import Judged, Ran, Scenario, Step
from vmfex.reports.allure.environment import beside, counted, of_all, write_environment
from vmfex.reports.allure.results import write as write_results

ASIDE = ".host"  # the results of one host, until they are counted


def write(folder: Path, hosts: Iterable[tuple[str, str, Certification]]) -> None:
    """Writes every host's results into one folder: of each its label, what Allure calls it, and
    its certification, of which one at a time is held. Raises OSError."""
    told, version = [], ""
    for label, shown, of in hosts:
        aside = folder / ASIDE
        aside.mkdir()
        write_results(aside, of, [*judged(of)], {r.rule.id: r.rule for r in of.results}, shown)
        for file in aside.iterdir():
            file.replace(folder / file.name)
        aside.rmdir()
        told.append((label, str(of.decision), beside(of)))
        version = of.version
    if len(told) > 1:
        decisions = counted([decision for _, decision, _ in told], [*map(str, reversed(Decision))])
        write_environment(folder, of_all(told, decisions, version))


def judged(of: Certification) -> Iterator[Judged]:
    """What each scenario found, as the run had it."""
    at = datetime.fromisoformat(of.started).timestamp()
    for result in of.results:
        scenarios, first = result.scenarios or (_unnamed(result),), 0
        for ran in scenarios:
            scenario = Scenario(result.rule.id, ran.name, len(scenarios) == 1, ran.steps)
            findings = result.findings[first : first + ran.findings]
            yield Judged(scenario, findings, None, [at] * (ran.steps_run + 1))
            first += ran.findings


def _unnamed(result: RuleResult) -> Ran:
    """The one scenario of a rule in a record that is older than this part of it."""
    step = Step("then", "Then", result.rule.title)
    return Ran(result.rule.title, (step,), 1, len(result.findings))
