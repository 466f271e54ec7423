"""HDF exec-json, by MITRE's schema and as its readers see it."""

import json
from collections import Counter

import pytest
from jsonschema_rs import Draft7Validator
from lxml import etree

from tests.support.browser import visit
from tests.support.formats import CONTEXT, HOSTS, WHOLE, WITH_WAIVERS, hostile, schema
from tests.support.readers import heimdall_with, inspecjs
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Verdict
from vmfex.reports import ReportError
from vmfex.reports.formats.hdf import render

VALIDATOR = Draft7Validator(schema("hdf-exec-json"))
STATUS = {  # docs/formats.md; inspecjs derives it from results, impact and waiver
    Verdict.VIOLATED: "Failed",
    Verdict.UNDETERMINED: "Not Reviewed",
    Verdict.WAIVED: "Failed",
    Verdict.COMPLIANT: "Passed",
    Verdict.NOT_APPLICABLE: "Not Applicable",
}


@pytest.mark.parametrize("of", [*HOSTS, hostile()], ids=lambda of: ascii(of.host)[:12])
def test_it_is_valid(of: Certification) -> None:
    """By MITRE's schema, whatever a host says."""
    VALIDATOR.validate(json.loads(render([of], CONTEXT)))


@pytest.mark.parametrize("of", HOSTS, ids=lambda of: str(of.host))
def test_its_reader_sees_the_verdicts(of: Certification) -> None:
    """Each control has the status of its rule's verdict; what was stated, and what was not run, is
    not reviewed."""
    expected = {result.rule.id: STATUS[result.verdict] for result in of.results}
    expected |= {id_: "Not Reviewed" for id_ in ("HDV-05",) if id_ in expected}
    expected |= dict.fromkeys(of.not_run, "Not Reviewed")
    seen = inspecjs(render([of], CONTEXT))
    assert {id_: control["status"] for id_, control in seen.items()} == expected
    assert not any(control["waived"] for control in seen.values())


def test_an_open_rule_has_no_passed_result() -> None:
    """A pass among skipped results would read as passed."""
    [profile] = json.loads(render([WHOLE], CONTEXT))["profiles"]
    found = {c["id"]: Counter(r["status"] for r in c["results"]) for c in profile["controls"]}
    assert found["PRF-04"] == {"skipped": 1}
    assert found["VIC-02"] == {"failed": 1}


def test_impact_is_nought_only_where_not_applicable() -> None:
    """Readers take an impact of 0 for Not Applicable."""
    [profile] = json.loads(render([WHOLE], CONTEXT))["profiles"]
    assert [c["id"] for c in profile["controls"] if c["impact"] == 0] == ["MTD-01"]


def test_a_waiver_hides_nothing() -> None:
    """It says who and until when; the control stays failed."""
    [profile] = json.loads(render([WITH_WAIVERS], CONTEXT))["profiles"]
    waivers = {c["id"]: c["waiver_data"] for c in profile["controls"] if "waiver_data" in c}
    assert waivers.keys() == {"SRV-03", "HDV-05"}
    assert waivers["SRV-03"]["expiration_date"] == "2026-06-01T00:00:00+00:00"
    assert all(waiver["skipped_due_to_waiver"] is False for waiver in waivers.values())


def test_heimdall_counts_the_verdicts() -> None:
    """Opened in a browser, as people do: passed, failed, not applicable and not reviewed are as
    many as the record has."""
    with heimdall_with(render([WHOLE], CONTEXT)) as address:
        page = etree.HTML(visit(address).dom)
    shown = " ".join(" ".join(str(text) for text in page.itertext()).split())
    assert "Passed: 1" in shown
    assert "Failed: 3" in shown  # violated, waived, and advice that is violated
    assert "Not Applicable: 1" in shown
    assert "Not Reviewed: 5" in shown  # open, open and derived, unjudged, stated, not run


def test_several_hosts_are_refused() -> None:
    """The format has one platform."""
    with pytest.raises(ReportError, match="HDF holds one host"):
        render(HOSTS, CONTEXT)
