"""What is started is ended: within its limit, and when the run is ended by a signal."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.capturing import SHELLS, find_shell, script_environment
from tests.support.ended import ended
from tests.support.sessions import command_line, process_environment
from tests.support.waiting import PATIENCE, wait_until
from vmfex.evidence.sources.capture import SCRIPT
from vmfex.evidence.sources.ssh import open_ssh
from vmfex.evidence.sources.ssh_address import SshAddress

SLEEPER = "#!/bin/sh\necho $$ >{folder}/{name}.part && mv {folder}/{name}.part {folder}/{name}\n"


def tool(folder: Path, name: str, rest: str) -> None:
    """A program that notes its number, and does the rest."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(SLEEPER.format(folder=folder, name=f"pid-{name}") + rest)
    path.chmod(0o755)


def has_ended(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return True
    return state == "Z"


def all_ended(folder: Path, *names: str) -> bool:
    return all(has_ended(int((folder / f"pid-{name}").read_text())) for name in names)


@pytest.mark.parametrize("start", ["", "setsid "])
def test_limit_holds_though_a_child_keeps_the_pipe(
    start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the group of ssh it is ended too; one that left the group is not waited for."""
    tool(tmp_path, "proxy", "exec sleep 60\n")
    tool(tmp_path, "ssh", f"{start}proxy &\nsleep 60\n")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    begun = tmp_path / "pid-proxy"
    tree = open_ssh(SshAddress.parse("ssh://blade-7"), limit=1)
    assert tree.lost == "blade-7 over SSH: it did not finish within 1 s"
    wait_until(begun.exists, "the child")
    wait_until(lambda: all_ended(tmp_path, "ssh"), "the end of ssh")
    if start:
        os.kill(int(begun.read_text()), signal.SIGKILL)
    wait_until(lambda: all_ended(tmp_path, "proxy"), "the end of its child")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("hosts", [["ssh://one"], ["ssh://one", "ssh://two"]])
def test_no_child_is_left_by_a_signal(
    number: signal.Signals, hosts: list[str], tmp_path: Path
) -> None:
    """Exit status 2, nothing certified, and neither ssh nor what it started goes on."""
    tool(tmp_path, "proxy", "exec sleep 60\n")
    tool(tmp_path, "ssh", "proxy &\nsleep 60\n")
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    with ended(
        subprocess.Popen(
            command_line("certify", *hosts),
            cwd=tmp_path,
            env=process_environment({"PATH": path}),
            stderr=subprocess.PIPE,
            text=True,
        )
    ) as process:
        wait_until((tmp_path / "pid-proxy").exists, "ssh and its child")
        process.send_signal(number)
        said = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 2
    assert said.endswith("interrupted; nothing is certified by this run\n")
    wait_until(lambda: all_ended(tmp_path, "ssh", "proxy"), "the end of both")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("shell", SHELLS)
def test_no_child_of_the_capture_script_is_left(
    shell: str, number: signal.Signals, tmp_path: Path
) -> None:
    """Neither what it asked nor who watches over that."""
    tool(tmp_path, "ip", "exec sleep 30\n")
    with ended(
        subprocess.Popen(
            [*find_shell(shell), str(SCRIPT)],
            env=script_environment(tools=tmp_path / "bin"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    ) as process:
        wait_until((tmp_path / "pid-ip").exists, "a program that hangs")
        process.send_signal(number)
        process.communicate(timeout=PATIENCE)  # until nobody has its output any more
    assert process.returncode == 143
    wait_until(lambda: all_ended(tmp_path, "ip"), "its end")
    wait_until(lambda: not left_of(process.pid), "the end of all")


def left_of(session: int) -> list[str]:
    """The processes of a session that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, number = stat.read_text().rpartition(") ")[2].split()[:4]
        except OSError:
            continue
        if int(number) == session and state != "Z":
            found.append(stat.parent.name)
    return found
