"""The rule set on one host without a pytest session: each step is bound to its function once, and a
host then costs what reading and judging it costs.

Where many hosts are certified this stands in the place of pytest, which costs each of them a
session. Both come to the same record and the same reports (decision 0020).
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import time
from typing import Any

from vmfex.checks.model.scope import Scope
from vmfex.checks.result.verdict import Finding, Selection, judge_selection
from vmfex.engine import catalogue
from vmfex.engine.catalogue import FEATURES, RULE_ID, Node
from vmfex.pytest_plugin.binding import definitions


@dataclass(frozen=True)
class Step:
    """A step's function, with what its text and its table say."""

    title: str
    table: list[list[str]] | None
    function: Callable[..., object]
    arguments: Mapping[str, object]
    wants: frozenset[str]

    def __call__(self, scope: Scope, selected: object) -> object:
        given = {"scope": scope, "selected": selected, "datatable": self.table}
        chosen = {name: value for name, value in given.items() if name in self.wants}
        return self.function(**chosen, **self.arguments)


@dataclass(frozen=True)
class Scenario:
    """A scenario of a rule; `alone` when the rule has no other."""

    rule_id: str
    name: str
    alone: bool
    steps: tuple[Step, ...]


@dataclass
class Judged:
    """What a scenario found on a host. The step with the number `spoke` gave the findings, or
    raised the error. `times` are when each step that ran began, and when the last one ended."""

    scenario: Scenario
    findings: list[Finding] = field(default_factory=list)
    error: Exception | None = None
    spoke: int = 0
    times: list[float] = field(default_factory=list)


def judge(scenario: Scenario, scope: Scope) -> Judged:
    """A Given that selects nothing ends the scenario; else its Then speaks."""
    judged = Judged(scenario)
    selected: object = None
    for judged.spoke, step in enumerate(scenario.steps):
        judged.times.append(time())
        try:
            selected = step(scope, selected)
            judged.findings = findings_of(selected)
        except Exception as error:
            judged.error = error
        if judged.findings or judged.error:
            break
    judged.times.append(time())
    return judged


def findings_of(said: object) -> list[Finding]:
    """What a step said, as findings. Raises TypeError for what says nothing about anything."""
    if isinstance(said, Selection):
        return judge_selection(said)
    if isinstance(said, list) and said and all(isinstance(f, Finding) for f in said):
        if all(f.subject and f.observed and f.wanted for f in said):
            return said
        raise TypeError("a finding names no subject, or not what was read or wanted")
    raise TypeError(f"a step returned {said!r:.80} instead of a selection or findings")


@cache
def scenarios(features: Path = FEATURES) -> tuple[Scenario, ...]:
    """Every scenario of the features, in the order in which they stand there."""
    return tuple(
        _scenario(rule, node)
        for _, feature in catalogue.documents(features)
        for rule in catalogue.rule_nodes(feature)
        for node in catalogue.scenario_nodes(rule)
    )


def _scenario(rule: Node, node: Node) -> Scenario:
    rule_id = next(tag for tag in catalogue.tags(rule) if RULE_ID.fullmatch(tag))
    alone = len(list(catalogue.scenario_nodes(rule))) == 1
    return Scenario(rule_id, node["name"], alone, tuple(_steps(node)))


def _steps(scenario: Node) -> Iterator[Step]:
    kind = "given"
    for step in scenario["steps"]:
        kind = {"Context": "given", "Outcome": "then"}.get(step["keywordType"], kind)
        yield _step(step, kind)


def _step(step: Node, kind: str) -> Step:
    text = step["text"]
    [context] = definitions(kind, text)
    arguments: dict[str, Any] = dict(context.parser.parse_arguments(text) or {})
    rows = step["dataTable"]["rows"] if "dataTable" in step else None
    table = rows and [[cell["value"] for cell in row["cells"]] for row in rows]
    wants = frozenset(inspect.signature(context.step_func).parameters)
    return Step(f"{step['keyword'].strip()} {text}", table, context.step_func, arguments, wants)
