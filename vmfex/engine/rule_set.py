"""The rule set that is fit to judge: the rules, their scenarios, and the digest of what they are.

What the feature files say is parsed and linted once, and kept under the digest of all that took
part in it (rule_cache.py): a run that changes nothing reads one file.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vmfex.checks.result.rule import Rule
from vmfex.checks.result.scenario import Scenario, Step
from vmfex.engine import rule_cache
from vmfex.engine.catalogue import FEATURES, digest, selects
from vmfex.errors import UsageError


@dataclass(frozen=True)
class RuleSet:
    """`rules` by id, in the order in which they are judged; `scenarios` in that order too."""

    rules: Mapping[str, Rule]
    scenarios: tuple[Scenario, ...]
    digest: str

    @cached_property
    def steps(self) -> Mapping[tuple[str, str], tuple[Step, ...]]:
        """Those of each scenario, by its rule's id and its name."""
        return {(s.rule_id, s.name): s.steps for s in self.scenarios}

    def chosen(self, ids: Collection[str], tags: Collection[str]) -> tuple[Scenario, ...]:
        """The scenarios of the rules that have one of the ids and one of the tags, where there are
        any. Raises UsageError for an id that no rule has."""
        if unknown := [id_ for id_ in ids if id_.upper() not in self.rules]:
            raise UsageError(f"there is no rule {unknown[0]!a}")
        wanted = {id_.upper() for id_ in ids}
        return tuple(s for s in self.scenarios if selects(self.rules[s.rule_id], wanted, tags))


def load(features: Path = FEATURES) -> RuleSet:
    """The rule set in the folder. Raises UsageError for features that have errors."""
    name = digest(features)
    kept = rule_cache.read(name)
    if kept is None:
        kept = _read(features)
        rule_cache.write(name, *kept)
    rules, scenarios = kept
    return RuleSet({rule.id: rule for rule in rules}, scenarios, name)


def _read(features: Path) -> tuple[tuple[Rule, ...], tuple[Scenario, ...]]:
    from vmfex.engine.catalogue import documents, id_of, rules
    from vmfex.engine.lint import problems
    from vmfex.engine.scenarios import scenarios_of

    if found := problems(features):
        raise UsageError("the feature files have errors: " + "; ".join(found))
    by_rule = {
        id_of(rule): [Scenario(id_of(rule), n, len(cases) == 1, tuple(s)) for n, s in cases]
        for _, feature in documents(features)
        for rule, cases in scenarios_of(feature)
    }
    ordered = rules(features)
    return ordered, tuple(scenario for rule in ordered for scenario in by_rule[rule.id])
