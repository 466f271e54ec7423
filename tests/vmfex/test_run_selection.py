"""What a selection of rules comes to: never to a certificate."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.sessions import (
    FEATURES,
    Run,
    certify,
    copy_of_features,
    every_result,
    names,
    plain,
)
from vmfex.engine.catalogue import rules

Way = Callable[..., Run]
IDS = [rule.id for rule in rules()]
KVM = "features/host/hypervisor.feature"


def by_command(out: Path, rule: tuple[str, ...] = (), tag: tuple[str, ...] = ()) -> Run:
    return certify(out, rules=rule, tags=tag)


def by_pytest(out: Path, rule: tuple[str, ...] = (), tag: tuple[str, ...] = ()) -> Run:
    return plain(out, "reference", *(f"--rule={r}" for r in rule), *(f"--tag={t}" for t in tag))


@pytest.fixture(params=[by_command, by_pytest])
def way(request: pytest.FixtureRequest) -> Way:
    """Both ways to run."""
    chosen: Way = request.param
    return chosen


def test_selected_rules_alone_certify_nothing(way: Way, tmp_path: Path) -> None:
    """Compliant as they are: INCOMPLETE, status 6, and the others are listed as not run."""
    run = way(tmp_path / "out", rule=("VIC-01", "HST-01"))
    assert run.status == 6
    assert run.verdicts == {"HST-01": "compliant", "VIC-01": "compliant"}
    assert run.record["decision"] == "INCOMPLETE"
    assert run.record["not_run"] == [id_ for id_ in IDS if id_ not in ("HST-01", "VIC-01")]


@pytest.mark.parametrize(
    ("rules", "judged"),
    [
        (("HST-02",), False),
        (("HST-02", "VIC-05"), False),
        (("FAB-01",), True),
        (("HST-01", "SRV-03"), True),
    ],
)
def test_what_was_judged_follows_from_the_rules(
    tmp_path: Path, rules: tuple[str, ...], judged: bool
) -> None:
    """The record of rules on the host and its adapters alone shows what the plan says, with any
    other it shows the topologies, whatever of the host these rules happened to look at."""
    run = certify(tmp_path / "out", rules=rules)
    whole = {"SR-IOV VF passthrough": 1, "SR-IOV with MacVTap passthrough": 2}
    assert run.record["topologies"] == (whole if judged else {})


@pytest.mark.parametrize("tag", ["blocker", "sriov", "derived", "HDV"])
def test_tag_selects_rules(tmp_path: Path, tag: str) -> None:
    """By severity, by area, by whether the rule is derived, by the first part of its id."""
    run = certify(tmp_path / "out", tags=[tag])
    words = {r.id: (r.severity, r.area, "derived" if r.derived else "", r.id[:3]) for r in rules()}
    assert list(run.verdicts) == [id_ for id_ in IDS if tag in words[id_]]
    assert run.status == 6


def test_unknown_rule_is_a_usage_error(way: Way, tmp_path: Path) -> None:
    """Nothing is judged where one of the wanted rules is not there."""
    run = way(tmp_path / "out", rule=("VIC-01", "VIC-99"))
    assert run.status == 4
    assert run.errors.strip().partition(": ")[2] == "there is no rule 'VIC-99'"
    assert not run.out.exists()


def test_nothing_selected(way: Way, tmp_path: Path) -> None:
    """Status 5, and nothing is written."""
    run = way(tmp_path / "out", rule=("VIC-01",), tag=("minor",))
    assert run.status == 5
    assert not (run.out / "certification.json").exists()


def test_command_says_that_nothing_was_selected(tmp_path: Path) -> None:
    """One sentence on stderr, nothing on stdout."""
    run = certify(tmp_path / "out", tags=["no-such-tag"])
    assert (run.stdout, run.errors) == (
        "",
        "vmfex: no rule ran: the selection matches no rule\n",
    )


def test_collecting_is_not_certifying(tmp_path: Path) -> None:
    """`--collect-only` shows the rules; its status is that of a run in which none ran."""
    run = plain(tmp_path / "out", "reference", "--collect-only", "-q")
    assert run.status == 5
    assert "vic.feature::test_models_of_the_vics" in run.stdout
    assert "certification.json" not in run.files


@pytest.mark.parametrize(
    "arguments",
    [("-k", "not vms_run_on_kvm"), ("--deselect", f"{KVM}::test_vms_run_on_kvm")],
)
def test_half_a_rule_is_not_run(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """HST-04 has three scenarios: where one is left out the other two do not speak for it."""
    run = plain(tmp_path / "out", "reference", *arguments)
    assert run.status == 6
    assert run.record["not_run"] == ["HST-04"]
    assert names(run.results) == every_result("HST-04")


def test_a_folder_of_the_features(tmp_path: Path) -> None:
    """`pytest features/adapter` judges the rules there; the others are not run."""
    run = plain(tmp_path / "out", features=FEATURES / "adapter")
    assert run.status == 6
    assert {id_[:3] for id_ in run.verdicts} == {"VIC"}
    assert len(run.record["not_run"]) + len(run.verdicts) == len(IDS)


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_tests_that_are_no_rules_are_refused(tmp_path: Path, place: str) -> None:
    """A Python test beside the features, or features from elsewhere: usage error, no record."""
    features = copy_of_features(tmp_path)
    stranger = (features if place == "inside" else tmp_path) / "test_green.py"
    stranger.write_text("def test_green(): pass\n")
    run = plain(tmp_path / "out", "reference", stranger, features=features)
    assert run.status == 4
    assert "only the rules in" in run.stderr
    assert "test_green.py::test_green is not one of them" in run.stderr
    assert "certification.json" not in run.files


def test_features_of_two_folders_are_refused(tmp_path: Path) -> None:
    """One rule set judges a host."""
    other = copy_of_features(tmp_path)
    run = plain(tmp_path / "out", "reference", other)
    assert run.status == 4
    assert "only the rules in" in run.stderr


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--host=no-such-host", "There is no host 'no-such-host'"),
        ("--plan=no-such-plan.yaml", "the plan no-such-plan.yaml cannot be read"),
        ("--out=/proc/nowhere", "reports cannot go to /proc/nowhere: "),
    ],
)
def test_unusable_argument(tmp_path: Path, option: str, said: str) -> None:
    """One sentence, status 4."""
    run = plain(tmp_path / "out", "reference", option)
    assert run.status == 4
    assert said in run.stderr


def test_missing_plugins_are_named(tmp_path: Path) -> None:
    """Without pytest-bdd or allure-pytest plain pytest says what it needs."""
    run = plain(tmp_path / "out", "reference", "-p", "no:allure_pytest")
    assert run.status == 4
    assert run.stderr.strip() == "ERROR: --host needs the plugin allure-pytest, which is not loaded"
