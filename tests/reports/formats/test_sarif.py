"""SARIF, by OASIS' schema."""

import json
from typing import Any

import pytest
from jsonschema_rs import Draft4Validator

from tests.support.formats import ADVISED, CONTEXT, HOSTS, WHOLE, WITH_WAIVERS, hostile, schema
from vmfex.checks.result.certification import Certification, Decision
from vmfex.reports.formats.context import Context
from vmfex.reports.formats.sarif import render

VALIDATOR = Draft4Validator(schema("sarif-2.1.0"))


def _run(of: Certification, context: Context = CONTEXT) -> Any:
    document = json.loads(render([of], context))
    VALIDATOR.validate(document)
    [run] = document["runs"]
    return run


@pytest.mark.parametrize("of", [*HOSTS, hostile()], ids=lambda of: ascii(of.host)[:12])
def test_a_host_that_is_not_certified_has_an_error(of: Certification) -> None:
    """Readers look at the level alone: an open rule may have none that is red, so the decision has
    a result then. A certified host has no error."""
    levels = [result["level"] for result in _run(of)["results"]]
    assert ("error" in levels) is (of.decision in (Decision.INCOMPLETE, Decision.NOT_CERTIFIED))


def test_a_result_stands_at_its_rule_in_the_feature() -> None:
    """The file, and the line of the rule; an unknown rule at the list of them."""
    at = {
        result["ruleId"]: result["locations"][0]["physicalLocation"]
        for result in _run(WHOLE)["results"]
    }
    assert at["VIC-02"] == {
        "artifactLocation": {"uri": "features/adapter/models.feature"},
        "region": {"startLine": 20},
    }
    assert at["PRF-04"]["artifactLocation"]["uri"] == "features/rules.csv"


def test_kinds_have_the_levels_that_the_format_allows() -> None:
    """Any kind but `fail` has the level `none`; advice and what was accepted are notes."""
    found = {result["ruleId"]: result for result in _run(WHOLE)["results"]}
    assert all(r["level"] == "none" for r in found.values() if r["kind"] != "fail")
    assert (found["FAB-05"]["kind"], found["FAB-05"]["level"]) == ("fail", "note")
    assert (found["SRV-03"]["kind"], found["SRV-03"]["level"]) == ("fail", "note")


def test_what_was_accepted_says_by_whom() -> None:
    """A suppression that is accepted, with its justification; nothing else is suppressed."""
    for result in _run(WHOLE)["results"]:
        assert ("suppressions" in result) is (result["ruleId"] in ("SRV-03", "HDV-05"))
    [waived, _] = _run(WITH_WAIVERS)["results"]
    [suppression] = waived["suppressions"]
    assert suppression["status"] == "accepted"
    assert "waiver of change board until 2026-06-01" in suppression["justification"]


def test_braces_and_links_of_a_host_are_text() -> None:
    """A message has neither placeholders nor links."""
    [violated, _] = [r for r in _run(hostile())["results"] if r["ruleId"] != "decision"]
    assert "[x] (javascript:y){{0}}" in violated["message"]["text"]


def test_lines_of_another_rule_set_are_said_to_be_others() -> None:
    """The record does not tell where its rules stood."""
    [invocation] = _run(ADVISED, Context(ruleset="another"))["invocations"]
    [note] = [n for n in invocation["toolExecutionNotifications"] if n["level"] == "note"]
    assert "the record was made by others (5f2b9d)" in note["message"]["text"]
    [invocation] = _run(ADVISED)["invocations"]
    assert not [n for n in invocation["toolExecutionNotifications"] if n["level"] == "note"]


def test_subjects_of_one_rule_are_told_apart() -> None:
    """Each by its own fingerprint."""
    results = [result for of in HOSTS for result in _run(of)["results"]]
    prints = {result["partialFingerprints"]["primaryLocationLineHash"] for result in results}
    assert len(prints) == len(results)
