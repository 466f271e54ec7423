"""The same host gives the same verdicts, whichever way it was read, but for what a way cannot tell.

Each recorded host is put together again (tests/support/world.py) and captured by the script.
"""

from contextlib import closing
from pathlib import Path

import pytest

from tests.support.capturing import SHELLS, run_script, virsh_at
from tests.support.judging import judge_tree
from tests.support.libvirtd import Libvirtd
from tests.support.parity import NOT_IN_A_CAPTURE, OWN_PORT, findings, without
from tests.support.topology_xml import INTERFACES, domain
from tests.support.ways import captured
from vmfex.checks.model.fact import Unknown
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.embedded import embedded_hosts, load_embedded
from vmfex.evidence.every_fact import read_everything
from vmfex.evidence.host import ReadHost
from vmfex.evidence.recorder import RecordingTree
from vmfex.evidence.sources.captured import read_capture
from vmfex.evidence.sources.local import LocalTree
from vmfex.evidence.sources.recorded import load

ELSEWHERE = ("vmfex record", "UCS Manager", "--guest", "migrated")


@pytest.mark.parametrize("old", [False, True], ids=["today's programs", "RHEL 6.1's programs"])
@pytest.mark.parametrize("name", embedded_hosts())
def test_capture(name: str, old: bool) -> None:
    """Every finding is that of the recording without what no capture holds; a virtual port, which
    no program of a host shows, is undetermined at most."""
    recording = load_embedded(name)
    expected = findings(judge_tree(without(recording, *NOT_IN_A_CAPTURE)))
    judged = judge_tree(captured(name, old=old))
    actual = findings(judged)
    assert {row for row in actual - expected if row[0] != OWN_PORT} == set()
    assert {row for row in expected - actual if row[0] != OWN_PORT} == set()
    assert {row[2] for row in actual - expected} <= {Verdict.UNDETERMINED}


@pytest.mark.parametrize("name", embedded_hosts())
def test_what_a_capture_cannot_tell(name: str) -> None:
    """Against the whole recording, what differs is undetermined, with a reason that says where
    else the answer is; nothing turns green. MTD-01 is violated unless UCS Manager tells more."""
    whole = judge_tree(load_embedded(name)).verdicts
    judged = judge_tree(captured(name))
    for rule, verdict in judged.verdicts.items():
        if rule == "MTD-01":
            assert verdict in (whole[rule], Verdict.VIOLATED)
        elif verdict is not whole[rule]:
            assert verdict is Verdict.UNDETERMINED
            reasons = [f.observed for f in judged.findings[rule] if f.verdict is verdict]
            assert all(any(word in said for word in ELSEWHERE) for said in reasons)


@pytest.mark.parametrize("shell", SHELLS)
def test_shells(shell: str) -> None:
    """Every shell keeps the same."""
    assert findings(judge_tree(captured("reference", shell))) == findings(
        judge_tree(captured("reference"))
    )


def test_a_constructed_host_stays_one() -> None:
    """Files from elsewhere than `/` are no evidence of the machine that the script runs on."""
    assert captured("reference").constructed
    assert isinstance(captured("reference").read("libvirt/connection.json"), Unknown)


def test_this_machine(libvirtd: Libvirtd, tmp_path: Path) -> None:
    """Live, recorded and captured: the same verdicts, but for what no capture holds. No rule is
    compliant from one and violated from another."""
    with closing(libvirtd.connect()) as admin:
        made = [admin.defineXML(domain(name, xml)) for name, xml in INTERFACES.items()]
        try:
            live = RecordingTree(LocalTree(libvirtd.uri))
            host = ReadHost(live)
            read_everything(host)
            at_once = judge_tree(live)
            live.write(tmp_path / "recorded")
            script = run_script(tools=virsh_at(tmp_path, libvirtd.uri))
        finally:
            for defined in made:
                defined.undefine()
    recorded, script_read = load(tmp_path / "recorded"), read_capture(script)
    assert findings(judge_tree(recorded)) == findings(at_once)
    assert script_read.name == host.name
    assert not script_read.constructed
    captured_verdicts = judge_tree(script_read).verdicts
    for rule, verdict in at_once.verdicts.items():
        assert captured_verdicts[rule] in (verdict, Verdict.UNDETERMINED), rule
    different = {rule for rule, v in at_once.verdicts.items() if captured_verdicts[rule] is not v}
    assert different <= {"PRF-04", "PRF-05", "SRV-03"}
