"""A scenario on a host: its steps are run until one of them speaks."""

from time import time

from vmfex.checks.model.scope import Scope
from vmfex.checks.result.scenario import Judged, Scenario, Step
from vmfex.checks.result.verdict import Finding, Selection, judge_selection
from vmfex.steps.vocabulary import bound


def judge(scenario: Scenario, scope: Scope) -> Judged:
    """A Given that selects nothing ends the scenario; else its Then speaks."""
    times: list[float] = []
    said: object = None
    findings: list[Finding] = []
    for step in scenario.steps:
        times.append(time())
        try:
            said = run(step, scope, said)
            findings = findings_of(said)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # also what ends a process, or a test, where there is one
            return Judged(scenario, (), error, [*times, time()])
        if findings:
            break
    return Judged(scenario, findings, None, [*times, time()])


def run(step: Step, scope: Scope, selected: object) -> object:
    """What the step's function returns."""
    definition, arguments = bound(step.kind, step.text)
    given = {"scope": scope, "selected": selected, "datatable": step.table, **arguments}
    return definition.function(**{name: given[name] for name in definition.wants})


def findings_of(said: object) -> list[Finding]:
    """What a step said, as findings. Raises TypeError for what says nothing about anything."""
    if isinstance(said, Selection):
        return judge_selection(said)
    if isinstance(said, list) and said and all(isinstance(f, Finding) for f in said):
        if all(f.subject and f.observed and f.wanted for f in said):
            return said
        raise TypeError("a finding names no subject, or not what was read or wanted")
    raise TypeError(f"a step returned {said!r:.80} instead of a selection or findings")
