"""The whole rule set on one host, in this process and without a pytest session.

The features are read and each step bound to its function once; a host then costs what reading and
judging it costs. `tests/matrix/test_judging.py` holds it against the real run.
"""

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from checks.plan import Plan
from checks.scope import Scope
from checks.verdict import Finding, Selection, Verdict, judge_selection, worst
from fixtures.host import ReadHost
from fixtures.recorded import RecordedTree
from fixtures.tree import Tree
from tests.support.construct import RawTree
from vmfex.binding import definitions
from vmfex.catalogue import FEATURES, RULE_ID, Node, documents, rule_nodes, scenario_nodes, tags

Verdicts = dict[str, Verdict]


@dataclass(frozen=True)
class Step:
    """A step's function, with what its text and its table say."""

    function: Callable[..., object]
    arguments: Mapping[str, object]
    wants: frozenset[str]

    def __call__(self, scope: Scope, selected: object) -> object:
        given = {"scope": scope, "selected": selected}
        chosen = {name: value for name, value in given.items() if name in self.wants}
        return self.function(**chosen, **self.arguments)


@dataclass(frozen=True)
class Judgement:
    """What every rule found, in the order of the catalogue, and for what the host was judged."""

    findings: Mapping[str, tuple[Finding, ...]]
    scope: Scope

    @property
    def verdicts(self) -> Verdicts:
        return {rule: worst(f.verdict for f in found) for rule, found in self.findings.items()}

    def of(self, rule: str) -> str:
        """A rule's findings in words, for a test that fails."""
        return "\n".join(
            f"{rule} {f.verdict}: {f.subject}: {f.observed}" for f in self.findings[rule]
        )


def recorded(raw: RawTree) -> RecordedTree:
    """A constructed host as a recording, without going over the disk."""
    files = dict(raw.files)
    manifest = json.loads(files.pop("manifest.json"))
    return RecordedTree(files, raw.links, manifest)


def judge_raw(raw: RawTree, plan: Plan | None = None, *rules: str) -> Judgement:
    """Every rule (or those named) on a constructed host."""
    return judge_tree(recorded(raw), plan, *rules)


def judge_tree(
    tree: Tree, plan: Plan | None = None, *rules: str, features: Path = FEATURES
) -> Judgement:
    scope = Scope(ReadHost(tree), plan or Plan())
    bound = _bound(features)
    findings = {
        rule: tuple(f for steps in bound[rule] for f in _scenario(scope, steps))
        for rule in (rules or bound)
    }
    return Judgement(findings, scope)


def _scenario(scope: Scope, steps: tuple[Step, ...]) -> list[Finding]:
    """A Given that selects nothing ends the scenario; else its Then speaks."""
    selected: object = None
    for step in steps:
        said = step(scope, selected)
        if isinstance(said, list):
            return said
        assert isinstance(said, Selection)
        if findings := judge_selection(said):
            return findings
        selected = said
    raise AssertionError("a scenario without a Then")


@cache
def _bound(features: Path) -> dict[str, list[tuple[Step, ...]]]:
    """The scenarios of each rule, as functions that only need a host."""
    bound: dict[str, list[tuple[Step, ...]]] = {}
    for _, feature in documents(features):
        for rule in rule_nodes(feature):
            rule_id = next(tag for tag in tags(rule) if RULE_ID.fullmatch(tag))
            bound[rule_id] = [tuple(_steps(scenario)) for scenario in scenario_nodes(rule)]
    return bound


def _steps(scenario: Node) -> Iterator[Step]:
    kind = "given"
    for step in scenario["steps"]:
        kind = {"Context": "given", "Outcome": "then"}.get(step["keywordType"], kind)
        yield _step(step, kind)


def _step(step: Node, kind: str) -> Step:
    text = step["text"]
    [context] = definitions(kind, text)
    arguments: dict[str, Any] = dict(context.parser.parse_arguments(text) or {})
    if "dataTable" in step:
        rows = step["dataTable"]["rows"]
        arguments["datatable"] = [[cell["value"] for cell in row["cells"]] for row in rows]
    wants = frozenset(inspect.signature(context.step_func).parameters)
    return Step(context.step_func, arguments, wants)
