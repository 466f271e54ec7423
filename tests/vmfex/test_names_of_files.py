"""The file behind a finding is in a sosreport by the very name that the reports show."""

from pathlib import Path

import pytest

from tests.support.sessions import Json, certify, certify_several, results
from tests.support.ways import in_the_layout_of_sos

OURS = {"findings", "table", "more evidence, in certification.json"}  # attached, and no evidence


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked sosreport."""
    top = tmp_path_factory.mktemp("sos") / "sosreport-blade-1"
    for name, content in in_the_layout_of_sos("reference").items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content)
    return top


def attached(result: Json) -> set[str]:
    return {file["name"] for step in result["steps"] for file in step.get("attachments", ())}


def absent(names: set[str], report: Path) -> set[str]:
    return {name for name in names if not (report / name.removeprefix("/")).is_file()}


def test_one_host(report: Path, tmp_path: Path) -> None:
    """In the record, and in Allure's results."""
    run = certify(tmp_path, report)
    told = {
        evidence["where"]
        for rule in run.record["rules"]
        for finding in rule["findings"]
        for evidence in finding["evidence"]
    }
    assert {"sos_commands/pci/lspci_-nnvv", "sos_commands/virsh/virsh_-r_dumpxml_db01"} <= told
    assert absent(told, report) == set()
    names = set[str]().union(*map(attached, run.results)) - OURS
    assert names <= told
    assert "sos_commands/pci/lspci_-nnvv" in names


def test_several_hosts(report: Path, tmp_path: Path) -> None:
    certify_several(tmp_path, str(report), "no-vic")
    folder = tmp_path / "hosts" / report.name / "allure-results"
    names = set[str]().union(*map(attached, results(folder))) - OURS
    assert "sos_commands/pci/lspci_-nnvv" in names
    assert absent(names, report) == set()
