"""OSCAL, by NIST's schema and trestle, with every reference in it resolved."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft7Validator

from tests.support.formats import (
    CERTIFIED,
    CONTEXT,
    HOSTS,
    PARTIAL,
    WHOLE,
    WITH_WAIVERS,
    host,
    hostile,
    schema,
)
from tests.support.readers import trestle
from vmfex.checks.result.certification import Certification
from vmfex.reports import ReportError
from vmfex.reports.formats.context import Assignment, Context
from vmfex.reports.formats.oscal import render

OFFICIAL = schema("oscal-complete-1.2.1")
MARKUP = ("title", "description", "statement", "prose", "remarks")
SETS: dict[str, Sequence[Certification]] = {
    "several": HOSTS,
    **{of.host: [of] for of in HOSTS},
    "hostile": [hostile()],
    "nothing ran": [host(not_run=("TOP-04",))],
}


def _python_patterns(node: Any) -> Any:
    """The schema with its patterns as Python's `re` has them, which knows no `\\p`."""
    if isinstance(node, dict):
        return {
            key: value.replace(r"\p{L}", r"[^\W\d_]").replace(r"\p{N}", r"\d")
            if key == "pattern" and isinstance(value, str)
            else _python_patterns(value)
            for key, value in node.items()
        }
    return [_python_patterns(each) for each in node] if isinstance(node, list) else node


def _validator() -> Draft7Validator:
    official = _python_patterns(OFFICIAL)
    for definition in official["definitions"].values():
        definition.pop("$id", None)  # `#/definitions/...`: a base for references, in this draft
    return Draft7Validator(official)


VALIDATOR = _validator()


def _set(hosts: Sequence[Certification], context: Context = CONTEXT) -> dict[str, Any]:
    return {name: json.loads(text) for name, text in render(hosts, context).items()}


def _members(node: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at whatever depth."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from _members(value)
    elif isinstance(node, list):
        for each in node:
            yield from _members(each)


@pytest.mark.parametrize("hosts", SETS.values(), ids=SETS)
def test_each_document_is_valid(hosts: Sequence[Certification]) -> None:
    """By NIST's schema, whatever a host says; each says that it is of the schema's version."""
    for document in _set(hosts).values():
        VALIDATOR.validate(document)
        [content] = document.values()
        assert f"/{content['metadata']['oscal-version']}/" in OFFICIAL["$id"]
        assert content["metadata"]["oscal-version"] == "1.2.1"


@pytest.mark.parametrize("hosts", SETS.values(), ids=SETS)
def test_every_reference_resolves_within_the_set(hosts: Sequence[Certification]) -> None:
    """Files, identifiers, controls and their parts: nothing dangles, and no identifier is given
    twice in one document."""
    documents = _set(hosts)
    members = [*_members(list(documents.values()))]
    catalog = [*_members(documents["catalog.json"])]
    there = {value for key, value in members if key == "uuid"}
    ids = {value for key, value in catalog if key == "id"}
    for key, value in members:
        if key.endswith("-uuid"):
            assert value in there, key
        elif key == "href":
            assert value.removeprefix("#") in (there if value[0] == "#" else documents)
        elif key in ("control-id", "target-id"):
            assert value in ids
    for document in documents.values():
        own = [value for key, value in _members(document) if key == "uuid"]
        assert len(own) == len(set(own))


def test_trestle_reads_it_and_resolves_the_profile(tmp_path: Path) -> None:
    """As models of its own, and to every control that the hosts were judged by."""
    folder, workspace = tmp_path / "set", tmp_path / "workspace"
    folder.mkdir()
    workspace.mkdir()
    for name, text in render(HOSTS, CONTEXT).items():
        (folder / name).write_text(text)
    ids = {result.rule.id for of in HOSTS for result in of.results} | {"TOP-04"}
    assert set(trestle(folder, workspace)) == ids


def test_what_is_not_applicable_is_assessed_and_has_no_finding() -> None:
    """It is among the controls that were assessed, with an observation; one that was not run is
    excluded."""
    [result] = _set([WHOLE])["assessment-results.json"]["assessment-results"]["results"]
    [selection] = result["reviewed-controls"]["control-selections"]
    assert {"control-id": "MTD-01"} in selection["include-controls"]
    assert selection["exclude-controls"] == [{"control-id": "TOP-04"}]
    assert "MTD-01_obj" not in {f["target"]["target-id"] for f in result["findings"]}
    assert any(o["title"].startswith("MTD-01 ") for o in result["observations"])


def test_what_was_waived_is_a_finding_with_an_accepted_risk() -> None:
    """Not satisfied, and the deviation approved, by whom and until when."""
    documents = _set([WITH_WAIVERS])
    [result] = documents["assessment-results.json"]["assessment-results"]["results"]
    [finding] = [f for f in result["findings"] if f["target"]["target-id"] == "SRV-03_obj"]
    assert finding["target"]["status"] == {"state": "not-satisfied", "reason": "fail"}
    [related] = finding["related-risks"]
    [risk] = [r for r in result["risks"] if r["uuid"] == related["risk-uuid"]]
    assert risk["status"] == "deviation-approved"
    assert risk["deadline"] == "2026-06-01T23:59:59Z"
    accepted = risk["remediations"][1]
    assert accepted["props"] == [{"name": "type", "value": "accept"}]
    assert "waiver of change board" in accepted["description"]


def test_the_action_plan_is_the_poam() -> None:
    """An item for each action, with the owner and the day that a person gave it."""
    filled = {("VIC-02", "reference", "the operating system"): Assignment("Ann", "2026-05-01", "")}
    documents = _set([WHOLE], Context(assigned=filled))
    poam = documents["plan-of-action-and-milestones.json"]["plan-of-action-and-milestones"]
    [risk] = [r for r in poam["risks"] if r["title"].startswith("VIC-02 ")]
    assert risk["deadline"] == "2026-05-01T23:59:59Z"
    assert "Ann" in {prop["value"] for prop in risk["props"]}
    rules = [re.findall(r"[A-Z]{3}-\d\d", item["title"])[0] for item in poam["poam-items"]]
    assert sorted(rules) == sorted(
        ["VIC-02", "PRF-04", "EMU-01", "SRV-03", "HDV-05", "FAB-05", "FAB-06"]
    )


def test_a_host_with_nothing_to_do_has_no_poam() -> None:
    """The format allows none without an item."""
    assert "plan-of-action-and-milestones.json" not in _set([CERTIFIED, PARTIAL])


def test_the_same_record_gives_the_same_set() -> None:
    """Identifiers follow from the record, and not from chance."""
    assert render(HOSTS, CONTEXT) == render(HOSTS, CONTEXT)


def test_markup_of_a_host_is_text() -> None:
    """A link or a tag in what a host says is neither."""
    members = [*_members([*_set([hostile()]).values()])]
    told = [text for key, text in members if key in MARKUP and "javascript" in str(text)]
    assert told
    for text in told:
        assert r"\<b\>" in text
        assert r"\[x\](javascript" in text


def test_hosts_of_different_rule_sets_are_refused() -> None:
    """One catalog cannot be that of both."""
    with pytest.raises(ReportError, match="different rules"):
        render([CERTIFIED, replace(CERTIFIED, ruleset="another")], CONTEXT)
