"""`vmfex certify HOST` and `pytest features --host HOST` are two programs of one meaning.

The first is the project's own engine; the second pytest-bdd and allure-pytest, which share with it
the steps, the checks and the parsers, and neither the reading of scenarios nor the running of them.
"""

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.runs import VIEWS
from tests.support.sessions import FEATURES, PLUGIN, Run, certify, copy_of_features, edit, plain
from vmfex.engine.rule_set import load
from vmfex.evidence.embedded import embedded_hosts

TIMES = re.compile(r'"\d{4}-\d\d-\d\dT[\d:.]+Z"|time(?:stamp)?="[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+Z')
FILES = ("certification.json", "junit.xml", "allure-results/environment.properties")


def timeless(run: Run, file: str) -> str:
    return TIMES.sub("", (run.out / file).read_text("utf-8"))


def content(run: Run) -> list[str]:
    """Allure's results without ids and times of the run, with every attachment's text."""

    def told(part: Any) -> Any:
        if isinstance(part, list):
            return [told(each) for each in part]
        if not isinstance(part, dict):
            return part
        rest = {k: told(v) for k, v in part.items() if k not in ("uuid", "start", "stop")}
        if "source" in rest:
            rest["source"] = (run.out / "allure-results" / part["source"]).read_text("utf-8")
        return rest

    return sorted(json.dumps(told(result), sort_keys=True) for result in run.results)


def text(run: Run) -> str:
    """What the terminal shows of the certification."""
    before, title, after = run.stdout.partition(" certification ===")
    shown = after.partition("\n")[2] if title else before
    certification = re.split(r"\n(?==|\d+ (?:passed|failed))", shown)[0]
    timeless = re.sub(r"(?m)^when: .*$", "when:", certification)
    return timeless.replace(str(run.out), "OUT").strip()


def assert_same(command: Run, by_pytest: Run) -> None:
    assert command.status == by_pytest.status
    assert command.files == by_pytest.files == {*VIEWS, "allure-results"}
    for file in FILES:
        assert timeless(command, file) == timeless(by_pytest, file)
    assert content(command) == content(by_pytest)
    assert text(command) == text(by_pytest)


@pytest.fixture(autouse=True)
def same_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("host", embedded_hosts())
def test_every_embedded_host(tmp_path: Path, host: str) -> None:
    """Record, JUnit, Allure's results by content, terminal text and exit status."""
    assert_same(certify(tmp_path / "command", host), plain(tmp_path / "pytest", host))


HST_05 = """    Scenario: libvirtd answers
      Given the host
      Then libvirtd runs on it and answers
"""
PRIVATE = "    Background:\n      Given the VM-FEX interfaces in private mode\n\n"
CONSTRUCTS = {
    "a Rule's Background": ("host/hypervisor.feature", HST_05, PRIVATE + HST_05),
    "a Background with the Given": (
        "host/hypervisor.feature",
        HST_05,
        "    Background:\n      Given the host\n\n" + HST_05.replace("      Given the host\n", ""),
    ),
    "And and But": (
        "host/hypervisor.feature",
        HST_05,
        HST_05.replace("Then", "And the VM-FEX domains\n      But the host\n      Then"),
    ),
    "an outline with several Examples": (
        "host/hypervisor.feature",
        HST_05,
        """    Scenario Outline: libvirtd answers, for <whom>
      Given <whom>
      Then libvirtd runs on it and answers

      Examples: All of it
        | whom     |
        | the host |

      Examples: A part of it
        | whom                                                  |
        | the VM-FEX domains                                    |
        | the host, unless it is meant for MacVTap direct alone |
""",
    ),
    "an outline that fills a table": (
        "adapter/vic.feature",
        "        | model |\n        | 1240  |\n",
        "        | model |\n        | <id>  |\n",
    ),
    "a Feature's Background": (
        "adapter/vic.feature",
        "  @VIC-01 @blocker\n",
        "  Background:\n    Given the host\n\n  @VIC-01 @blocker\n",
    ),
}


@pytest.mark.parametrize("host", ["reference", "rhel61-private-ucs21", "unreadable"])
@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_every_construct_that_the_lint_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, construct: str, host: str
) -> None:
    """The same features, changed so that they use it."""
    features = copy_of_features(tmp_path)
    file, old, new = CONSTRUCTS[construct]
    edit(features, file, old, new)
    if "<id>" in new:
        edit(features, file, "Scenario: Models of the VICs", "Scenario Outline: Model <id>")
        _with_examples(features / file)
    monkeypatch.setattr("vmfex.engine.certify.load", partial(load, features))
    command = certify(tmp_path / "command", host)
    assert command.status != 4, command.stderr
    assert_same(command, plain(tmp_path / "pytest", host, features=features))


def _with_examples(file: Path) -> None:
    """Puts Examples behind the table that has the place for them."""
    head, place, rest = file.read_text("utf-8").partition("        | <id>  |\n")
    table, _, after = rest.partition("\n\n")
    examples = "      Examples:\n        | id   |\n        | 1240 |\n        | 1280 |\n"
    file.write_text(f"{head}{place}{table}\n\n{examples}\n{after}", "utf-8")


def test_background_selects_for_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Background that selects nothing makes its rule not applicable, whichever way it is run and
    however many hosts there are."""
    features = copy_of_features(tmp_path)
    edit(features, "host/hypervisor.feature", HST_05, PRIVATE + HST_05)
    monkeypatch.setattr("vmfex.engine.certify.load", partial(load, features))
    rules = ["HST-05"]
    assert certify(tmp_path / "one", rules=rules).verdicts["HST-05"] == "not applicable"
    by_pytest = plain(tmp_path / "plain", "reference", "--rule=HST-05", features=features)
    assert by_pytest.verdicts["HST-05"] == "not applicable"


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        (("-m", "blocker and adapter"), {"VIC-01", "VIC-02"}),
        (("-k", "SRV-03"), {"SRV-03"}),
        (("-m", "derived and minor"), {"HDV-06"}),
    ],
)
def test_pytest_selects_as_its_users_expect(
    tmp_path: Path, words: tuple[str, ...], chosen: set[str]
) -> None:
    """By marks, which the tags of features and rules are, and by words."""
    assert set(plain(tmp_path / "out", "reference", *words).verdicts) == chosen


def test_pytest_without_a_host_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, and how to go on; nothing is collected."""
    assert pytest.main([str(FEATURES), "-p", "no:cacheprovider"]) == 4
    said = capsys.readouterr().err
    assert "judge a host, but no host is named: pytest features --host HOST" in said
    assert "Traceback" not in said


WORST_FIRST = ["failed", "passed", "skipped"]  # as the record: one that complies over no subject


def test_rules_of_somebody_else_are_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A project whose own rules.csv says something else runs its tests with the plugin loaded."""
    (tmp_path / "rules.csv").write_text("name,port\nssh,22\n")
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")
    (tmp_path / "pytest.ini").touch()
    words = [str(tmp_path), f"--rootdir={tmp_path}", f"-c={tmp_path}/pytest.ini", *PLUGIN]
    assert pytest.main([*words, "-p", "no:cacheprovider", "-p", "no:allure_pytest_bdd"]) == 0
    assert "1 passed" in capsys.readouterr().out


CUCUMBER = {
    "compliant": "passed",
    "violated": "failed",
    "undetermined": "failed",
    "not applicable": "skipped",
}


@pytest.mark.parametrize("host", ["reference", "unreadable", "m81kr", "rhel61-private-ucs20"])
def test_cucumber_json_is_never_greener_than_the_record(tmp_path: Path, host: str) -> None:
    """Each rule's worst scenario has the status of its verdict, and no step behind the one that
    spoke looks as if it had run."""
    report = tmp_path / "cucumber.json"
    run = plain(tmp_path / "out", host, f"--cucumberjson={report}")
    rule_of = {scenario.name: scenario.rule_id for scenario in load().scenarios}
    ended: dict[str, list[str]] = {}
    for feature in json.loads(report.read_text("utf-8")):
        for scenario in feature["elements"]:
            *_, last = (step["result"]["status"] for step in scenario["steps"])
            ended.setdefault(rule_of[scenario["name"]], []).append(last)
    worst = {id_: min(found, key=WORST_FIRST.index) for id_, found in ended.items()}
    assert worst == {id_: CUCUMBER[verdict] for id_, verdict in run.verdicts.items()}
