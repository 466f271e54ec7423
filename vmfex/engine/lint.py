"""The authoring rules of the features: what pytest-bdd would let pass in silence is an error."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmfex.checks.result.rule import Rule
from vmfex.checks.result.scenario import Step
from vmfex.engine.catalogue import (
    AREAS,
    DERIVED,
    FEATURES,
    FIELDS,
    RULE_ID,
    CatalogueError,
    Node,
    documents,
    field,
    listed_rules,
    rule_nodes,
    rules,
    scenario_nodes,
    tags,
)
from vmfex.engine.rule_list import RULE_LIST, ListedRule
from vmfex.engine.scenarios import PLACEHOLDER, backgrounds, scenarios_of
from vmfex.progress import say
from vmfex.steps.vocabulary import definitions

MOST_STEPS = 5
TECHNICAL = re.compile(r"[`/$\\]|\.\*")
KNOWN_TAGS = {"blocker", "critical", "normal", "minor", DERIVED}


def problems(features: Path = FEATURES) -> list[str]:
    """Everything that is wrong with the feature files, a sentence each; empty when all is well."""
    found: list[str] = []
    try:
        for path, feature in documents(features):
            found += _feature(path.relative_to(features), feature)
        found += _list(features)
    except CatalogueError as error:
        found.append(str(error))
    return found


def _feature(path: Path, feature: Node) -> Iterator[str]:
    here, area = path.as_posix(), path.parent.as_posix()
    if area not in AREAS or tags(feature) != [area]:
        yield f"{here}: a feature lies in a folder of {', '.join(AREAS)} and has it as its one tag"
    if feature["language"] != "en":
        yield f"{here}: the features are in English"
    yield from (f"{here}: scenario {s['name']!r} is in no Rule" for s in scenario_nodes(feature))
    yield from _block(here, "the Background", backgrounds(feature))
    yield from _names(here, feature)
    for rule, cases in scenarios_of(feature):
        place = f"{here}:{rule['location']['line']}"
        yield from _rule(place, rule)
        for scenario in scenario_nodes(rule):
            yield from _scenario(scenario)
        for name, steps in cases:
            yield from _case(f"scenario {name!r}", steps)


def _names(here: str, feature: Node) -> Iterator[str]:
    """Two scenarios of one name would be one test to pytest-bdd; two of one name once their
    Examples are filled in, one result."""
    written = [s["name"] for rule in rule_nodes(feature) for s in scenario_nodes(rule)]
    filled = [name for _, cases in scenarios_of(feature) for name, _ in cases]
    for name, count in (Counter(written) | Counter(filled)).items():
        if count > 1:
            yield f"{here}: {count} scenarios are named {name!r}; only the last would run"


def _rule(here: str, rule: Node) -> Iterator[str]:
    for name in FIELDS:
        if not field(rule, name):
            yield f"{here}: the Rule has no {name}: line"
    foreign = [t for t in tags(rule) if t not in KNOWN_TAGS and not RULE_ID.fullmatch(t)]
    if foreign:
        yield f"{here}: tag @{foreign[0]} means nothing here"
    if not list(scenario_nodes(rule)):
        yield f"{here}: the Rule has no scenario"
    yield from _block(here, "the Rule's Background", backgrounds(rule))


def _scenario(scenario: Node) -> Iterator[str]:
    here = f"scenario {scenario['name']!r}"
    if scenario["tags"]:
        yield f"{here} has tags; only features and Rules have them"
    yield from _block(here, here, scenario["steps"])
    for examples in scenario["examples"]:
        names = [cell["value"] for cell in examples.get("tableHeader", {}).get("cells", [])]
        if examples["tags"]:
            yield f"{here}: its Examples have tags, which would be marks of pytest's"
        if not names or not examples.get("tableBody"):
            yield f"{here}: its Examples have no row, and it would run with the bare places"
        if len(set(names)) < len(names) or not all(names):
            yield f"{here}: its Examples have a column without a name of its own"
        ids = ["-".join(c["value"] for c in row["cells"]) for row in examples.get("tableBody", [])]
        if len(set(ids)) < len(ids):
            yield f"{here}: its Examples have rows that are one text when joined, or the same row"
        if unnamed := {p for text in _texts(scenario) for p in PLACEHOLDER.findall(text)}:
            yield from (
                f"{here}: <{place}> is in no column of its Examples"
                for place in sorted(unnamed - set(names))
            )


def _texts(scenario: Node) -> Iterator[str]:
    yield scenario["name"]
    for step in scenario["steps"]:
        yield step["text"]
        rows = step.get("dataTable", {}).get("rows", [])
        yield from (cell["value"] for row in rows for cell in row["cells"])


def _block(here: str, what: str, steps: Sequence[Node]) -> Iterator[str]:
    """What pytest-bdd reads as one block: a background or a scenario's own steps."""
    if steps and steps[0]["keywordType"] == "Conjunction":
        yield f"{here}: {what} begins with {steps[0]['keyword'].strip()}, which follows no step"
    for step in steps:
        if step["keywordType"] not in ("Context", "Outcome", "Conjunction"):
            yield f"{here}: step {step['text']!r} is neither Given nor Then"
        if "docString" in step:
            yield f"{here}: step {step['text']!r} has a text below it, which no step uses"


def _case(here: str, steps: Sequence[Step]) -> Iterator[str]:
    kinds = [step.kind for step in steps]
    if len(steps) > MOST_STEPS:
        yield f"{here} has more than {MOST_STEPS} steps"
    if len(kinds) < 2 or set(kinds[:-1]) != {"given"} or kinds[-1] != "then":
        yield f"{here} is not Given steps that select and then one Then that judges"
    for step in steps:
        texts = [step.text, *(cell for row in step.table or [] for cell in row)]
        if any(PLACEHOLDER.search(text) for text in texts):
            yield f"{here} has a <place> that no Examples fill"
        if TECHNICAL.search(step.text):
            yield f"{here}: step {step.text!r} names a path, a command or a pattern"
        yield from _definition(here, step)


def _definition(here: str, step: Step) -> Iterator[str]:
    """pytest-bdd takes the last of several definitions, never awaits an async one, and drops a
    table that the definition does not ask for."""
    matching = definitions(step.kind, step.text)
    functions = [definition.function for definition in matching]
    places = [f"{inspect.getsourcefile(f)}:{f.__code__.co_firstlineno}" for f in functions]
    if len(matching) != 1:
        found = f"{len(matching)} definitions {' '.join(places)}".rstrip()
        yield f"{here}: step {step.text!r} has {found}"
    if any(inspect.iscoroutinefunction(f) or inspect.isasyncgenfunction(f) for f in functions):
        yield f"{here}: step {step.text!r} is async, which nothing would await ({places[0]})"
    if matching and (step.table is not None) not in {d.takes_table for d in matching}:
        yield f"{here}: step {step.text!r} has a table that it does not use, or lacks one"


def _list(features: Path) -> Iterator[str]:
    """A rule that is gone would not be missed, nor one that is graver or lighter than it was, were
    it not for the list."""
    found, listed = rules(features), listed_rules(features)
    counts = Counter(rule.id for rule in found)
    yield from (f"rule {id_} is {n} times in the features" for id_, n in counts.items() if n > 1)
    yield from (
        f"rule {id_} is listed in {RULE_LIST} and has no Rule"
        for id_ in listed
        if id_ not in counts
    )
    for rule in found:
        row = listed.get(rule.id)
        if row is None:
            yield f"rule {rule.id} has a Rule and is not in {RULE_LIST}"
        elif rule.severity != row.severity:
            yield f"rule {rule.id} is {rule.severity} in its feature, {row.severity} in {RULE_LIST}"
        if row is not None and rule.derived != row.derived:
            yield f"rule {rule.id} is {_kind(rule)} in its feature, {_kind(row)} in {RULE_LIST}"


def _kind(rule: Rule | ListedRule) -> str:
    return DERIVED if rule.derived else f"not {DERIVED}"


def main() -> int:
    """Prints every problem to stderr. Returns 0 when there is none, else 1."""
    found = problems()
    for problem in found:
        say(problem)
    if not found:
        print(f"{len(rules())} rules, no problem")
    return 1 if found else 0
