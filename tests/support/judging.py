"""The whole rule set on one host, in this process and without its reports.

`tests/parity/test_judging.py` holds it against the real run.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.construct import RawTree
from vmfex.checks.model.plan import Plan
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.scenario import Scenario
from vmfex.checks.result.verdict import Finding, Verdict, worst
from vmfex.engine.catalogue import FEATURES
from vmfex.engine.judge import judge
from vmfex.engine.rule_set import load
from vmfex.evidence.host import ReadHost
from vmfex.evidence.sources.recorded import RecordedTree
from vmfex.evidence.tree import Tree

Verdicts = dict[str, Verdict]


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
    return RecordedTree.of(files, raw.links, manifest)


@cache
def scenarios(features: Path) -> tuple[Scenario, ...]:
    """What a folder of features judges; nobody changes a folder after it was judged by."""
    return load(features).scenarios


def judge_raw(raw: RawTree, plan: Plan | None = None, *rules: str) -> Judgement:
    """Every rule (or those named) on a constructed host."""
    return judge_tree(recorded(raw), plan, *rules)


def judge_tree(
    tree: Tree, plan: Plan | None = None, *rules: str, features: Path = FEATURES
) -> Judgement:
    scope = Scope(ReadHost(tree), plan or Plan())
    findings: dict[str, tuple[Finding, ...]] = {}
    for scenario in scenarios(features):
        if not rules or scenario.rule_id in rules:
            judged = judge(scenario, scope)
            if judged.error:
                raise judged.error
            before = findings.get(scenario.rule_id, ())
            findings[scenario.rule_id] = (*before, *judged.findings)
    return Judgement(findings, scope)
