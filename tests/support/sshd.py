"""A real sshd on loopback, with a user who has no privileges, and a client that knows it.

The users are in files of their own, which the daemon sees in a mount namespace: the machine's stay
as they are. The client is OpenSSH's, with a configuration that stands for `~/.ssh/config`.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.needs import lacking, missing
from tests.support.waiting import wait_until

USER, UID = "vmfex-tester", 65534  # nobody's number, whom other daemons know too
DAEMON = """
ListenAddress 127.0.0.1
Port {port}
HostKey {root}/host_key
AuthorizedKeysFile {root}/authorized_keys
PidFile {root}/pid
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowTcpForwarding yes
MaxStartups 100
LogLevel VERBOSE
{more}
"""
INSIDE = """
set -e
mkdir -p /run/sshd
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
mount --bind "$1/shadow" /etc/shadow
[ ! -e /etc/sudoers ] || mount --bind "$1/sudoers" /etc/sudoers
exec "$2" -D -e -f "$1/sshd_config"
"""
NAMESPACE = ("setpriv", "--pdeathsig", "KILL", "unshare", "--mount")
SUDOERS = """\
Defaults !env_reset, !secure_path
#{uid} ALL = (root) NOPASSWD: ALL, (daemon) PASSWD: ALL
"""  # what say() puts into the environment stays
CLIENT = """
Host *
    UserKnownHostsFile {root}/known_hosts
    GlobalKnownHostsFile /dev/null
    IdentitiesOnly {only}
    IdentityFile {identity}
"""


class Sshd:
    """A running daemon. `root` has its keys; `home` is the user's."""

    def __init__(self, root: Path, more: str = "") -> None:
        self.root, self.home = root, root / "home"
        self.port = _free_port()
        self.home.mkdir()
        for name in ("host_key", "user_key"):
            _make_key(root / name)
        shutil.copyfile(root / "user_key.pub", root / "authorized_keys")
        (root / "sshd_config").write_text(
            DAEMON.format(root=root, port=self.port, more=more.format(root=root))
        )
        _accounts(root, self.home)
        shutil.chown(self.home, UID, UID)
        daemon = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin") or missing("sshd")
        with (root / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [*NAMESPACE, "sh", "-c", INSIDE, "sh", str(root), str(daemon)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> str:
        return (self.root / "log").read_text(errors="replace")

    @property
    def known(self) -> str:
        """Its line in known_hosts."""
        kind, key, *_ = (self.root / "host_key.pub").read_text().split()
        return f"[127.0.0.1]:{self.port} {kind} {key}\n"

    def await_answer(self) -> None:
        """Raises AssertionError with the daemon's own words if it ends, or stays mute."""
        wait_until(lambda: self._greets() or self._process.poll() is not None, "an sshd's greeting")
        assert self._process.poll() is None, f"sshd has ended: {self.log}"

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.settimeout(5)
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


class Client:
    """What the user has: a configuration, keys, known hosts, and an `ssh` that uses them."""

    def __init__(
        self, folder: Path, *, identity: Path | None, known: str, config: str = ""
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "known_hosts").write_text(known)
        only = "yes" if identity else "no"
        rest = CLIENT.format(root=folder, identity=identity or "none", only=only)
        (folder / "config").write_text(f"{config}\n{rest}")
        tools = folder / "bin"
        tools.mkdir(exist_ok=True)
        real = shutil.which("ssh") or missing("ssh")
        (tools / "ssh").write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" >>{folder}/words\n'
            f'exec {real} -F {folder}/config "$@"\n'
        )
        (tools / "ssh").chmod(0o755)
        self.environment = {"PATH": f"{tools}:{os.environ['PATH']}", "SSH_AUTH_SOCK": ""}

    def use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)

    @property
    def words(self) -> list[str]:
        """The arguments that ssh was called with, one after another."""
        return (self.folder / "words").read_text().splitlines()


def _make_key(path: Path) -> None:
    program = shutil.which("ssh-keygen") or missing("ssh-keygen")
    words = [str(program), "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)


def _accounts(root: Path, home: Path) -> None:
    line = f"{USER}:x:{UID}:{UID}::{home}:/bin/bash\n"
    (root / "passwd").write_text(Path("/etc/passwd").read_text() + line)
    (root / "group").write_text(Path("/etc/group").read_text() + f"{USER}:x:{UID}:\n")
    (root / "shadow").write_text(Path("/etc/shadow").read_text() + f"{USER}:*:19000::::::\n")
    (root / "shadow").chmod(0o600)
    (root / "sudoers").write_text(SUDOERS.format(uid=UID))
    (root / "sudoers").chmod(0o440)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_sshd(more: str = "") -> Iterator[Sshd]:
    """A daemon that answers."""
    if os.geteuid() != 0:
        lacking("an sshd with users of its own needs root")
    root = Path(tempfile.mkdtemp(prefix="sshd-"))
    root.chmod(0o755)
    daemon = Sshd(root, more)
    try:
        daemon.await_answer()
        yield daemon
    finally:
        daemon.stop()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def sshd() -> Iterator[Sshd]:
    """One daemon for all tests; nobody changes it."""
    with running_sshd() as daemon:
        yield daemon
