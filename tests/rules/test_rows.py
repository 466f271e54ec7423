"""The matrix is whole: every rule of the guide has its rows, and the features agree with it."""

from collections import Counter

import pytest

from tests.rules.rows import ABSENCES, GAPS, VIOLATIONS
from vmfex.engine.catalogue import rules

RULES = {rule.id for rule in rules()}


def test_titles_and_sources_are_there_and_titles_differ() -> None:
    """Each rule has a title of its own, a source and a remedy."""
    assert max(Counter(rule.title for rule in rules()).values()) == 1
    assert all(rule.source and rule.remedy and rule.evidence for rule in rules())


@pytest.mark.parametrize("rows", [VIOLATIONS, ABSENCES, GAPS], ids=["violated", "absent", "gap"])
def test_every_rule_has_its_rows(rows: tuple[object, ...]) -> None:
    """A rule without a row of each kind fails, and so does a row about no rule."""
    assert {vars(row)["rule"] for row in rows} == RULES


def test_consequences_are_rules_and_have_a_reason() -> None:
    """A consequence names another rule that exists, and says why."""
    for row in VIOLATIONS:
        for rule, (_, reason) in row.consequences.items():
            assert rule in RULES
            assert rule != row.rule
            assert reason


def test_rules_that_are_never_absent_have_no_absence() -> None:
    """A rule has either a host without its subject, or the reason why there is none."""
    always = {row.rule for row in ABSENCES if row.host is None}
    assert not always & {row.rule for row in ABSENCES if row.host is not None}
