"""The list of rules: what is wrong with it is said in one sentence, with file and line."""

from pathlib import Path

import pytest

from tests.support.sessions import copy_of_features
from vmfex.checks.result.rule import Severity
from vmfex.engine.lint import problems
from vmfex.engine.rule_list import RULE_LIST, ListedRule, RuleListError, read_rule_list

HEADER = b"id,severity,derived\n"
GOOD = HEADER + b"VIC-01,blocker,no\n"


def test_rows_in_their_order(tmp_path: Path) -> None:
    """Each row is a rule, as it is written there."""
    (tmp_path / RULE_LIST).write_bytes(HEADER + b"VIC-02,minor,yes\nVIC-01,blocker,no\n")
    assert list(read_rule_list(tmp_path).items()) == [
        ("VIC-02", ListedRule("VIC-02", Severity.MINOR, derived=True)),
        ("VIC-01", ListedRule("VIC-01", Severity.BLOCKER, derived=False)),
    ]


@pytest.mark.parametrize(
    "written",
    [
        GOOD.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + GOOD,
        b'"id","severity","derived"\n"VIC-01","blocker","no"\n',
        HEADER + b"\nVIC-01,blocker,no\n\n",
    ],
    ids=["Windows", "byte order mark", "quotes", "empty lines"],
)
def test_as_a_spreadsheet_writes_it(written: bytes, tmp_path: Path) -> None:
    """Line ends, a byte order mark, quotes and empty lines say nothing about the rules."""
    (tmp_path / RULE_LIST).write_bytes(written)
    assert list(read_rule_list(tmp_path)) == ["VIC-01"]


MALFORMED = {
    "empty": (b"", ":1: the first line is not id,severity,derived"),
    "no header": (b"VIC-01,blocker,no\n", ":1: the first line is not id,severity,derived"),
    "semicolons": (GOOD.replace(b",", b";"), ":1: the first line is not id,severity,derived"),
    "two cells": (GOOD + b"VIC-02,minor\n", ":3: a row has 3 cells (id, severity, derived), not 2"),
    "four cells": (
        GOOD + b"A,minor,no,x\n",
        ":3: a row has 3 cells (id, severity, derived), not 4",
    ),
    "no rule's id": (GOOD + b"VIC-2,minor,no\n", ":3: 'VIC-2' is not a rule's id, such as VIC-01"),
    "no severity": (
        GOOD + b"\nVIC-02,grave,no\n",
        ":4: severity 'grave' is not one of blocker, critical, normal, minor",
    ),
    "neither yes nor no": (GOOD + b"VIC-02,minor,\n", ":3: derived is '', not yes or no"),
    "twice": (GOOD + b"VIC-01,minor,no\n", ":3: rule VIC-01 is listed twice"),
    "open quotes": (GOOD + b'"VIC-02,minor,no\n', ":3: unexpected end of data"),
    "bytes": (GOOD + b"\xff\n", ":3: the text is not UTF-8"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_list_is_refused(case: str, tmp_path: Path) -> None:
    """One sentence that begins with the file and the line."""
    written, said = MALFORMED[case]
    (tmp_path / RULE_LIST).write_bytes(written)
    with pytest.raises(RuleListError) as refused:
        read_rule_list(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / RULE_LIST}{said}")
    assert "\n" not in str(refused.value)


def test_lint_says_it(tmp_path: Path) -> None:
    """A list that cannot be read is a problem of the rule set."""
    features = copy_of_features(tmp_path)
    (features / RULE_LIST).write_bytes(b"id;severity;derived\n")
    assert problems(features) == [
        f"{features / RULE_LIST}:1: the first line is not id,severity,derived"
    ]
