"""`vmfex steps`: the vocabulary, as whoever writes a rule needs it."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.sessions import command
from vmfex.cli import cli
from vmfex.engine.catalogue import documents, rule_nodes, scenario_nodes

STEP = re.compile(r"(Given|Then) (.+?)( \(table\))?")
MEANING = "    "


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """What the command prints."""
    return CliRunner().invoke(cli, ["steps"]).stdout.splitlines()


def test_givens_then_thens_each_once(lines: list[str]) -> None:
    """A step a line; below it at most one line of what it means."""
    steps = [line for line in lines if not line.startswith(MEANING)]
    assert all(STEP.fullmatch(step) for step in steps)
    assert len(set(steps)) == len(steps)
    kinds = [step.split()[0] for step in steps]
    assert kinds == sorted(kinds)
    below = [second.startswith(MEANING) for second in lines[1:]]
    assert not any(one and two for one, two in pairwise(below))


def test_what_is_printed(lines: list[str]) -> None:
    """The words as they stand in a feature, a place for each value, the mark of a table."""
    assert lines[0] == "Given the host"
    assert "Then each has at most {limit} vNICs, static and dynamic" in lines
    models = "Then each is one of the models that support SR-IOV with VM-FEX (table)"
    assert lines[lines.index(models) + 1] == f"{MEANING}Columns: model."


def test_columns_are_those_of_the_tables(lines: list[str]) -> None:
    """Each step of the features that has a table is marked, and its columns are told."""
    steps = [
        step
        for _, feature in documents()
        for rule in rule_nodes(feature)
        for scenario in scenario_nodes(rule)
        for step in scenario["steps"]
        if "dataTable" in step
    ]
    assert steps
    for step in steps:
        [place] = [n for n, line in enumerate(lines) if line.endswith(f" {step['text']} (table)")]
        header = [cell["value"] for cell in step["dataTable"]["rows"][0]["cells"]]
        assert f"Columns: {', '.join(header)}" in lines[place + 1]


def test_text_is_the_same_whatever_was_imported_first(lines: list[str], tmp_path: Path) -> None:
    """The order is that of the definitions, not that in which Python came to them."""
    done = command("steps", cwd=tmp_path, code="import vmfex.steps.then_fabric")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == lines
