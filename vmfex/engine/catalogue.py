"""The catalogue: every rule, read from the feature files, in the order in which they are judged."""

import hashlib
import os
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from vmfex.checks.result.rule import Rule, Severity
from vmfex.engine.rule_list import RULE_ID as RULE_ID  # others have it from here
from vmfex.engine.rule_list import ListedRule, RuleListError, read_rule_list

PACKAGE = Path(__file__).parent.parent
FEATURES = (PACKAGE / "features").resolve()
DECIDING = ("steps", "checks", "evidence", "engine")
AREAS = ("host", "adapter", "sriov", "fabric", "topology")
DERIVED = "derived"
FIELDS = ("Source", "Remedy", "Evidence", "Violation")

Node = Mapping[str, Any]


class CatalogueError(Exception):
    """The feature files cannot be read as a rule set; the message says which and why."""


@cache
def documents(features: Path = FEATURES) -> tuple[tuple[Path, Node], ...]:
    """Every feature file with its Gherkin document. Raises CatalogueError for what is none."""
    from gherkin.errors import ParserError
    from gherkin.parser import Parser

    parsed = []
    for path in sorted(features.rglob("*.feature"), key=_position):
        try:
            feature: Node | None = Parser().parse(path.read_text("utf-8")).get("feature")
        except (OSError, UnicodeDecodeError, ParserError) as error:
            said = str(error).splitlines()
            raise CatalogueError(f"{path}: {(said[1:] or said)[0]}") from None
        if feature is None:
            raise CatalogueError(f"{path}: the file contains no feature")
        parsed.append((path, feature))
    if not parsed:
        raise CatalogueError(f"{features} holds no feature file")
    return tuple(parsed)


def _position(path: Path) -> tuple[int, str]:
    area = path.parent.name
    return (AREAS.index(area) if area in AREAS else len(AREAS), path.name)


def rule_nodes(feature: Node) -> Iterator[Node]:
    return (child["rule"] for child in feature["children"] if "rule" in child)


def scenario_nodes(parent: Node) -> Iterator[Node]:
    return (child["scenario"] for child in parent["children"] if "scenario" in child)


def tags(node: Node) -> list[str]:
    return [tag["name"].removeprefix("@") for tag in node["tags"]]


def field(rule: Node, name: str) -> str:
    """The text of a `Name:` line below a Rule; empty where there is none."""
    match = re.search(rf"^[ \t]*{name}:[ \t]*(\S.*?)\s*$", rule["description"], re.MULTILINE)
    return match[1] if match else ""


def rules(features: Path | None = None) -> tuple[Rule, ...]:
    """Every rule, in the order of `rules.csv`; those not in it come last. Raises CatalogueError."""
    features = features or FEATURES
    found = [
        _rule(path, feature, node)
        for path, feature in documents(features)
        for node in rule_nodes(feature)
    ]
    order = list(listed_rules(features))
    return tuple(sorted(found, key=lambda r: order.index(r.id) if r.id in order else len(order)))


def listed_rules(features: Path = FEATURES) -> dict[str, ListedRule]:
    """The rules that the rule set has to have, by id. Raises CatalogueError."""
    try:
        return read_rule_list(features)
    except RuleListError as error:
        raise CatalogueError(str(error)) from None


def _rule(path: Path, feature: Node, node: Node) -> Rule:
    names = tags(node)
    ids = [name for name in names if RULE_ID.fullmatch(name)]
    severities = [name for name in names if name in set(Severity)]
    if len(ids) != 1 or len(severities) != 1:
        line = node["location"]["line"]
        raise CatalogueError(f"{path}:{line}: a Rule has one id and one severity as its tags")
    return Rule(
        id=ids[0],
        title=node["name"],
        severity=Severity(severities[0]),
        derived=DERIVED in names,
        area=path.parent.name,
        feature=feature["name"],
        source=field(node, "Source"),
        remedy=field(node, "Remedy"),
        evidence=field(node, "Evidence"),
        violation=field(node, "Violation"),
        file=f"features/{path.parent.name}/{path.name}",
    )


def scenarios(features: Path | None = None) -> dict[str, tuple[str, ...]]:
    """The names of each rule's scenarios, by the rule's id. Raises CatalogueError."""
    return {
        _rule(path, feature, node).id: tuple(s["name"] for s in scenario_nodes(node))
        for path, feature in documents(features or FEATURES)
        for node in rule_nodes(feature)
    }


def selects(rule: Rule, ids: Collection[str], tags: Collection[str]) -> bool:
    """Whether a run of these ids and tags only (where there are any) has the rule in it."""
    known = {rule.id, rule.severity, rule.area, rule.id[:3], "derived" if rule.derived else ""}
    return (not ids or rule.id in ids) and (not tags or bool(known & set(tags)))


def id_of(rule: Node) -> str:
    """The id of a Rule that the lint has passed."""
    return next(tag for tag in tags(rule) if RULE_ID.fullmatch(tag))


def digest(features: Path = FEATURES) -> str:
    """SHA-256 over all that decides: the features and their list, their vocabulary, the checks,
    what asks for and reads the evidence, and this engine. Hosts with one digest were judged by one
    program."""
    whole = hashlib.sha256()
    for room in (features, *(PACKAGE / name for name in DECIDING)):
        for path in _files(str(room)):
            content = Path(path).read_bytes()
            whole.update(f"{path.removeprefix(str(room))}\0{len(content)}\0".encode() + content)
    return f"sha256:{whole.hexdigest()}"


def _files(room: str) -> Iterator[str]:
    """Code and tables below a folder, sorted. pathlib would take a tenth of a run for it."""
    for entry in sorted(os.scandir(room), key=lambda entry: entry.name):
        if entry.name.endswith((".py", ".csv", ".feature", ".sh")):
            yield entry.path
        elif entry.is_dir() and entry.name != "__pycache__":
            yield from _files(entry.path)
