"""Trap: an interrupted run looks like a good one. Here it leaves no record, and says so."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.ended import ended
from tests.support.runs import VIEWS, found
from tests.support.sessions import (
    Run,
    bare,
    bare_project,
    certify,
    command_line,
    every_result,
    message,
    names,
    plain,
    process_environment,
    results,
    session_line,
)
from tests.support.waiting import PATIENCE
from vmfex.folder.folder import folder_at

FEATURE = "Feature: F\n  Scenario: one\n    Given a host\n    Then it is good\n"
STEPS = "@given('a host')\ndef _(): {given}\n@then('it is good')\ndef _(): {then}\n"
ENDS = ("raise KeyboardInterrupt", "pytest.exit('enough')", "pytest.exit('enough', returncode=0)")
CERTIFIED = json.dumps({"decision": "CERTIFIED"})
EARLIER = ("certification.json", "junit.xml", "report.html", "allure-results/old-result.json")


def interrupt(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def leave(*_: Any, **__: Any) -> None:
    pytest.exit("enough", returncode=0)


class InSetUp:
    """A plugin that ends the run while the first test is set up."""

    def __init__(self, end: Callable[..., None]) -> None:
        self.end = end

    def pytest_runtest_setup(self) -> None:
        self.end()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output directory in which an earlier run was CERTIFIED."""
    out = tmp_path / "out"
    with folder_at(out).run() as folder:
        for name in EARLIER:
            (folder.new / name).parent.mkdir(exist_ok=True)
            (folder.new / name).write_text(CERTIFIED)
        folder.publish()
    return out


def only_the_earlier_run_is_left(out: Path) -> None:
    """In `previous/`, whole, and nothing beside it that could claim anything."""
    assert found(out) == {}
    assert found(out / "previous") == dict.fromkeys(EARLIER, CERTIFIED)


@pytest.mark.parametrize("end", ENDS)
def test_bare_allure_says_passed_of_what_was_interrupted(tmp_path: Path, end: str) -> None:
    """The trap: a Then that was interrupted is a green test."""
    bare_project(tmp_path, FEATURE, STEPS.format(given="pass", then=end))
    [result] = bare(tmp_path).results
    assert result["status"] == "passed"


def test_bare_allure_says_skipped_of_what_was_interrupted_in_set_up(tmp_path: Path) -> None:
    """The trap: a test that was never set up looks like one that does not apply."""
    bare_project(tmp_path, FEATURE, STEPS.format(given="pass", then="pass"))
    [result] = bare(tmp_path, plugins=[InSetUp(interrupt)]).results
    assert result["status"] == "skipped"


def is_interrupted(run: Run, broken_step: bool) -> None:
    assert run.status == 2
    assert run.files == {"previous"}
    written = results(run.unfinished / "allure-results")
    broken = [result for result in written if result["status"] != "passed"]
    assert [result["status"] for result in broken] == ["broken"]
    assert message(broken[0]).startswith("INTERRUPTED: ")
    assert broken[0]["fullName"] == "VIC-01" if broken_step else "HST-01"
    steps = [step["status"] for step in broken[0].get("steps", [])]
    assert steps == (["passed", "broken"] if broken_step else [])


def test_interrupted_in_a_step(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The status is 2, and there is nothing that could claim anything."""
    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", interrupt)
    run = certify(out)
    assert (run.status, run.stdout) == (2, "")
    only_the_earlier_run_is_left(out)
    assert run.errors == "vmfex: interrupted; nothing is certified by this run\n"


@pytest.mark.parametrize("end", [interrupt, leave])
def test_plain_pytest_interrupted_in_a_step(
    out: Path, monkeypatch: pytest.MonkeyPatch, end: Callable[..., None]
) -> None:
    """Plain pytest ends like the command, also where pytest.exit wants status 0."""
    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", end)
    is_interrupted(plain(out), broken_step=True)


@pytest.mark.parametrize("end", [interrupt, leave])
def test_plain_pytest_interrupted_in_set_up(out: Path, end: Callable[..., None]) -> None:
    """A rule that was never set up is broken too, under its own name."""
    is_interrupted(plain(out, plugins=[InSetUp(end)]), broken_step=False)


def test_stopped_at_the_first_failure(out: Path) -> None:
    """`pytest -x` ends a run before its end: no record either."""
    run = plain(out, "m81kr", "-x")
    assert run.status == 2
    assert run.files == {"previous"}


def test_interrupted_while_the_host_is_opened(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first rule, too, the command says that it was interrupted."""
    monkeypatch.setattr("vmfex.engine.certify.open_tree", interrupt)
    run = certify(out)
    assert run.status == 2
    assert "vmfex: interrupted; nothing is certified by this run\n" in run.stderr


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 2), (signal.SIGTERM, 2), (signal.SIGHUP, 2), (signal.SIGKILL, -9)],
)
@pytest.mark.parametrize("line", [command_line, session_line])
def test_signal_to_a_run(
    out: Path, tmp_path: Path, line: Callable[..., list[str]], number: int, status: int
) -> None:
    """Each leaves no record but that of the earlier run, in its own place: of the command, and of a
    pytest session."""
    waiting = (
        "import time, vmfex.checks.rules.adapter\n"
        "def wait(*_):\n  print('waiting', flush=True, file=__import__('sys').stderr)\n"
        "  time.sleep(600)\n"
        "vmfex.checks.rules.adapter.has_vic = wait\n"
    )
    program = line("certify", "reference", f"--out={out}", code=waiting)
    with ended(
        subprocess.Popen(
            program, cwd=tmp_path, env=process_environment(), stderr=subprocess.PIPE, text=True
        )
    ) as process:
        assert process.stderr is not None
        while "waiting" not in process.stderr.readline():
            assert process.poll() is None
        os.kill(process.pid, number)
        assert process.wait(PATIENCE) == status
        said = process.stderr.read()
    assert said == ("" if status < 0 else "vmfex: interrupted; nothing is certified by this run\n")
    only_the_earlier_run_is_left(out)


def test_run_after_an_interrupted_one(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run in the same directory leaves nothing of the interrupted one."""
    with monkeypatch.context() as patch:
        patch.setattr("vmfex.checks.rules.adapter.has_vic", interrupt)
        certify(out)
    run = certify(out)
    assert run.status == 0
    assert run.files == {*VIEWS, "allure-results", "previous"}
    assert found(out / "previous") == dict.fromkeys(EARLIER, CERTIFIED)
    assert names(run.results) == every_result()
