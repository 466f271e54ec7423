"""Limits and lists are in the features: changing one touches a feature file and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.construct import construct
from tests.support.construct.hosts import REFERENCE
from tests.support.construct.spec import Vic
from tests.support.sessions import certify, copy_of_features, edit, plain

VIC = "adapter/vic.feature"
HYPERVISOR = "host/hypervisor.feature"
MODEL = "        | 1340  |\n"


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """A copy of the features to edit."""
    return copy_of_features(tmp_path)


@pytest.fixture(scope="module")
def c_series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of a host with a VIC 1285, which the guide does not list."""
    folder = tmp_path_factory.mktemp("c-series") / "host"
    card = Vic(switch=0x004E, subsystem=0x00CD, pid="UCSC-PCIE-C40Q-02")
    construct(replace(REFERENCE, name="c-series", vic=card)).write(folder)
    return folder


def test_model_that_is_taken_from_the_list(features: Path, tmp_path: Path) -> None:
    """Without the row 1340 the reference host's adapter is not supported, and only that changes."""
    before = certify(tmp_path / "before")
    edit(features, VIC, MODEL, "")
    run = plain(tmp_path / "out", features=features)
    assert run.status == 1
    assert run.verdicts == {**before.verdicts, "VIC-02": "violated"}
    assert run.record["tool"]["ruleset"] != before.record["tool"]["ruleset"]


def test_model_that_is_added_to_the_list(features: Path, tmp_path: Path, c_series: Path) -> None:
    """A host with a VIC 1285 is compliant once the list has it."""
    assert plain(tmp_path / "out", c_series, "--rule=VIC-02").verdicts == {"VIC-02": "violated"}
    edit(features, VIC, MODEL, f"{MODEL}        | 1285  |\n")
    run = plain(tmp_path / "out", c_series, features=features)
    assert run.status == 0
    assert run.verdicts["VIC-02"] == "compliant"


@pytest.mark.parametrize(("minimum", "verdict"), [("7.9", "compliant"), ("8.0", "violated")])
def test_minimum_release(features: Path, tmp_path: Path, minimum: str, verdict: str) -> None:
    """The release that HST-01 wants is the one in its step."""
    step = "it runs Red Hat Enterprise Linux {} or later"
    edit(features, HYPERVISOR, step.format("6.1"), step.format(minimum))
    run = plain(tmp_path / "out", "reference", "--rule=HST-01", features=features)
    assert run.verdicts == {"HST-01": verdict}
    assert run.record["rules"][0]["findings"][0]["wanted"].endswith(f"{minimum} or later")


def test_features_that_were_edited_between_two_runs(features: Path, tmp_path: Path) -> None:
    """The same process reads them anew: neither pytest-bdd's cache nor ours keeps what was."""
    first = plain(tmp_path / "out", "reference", "--rule=VIC-02", features=features)
    digest = first.record["tool"]["ruleset"]
    edit(features, VIC, MODEL, "")
    second = plain(tmp_path / "out", "reference", "--rule=VIC-02", features=features)
    assert (first.status, second.status) == (6, 1)
    assert second.record["tool"]["ruleset"] != digest
