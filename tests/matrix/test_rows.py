"""The matrix is whole: every rule of the guide has its rows, and the features agree with it."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.matrix.rows import ABSENCES, GAPS, VIOLATIONS
from vmfex.checks.result.rule import Severity
from vmfex.engine.catalogue import FEATURES, rules

REQUIREMENTS = Path(__file__).with_name("requirements.csv")


def required() -> dict[str, tuple[str, bool]]:
    """Severity of each rule and whether it is derived, written down from the guide's analysis."""
    with REQUIREMENTS.open(encoding="utf-8", newline="") as file:
        return {r["id"]: (r["severity"], r["derived"] == "yes") for r in csv.DictReader(file)}


def test_features_have_every_rule_once() -> None:
    """The features, their list of ids and the list kept here name the same rules, each once."""
    in_features = [rule.id for rule in rules()]
    listed = (FEATURES / "rules.txt").read_text("utf-8").split()
    assert Counter(in_features) == Counter(listed) == Counter(list(required()))
    assert len(in_features) == 50


def test_severity_and_derivation_are_the_required_ones() -> None:
    """No rule is graver or lighter in its feature than it has to be, nor silently advice."""
    assert {rule.id: (rule.severity.value, rule.derived) for rule in rules()} == required()


def test_titles_and_sources_are_there_and_titles_differ() -> None:
    """Each rule has a title of its own, a source and a remedy."""
    assert max(Counter(rule.title for rule in rules()).values()) == 1
    assert all(rule.source and rule.remedy and rule.evidence for rule in rules())


@pytest.mark.parametrize("rows", [VIOLATIONS, ABSENCES, GAPS], ids=["violated", "absent", "gap"])
def test_every_rule_has_its_rows(rows: tuple[object, ...]) -> None:
    """A rule without a row of each kind fails, and so does a row about no rule."""
    assert {vars(row)["rule"] for row in rows} == set(required())


def test_consequences_are_rules_and_have_a_reason() -> None:
    """A consequence names another rule that exists, and says why."""
    for row in VIOLATIONS:
        for rule, (_, reason) in row.consequences.items():
            assert rule in required()
            assert rule != row.rule
            assert reason


def test_rules_that_are_never_absent_have_no_absence() -> None:
    """A rule has either a host without its subject, or the reason why there is none."""
    always = {row.rule for row in ABSENCES if row.host is None}
    assert not always & {row.rule for row in ABSENCES if row.host is not None}


def test_severities_are_those_that_are_defined() -> None:
    """The list kept here uses the four severities."""
    assert {severity for severity, _ in required().values()} == {s.value for s in Severity}
