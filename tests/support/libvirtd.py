"""A real libvirtd of our own, without systemd: private files, private network, private processes.

It lives in its own mount, network and process namespaces. So its domains and networks never meet
those of the machine, and nothing of it outlives it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import libvirt
import pytest

from tests.support.needs import lacking
from tests.support.waiting import PATIENCE, wait_until

# libvirtd's driver for QEMU refuses to start without these, as Debian and RHEL call them.
USERS = ("libvirt-qemu", "qemu")
PASSWD_LINE, GROUP_LINE = "{name}:x:64055:64055::/:/bin/false\n", "{name}:x:64055:\n"
NAMESPACES = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
LIBVIRTD_CONF = """
unix_sock_dir = "{root}/socket"
unix_sock_ro_perms = "0777"
auth_unix_ro = "none"
auth_unix_rw = "none"
"""
QEMU_CONF = """
user = "root"
group = "root"
security_driver = "none"
stdio_handler = "file"
cgroup_controllers = []
namespaces = []
remember_owner = 0
"""
INSIDE = """
set -e
mkdir -p /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /etc/libvirt
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
mount --bind "$1/run" /run
mount --bind "$1/etc" /etc/libvirt
mount --bind "$1/lib" /var/lib/libvirt
mount --bind "$1/log" /var/log/libvirt
mount --bind "$2" /var/cache/libvirt
ip link set lo up
libvirtd -f "$1/libvirtd.conf" --pid-file "$1/run/libvirtd.pid" $3
exit $?
"""  # no exec: a shell as the first process buries the emulators that libvirtd waits to see dead


class Libvirtd:
    """A running daemon: `uri` is its read-only socket, `admin_uri` the one that may write."""

    def __init__(self, root: Path, cache: Path, more: str = "", option: str = "") -> None:
        self.read_only = f"{root}/socket/libvirt-sock-ro"
        self.uri = f"qemu:///system?socket={self.read_only}"
        self.admin_uri = f"qemu:///system?socket={root}/socket/libvirt-sock"
        self._root = root
        for directory in ("socket", "run", "etc", "lib", "log"):
            (root / directory).mkdir()
        (root / "libvirtd.conf").write_text(LIBVIRTD_CONF.format(root=root) + more)
        (root / "etc" / "qemu.conf").write_text(QEMU_CONF)
        with_users(Path("/etc/passwd"), root / "passwd", PASSWD_LINE)
        with_users(Path("/etc/group"), root / "group", GROUP_LINE)
        with (root / "libvirtd.log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    "setpriv",
                    "--pdeathsig",
                    "KILL",
                    *NAMESPACES,
                    "sh",
                    "-c",
                    INSIDE,
                    "sh",
                    root,
                    cache,
                    option,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def group(self) -> int:
        """The process group of the daemon and its namespaces' first processes."""
        return self._process.pid

    @property
    def inside(self) -> int:
        """The first process of its namespaces."""
        [child] = Path(f"/proc/{self.group}/task/{self.group}/children").read_text().split()
        return int(child)

    def await_answer(self) -> None:
        """Raises AssertionError with the daemon's own words if it ends, or stays mute."""
        wait_until(lambda: self._answers() or self._process.poll() is not None, "libvirtd's answer")
        said = (self._root / "libvirtd.log").read_text()
        assert self._process.poll() is None, f"libvirtd has ended: {said}"

    def _answers(self) -> bool:
        if not (self._root / "socket" / "libvirt-sock-ro").exists():
            return False
        opening = f"import libvirt; libvirt.openReadOnly({self.uri!r})"
        asked = subprocess.run([sys.executable, "-c", opening], timeout=PATIENCE)
        return asked.returncode == 0

    def connect(self) -> Any:
        """A connection that may write, to prepare what a test reads."""
        return libvirt.open(self.admin_uri)

    def freeze(self) -> None:
        os.killpg(self.group, signal.SIGSTOP)

    def thaw(self) -> None:
        os.killpg(self.group, signal.SIGCONT)

    def kill(self) -> None:
        """Ends it with all that it started, and returns when all of that is gone."""
        if self._process.poll() is not None:
            return
        self.thaw()
        children = Path(f"/proc/{self.group}/task/{self.group}/children").read_text().split()
        # The first process of the namespace takes the others along; `unshare` waits for it.
        for pid in map(int, children or [str(self.group)]):
            os.kill(pid, signal.SIGKILL)
        self._process.wait()


def with_users(original: Path, copy: Path, line: str) -> None:
    """Copies a passwd or group file, with a line for each of USERS that it lacks."""
    text = original.read_text()
    missing = [
        name for name in USERS if not text.startswith(f"{name}:") and f"\n{name}:" not in text
    ]
    copy.write_text(text + "".join(line.format(name=name) for name in missing))


def why_none() -> str | None:
    """Why no libvirtd can be started here; None if it can."""
    if os.geteuid() != 0:
        return "a libvirtd of its own needs root"
    for program in ("libvirtd", "unshare", "setpriv"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    namespaces = subprocess.run([*NAMESPACES, "true"], capture_output=True, text=True)
    return namespaces.stderr.strip() or "no namespaces here" if namespaces.returncode else None


def need(missing: str | None) -> None:
    """Skips the test for what is missing, except in CI, where nothing may be skipped."""
    if missing is not None:
        lacking(missing)


@contextmanager
def private_libvirtd(cache: Path, more: str = "", option: str = "") -> Iterator[Libvirtd]:
    """A libvirtd that answers. `cache` keeps what it found out about the emulators, which takes
    seconds, for the next one; `more` is added to its configuration."""
    need(why_none())
    root = Path(tempfile.mkdtemp(prefix="libvirtd-"))
    root.chmod(0o755)  # an unprivileged user may reach the sockets
    daemon = Libvirtd(root, cache, more, option)
    try:
        daemon.await_answer()
        yield daemon
    finally:
        daemon.kill()
        shutil.rmtree(root)


@pytest.fixture(scope="session")
def libvirtd_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("libvirtd-cache")


@pytest.fixture(scope="session")
def libvirtd(libvirtd_cache: Path) -> Iterator[Libvirtd]:
    """One daemon for all tests: whoever defines something undefines it."""
    with private_libvirtd(libvirtd_cache) as daemon:
        yield daemon
