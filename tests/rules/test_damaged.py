"""Telling less never gives a better decision: each file, link and directory of a host's evidence is
taken away, cut and garbled, one at a time, and copied as copies go wrong.

`make damage` tries every one, which takes an hour; otherwise the same few of each host are
tried each time, chosen by the digest of what is damaged.
"""

import os
from collections.abc import Iterator
from hashlib import sha256

import pytest

from tests.support.answered import Answered
from tests.support.damage import EVERYTHING, Damage, damages
from tests.support.damaged_ways import WAYS, held
from tests.support.greener import greener
from tests.support.judging import judge_tree
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.embedded import embedded_hosts

ALL = os.environ.get("DAMAGE") == "all"
FEW = 10  # of each host in each way
# Damage after which a rule may be greener, by host, way, path and rule, with the reason.
ALLOWED: dict[tuple[str, str, str, str], str] = {}


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
    Evidence that cannot be used at all is refused; what answers like another was judged there."""
    open_ = WAYS[way][1]
    whole = open_(held(name, way))
    assert whole.lost == ""
    asked = Answered(whole)
    before = judge_tree(asked)
    found, seen = [], {frozenset[object]()}
    for damage in chosen(name, way):
        try:
            tree = open_(damage.held)
        except RecordingError:
            continue
        differs = asked.difference(tree)
        if differs in seen and damage.path != EVERYTHING:
            continue
        seen.add(differs)
        found += [
            f"{damage}: {what}"
            for rule, what in greener(before, judge_tree(tree))
            if (name, way, damage.path, rule) not in ALLOWED
        ]
    assert found == []
