"""SARIF: valid by the standard's schema, and no result but a violation."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft4Validator

from tests.vmfex.lint.xml import direct, domain, hostdev, network, on_network
from vmfex.checks.model.plan import Plan
from vmfex.lint.files import read
from vmfex.lint.judged import lint
from vmfex.lint.sarif import render

# OASIS's, without its descriptions, and without one pattern that is no regular expression
SCHEMA = Path(__file__).with_name("sarif-2.1.0-rtm.5.json")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The run in SARIF of a domain with violations and one whose network is in no file."""
    monkeypatch.chdir(tmp_path)
    inside = tmp_path / "with blank"
    inside.mkdir()
    (inside / "web01.xml").write_text(domain(direct(mode="vepa"), hostdev()))
    (inside / "db01.xml").write_text(domain(on_network("other"), name="db01"))
    (inside / "net.xml").write_text(network())
    plan = Plan(must_migrate=("web01",))
    text = render(lint(read([Path("with blank")]), plan))
    document = json.loads(text)
    Draft4Validator(json.loads(SCHEMA.read_text())).validate(document)
    first: dict[str, Any] = document["runs"][0]
    return first


def test_a_result_is_a_violation_with_its_place(run: dict[str, Any]) -> None:
    """Rule, level by severity, file below the folder where it was run, line."""
    found = {r["ruleId"]: r for r in run["results"] if r["ruleId"] != "TOP-04"}
    assert set(found) == {"EMU-01", "HDV-04"}
    assert all(r["kind"] == "fail" and r["level"] == "error" for r in found.values())
    place = found["EMU-01"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "with%20blank/web01.xml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 4}
    for each in found.values():
        assert run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]


def test_what_was_not_judged_is_no_result(run: dict[str, Any]) -> None:
    """Readers count results; what the host alone tells is a notification of the run."""
    told = run["invocations"][0]["toolExecutionNotifications"]
    of_rules = {each["associatedRule"]["id"] for each in told if "associatedRule" in each}
    assert {"HST-01", "VIC-02", "PRF-02", "EMU-02"} <= of_rules
    located = [each for each in told if "locations" in each]
    assert len(located) == 1
    assert located[0]["message"]["text"].startswith("not judged: ")
    assert "pass" not in {r["kind"] for r in run["results"]}


def test_a_file_elsewhere_has_its_whole_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below no folder of the run."""
    (tmp_path / "here").mkdir()
    path = tmp_path / "web01.xml"
    path.write_text(domain(direct(mode="vepa")))
    monkeypatch.chdir(tmp_path / "here")
    results = json.loads(render(lint(read([path]), Plan())))["runs"][0]["results"]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": path.as_uri()
    }
