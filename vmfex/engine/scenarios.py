"""The scenarios of the features as the engine runs them, and as pytest-bdd does: with the steps of
both backgrounds in front, and one for each row of each Examples table.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vmfex.checks.result.scenario import Kind, Step
from vmfex.engine.catalogue import Node, rule_nodes, scenario_nodes

PLACEHOLDER = re.compile(r"<(.+?)>")
KINDS: dict[str, Kind] = {"Context": "given", "Outcome": "then"}


def scenarios_of(feature: Node) -> Iterator[tuple[Node, list[tuple[str, list[Step]]]]]:
    """Each Rule of a feature with its scenarios: their names and steps, in their order."""
    for rule in rule_nodes(feature):
        before = [*backgrounds(feature), *backgrounds(rule)]
        yield rule, [case for node in scenario_nodes(rule) for case in _cases(node, before)]


def backgrounds(parent: Node) -> list[Node]:
    """The steps of a Feature's or a Rule's Background."""
    return [s for c in parent["children"] if "background" in c for s in c["background"]["steps"]]


def _cases(scenario: Node, before: Sequence[Node]) -> Iterator[tuple[str, list[Step]]]:
    """What a scenario is run as: itself, or an outline once for each row of its Examples."""
    for values in _rows(scenario) if scenario["examples"] else [{}]:
        steps = [*_steps(before, values), *_steps(scenario["steps"], values)]
        yield _filled(scenario["name"], values), steps


def _rows(scenario: Node) -> Iterator[Mapping[str, str]]:
    for examples in scenario["examples"]:
        names = [cell["value"] for cell in examples.get("tableHeader", {}).get("cells", [])]
        for row in examples.get("tableBody", []):
            yield dict(zip(names, (cell["value"] for cell in row["cells"]), strict=True))


def _steps(nodes: Sequence[Node], values: Mapping[str, str]) -> Iterator[Step]:
    """pytest-bdd begins anew behind a background: an And there is of no step's kind, and refused
    by the lint."""
    kind: Kind = "given"
    for node in nodes:
        kind = KINDS.get(node["keywordType"], kind)
        rows: list[dict[str, Any]] = node.get("dataTable", {}).get("rows", [])
        table = tuple(tuple(_filled(c["value"], values) for c in row["cells"]) for row in rows)
        yield Step(kind, node["keyword"].strip(), _filled(node["text"], values), table or None)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """A place that no column names stays as it is, as in pytest-bdd."""
    return PLACEHOLDER.sub(lambda place: values.get(place[1], place[0]), text)
