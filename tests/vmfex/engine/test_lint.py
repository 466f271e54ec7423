"""The authoring rules: what is wrong with a feature is said in a sentence that names the place."""

from pathlib import Path

import pytest

from tests.support.sessions import copy_of_features, edit
from vmfex.engine import catalogue, lint
from vmfex.engine.lint import problems

EVIDENCE = "    Evidence: PCI subsystem ids; UCS Manager, adaptorUnit, where it could be asked\n"
VIC = "adapter/vic.feature"
RULE = "  @VIC-01 @blocker\n"
THEN = "      Then at least one Cisco VIC is installed\n"
LIMIT = "      Then each has at most 116 vNICs, static and dynamic\n"


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """A copy of the features that a test may spoil."""
    return copy_of_features(tmp_path)


def test_our_features_are_fit() -> None:
    """Nothing is wrong with the features that are shipped."""
    assert problems() == []


def test_copy_is_fit(features: Path) -> None:
    """Nor where they lie elsewhere: what the tests below find is what they spoiled."""
    assert problems(features) == []


EDITS = {
    "a path": (THEN, THEN.replace("one", "one /dev/kvm"), "names a path, a command or a pattern"),
    "a command": (THEN, THEN.replace("VIC", "`lspci`"), "names a path, a command or a pattern"),
    "a pattern": (THEN, THEN.replace("VIC", "VIC.*"), "names a path, a command or a pattern"),
    "six steps": (
        f"      Given the host\n{THEN}",
        "      Given the host\n" + 4 * "      And the host\n" + THEN,
        "'A VIC is there' has more than 5 steps",
    ),
    "a Source without text": (
        '    Source: Single Root I/O Virtualization, list of cards: "The following Cisco Virtual '
        'Interface Cards support …"\n',
        "    Source:\n",
        "the Rule has no Source: line",
    ),
    "no Evidence": (EVIDENCE, "", "the Rule has no Evidence: line"),
    "no Violation": (
        "    Violation: A server whose only network adapters are Intel's.\n",
        "",
        "the Rule has no Violation: line",
    ),
    "tag on the feature": ("@adapter\n", "@adapter @slow\n", "has it as its one tag"),
    "no tag on the feature": ("@adapter\n", "", "has it as its one tag"),
    "table that no step asked for": (
        LIMIT,
        f"{LIMIT}        | limit |\n        | 32    |\n",
        "has a table that it does not use, or lacks one",
    ),
    "text that no step asked for": (
        LIMIT,
        f'{LIMIT}        """\n        32\n        """\n',
        "has a text below it, which no step uses",
    ),
    "unknown id": (RULE, RULE.replace("VIC-01", "VIC-77"), "VIC-77 has a Rule and is not in"),
    "Given after Then": (
        f"      Given the host\n{THEN}",
        f"{THEN}      Given the host\n",
        "is not Given steps that select and then one Then that judges",
    ),
    "nothing but a Given": (THEN, "", "is not Given steps that select and then one Then"),
    "half a table": ("        | 1240  |\n", "        | 1240  | 4 |\n", "inconsistent cell count"),
}


@pytest.mark.parametrize("case", EDITS)
def test_what_is_wrong_is_said(features: Path, case: str) -> None:
    """Each mistake by itself, in a sentence that names it."""
    old, new, said = EDITS[case]
    edit(features, VIC, old, new)
    assert any(said in problem for problem in problems(features))


def test_several_mistakes_are_all_said(features: Path) -> None:
    """One lint is enough to mend them all."""
    edit(features, VIC, RULE, RULE.replace("@blocker", "@blocker @skip"))
    edit(features, VIC, EVIDENCE, "")
    assert len(problems(features)) == 2


def test_table_that_a_step_needs(features: Path) -> None:
    """A list that was deleted is missed before anything is judged by it."""
    text = (features / VIC).read_text("utf-8")
    rows = [line for line in text.splitlines(keepends=True) if not line.startswith("        |")]
    (features / VIC).write_text("".join(rows))
    [problem] = problems(features)
    assert "SR-IOV with VM-FEX' has a table that it does not use, or lacks one" in problem


def test_background_counts_as_steps(features: Path) -> None:
    """What stands in a Background is part of every scenario's steps."""
    before = "  Background:\n    Given the host\n    Then at least one Cisco VIC is installed\n\n"
    edit(features, VIC, RULE, before + RULE)
    assert any("and then one Then that judges" in problem for problem in problems(features))


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("When it rains", "step 'it rains' is neither Given nor Then"),
        ("* the host", "step 'the host' is neither Given nor Then"),
        ("And the host", "begins with And, which follows no step"),
    ],
)
def test_step_that_only_one_of_the_two_ways_could_run(
    features: Path, scenario: str, said: str
) -> None:
    """A When, a bare star, and an And that begins a scenario or a Background."""
    edit(features, VIC, f"      Given the host\n{THEN}", f"      {scenario}\n{THEN}")
    assert any(said in problem for problem in problems(features))


SCENARIO = f"    Scenario: A VIC is there\n      Given the host\n{THEN}"
OUTLINE = """    Scenario Outline: A VIC is there for <whom>
      Given <whom>
      Then at least one Cisco VIC is installed

      Examples:
        | whom     |
        | the host |
"""


def test_outline_is_fit(features: Path) -> None:
    """One whose rows fill all its places, under names of their own."""
    edit(features, VIC, SCENARIO, OUTLINE)
    assert problems(features) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("        | the host |\n", "", "its Examples have no row"),
        ("| whom     |", "| who      |", "<whom> is in no column of its Examples"),
        ("      Examples:", "      @slow\n      Examples:", "its Examples have tags"),
        ("        | the host |\n", "        | the host |\n" * 2, "2 scenarios are named"),
        ("| whom     |", "| whom | whom |", "inconsistent cell count"),
    ],
)
def test_outline_that_would_mislead(features: Path, old: str, new: str, said: str) -> None:
    """Rows that are missed, that hide each other, or that fill nothing."""
    assert old in OUTLINE
    edit(features, VIC, SCENARIO, OUTLINE.replace(old, new))
    assert any(said in problem for problem in problems(features))


@pytest.mark.parametrize("folder", ["_room", ".room", "build", "venv"])
def test_feature_below_a_folder_of_its_own(features: Path, folder: str) -> None:
    """pytest would pass some of these over, and the digest must miss none: the lint takes no
    feature but features/AREA/*.feature."""
    before = catalogue.digest(features)
    (features / folder).mkdir()
    (features / "host").rename(features / folder / "host")
    assert any("lies in a folder of host, adapter" in problem for problem in problems(features))
    assert catalogue.digest(features) != before
    feature = features / folder / "host/hypervisor.feature"
    moved = catalogue.digest(features)
    feature.write_text(feature.read_text("utf-8").replace("answers", "responds"), "utf-8")
    assert catalogue.digest(features) != moved


def test_rows_that_pytest_could_not_tell_apart(features: Path) -> None:
    """It joins a row's values with a dash, and refuses two tests of one name."""
    rows = "        | a-b | c   |\n        | a   | b-c |\n"
    outline = OUTLINE.replace("<whom>\n", "the host\n").replace("for <whom>", "for <a>, <b>")
    outline = outline.replace(
        "        | whom     |\n        | the host |\n", "        | a   | b   |\n" + rows
    )
    edit(features, VIC, SCENARIO, outline)
    assert any("rows that are one text when joined" in problem for problem in problems(features))


def test_rule_without_a_scenario(features: Path) -> None:
    """A rule that nothing judges."""
    scenario = f"    Scenario: A VIC is there\n      Given the host\n{THEN}"
    edit(features, VIC, scenario, "")
    assert problems(features) == [f"{VIC}:6: the Rule has no scenario"]


def test_feature_in_a_folder_of_its_own(features: Path) -> None:
    """The areas are given; a rule elsewhere would have no place in the order or the decision."""
    (features / "adapter").rename(features / "adapters")
    assert any("lies in a folder of host, adapter" in problem for problem in problems(features))


def test_list_of_rules_is_missing(features: Path) -> None:
    """Without the list nobody would miss a rule."""
    (features / "rules.csv").unlink()
    [problem] = problems(features)
    assert problem == f"{features / 'rules.csv'}: No such file or directory"


LISTED = {
    "a rule without a Rule": ("VIC-01,", "VIC-00,blocker,no\nVIC-01,", [
        "rule VIC-00 is listed in rules.csv and has no Rule",
    ]),
    "a Rule that is not listed": ("VIC-01,blocker,no\n", "", [
        "rule VIC-01 has a Rule and is not in rules.csv",
    ]),
    "another severity": ("VIC-01,blocker,no", "VIC-01,normal,no", [
        "rule VIC-01 is blocker in its feature, normal in rules.csv",
    ]),
    "a rule that became advice": ("VIC-01,blocker,no", "VIC-01,blocker,yes", [
        "rule VIC-01 is not derived in its feature, derived in rules.csv",
    ]),
    "advice that became a rule": ("SRV-06,critical,yes", "SRV-06,critical,no", [
        "rule SRV-06 is derived in its feature, not derived in rules.csv",
    ]),
    "both": ("VIC-01,blocker,no", "VIC-01,minor,yes", [
        "rule VIC-01 is blocker in its feature, minor in rules.csv",
        "rule VIC-01 is not derived in its feature, derived in rules.csv",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("case", LISTED)
def test_features_are_held_against_the_list(features: Path, case: str) -> None:
    """Whichever of the two was changed alone, it is said what each has."""
    old, new, said = LISTED[case]
    edit(features, "rules.csv", old, new)
    assert problems(features) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file contains no feature"),
        (b"\xff\xfe", "can't decode byte"),
        (b"Rule: R\n", "vic.feature: (1:1): expected: "),
    ],
)
def test_file_that_is_no_feature(features: Path, content: bytes, said: str) -> None:
    """Named with what is wrong, and its line."""
    (features / VIC).write_bytes(content)
    [problem] = problems(features)
    assert said in problem
    assert problem.startswith(f"{features / VIC}: ")


def test_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, features: Path
) -> None:
    """`vmfex rules --check` says how many rules are fine, or what is wrong on stderr, status 1."""
    assert lint.main() == 0
    assert capsys.readouterr() == (f"{len(catalogue.rules())} rules, no problem\n", "")
    monkeypatch.setattr(lint, "problems", lambda: ["this is wrong", "that too"])
    assert lint.main() == 1
    assert capsys.readouterr() == ("", "vmfex: this is wrong\nvmfex: that too\n")
