"""`certify --fail-on`: what ends with which status, of one host and of several."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vmfex.checks.result.certification import Decision
from vmfex.cli import cli
from vmfex.exit_status import EXIT_STATUS, Exit
from vmfex.fail_on import FailOn, gated

STATUSES = {  # of each decision, by the words of --help
    "waived": [0, 1, 6, 1],
    "incomplete": [0, 0, 6, 1],
    "violated": [0, 0, 0, 1],
    "never": [0, 0, 0, 0],
}


def certify(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["certify", *map(str, args), "-q"])


@pytest.mark.parametrize("word", STATUSES)
def test_every_decision(word: str) -> None:
    """CERTIFIED, with waivers, INCOMPLETE, NOT CERTIFIED."""
    found = [gated(EXIT_STATUS[decision], [decision], FailOn(word)) for decision in Decision]
    assert found == STATUSES[word]


@pytest.mark.parametrize("word", FailOn)
@pytest.mark.parametrize("status", [2, 3, 4, 5])
def test_other_statuses_are_nobodys_threshold(word: FailOn, status: int) -> None:
    """An error of the program is none of the host's."""
    assert gated(Exit(status), [Decision.CERTIFIED], word) == status


@pytest.mark.parametrize(
    ("host", "word", "status"),
    [("rhel79-idle", "violated", 0), ("rhel79-idle", "waived", 6), ("centos7", "never", 0)],
)
def test_one_host(tmp_path: Path, host: str, word: str, status: int) -> None:
    """Where the status is not the decision's, stderr says so; the decision stays as it is."""
    done = certify(host, "--out", tmp_path, "--fail-on", word)
    assert done.exit_code == status
    assert ("by --fail-on" in done.stderr) == (status == 0)
    assert json.loads((tmp_path / "certification.json").read_text())["decision"] != "CERTIFIED"


def test_several_hosts(tmp_path: Path) -> None:
    """The worst of them counts; the summary has the run's own status."""
    done = certify("rhel79-idle", "reference", "--out", tmp_path, "--fail-on", "violated")
    assert done.exit_code == 0
    assert "exit status 0 instead of 6, by --fail-on violated" in done.stderr
    assert json.loads((tmp_path / "summary.json").read_text())["exit_status"] == 6
    again = certify("rhel79-idle", "centos7", "--out", tmp_path, "--fail-on", "violated")
    assert again.exit_code == 1


def test_a_word_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    """Nothing is judged, and nothing written."""
    assert certify("reference", "--out", tmp_path / "out", "--fail-on", "error").exit_code == 4
    assert not (tmp_path / "out").exists()
