"""One run of the lab for all tests that look at what came out of it."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.lab import lab, parts, scenario
from tests.support.needs import missing

# `make test` runs these, `make lab-all` every one. In them VMs start, are refused, and are saved.
ORDINARY = ("bridge-attached", "compliant", "pf-down")


# Three boots of a quarter of an hour and more each.
collect_ignore = [] if os.environ.get("LAB") == "all" else ["test_refusals.py"]


def chosen() -> tuple[str, ...]:
    """The scenarios of this run."""
    return scenario.names() if os.environ.get("LAB") == "all" else ORDINARY


@pytest.fixture(scope="session")
def lab_parts() -> parts.Parts:
    """What the lab boots; a skip where it is missing, on CI a failure."""
    found = parts.find()
    return missing(found) if isinstance(found, str) else found


@pytest.fixture(scope="session")
def results(
    lab_parts: parts.Parts, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, lab.Result]:
    """By scenario; and the measurement."""
    share: Path = tmp_path_factory.mktemp("lab")
    return lab.run(lab_parts, (*chosen(), lab.MEASUREMENT), share)


@pytest.fixture(scope="session", params=chosen())
def result(request: pytest.FixtureRequest, results: Mapping[str, lab.Result]) -> lab.Result:
    return results[request.param]
