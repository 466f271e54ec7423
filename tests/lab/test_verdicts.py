"""The whole rule set on a real kernel and a real libvirt: each scenario violates what it is for."""

import csv
from pathlib import Path

from tests.lab import scenario
from tests.lab.lab import Result
from tests.lab.recorded import WORDS, plan_of
from tests.support.judging import judge_tree
from vmfex.engine.catalogue import rules
from vmfex.evidence.sources.recorded import load

TABLE = Path(__file__).with_name("verdicts.csv")
# Emulation gives an igb where a VIC has enic, and no 802.1Qbh: a running VM's port has no profile.
NOT_EMULATED = {"VIC-04", "PRF-01", "PRF-04"}
# And it has no UCS Manager, nothing inside its VMs, no changelog of its kernel, and no second host.
# HDV-06 is decided by what libvirt says afterwards (test_others_agree).
NOT_THERE = {
    *("FAB-01", "FAB-02", "FAB-03", "FAB-04", "FAB-05", "FAB-06"),
    *("PRF-02", "PRF-03", "CLU-01", "CLU-02"),
    *("HDV-05", "HDV-06", "PRF-05"),
}


def expected(name: str) -> dict[str, str]:
    """The verdicts that verdicts.csv has for a scenario. A rule without a cell is expected not to
    be violated, so that a new rule need not be written there."""
    with TABLE.open(newline="") as file:
        return {row["rule"]: WORDS[row[name]] for row in csv.DictReader(file) if row[name]}


def test_the_table_is_about_rules_and_has_every_scenario() -> None:
    """No scenario goes without an expectation, and no row is left of a rule that is gone."""
    with TABLE.open(newline="") as file:
        header, *rows = csv.reader(file)
    assert sorted(header[1:]) == list(scenario.names())
    there = {row[0] for row in rows}
    assert [row[0] for row in rows] == [rule.id for rule in rules() if rule.id in there]


def test_every_rule_has_its_verdict(result: Result) -> None:
    """The certification in the guest came to the verdicts that the scenario is made for."""
    wanted = expected(result.name)
    others = {rule: v for rule, v in result.verdicts.items() if rule not in wanted}
    assert result.verdicts == wanted | others
    assert "violated" not in others.values()


def test_the_compliant_host_lacks_what_emulation_cannot_give() -> None:
    """Nothing else of it is violated or undetermined."""
    verdicts = expected("compliant")
    assert {rule for rule in verdicts if verdicts[rule] == "violated"} == NOT_EMULATED
    assert {rule for rule in verdicts if verdicts[rule] == "undetermined"} == NOT_THERE


def test_the_recording_gives_the_same_verdicts(result: Result) -> None:
    """What the guest recorded is judged outside as the guest was judged inside."""
    judged = judge_tree(load(result.recording), plan_of(scenario.load(result.name)))
    assert {rule: str(verdict) for rule, verdict in judged.verdicts.items()} == result.verdicts


def test_the_guest_leaves_the_reports_of_a_certification(result: Result) -> None:
    """Allure's results are there beside the record: one for each scenario of the rule set."""
    folder = result.folder / "certification"
    assert len(list((folder / "allure-results").glob("*-result.json"))) >= len(result.verdicts)
    assert (folder / "junit.xml").is_file()
    assert result.answers["certify"]["status"] == 1
