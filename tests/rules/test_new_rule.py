"""A rule in existing words is its Rule in a feature file and its row in rules.csv: nothing else of
the program, and no other file of the features, is touched for it to judge."""

from pathlib import Path

import pytest

from tests.support.sessions import copy_of_features, plain
from vmfex.engine.catalogue import rules
from vmfex.engine.lint import problems

RULE = """
  @NEW-01 @normal
  Rule: Each VIC has at most {limit} vNICs
    Source: A house rule
    Remedy: Take vNICs from the service profile.
    Evidence: PCI functions
    Violation: One vNIC more.

    Scenario: Few vNICs
      Given the VICs
      Then each has at most {limit} vNICs, static and dynamic
"""
PLACES = {
    "in a feature file": ("adapter/vic.feature", ""),
    "in a feature file of its own": ("adapter/house.feature", "@adapter\nFeature: House rules\n"),
}


def with_rule(folder: Path, limit: int, place: str) -> Path:
    """A copy of the features with a rule more, listed behind VIC-03."""
    features = copy_of_features(folder)
    file, head = PLACES[place]
    with (features / file).open("a", encoding="utf-8") as feature:
        feature.write(head + RULE.format(limit=limit))
    listed = (features / "rules.csv").read_text("utf-8").splitlines(keepends=True)
    [row] = [number for number, line in enumerate(listed) if line.startswith("VIC-03")]
    listed.insert(row + 1, "NEW-01,normal,no\n")
    (features / "rules.csv").write_text("".join(listed), "utf-8")
    return features


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("limit", "verdict"), [(116, "compliant"), (1, "violated")])
def test_new_rule_judges(tmp_path: Path, place: str, limit: int, verdict: str) -> None:
    """It passes the lint, stands where the list has it, and decides like every other."""
    features = with_rule(tmp_path, limit, place)
    assert problems(features) == []
    ids = [rule.id for rule in rules(features)]
    assert ids[ids.index("VIC-03") + 1] == "NEW-01"
    run = plain(tmp_path / "out", features=features)
    assert list(run.verdicts) == ids
    assert run.verdicts["NEW-01"] == verdict
    assert run.record["decision"] == ("CERTIFIED" if verdict == "compliant" else "NOT CERTIFIED")
