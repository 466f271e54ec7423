"""What Allure's results leave to the record, and that they say how much that is."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.support.certifications import finding
from vmfex.api import certify
from vmfex.checks.model.fact import Evidence
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.allure import content
from vmfex.reports.allure.content import MOST_COMPLIANT, to_attach


def test_what_complies_is_left_to_the_record_beyond_a_size() -> None:
    """Of 250 that comply and 150 that do not, all the latter are told, whatever their place."""
    fine = [
        finding(Verdict.COMPLIANT, f"vm{n}", evidence=(Evidence(f"of-vm{n}", "x"),))
        for n in range(250)
    ]
    bad = [finding(Verdict.VIOLATED, f"bad{n}", remedy="mend it") for n in range(150)]
    first, *evidence = to_attach([*fine, *bad])
    told = Counter(re.findall(r"^(COMPLIANT|VIOLATED)  ", first.raw, re.MULTILINE))
    assert told == {"COMPLIANT": MOST_COMPLIANT, "VIOLATED": 150}
    assert first.raw.endswith(
        "150 more findings, compliant or not applicable, are in certification.json"
    )
    assert not any(f"of-vm{n}" in each.raw for n in range(100, 250) for each in evidence)


def test_few_are_told_whole() -> None:
    """As many as there is room for: nothing is said to be missing."""
    [first, *_] = to_attach([finding(subject=f"vm{n}") for n in range(MOST_COMPLIANT)])
    assert first.raw.count("COMPLIANT  ") == MOST_COMPLIANT
    assert "more findings" not in first.raw


def test_what_is_told_and_left_out_is_what_the_record_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a whole host, whose files are counted when they are written: no result is missing, and
    those of a rule account for each of its findings."""
    monkeypatch.setattr(content, "MOST_COMPLIANT", 1)
    certify("reference").write(tmp_path / "out")
    record = json.loads((tmp_path / "out/certification.json").read_text("utf-8"))
    told: Counter[str] = Counter()
    for file in (tmp_path / "out/allure-results").glob("*-result.json"):
        result = json.loads(file.read_text("utf-8"))
        for attached in (a for step in result["steps"] for a in step.get("attachments", ())):
            if attached["name"] == "findings":
                said = (file.parent / attached["source"]).read_text("utf-8")
                told[result["fullName"]] += len(re.findall(r"^[A-Z ]+  \S", said, re.MULTILINE))
                told[result["fullName"]] += sum(map(int, re.findall(r"^(\d+) more ", said, re.M)))
    assert told == {rule["id"]: len(rule["findings"]) for rule in record["rules"]}
    assert any(len(rule["findings"]) > 1 for rule in record["rules"])
