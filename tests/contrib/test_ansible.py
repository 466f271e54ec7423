"""The role: real ansible-core, a real sshd, a recorded host behind it, which nothing writes to."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.contrib import CONTRIB, TOOLS, VMFEX, tool
from tests.support.judging import judge_tree
from tests.support.needs import program
from tests.support.opened import opened
from tests.support.sessions import process_environment
from tests.support.sshd import USER, Client, Sshd
from tests.support.ways import daemon, say
from tests.support.world import World, world_of
from vmfex.evidence.embedded import embedded_file, load_embedded

__all__ = ["daemon"]  # a fixture

CONFIG = """\
Host blade-7
  HostName 127.0.0.1
  Port {port}
  User {user}
Host gone
  HostName 127.0.0.1
  Port 1
"""
NO_PYTHON = "#!/bin/sh\necho used >>{log}\nexit 1\n"


@pytest.fixture
def client(daemon: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Knows the daemon's host as blade-7, and one called gone at which nothing listens."""
    made = Client(
        tmp_path / "client",
        identity=daemon.root / "user_key",
        known=daemon.known,
        config=CONFIG.format(port=daemon.port, user=USER),
    )
    made.use(monkeypatch)
    return made


@pytest.fixture
def world(daemon: Sshd) -> Iterator[World]:
    """The reference host behind the daemon, whose Python fails."""
    with world_of(load_embedded("reference")) as made:
        for name in ("python", "python3"):
            (made.tools / name).write_text(NO_PYTHON)
            (made.tools / name).chmod(0o755)
        say(daemon, VMFEX_ROOT=str(made.root), PATH=f"{made.tools}:/usr/bin:/bin")
        yield made


def ansible(
    folder: Path, client: Client, program: str, *words: str
) -> "subprocess.CompletedProcess[str]":
    """One of Ansible's programs, in the copy of the role."""
    environment = {
        **client.environment,
        "PATH": f"{TOOLS}:{client.environment['PATH']}",
        "ANSIBLE_HOME": str(folder / "home"),
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.run(
        [tool(program), *words],
        cwd=folder / "ansible",
        env=process_environment(environment),
        capture_output=True,
        text=True,
        check=False,
    )


def play(
    folder: Path, client: Client, *hosts: str, **variables: Any
) -> "subprocess.CompletedProcess[str]":
    """The playbook as it is, with an inventory of these hosts."""
    shutil.copytree(CONTRIB / "ansible", folder / "ansible", dirs_exist_ok=True)
    (folder / "ansible/inventory").write_text("".join(f"{host}\n" for host in hosts))
    said = {"vmfex_certify_command": [str(VMFEX)], "vmfex_certify_become": False, **variables}
    words = ("-i", "inventory", "certify.yml", "-e", json.dumps(said))
    return ansible(folder, client, "ansible-playbook", *words)


def entries(folder: Path) -> dict[str, int]:
    """Every path below, with its time."""
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_a_host_is_certified_and_nothing_is_written_there(
    daemon: Sshd, client: Client, world: World, tmp_path: Path
) -> None:
    """Its capture is on the controller and gives every verdict that vmfex's own SSH gives."""
    before = entries(daemon.home), entries(world.root)
    done = play(tmp_path, client, "blade-7", vmfex_certify_accepted=[6])
    assert done.returncode == 0, done.stdout + done.stderr
    assert (entries(daemon.home), entries(world.root)) == before
    capture = tmp_path / "ansible/captures/blade-7.tar.gz"
    assert capture.stat().st_mode & 0o777 == 0o600
    by_ssh = judge_tree(opened("ssh://blade-7")).verdicts
    assert judge_tree(opened(str(capture))).verdicts == by_ssh
    record = json.loads((tmp_path / "ansible/certification/certification.json").read_text())
    assert (record["host"], record["decision"]) == ("blade-1", "INCOMPLETE")
    assert "INCOMPLETE for SR-IOV" in done.stdout


def test_the_verdict_fails_the_play(client: Client, world: World, tmp_path: Path) -> None:
    """By default every status but 0; the reports are there all the same."""
    done = play(tmp_path, client, "blade-7")
    assert done.returncode == 2
    assert (tmp_path / "ansible/certification/certificate.html").exists()


def test_a_host_that_is_gone_is_not_left_out(client: Client, world: World, tmp_path: Path) -> None:
    """It has its line, INCOMPLETE, and no capture of an earlier day stands for it."""
    old = tmp_path / "ansible/captures/gone.tar.gz"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"of an earlier day")
    done = play(tmp_path, client, "blade-7", "gone", vmfex_certify_accepted=[6])
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((tmp_path / "ansible/certification/summary.json").read_text())
    gone = {host["label"]: host for host in summary["hosts"]}["gone"]
    assert gone["decision"] == "INCOMPLETE"
    assert old.read_bytes() == b""


def test_become_is_root(client: Client, world: World, tmp_path: Path) -> None:
    """Through a real sudo: what root alone may read is in the capture, and without it is not."""
    program("sudo")
    secret = world.root / "etc/os-release"
    secret.chmod(0o600)
    capture = tmp_path / "ansible/captures/blade-7.tar.gz"
    play(tmp_path, client, "blade-7")
    assert judge_tree(opened(str(capture))).verdicts["HST-01"] == "undetermined"
    done = play(tmp_path, client, "blade-7", vmfex_certify_become=True, vmfex_certify_accepted=[6])
    assert done.returncode == 0, done.stdout + done.stderr
    assert judge_tree(opened(str(capture))).verdicts["HST-01"] == "compliant"


def test_become_that_is_refused_is_told(client: Client, world: World, tmp_path: Path) -> None:
    """A password that nobody gave: the play says why there is no capture, the host is INCOMPLETE,
    and no capture of an earlier day stands for it."""
    program("sudo")
    old = tmp_path / "ansible/captures/blade-7.tar.gz"
    old.parent.mkdir(parents=True)
    shutil.copyfile(embedded_file("reference"), old)
    refused = {"vmfex_certify_become": True, "ansible_become_user": "daemon"}
    done = play(tmp_path, client, "blade-7", "gone", vmfex_certify_accepted=[6], **refused)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "blade-7 gave no capture: Task failed: Missing sudo password" in done.stdout
    assert "gone gave no capture: " in done.stdout
    summary = json.loads((tmp_path / "ansible/certification/summary.json").read_text())
    assert [host["decision"] for host in summary["hosts"]] == ["INCOMPLETE", "INCOMPLETE"]
    assert old.read_bytes() == b""


def test_a_host_that_leaves_the_play_ends_it(client: Client, tmp_path: Path) -> None:
    """One whose variables are refused: the others are not certified without it."""
    done = play(tmp_path, client, "blade-7", "gone vmfex_certify_accepted=often")
    assert done.returncode != 0
    assert not (tmp_path / "ansible/certification").exists()


@pytest.mark.parametrize(
    ("hosts", "serial"), [(("a:b", "a_b"), ""), (("blade-7", "gone"), "  serial: 1\n")]
)
def test_what_would_leave_a_host_out_is_refused(
    client: Client, tmp_path: Path, hosts: tuple[str, ...], serial: str
) -> None:
    """Before anything is captured."""
    shutil.copytree(CONTRIB / "ansible", tmp_path / "ansible")
    playbook = tmp_path / "ansible/certify.yml"
    playbook.write_text(playbook.read_text().replace("hosts: all\n", f"hosts: all\n{serial}"))
    inventory = {"all": {"hosts": dict.fromkeys(hosts)}}
    (tmp_path / "ansible/hosts.yml").write_text(json.dumps(inventory))
    done = ansible(tmp_path, client, "ansible-playbook", "-i", "hosts.yml", "certify.yml")
    assert done.returncode == 2
    assert "All hosts of the play are certified at once" in done.stdout + done.stderr
    assert not (tmp_path / "ansible/captures").exists()


def test_ansible_lint(client: Client, tmp_path: Path) -> None:
    """By its strictest profile."""
    shutil.copytree(CONTRIB / "ansible", tmp_path / "ansible")
    words = ("--nocolor", "--offline", "--profile", "production", ".")
    done = ansible(tmp_path, client, "ansible-lint", *words)
    assert done.returncode == 0, done.stdout + done.stderr
