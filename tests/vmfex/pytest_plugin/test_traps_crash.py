"""Traps: a worker or the process dies, a test never runs, the program errs. None is silent."""

import signal
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.support.needs import missing
from tests.support.sessions import bare, bare_project, certify, command, message, plain

TWO = (
    "Feature: F\n  Scenario: one\n    Given a host\n    Then it is good\n"
    "  Scenario: two\n    Given a host\n    Then it dies\n"
)
STEPS = (
    "import os\n@given('a host')\ndef _(): pass\n@then('it is good')\ndef _(): pass\n"
    "@then('it dies')\ndef _(): os._exit(1)\n"
)


def needs_xdist() -> None:
    if find_spec("xdist") is None:
        missing("pytest-xdist")


def test_crashed_worker_leaves_no_result(tmp_path: Path) -> None:
    """The trap: of two scenarios one has no result, and a report of them is all green."""
    needs_xdist()
    run = bare(bare_project(tmp_path, TWO, STEPS), "-p", "xdist", "-n1")
    assert "crashed" in run.stdout
    assert [result["status"] for result in run.results] == ["passed"]


@pytest.mark.parametrize("spread", [("-n2",), ("--dist=load", "--tx=2*popen")])
def test_workers_are_refused(tmp_path: Path, spread: tuple[str, ...]) -> None:
    """A certification is one process: one sentence, and no file."""
    needs_xdist()
    run = plain(tmp_path / "out", "reference", *spread)
    assert run.status == 4
    assert run.stderr.strip() == "ERROR: a certification is one process: run it without -n (xdist)"
    assert not run.out.exists()


@pytest.mark.parametrize(
    ("death", "status"),
    [("os._exit(13)", 13), ("os.kill(os.getpid(), 11)", -signal.SIGSEGV)],
)
def test_process_that_dies_in_a_step_certifies_nothing(
    tmp_path: Path, death: str, status: int
) -> None:
    """No record, and a status that is not 0."""
    dying = f"import os, vmfex.checks.rules.adapter as a; a.has_vic = lambda *_: {death}"
    done = command("certify", "reference", "--out=out", cwd=tmp_path, code=dying)
    assert done.returncode == status
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".vmfex"]


class Swallow:
    """A plugin that lets VIC-01 vanish in one of pytest's hooks."""

    def __init__(self, hook: str, answer: Callable[..., Any]) -> None:
        def swallow(**arguments: Any) -> Any:
            item = arguments.get("item") or arguments["pyfuncitem"]
            return answer() if "a_vic_is_there" in item.name else None

        argument = "pyfuncitem" if hook == "pytest_pyfunc_call" else "item"
        source = f"lambda {argument}: swallow({argument}={argument})"
        setattr(self, hook, pytest.hookimpl(tryfirst=True)(eval(source, {"swallow": swallow})))


SWALLOWED: dict[str, tuple[str, Callable[[], Any]]] = {
    "never run": ("pytest_runtest_protocol", lambda: True),
    "skipped from outside": ("pytest_runtest_setup", lambda: pytest.skip("not today")),
    "xfailed from outside": ("pytest_runtest_setup", lambda: pytest.xfail("who cares")),
    "called by nobody": ("pytest_pyfunc_call", lambda: True),
}


@pytest.mark.parametrize("how", SWALLOWED)
def test_scenario_that_did_not_run_is_an_error(tmp_path: Path, how: str) -> None:
    """What was collected and says nothing is missed, however it went."""
    plugin = Swallow(*SWALLOWED[how])
    run = plain(tmp_path / "out", "reference", "--tag=VIC", plugins=[plugin])
    assert run.status == 3
    assert "VIC-01: internal error in 'A VIC is there'" in run.stdout
    assert "it was collected and did not run" in run.stdout
    if run.files:  # a result that is missing lets no record be written
        assert run.record["decision"] == "INCOMPLETE"
        assert run.verdicts["VIC-01"] == "undetermined"
        assert run.result("VIC-01")["status"] == "broken"


def err(*_: Any) -> Any:
    raise ValueError("two\nlines")


def test_check_that_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule is undetermined, the others are judged, the status is 3, a sentence says why."""
    whole = certify(tmp_path / "whole").verdicts
    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", err)
    run = certify(tmp_path / "out")
    assert run.status == 3
    assert run.verdicts == {**whole, "VIC-01": "undetermined"}
    assert run.record["decision"] == "INCOMPLETE"
    assert run.errors == (
        "vmfex: internal error: VIC-01: internal error in 'A VIC is there': "
        "ValueError: two\\nlines\n"
    )
    result = run.result("VIC-01")
    assert result["status"] == "broken"
    assert message(result) == "INTERNAL ERROR: ValueError: two\nlines"
    assert [step["status"] for step in result["steps"]] == ["passed", "broken"]


@pytest.mark.parametrize("error", [SystemExit(0), pytest.fail.Exception("foreign"), MemoryError()])
def test_check_that_raises_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """SystemExit with status 0, a failure in pytest's own words: all the same."""

    def check(*_: Any) -> Any:
        raise error

    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", check)
    run = certify(tmp_path / "out", rules=["VIC-01", "VIC-02"])
    assert run.status == 3
    assert run.verdicts == {"VIC-01": "undetermined", "VIC-02": "compliant"}


def test_advice_that_raises_is_never_certified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Advice decides nothing; but where the program erred, no record may say CERTIFIED."""
    monkeypatch.setattr("vmfex.checks.rules.sriov.is_up", err)
    run = certify(tmp_path / "out")
    assert run.status == 3
    assert run.stdout == ""
    assert run.files == set()
    assert "SRV-06" in run.stderr


@pytest.mark.parametrize(
    "writer", ["vmfex.reports.junit.render", "vmfex.reports.record.write_whole"]
)
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("surrogate")])
def test_report_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str, error: Exception
) -> None:
    """No record, status 3, and the reason; nothing is printed that looks like a certification."""

    def write(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(writer, write)
    runs = (
        certify(tmp_path / "command", rules=["VIC-01"]),
        plain(tmp_path / "plain", "reference", "--rule=VIC-01"),
    )
    for run in runs:
        assert run.status == 3
        assert "certification.json" not in run.files
        assert "the reports cannot be written: " in run.stderr + run.stdout
        reason = error.strerror if isinstance(error, OSError) else str(error)
        assert reason
        assert reason in run.stderr + run.stdout
        assert "INCOMPLETE" not in run.stdout


def test_error_inside_pytest_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook that raises ends the run: status 3, no record, and the reason in one sentence."""
    monkeypatch.setattr("vmfex.pytest_plugin.output.Output.describe", err)
    run = plain(tmp_path / "out")
    assert run.status == 3
    assert "ValueError: two" in run.stdout
    assert "certification.json" not in run.files


def test_collection_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A feature that cannot be collected is an error of the program, not an interruption."""
    monkeypatch.setattr("vmfex.pytest_plugin.collection.FeatureFile._getobj", err)
    run = plain(tmp_path / "out")
    assert run.status == 3
    assert "vmfex.feature" not in run.stdout
    assert "adapter/vic.feature cannot be collected" in run.stdout
