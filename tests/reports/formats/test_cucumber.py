"""Cucumber JSON, by the schema of its makers."""

import json
from typing import Any

import pytest
from jsonschema_rs import Draft7Validator

from tests.support.formats import ADVISED, CERTIFIED, CONTEXT, HOSTS, WHOLE, hostile, schema
from vmfex.checks.result.certification import Certification, Decision
from vmfex.reports.formats.cucumber import render

VALIDATOR = Draft7Validator(schema("cucumber-jvm"))


def _steps(of: Certification) -> list[Any]:
    document = json.loads(render([of], CONTEXT))
    elements = (element for feature in document for element in feature["elements"])
    return [step for element in elements for step in element["steps"]]


@pytest.mark.parametrize("of", [*HOSTS, hostile()], ids=lambda of: ascii(of.host)[:12])
def test_it_is_valid(of: Certification) -> None:
    """By cucumber-jvm's schema, whatever a host says."""
    VALIDATOR.validate(json.loads(render([of], CONTEXT)))


@pytest.mark.parametrize("of", HOSTS, ids=lambda of: str(of.host))
def test_it_is_red_exactly_where_the_host_is_not_certified(of: Certification) -> None:
    """Advice fails nothing, and a run of some rules only does."""
    red = any(step["result"]["status"] == "failed" for step in _steps(of))
    assert red is (of.decision in (Decision.INCOMPLETE, Decision.NOT_CERTIFIED))


def test_advice_is_told_all_the_same() -> None:
    """Its step is skipped, with what was read."""
    told = [step for step in _steps(ADVISED) if "VIOLATED" in str(step["result"])]
    assert [step["result"]["status"] for step in told] == ["skipped"]


def test_a_rule_that_was_not_run_is_there() -> None:
    """As a skipped element of its own."""
    said = [step["result"].get("error_message", "") for step in _steps(WHOLE)]
    assert "not run: the rule was not selected" in said


def test_no_two_elements_have_one_id() -> None:
    """Readers key by it."""
    document = json.loads(render(HOSTS, CONTEXT))
    ids = [element["id"] for feature in document for element in feature["elements"]]
    assert len(ids) == len(set(ids))
    assert json.loads(render([CERTIFIED], CONTEXT))[0]["elements"][0]["line"] == 6
