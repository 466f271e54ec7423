"""Traps in Gherkin under pytest-bdd: what passes or vanishes there is refused or judged here."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.sessions import Run, bare, bare_project, certify, copy_of_features, edit, plain
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.engine.lint import problems
from vmfex.steps.vocabulary import StepDefinition, _matching, vocabulary

VIC = "adapter/vic.feature"
RULE = "  @VIC-01 @blocker\n"
SCENARIO = "    Scenario: A VIC is there\n"
THEN = "      Then at least one Cisco VIC is installed\n"
GOOD = "@given('a host')\ndef _(): pass\n@then('it is good')\ndef _(): pass\n"
BAD = "@given('a host')\ndef _(): pass\n@then('it is good')\ndef _(): assert 0\n"
BODY = "    Given a host\n    Then it is good\n"
ONE = f"Feature: F\n  Scenario: one\n{BODY}"
OUTLINE = "Feature: F\n  Scenario Outline: one\n    Given a host\n    Then it is <x>\n"
ANY = (
    "from pytest_bdd import parsers\n@given('a host')\ndef _(): pass\n"
    "@then(parsers.parse('it is {x}'))\ndef _(x): assert x == '<x>'\n"
)
ASYNC = GOOD.replace("def _(): pass\n@then", "def _(): pass\n@then", 1).replace(
    "@then('it is good')\ndef _(): pass", "@then('it is good')\nasync def _(): assert 0"
)

BARE = {
    "async step": (ONE, ASYNC, {"passed": 1}),
    "names that collapse": (f"{ONE}  Scenario: one\n{BODY}", BAD, {"failed": 1}),
    "names that collapse across Rules": (
        f"Feature: F\n  Rule: R\n  Scenario: one\n{BODY}  Rule: S\n  Scenario: one\n{BODY}",
        GOOD,
        {"passed": 1},
    ),
    "empty Examples": (f"{OUTLINE}    Examples:\n      | x |\n", ANY, {"passed": 1}),
    "outline without Examples": (OUTLINE, ANY, {"passed": 1}),
    "scenario without steps": ("Feature: F\n  Scenario: one\n", GOOD, {"passed": 1}),
    "two definitions of a step": (ONE, BAD + GOOD, {"passed": 1}),
    "skip on a scenario": (f"Feature: F\n  @skip\n  Scenario: one\n{BODY}", BAD, {"skipped": 1}),
    "xfail on the feature": (f"@xfail\n{ONE}", BAD, {"skipped": 1}),
    "skip on a Rule": (
        f"Feature: F\n  @skip\n  Rule: R\n    Scenario: one\n{BODY}",
        BAD,
        {"skipped": 1},
    ),
    "skip on Examples": (
        f"{OUTLINE}    @skip\n    Examples:\n      | x |\n      | bad |\n",
        ANY,
        {"skipped": 1},
    ),
    "no Then at all": (f"{ONE.partition('    Then')[0]}", BAD, {"passed": 1}),
    "a Then that looks at nothing": (ONE, GOOD, {"passed": 1}),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("trap", BARE)
def test_bare_pytest_bdd_falls_into_the_trap(tmp_path: Path, trap: str) -> None:
    """The trap: a host that is not good, or a test that is not there, and nobody hears of it."""
    feature, steps, expected = BARE[trap]
    statuses = [r["status"] for r in bare(bare_project(tmp_path, feature, steps)).results]
    assert {status: statuses.count(status) for status in statuses} == expected


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """A copy of the features that a test may spoil."""
    return copy_of_features(tmp_path)


def is_refused(run: Run, why: str) -> None:
    """No rule is judged by features that are not fit to: usage error, one sentence, no file."""
    assert run.status == 4
    assert why in run.stderr
    assert run.stderr.count("\n") <= 2
    assert not run.out.exists()


SPOILED = {
    "names that collapse": (
        "    Scenario: vNICs of each adapter\n",
        SCENARIO,
        "2 scenarios are named 'A VIC is there'; only the last would run",
    ),
    "empty Examples": (
        THEN,
        f"{THEN}\n      Examples:\n        | x |\n",
        "scenario 'A VIC is there': its Examples have no row",
    ),
    "outline without Examples": (
        "Then each has at most 116 vNICs",
        "Then each has at most <n> vNICs",
        "has a <place> that no Examples fill",
    ),
    "scenario without steps": (
        f"      Given the host\n{THEN}",
        "",
        "is not Given steps that select and then one Then",
    ),
    "undefined step": (THEN, THEN.replace("one", "eleven"), "has 0 definitions"),
    "skip on the feature": ("@adapter\n", "@adapter @skip\n", "has it as its one tag"),
    "skip on a Rule": (RULE, RULE.replace("\n", " @skip\n"), "tag @skip means nothing here"),
    "skip on a scenario": (SCENARIO, f"    @xfail\n{SCENARIO}", "'A VIC is there' has tags"),
    "skip on Examples": (
        THEN,
        f"{THEN}\n      @skip\n      Examples:\n        | x |\n        | 1 |\n",
        "scenario 'A VIC is there': its Examples have tags",
    ),
    "duplicate id": (RULE, RULE.replace("VIC-01", "VIC-03"), "rule VIC-03 is 2 times"),
    "no id": (RULE, "  @blocker\n", "a Rule has one id and one severity as its tags"),
    "two ids": (RULE, "  @VIC-01 @VIC-99 @blocker\n", "a Rule has one id and one severity"),
    "no severity": (RULE, "  @VIC-01\n", "a Rule has one id and one severity as its tags"),
    "no Source": (
        '    Source: Single Root I/O Virtualization, list of cards: "The following Cisco Virtual '
        'Interface Cards support …"\n',
        "",
        "the Rule has no Source: line",
    ),
    "no Remedy": (
        "    Remedy: Use one of the listed models",
        "    Use one of the listed models",
        "the Rule has no Remedy: line",
    ),
    "two Thens": (THEN, THEN + THEN.replace("Then", "And"), "and then one Then that judges"),
    "no Then": (THEN, "", "and then one Then that judges"),
    "a When": (THEN, f"      When the host\n{THEN}", "is neither Given nor Then"),
    "a star for a keyword": (THEN, THEN.replace("Then", "*"), "and then one Then that judges"),
    "scenario outside of a Rule": (
        RULE,
        f"  Scenario: loose\n      Given the host\n{THEN}\n{RULE}",
        "scenario 'loose' is in no Rule",
    ),
    "no Gherkin": ("Feature: ", "Featur: ", "vic.feature"),
}


@pytest.mark.parametrize("trap", SPOILED)
def test_features_that_are_not_fit_to_judge_are_found_out(features: Path, trap: str) -> None:
    """Each trap is found in the feature file, before anything runs."""
    old, new, why = SPOILED[trap]
    edit(features, VIC, old, new)
    assert any(why in problem for problem in problems(features))


@pytest.mark.parametrize("trap", ["names that collapse", "skip on a Rule", "no Gherkin"])
def test_features_that_are_not_fit_to_judge_are_refused(
    features: Path, tmp_path: Path, trap: str
) -> None:
    """What is wrong with a feature file is said, and nothing is judged by the others either."""
    old, new, why = SPOILED[trap]
    edit(features, VIC, old, new)
    is_refused(plain(tmp_path / "out", features=features), why)


def test_rule_that_was_deleted_is_missed(features: Path, tmp_path: Path) -> None:
    """A rule can only go from the list of rules and from its feature at once."""
    text = (features / VIC).read_text("utf-8")
    first, second = text.index(RULE), text.index("  @VIC-02")
    (features / VIC).write_text(text[:first] + text[second:])
    is_refused(plain(tmp_path / "out", features=features), "rule VIC-01 is listed in rules.csv")


def test_feature_file_that_was_deleted_is_missed(features: Path, tmp_path: Path) -> None:
    """A whole file that is gone is missed by its ids."""
    (features / VIC).unlink()
    is_refused(plain(tmp_path / "out", features=features), "rule VIC-05 is listed in rules.csv")


def definition(text: str, body: str, keyword: str = "given") -> str:
    return f"from pytest_bdd import given, then\n@{keyword}('{text}')\ndef _():\n    {body}\n"


CONFTEST = definition("the host", "return None").replace(
    "@given('the host')", "@given('the host', target_fixture='selected')"
)


@pytest.mark.parametrize("place", ["conftest.py", "adapter/conftest.py"])
def test_step_that_a_conftest_overrides_is_ours_all_the_same(
    features: Path, tmp_path: Path, place: str
) -> None:
    """pytest-bdd would take the conftest's step, which selects nothing that can be judged."""
    (features / place).write_text(CONFTEST)
    run = plain(tmp_path / "out", "no-vic", "--rule=VIC-01", features=features)
    assert (run.status, run.verdicts["VIC-01"]) == (1, "violated")


def async_step(*_: Any) -> Any:
    async def never_awaited() -> list[Finding]:
        return []

    coroutine = never_awaited()
    asyncio.run(coroutine)  # not in the step: here, so that Python does not warn
    return coroutine


SAID: dict[str, tuple[Callable[..., Any], str]] = {
    "a coroutine": (async_step, "instead of a selection or findings"),
    "nothing": (lambda *_: None, "a step returned [None] instead of"),
    "no finding": (lambda *_: [], "a step returned [] instead of"),
    "a compliant finding for nobody": (
        lambda *_: Finding("", Verdict.COMPLIANT, "", ""),
        "a finding names no subject",
    ),
    "a finding that read nothing": (
        lambda *_: Finding("the host", Verdict.COMPLIANT, "", "a VIC"),
        "a finding names no subject, or not what was read",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_then_that_says_nothing_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """Only findings on somebody are a verdict: the rule is undetermined, the status 3."""
    check, why = SAID[case]
    monkeypatch.setattr("vmfex.checks.rules.adapter.has_vic", check)
    run = certify(tmp_path / "out", rules=["VIC-01"])
    assert run.status == 3
    assert run.verdicts == {"VIC-01": "undetermined"}
    assert why in run.stderr
    assert run.result("VIC-01")["status"] == "broken"


def defined_by(function: Callable[..., object], pattern: str) -> list[StepDefinition]:
    """The vocabulary, with this function for a step."""
    return [replace(d, function=function) if d.pattern == pattern else d for d in vocabulary()]


def test_async_definition_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that nobody would await is found before anything runs."""

    async def never_awaited() -> None: ...

    changed = defined_by(never_awaited, "at least one Cisco VIC is installed")
    monkeypatch.setattr("vmfex.steps.vocabulary.vocabulary", lambda: changed)
    monkeypatch.setattr("vmfex.steps.vocabulary._matching", _matching.__wrapped__)  # no cache
    assert any("is async, which nothing would await" in problem for problem in problems())


def test_two_definitions_of_a_step_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two definitions fit a text, it is not the last that wins."""
    twice = [*vocabulary(), StepDefinition("given", "the {whom}", err, frozenset({"whom"}))]
    monkeypatch.setattr("vmfex.steps.vocabulary.vocabulary", lambda: twice)
    monkeypatch.setattr("vmfex.steps.vocabulary._matching", _matching.__wrapped__)  # no cache
    assert any("'the host' has 2 definitions" in problem for problem in problems())


def err(*_: object) -> None:
    raise AssertionError("nobody runs it")
