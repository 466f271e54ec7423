"""Evidence is read when a rule asks for it, once, and a recording has all that was read."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.judging import judge_tree
from tests.support.sessions import Spy, certify
from vmfex.checks.model.plan import Plan, Topology
from vmfex.engine.catalogue import rules
from vmfex.engine.request import Sources
from vmfex.evidence import opening as sources
from vmfex.evidence.embedded import embedded_hosts, load_embedded
from vmfex.evidence.host_spec import parse_host
from vmfex.evidence.sources.recorded import load
from vmfex.recording import record

MEANT = Plan(
    topologies=dict.fromkeys(Topology, 2),
    must_migrate=("*",),
    destinations=("blade-2",),
    out_of_scope=("*02",),
)


@pytest.fixture
def spies(monkeypatch: pytest.MonkeyPatch) -> list[Spy]:
    """The trees that were opened; they take down what they are asked."""
    opened: list[Spy] = []
    real = sources.open_tree

    def open_tree(*arguments: Any, **options: Any) -> Spy:
        opened.append(Spy(real(*arguments, **options)))
        return opened[-1]

    monkeypatch.setattr("vmfex.engine.certify.open_tree", open_tree)
    return opened


@pytest.mark.parametrize("host", embedded_hosts())
def test_everything_is_asked_once(host: str) -> None:
    """When all rules are judged no question is put to a host twice."""
    spy = Spy(load_embedded(host))
    judge_tree(spy)
    assert [question for question, count in Counter(spy.asked).items() if count > 1] == []


OF_TOPOLOGIES = {"libvirt", "netlink", "sys"}  # by which undetermined decides, or does not
AREAS = {
    "HST-01": {"etc"},
    "HST-05": {"libvirt"},
    "VIC-01": {"sys"},
    "VIC-03": {"sys"},
    "FAB-01": {"ucsm", *OF_TOPOLOGIES},
}


@pytest.mark.parametrize("rule", AREAS)
def test_rule_reads_what_it_needs_and_no_more(tmp_path: Path, spies: list[Spy], rule: str) -> None:
    """A rule on the release opens no libvirt, no Netlink, no UCS Manager; and so on. The record of
    one that is not about the host or its adapters has the topologies, too."""
    certify(tmp_path / "out", rules=[rule])
    assert {path.partition("/")[0] for _, path in spies[0].asked} == AREAS[rule]


def refuse(*_: Any, **__: Any) -> Any:
    raise AssertionError("nobody asked for this")


def test_rule_on_files_opens_nothing_else_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a live host neither a Netlink socket nor a connection to libvirt is made for HST-01."""
    monkeypatch.setattr("vmfex.evidence.sources.netlink.NetlinkEvidence", refuse)
    monkeypatch.setattr("vmfex.evidence.sources.hypervisor.Hypervisor", refuse)
    monkeypatch.setattr("socket.socket", refuse)
    run = certify(tmp_path / "out", "local", rules=["HST-01"])
    assert list(run.verdicts) == ["HST-01"]
    assert run.status in (1, 6)
    assert run.errors == ""


@pytest.mark.parametrize("plan", [Plan(), MEANT], ids=["no plan", "plan"])
@pytest.mark.parametrize("host", embedded_hosts())
def test_recording_has_all_that_the_rules_ask_for(tmp_path: Path, host: str, plan: Plan) -> None:
    """A host and the recording that is made of it are judged alike, with a plan or without."""
    assert record(parse_host(host), tmp_path / "recording", Sources()) == 0
    live = judge_tree(load_embedded(host), plan)
    replayed = judge_tree(load(tmp_path / "recording"), plan)
    assert replayed.findings == live.findings
    assert len(live.verdicts) == len(rules())


def test_recording_is_certified_like_its_host(tmp_path: Path) -> None:
    """The whole program on both: the same record but for the times, and the digest of a tar."""
    record(parse_host("reference"), tmp_path / "recording", Sources())
    runs = [certify(tmp_path / "a"), certify(tmp_path / "b", tmp_path / "recording")]
    records = [{**run.record, "started": "", "finished": "", "digest": ""} for run in runs]
    assert records[0] == records[1]


def test_recording_of_a_host_that_changed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What could not be recorded as it was answered is named."""
    monkeypatch.setattr(
        "vmfex.evidence.recorder.RecordingTree.write", lambda *_: ("sys/a", "sys/b")
    )
    assert record(parse_host("reference"), tmp_path / "recording", Sources()) == 0
    said = capsys.readouterr().err
    assert "vmfex: the host changed meanwhile; recorded as unknown: sys/a, sys/b\n" in said
