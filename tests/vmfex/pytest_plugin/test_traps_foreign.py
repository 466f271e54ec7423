"""Trap: pytest obeys the environment, the directory it runs in and every plugin there is.

`vmfex certify` is a pytest session too, and obeys none of them.
"""

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.sessions import LIGHT, ROOT, Run, bare_project, certify, command, plain

FEATURE = "Feature: F\n  Scenario: one\n    Given a host\n"
STEPS = "@given('a host')\ndef _(): assert 0, 'not good'\n"
GREEN = """
import pytest
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    outcome = yield
    outcome.get_result().outcome = 'passed'
    outcome.get_result().longrepr = None
"""
NOTHING = "def pytest_collection_modifyitems(items): items.clear()\n"
# What plain pytest's status is then: 1 without it.
ENVIRONMENTS = {
    "PYTEST_ADDOPTS=--collect-only": 0,
    "PYTEST_ADDOPTS=-k nothing": 5,
    "PYTEST_ADDOPTS=-p no:python": 5,
    "PYTEST_PLUGINS=green": 0,
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1": 4,  # pytest-bdd itself is not there
    "ALLURE_TESTPLAN_PATH=plan.json": 5,
}
FILES = {
    "conftest.py": (GREEN, 0),
    "pytest.ini": ("[pytest]\naddopts = --collect-only\n", 0),
    "pyproject.toml": ("[tool.pytest.ini_options]\naddopts = '-k nothing'\n", 5),
    "tox.ini": ("[pytest]\naddopts = -k nothing\n", 5),
}
PLAN = json.dumps({"version": "1.0", "tests": [{"id": 1, "selector": "another"}]})
# m81kr violates one rule and is judged by all.
HOST = "m81kr"


def install_plugin(folder: Path) -> None:
    """A plugin that every pytest loads which finds it on its path."""
    information = folder / "greener-1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: greener\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[pytest11]\ngreener = greener\n")
    (folder / "greener.py").write_text(GREEN + NOTHING)
    (folder / "green.py").write_text(GREEN)


def bare_status(folder: Path) -> int:
    """What plain pytest with allure-pytest says of a host that is not good."""
    sys.modules["pytest_bdd.feature"].features.clear()
    options = ["-s", *LIGHT, "--assert=plain", "--import-mode=importlib"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return int(pytest.main([*options, f"--alluredir={folder / 'results'}", str(folder)]))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a scenario that fails, where one is; and a plan that leaves it out."""
    folder = bare_project(tmp_path / "project", FEATURE, STEPS)
    (folder / "plan.json").write_text(PLAN)
    (folder / "green.py").write_text(GREEN)
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.mark.parametrize("setting", ENVIRONMENTS)
def test_bare_pytest_obeys_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    """The trap: a variable, and what failed does not fail any more."""
    name, _, value = setting.partition("=")
    before = bare_status(folder)
    monkeypatch.setenv(name, value)
    assert (before, bare_status(folder)) == (1, ENVIRONMENTS[setting])


@pytest.mark.parametrize("file", FILES)
def test_bare_pytest_obeys_the_directory(folder: Path, file: str) -> None:
    """The trap: a file in the directory, and what failed does not fail any more."""
    content, after = FILES[file]
    (folder / file).write_text(content)
    assert bare_status(folder) == after


def test_bare_pytest_obeys_every_plugin(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trap: a package that was installed, and nothing is left to fail."""
    assert bare_status(folder) == 1
    install_plugin(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert bare_status(folder) == 5


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """What the command says where nobody interferes."""
    return certify(tmp_path_factory.mktemp("judged") / "out", HOST)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that is full of other people's pytest files."""
    copy = tmp_path_factory.mktemp("copy") / "project"
    left_out = shutil.ignore_patterns("node_modules", "__pycache__")
    for room in ("checks", "evidence", "features", "reports", "steps", "vmfex"):
        shutil.copytree(ROOT / room, copy / room, ignore=left_out)
    for place in (copy, copy / "features", copy / "features/adapter", copy / "vmfex"):
        (place / "conftest.py").write_text(GREEN + NOTHING)
    for place in (copy, copy / "features", copy.parent):
        for name in ("pytest.ini", ".pytest.ini", "tox.ini"):
            (place / name).write_text("[pytest]\naddopts = --collect-only\n")
        (place / "pytest.toml").write_text("[pytest]\naddopts = ['--collect-only']\n")
    (copy / "pyproject.toml").write_text(FILES["pyproject.toml"][0])
    return copy


def essence(results: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(r["name"], r["status"], r.get("statusDetails", {}).get("message")) for r in results]


def is_unmoved(out: Path, status: int, judged: Run) -> None:
    run = Run(status, out, "", "")
    assert status == judged.status == 1
    assert run.verdicts == judged.verdicts
    assert essence(run.results) == essence(judged.results)


def test_command_obeys_none_of_them(project: Path, judged: Run, tmp_path: Path) -> None:
    """All of it at once, and in the project's own folders: the same verdicts and results."""
    install_plugin(tmp_path / "site")
    for file, (content, _) in FILES.items():
        (tmp_path / file).write_text(content)
    (tmp_path / "plan.json").write_text(PLAN)
    environment = {
        "PYTEST_ADDOPTS": "--collect-only -k nothing -p no:python -n 2",
        "PYTEST_PLUGINS": "green,greener",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_THEME": "none-of-them",
        "ALLURE_TESTPLAN_PATH": "plan.json",
        "PYTHONPATH": f"{project}:{tmp_path / 'site'}",
    }
    done = command("certify", HOST, "--out=out", "--quiet", cwd=tmp_path, environment=environment)
    assert done.stderr == ""
    is_unmoved(tmp_path / "out", done.returncode, judged)


@pytest.mark.parametrize("setting", ENVIRONMENTS)
def test_command_does_not_obey_the_environment(
    judged: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    """Each of the variables by itself."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    install_plugin(tmp_path)
    (tmp_path / "plan.json").write_text(PLAN)
    monkeypatch.setenv(*setting.split("=", 1))
    run = certify(tmp_path / "out", HOST, rules=["VIC-01", "VIC-02"])
    assert run.status == 1
    assert run.verdicts == {id_: judged.verdicts[id_] for id_ in ("VIC-01", "VIC-02")}


class Green:
    """A plugin for which nothing ever fails."""

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self) -> Iterator[None]:
        outcome: Any = yield
        outcome.get_result().outcome = "passed"
        outcome.get_result().longrepr = None


def test_plugin_that_turns_failures_into_passes_moves_no_verdict(
    judged: Run, tmp_path: Path
) -> None:
    """Plain pytest loads other plugins; the verdicts and results stand on findings alone."""
    run = plain(tmp_path / "out", HOST, plugins=[Green()])
    is_unmoved(run.out, run.status, judged)
