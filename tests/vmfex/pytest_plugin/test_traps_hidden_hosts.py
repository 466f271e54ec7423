"""Trap: in one report a host's failure hides behind another host's pass, as a "retry" of it."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.needs import missing
from tests.support.sessions import certify, certify_several
from vmfex.evidence.embedded import unpack
from vmfex.reports.allure import page as allure_html
from vmfex.reports.allure.node import NoReport

CONFIG = {"name": "hosts", "plugins": {"awesome": {"options": {"singleFile": False}}}}
HOSTS = ("reference", "m81kr")  # VIC-02 is compliant on the first, violated on the second


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Allure results of two hosts in one directory, as a fleet's report has them."""
    folder = tmp_path_factory.mktemp("together")
    for host in HOSTS:
        run = certify(folder / host, host, rules=["VIC-02"])
        shutil.copytree(run.out / "allure-results", folder / "results", dirs_exist_ok=True)
    return folder / "results"


def statistic(results: Path, folder: Path) -> dict[str, int]:
    """What the real generator counts in these results."""
    (folder / "allurerc.json").write_text(json.dumps(CONFIG))
    try:
        node, script = allure_html._node(), allure_html._script()
    except NoReport as reason:
        missing(str(reason))
    options = ["--config", "allurerc.json", "--output", "report"]
    command = [str(node), str(script), "generate", *options, str(results)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    counts: dict[str, int] = json.loads((folder / "report/widgets/statistic.json").read_text())
    return counts


def without_host(result: dict[str, Any]) -> dict[str, Any]:
    return {**result, "parameters": [p for p in result["parameters"] if p["name"] != "host"]}


def excluded_host(result: dict[str, Any]) -> dict[str, Any]:
    return {**result, "parameters": [{**p, "excluded": True} for p in result["parameters"]]}


@pytest.mark.parametrize("change", [without_host, excluded_host])
def test_without_the_host_one_of_them_hides(together: Path, tmp_path: Path, change: Any) -> None:
    """The trap: without a host parameter that counts, one result is left of two."""
    results = tmp_path / "results"
    results.mkdir()
    for path in together.glob("*-result.json"):
        (results / path.name).write_text(json.dumps(change(json.loads(path.read_text()))))
    assert statistic(results, tmp_path)["total"] == 1


def test_both_hosts_are_shown(together: Path, tmp_path: Path) -> None:
    """The violation of the one and the pass of the other both count."""
    counts = statistic(together, tmp_path)
    assert (counts["total"], counts["passed"], counts["failed"]) == (2, 1, 1)


def test_hosts_of_one_name_are_all_shown(tmp_path: Path) -> None:
    """Three recordings that call themselves the same, certified in one run."""
    for number, host in enumerate((*HOSTS, "reference")):
        copy = tmp_path / "captures" / f"capture-{number}"
        unpack(host, copy)
        (copy / "manifest.json").write_text('{"name": "blade", "constructed": true}')
    run = certify_several(tmp_path / "out", str(tmp_path / "captures"), rules=["VIC-02"])
    counts = statistic(run.out / "allure-results", tmp_path)
    assert (counts["total"], counts["passed"], counts["failed"]) == (3, 2, 1)
