"""The authoring rules of the features: what pytest-bdd would let pass in silence is an error."""

import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from vmfex.engine.catalogue import (
    AREAS,
    DERIVED,
    FEATURES,
    FIELDS,
    ID_LIST,
    RULE_ID,
    CatalogueError,
    Node,
    documents,
    field,
    listed_ids,
    rule_nodes,
    rules,
    scenario_nodes,
    tags,
)
from vmfex.pytest_plugin.binding import definitions

MOST_STEPS = 5
TECHNICAL = re.compile(r"[`/$\\]|\.\*")
PLACEHOLDER = re.compile(r"<[^>]+>")
KNOWN_TAGS = {"blocker", "critical", "normal", "minor", DERIVED}


def problems(features: Path = FEATURES) -> list[str]:
    """Everything that is wrong with the feature files, a sentence each; empty when all is well."""
    try:
        found = [p for path, feature in documents(features) for p in _feature(path, feature)]
        return found + list(_ids(features))
    except CatalogueError as error:
        return [str(error)]


def _feature(path: Path, feature: Node) -> Iterator[str]:
    here = f"{path.parent.name}/{path.name}"
    if path.parent.name not in AREAS or tags(feature) != [path.parent.name]:
        yield f"{here}: a feature lies in a folder of {', '.join(AREAS)} and has it as its one tag"
    background = [
        s for c in feature["children"] if "background" in c for s in c["background"]["steps"]
    ]
    yield from (f"{here}: scenario {s['name']!r} is in no Rule" for s in scenario_nodes(feature))
    names = Counter(s["name"] for rule in rule_nodes(feature) for s in scenario_nodes(rule))
    for name, count in names.items():
        if count > 1:
            yield f"{here}: {count} scenarios are named {name!r}; only the last would run"
    for rule in rule_nodes(feature):
        yield from _rule(f"{here}:{rule['location']['line']}", rule, background)


def _rule(here: str, rule: Node, background: list[Node]) -> Iterator[str]:
    for name in FIELDS:
        if not field(rule, name):
            yield f"{here}: the Rule has no {name}: line"
    foreign = [t for t in tags(rule) if t not in KNOWN_TAGS and not RULE_ID.fullmatch(t)]
    if foreign:
        yield f"{here}: tag @{foreign[0]} means nothing here"
    scenarios = list(scenario_nodes(rule))
    if not scenarios:
        yield f"{here}: the Rule has no scenario"
    for child in rule["children"]:
        background = background + child.get("background", {}).get("steps", [])
    for scenario in scenarios:
        yield from _scenario(scenario, background)


def _scenario(scenario: Node, background: list[Node]) -> Iterator[str]:
    here = f"scenario {scenario['name']!r}"
    if scenario["tags"]:
        yield f"{here} has tags; only features and Rules have them"
    if scenario["examples"] or any(PLACEHOLDER.search(s["text"]) for s in scenario["steps"]):
        yield f"{here} has Examples, or a <place> for them; a table stands under its step"
    steps = background + scenario["steps"]
    kinds = [step["keywordType"] for step in steps]
    meant = _kinds(kinds)
    if len(steps) > MOST_STEPS:
        yield f"{here} has more than {MOST_STEPS} steps"
    if len(meant) < 2 or set(meant[:-1]) != {"Context"} or meant[-1] != "Outcome":
        yield f"{here} is not Given steps that select and then one Then that judges"
    for step, kind in zip(steps, meant, strict=True):
        if TECHNICAL.search(step["text"]):
            yield f"{here}: step {step['text']!r} names a path, a command or a pattern"
        yield from _definition(here, step, "given" if kind == "Context" else "then")


def _kinds(kinds: list[str]) -> list[str]:
    """Each step's kind, an And taking that of the step before it."""
    meant: list[str] = []
    for kind in kinds:
        meant.append(meant[-1] if kind == "Conjunction" and meant else kind)
    return meant


def _definition(here: str, step: Node, kind: str) -> Iterator[str]:
    """pytest-bdd takes the last of several definitions, never awaits an async one, and drops a
    table or a text that the definition does not ask for."""
    text = step["text"]
    matching = [context.step_func for context in definitions(kind, text)]
    places = [f"{inspect.getsourcefile(f)}:{f.__code__.co_firstlineno}" for f in matching]
    if len(matching) != 1:
        yield f"{here}: step {text!r} has {len(matching)} definitions {' '.join(places)}".rstrip()
    if any(inspect.iscoroutinefunction(f) or inspect.isasyncgenfunction(f) for f in matching):
        yield f"{here}: step {text!r} is async, which nothing would await ({places[0]})"
    tables = {"datatable" in inspect.signature(f).parameters for f in matching}
    if "docString" in step or (matching and ("dataTable" in step) not in tables):
        yield f"{here}: step {text!r} has a table or a text that it does not use, or lacks one"


def _ids(features: Path) -> Iterator[str]:
    """A rule that is not there would not be missed, were it not for the list."""
    found = Counter(rule.id for rule in rules(features))
    yield from (f"rule {id_} stands {n} times in the features" for id_, n in found.items() if n > 1)
    listed = set(listed_ids(features))
    yield from (
        f"rule {id_} is listed in {ID_LIST} and has no Rule" for id_ in sorted(listed - set(found))
    )
    yield from (
        f"rule {id_} has a Rule and is not in {ID_LIST}" for id_ in sorted(set(found) - listed)
    )


def main() -> int:
    """Prints every problem to stderr. Returns 0 when there is none, else 1."""
    found = problems()
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print(f"{len(rules())} rules, no problem")
    return 1 if found else 0
