"""Telling less never gives a better decision: each file, link and directory of a host's evidence is
taken away, cut and garbled, one at a time.

`make damage` tries every one, which takes half an hour; otherwise the same few of each host are
tried each time, chosen by the digest of what is damaged.
"""

import os
from collections.abc import Iterator
from hashlib import sha256

import pytest

from tests.support.damage import Damage, damages
from tests.support.damaged_ways import WAYS, held
from tests.support.judging import Judgement, judge_tree
from vmfex.checks.result.certification import Decision, RuleResult, decide
from vmfex.checks.result.verdict import Verdict
from vmfex.engine.catalogue import rules
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.embedded import embedded_hosts

ALL = os.environ.get("DAMAGE") == "all"
FEW = 10  # of each host in each way
CATALOGUE = {rule.id: rule for rule in rules()}
GREEN = {Verdict.COMPLIANT, Verdict.NOT_APPLICABLE}
CERTIFIED = {Decision.CERTIFIED, Decision.CERTIFIED_WITH_WAIVERS}
# Damage after which a rule may be greener, by host, way, path and rule, with the reason.
ALLOWED: dict[tuple[str, str, str, str], str] = {}


def decision(judged: Judgement) -> Decision:
    results = [RuleResult(CATALOGUE[rule], found) for rule, found in judged.findings.items()]
    return decide(results, strict=False, guide_only=False, partial=False)


def chosen(name: str, way: str) -> Iterator[Damage]:
    """All of them, or the same few each time."""
    every = list(damages(held(name, way)))
    return iter(every if ALL else sorted(every, key=lambda each: _number(name, each))[:FEW])


def _number(name: str, damage: Damage) -> bytes:
    return sha256(f"{name} {damage}".encode()).digest()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", embedded_hosts())
def test_damage_makes_nothing_greener(name: str, way: str) -> None:
    """No violated or undetermined rule becomes compliant or not applicable, and no host certified.
    Evidence that cannot be used at all is refused."""
    open_ = WAYS[way][1]
    whole = open_(held(name, way))
    assert whole.lost == ""
    before = judge_tree(whole)
    greener = []
    for damage in chosen(name, way):
        try:
            tree = open_(damage.held)
        except RecordingError:
            continue
        after = judge_tree(tree)
        greener += [
            f"{damage}: {rule} was {verdict}, and is {after.verdicts[rule]}"
            for rule, verdict in before.verdicts.items()
            if verdict not in GREEN and after.verdicts[rule] in GREEN
            if (name, way, damage.path, rule) not in ALLOWED
        ]
        if decision(after) in CERTIFIED and decision(before) not in CERTIFIED:
            greener.append(f"{damage}: {decision(before)} became {decision(after)}")
    assert greener == []
