"""HDF exec-json, by MITRE's schema and as its readers see it."""

import json
from collections import Counter

import pytest
from jsonschema_rs import Draft7Validator
from lxml import etree

from tests.support.browser import visit
from tests.support.formats import (
    CERTIFIED,
    CONTEXT,
    HOSTS,
    OK,
    WHOLE,
    WITH_WAIVERS,
    host,
    hostile,
    schema,
)
from tests.support.readers import heimdall_with, inspecjs
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.formats.hdf import render

VALIDATOR = Draft7Validator(schema("hdf-exec-json"))
STATUS = {  # docs/formats.md; inspecjs derives it from results, impact and waiver
    Verdict.VIOLATED: "Failed",
    Verdict.UNDETERMINED: "Not Reviewed",
    Verdict.WAIVED: "Failed",
    Verdict.COMPLIANT: "Passed",
    Verdict.NOT_APPLICABLE: "Not Applicable",
}


def _one(of: Certification) -> str:
    made = render([of], CONTEXT)
    assert isinstance(made, str)
    return made


@pytest.mark.parametrize("of", [*HOSTS, hostile()], ids=lambda of: ascii(of.host)[:12])
def test_it_is_valid(of: Certification) -> None:
    """By MITRE's schema, whatever a host says."""
    VALIDATOR.validate(json.loads(_one(of)))


@pytest.mark.parametrize("of", HOSTS, ids=lambda of: str(of.host))
def test_its_reader_sees_the_verdicts(of: Certification) -> None:
    """Each control has the status of its rule's verdict; what was stated, and what was not run, is
    not reviewed."""
    expected = {result.rule.id: STATUS[result.verdict] for result in of.results}
    expected |= {id_: "Not Reviewed" for id_ in ("HDV-05",) if id_ in expected}
    expected |= dict.fromkeys(of.not_run, "Not Reviewed")
    seen = inspecjs(_one(of))
    assert {id_: control["status"] for id_, control in seen.items()} == expected
    assert not any(control["waived"] for control in seen.values())


def test_an_open_rule_has_no_passed_result() -> None:
    """A pass among skipped results would read as passed."""
    [profile] = json.loads(_one(WHOLE))["profiles"]
    found = {c["id"]: Counter(r["status"] for r in c["results"]) for c in profile["controls"]}
    assert found["PRF-04"] == {"skipped": 1}
    assert found["VIC-02"] == {"failed": 1}


def test_impact_is_nought_only_where_not_applicable() -> None:
    """Readers take an impact of 0 for Not Applicable."""
    [profile] = json.loads(_one(WHOLE))["profiles"]
    assert [c["id"] for c in profile["controls"] if c["impact"] == 0] == ["MTD-01"]


def test_a_waiver_hides_nothing() -> None:
    """It says who and until when; the control stays failed."""
    [profile] = json.loads(_one(WITH_WAIVERS))["profiles"]
    waivers = {c["id"]: c["waiver_data"] for c in profile["controls"] if "waiver_data" in c}
    assert waivers.keys() == {"SRV-03", "HDV-05"}
    assert waivers["SRV-03"]["expiration_date"] == "2026-06-01T00:00:00+00:00"
    assert all(waiver["skipped_due_to_waiver"] is False for waiver in waivers.values())


def test_heimdall_counts_the_verdicts() -> None:
    """Opened in a browser, as people do: passed, failed, not applicable and not reviewed are as
    many as the record has."""
    with heimdall_with({"vmfex.json": _one(WHOLE)}) as address:
        page = etree.HTML(visit(address).dom)
    shown = " ".join(" ".join(str(text) for text in page.itertext()).split())
    assert "Passed: 1" in shown
    assert "Failed: 3" in shown  # violated, waived, and advice that is violated
    assert "Not Applicable: 1" in shown
    assert "Not Reviewed: 5" in shown  # open, open and derived, unjudged, stated, not run


def test_several_hosts_have_a_file_each() -> None:
    """The same as each has alone, since the format has one platform; named as the host is."""
    together = render(HOSTS, CONTEXT)
    assert together == {f"{of.host}.json": _one(of) for of in HOSTS}


@pytest.mark.parametrize(
    ("hosts", "files"),
    [
        (("a", "A", "a"), ("a.json", "A-2.json", "a-3.json")),
        (("../../etc", "..", ""), ("etc.json", "host.json", "host-2.json")),
        (("b c/d", "b_c_d", "\u202e\ud800"), ("b_c_d.json", "b_c_d-2.json", "host.json")),
        (("n" * 300, "n" * 301), ("n" * 80 + ".json", "n" * 80 + "-2.json")),
    ],
)
def test_no_host_takes_the_place_of_another(hosts: tuple[str, ...], files: tuple[str, ...]) -> None:
    """Whatever they are called, on a file system that knows no case too; no name leads outside."""
    made = render([host(OK, name=name) for name in hosts], CONTEXT)
    assert tuple(made) == files


def test_heimdall_opens_them_side_by_side() -> None:
    """Two hosts at once: each by the name of its file, and the counts are those of both."""
    made = render([CERTIFIED, WITH_WAIVERS], CONTEXT)
    assert isinstance(made, dict)
    with heimdall_with(made) as address:
        page = etree.HTML(visit(address).dom)
    shown = " ".join(" ".join(str(text) for text in page.itertext()).split())
    for told in ("Passed: 2", "Failed: 1", "Not Applicable: 1", "Not Reviewed: 1", *made):
        assert told in shown
