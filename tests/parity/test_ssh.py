"""Parity over SSH: what a host gives by a connection is what it gives to who sits at it."""

import json
from pathlib import Path

import pytest

from tests.support.capturing import run_script
from tests.support.judging import judge_tree
from tests.support.opened import opened
from tests.support.sessions import Run, command
from tests.support.sshd import UID, Client, Sshd
from tests.support.ways import client, daemon, say
from tests.support.world import world_of
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.embedded import embedded_hosts, load_embedded
from vmfex.evidence.sources.captured import CapturedTree, read_capture
from vmfex.evidence.sources.local import LocalTree
from vmfex.evidence.sources.recorded import load

__all__ = ["client", "daemon"]  # fixtures

EXPLAINED = "run `vmfex record local DIR` there"


@pytest.mark.parametrize("name", embedded_hosts())
def test_recorded_host(name: str, daemon: Sshd, client: Client) -> None:
    """Each recorded host, put together again behind a real sshd: every finding is that of the same
    capture in a file, which test_parity.py holds against the recording."""

    with world_of(load_embedded(name)) as world:
        say(daemon, VMFEX_ROOT=str(world.root), PATH=f"{world.tools}:/usr/bin:/bin")
        over_ssh = opened("ssh://blade-7")
        in_a_file = read_capture(run_script(root=world.root, tools=world.tools, user=UID))
    assert isinstance(over_ssh, CapturedTree)
    assert (over_ssh.name, over_ssh.constructed) == (in_a_file.name, True)
    in_a_file.way = over_ssh.way  # what would tell more follows from it
    assert judge_tree(over_ssh).findings == judge_tree(in_a_file).findings


def test_this_machine(daemon: Sshd, client: Client) -> None:
    """Live and over SSH, as root both times: the same verdicts. Where they differ, the way over SSH
    knows less, and says where more is to be had."""
    say(daemon)
    live = judge_tree(LocalTree())
    over_ssh = judge_tree(opened(f"ssh://root@127.0.0.1:{daemon.port}"))
    for rule, verdict in over_ssh.verdicts.items():
        if verdict != live.verdicts[rule]:
            assert verdict is Verdict.UNDETERMINED, f"{live.verdicts[rule]}, {over_ssh.of(rule)}"
            assert EXPLAINED in over_ssh.of(rule)


def test_a_recording_made_over_ssh(daemon: Sshd, client: Client, tmp_path: Path) -> None:
    """`vmfex record ssh://blade-7 DIR`: certified anywhere later, it gives the same verdicts."""
    with world_of(load_embedded("reference")) as world:
        say(daemon, VMFEX_ROOT=str(world.root), PATH=f"{world.tools}:/usr/bin:/bin")
        done = command("record", "ssh://blade-7", "blade-7", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        over_ssh = judge_tree(opened("ssh://blade-7"))
    manifest = json.loads((tmp_path / "blade-7/manifest.json").read_text())
    assert manifest["name"] == "blade-1"
    assert judge_tree(load(tmp_path / "blade-7")).verdicts == over_ssh.verdicts


@pytest.mark.parametrize("host", ["ssh://127.0.0.1:1", "qemu+tcp://127.0.0.1:1/system"])
def test_no_recording_of_a_host_that_nobody_reaches(
    host: str, client: Client, tmp_path: Path
) -> None:
    """Nothing is written, status 6, and the reason."""
    done = command("record", host, "blade-7", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (6, "")
    assert "vmfex: nothing is recorded: " in done.stderr
    assert not (tmp_path / "blade-7").exists()


def test_several_ways_in_one_run(daemon: Sshd, client: Client, tmp_path: Path) -> None:
    """A host over SSH, one that nobody reaches, a libvirt that is not there and a recording: each
    has its line, its record and its reason."""
    say(daemon)
    unreachable, libvirt = "ssh://127.0.0.1:1", "qemu+tcp://127.0.0.1:1/system"
    done = command(
        *("certify", "ssh://blade-7", unreachable, libvirt, "reference", "--out=out"), cwd=tmp_path
    )
    lines = done.stdout.splitlines()
    assert [line[25:].split()[0] for line in lines[:4]] == [
        *("blade-7", "127.0.0.1", "127.0.0.1-2", "reference")
    ]
    assert "nothing listens for SSH there" in lines[1]
    assert "Connection refused" in lines[2]
    assert done.returncode in (1, 6)
    summary = json.loads((tmp_path / "out/summary.json").read_text())
    assert [h["decision"] for h in summary["hosts"][1:]] == ["INCOMPLETE"] * 2 + ["CERTIFIED"]


def test_one_host_that_nobody_reaches(client: Client, tmp_path: Path) -> None:
    """Alone too it is a result: a record in which everything is undetermined, and status 6."""
    done = command("certify", "ssh://127.0.0.1:1", "--out=out", cwd=tmp_path)
    assert done.returncode == 6
    assert done.stdout.splitlines()[-1].startswith("INCOMPLETE (no topology was judged): 127.0.0.1")
    assert "nothing listens for SSH there" in done.stdout
    run = Run(6, tmp_path / "out", done.stdout, done.stderr)
    assert not {"compliant", "violated"} & set(run.verdicts.values())
