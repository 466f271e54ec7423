"""Certifying this machine writes nothing to it: the real command, watched by strace."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.libvirtd import Libvirtd
from tests.support.needs import missing
from tests.support.runs import VIEWS
from tests.support.sessions import Run, command

CALLS = (
    "open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,unlink,unlinkat,rmdir,rename,renameat,"
    "renameat2,link,linkat,symlink,symlinkat,truncate,chmod,fchmodat,chown,lchown,fchownat,utime,"
    "utimes,utimensat,setxattr,lsetxattr,removexattr,mount,umount2,swapon,swapoff,reboot,sethostname,"
    "init_module,finit_module,delete_module,bpf,setns,unshare,kill,tkill,tgkill,ptrace,socket,"
    "connect,sendto,sendmsg,sendmmsg,ioctl,execve"
)
OPENING = ("open", "openat", "openat2")
NETWORK = ("socket", "connect", "sendto", "sendmsg", "sendmmsg")
FOR_WRITING = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b")
# Of terminals and of file descriptors; none that changes a device or a link.
READING_IOCTLS = {"TCGETS", "TIOCGWINSZ", "FIOCLEX", "FIONBIO", "FIONREAD"}
PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
PLAIN = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")
TEMPORARY = "temporary"
DOMAIN = """
<domain type='qemu'>
  <name>watched</name>
  <memory unit='MiB'>64</memory>
  <os><type>hvm</type></os>
  <devices>
    <interface type='direct'>
      <source dev='no-such-link' mode='passthrough'/>
      <virtualport type='802.1Qbh'><parameters profileid='watched'/></virtualport>
      <model type='virtio'/>
    </interface>
  </devices>
</domain>
"""


@dataclass(frozen=True)
class Call:
    """A system call, with its arguments and result as strace has them."""

    name: str
    text: str

    def paths(self, cwd: Path) -> list[Path]:
        """The files it names, absolute."""
        return [Path(cwd, base or "", name) for base, name in PATH.findall(self.text)]


@dataclass(frozen=True)
class Watched:
    """A run of the command, and what it asked of the kernel."""

    run: Run
    cwd: Path
    calls: list[Call]

    def named(self, *names: str) -> Iterator[Call]:
        return (call for call in self.calls if call.name in names)

    @property
    def touched(self) -> set[Path]:
        """What was opened for writing, made, renamed or removed, but for what is no file."""
        changing = (*NETWORK, "ioctl", "execve", "kill", "tkill", "tgkill")
        calls = (call for call in self.calls if call.name not in changing)
        writing = (c for c in calls if c.name not in OPENING or FOR_WRITING.search(c.text))
        paths = {path for call in writing for path in call.paths(self.cwd)}
        return {path for path in paths if path not in (Path("/dev/null"), Path("/dev/tty"))}

    @property
    def programs(self) -> set[str]:
        """The programs that were started, without their version."""
        done = (call for call in self.named("execve") if call.text.endswith("= 0"))
        names = {path.name for call in done for path in call.paths(Path("/"))[:1]}
        return {re.sub(r"[\d.]+$", "", name) for name in names}

    @property
    def messages(self) -> set[str]:
        """The kinds of Netlink messages that were sent."""
        sent = [c for c in self.named("sendto", "sendmsg", "sendmmsg") if "NETLINK" in c.text]
        return {kind for call in sent for kind in re.findall(r"nlmsg_type=(\w+)", call.text)}


def traced(cwd: Path, *arguments: str) -> Watched:
    """`vmfex ARGUMENTS`, watched. Python's own cache of compiled modules is switched off."""
    if shutil.which("strace") is None:
        missing("strace")
    trace = cwd / "trace"
    strace = ["strace", "-f", "-y", "-s", "4096", "-o", f"{trace}", "-e", f"trace={CALLS}"]
    if subprocess.run([*strace, "true"], capture_output=True).returncode:
        missing("the permission to trace")
    environment = {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": f"{cwd}/{TEMPORARY}"}
    (cwd / TEMPORARY).mkdir()
    done = command(*arguments, cwd=cwd, environment=environment, before=strace)
    (cwd / TEMPORARY).rmdir()  # and nothing is left in it
    found = [PLAIN.match(line) for line in trace.read_text(errors="replace").splitlines()]
    calls = [Call(match[1], match[2]) for match in found if match]
    return Watched(Run(done.returncode, cwd / "out", done.stdout, done.stderr), cwd, calls)


def watch(cwd: Path, *arguments: str) -> Watched:
    """`vmfex certify local`, watched."""
    watched = traced(cwd, "certify", "local", "--out=out", "--quiet", *arguments)
    assert watched.run.status in (0, 1, 6), watched.run.stderr
    assert watched.run.errors == ""
    return watched


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, libvirtd: Libvirtd) -> Iterator[Watched]:
    """A full run against a real libvirtd that has a domain."""
    connection = libvirtd.connect()
    domain = connection.defineXML(DOMAIN)
    try:
        yield watch(tmp_path_factory.mktemp("watched"), f"--libvirt-uri={libvirtd.uri}")
    finally:
        domain.undefine()
        connection.close()


def test_run_saw_the_host(watched: Watched) -> None:
    """It was a whole run: it had libvirt's answers, the kernel's links and the host's files."""
    record = watched.run.record
    where = {
        evidence["where"]
        for r in record["rules"]
        for f in r["findings"]
        for evidence in f["evidence"]
    }
    assert "libvirt/connection.json" in where
    assert any(place.startswith("/sys/") for place in where)
    assert record["not_run"] == []
    assert record["topologies"] == {"SR-IOV with MacVTap passthrough": 1}
    assert any("AF_NETLINK" in call.text for call in watched.named("socket"))


def test_nothing_is_opened_for_writing(watched: Watched) -> None:
    """But for the reports, in their directory."""
    out = watched.cwd / "out"
    assert out / ".vmfex/new/allure-results" in watched.touched  # the watch works
    strangers = {path for path in watched.touched if not path.is_relative_to(out)}
    assert strangers <= {Path("/dev/null"), Path("/dev/tty")}


def test_kernel_is_only_asked_for_links(watched: Watched) -> None:
    """Over Netlink goes RTM_GETLINK and nothing else."""
    assert watched.messages == {"RTM_GETLINK"}
    families = [c.text for c in watched.named("socket") if "AF_NETLINK" in c.text]
    assert all("NETLINK_ROUTE" in text for text in families)


def test_no_ioctl_changes_anything(watched: Watched) -> None:
    """Terminals and descriptors are asked; no link or device is told."""
    used = {call.text.split(", ")[1] for call in watched.named("ioctl")}
    assert used <= READING_IOCTLS


def test_libvirt_is_connected_to_read_only(watched: Watched) -> None:
    """Its socket is the one on which libvirtd takes no change."""
    connects = [call.text for call in watched.named("connect") if "libvirt" in call.text]
    assert connects
    assert all('-ro"' in text for text in connects)


def test_libvirt_of_the_system_too(tmp_path: Path) -> None:
    """By its usual address as well, whichever daemon libvirt looks for."""
    watched = watch(tmp_path, "--rule=HST-05")
    connects = [call.text for call in watched.named("connect") if "sun_path" in call.text]
    daemons = [text for text in connects if re.search(r"libvirt|virtqemud", text)]
    assert daemons
    assert all('-ro"' in text for text in daemons)


def test_nobody_is_started_or_ended(watched: Watched) -> None:
    """No program but Python (and rpm, which reads a changelog), no namespace, no signal."""
    assert watched.programs <= {"python", "rpm"}
    assert list(watched.named("kill", "tkill", "ptrace", "setns", "unshare", "mount", "bpf")) == []


def test_rule_on_files_asks_neither_kernel_nor_libvirt(tmp_path: Path) -> None:
    """`--rule HST-01` makes no socket at all."""
    watched = watch(tmp_path, "--rule=HST-01")
    assert list(watched.named(*NETWORK)) == []


def test_what_the_run_leaves(watched: Watched) -> None:
    """The reports, with the rights that the umask gives them, and nothing beside them."""
    assert {path.name for path in watched.cwd.iterdir()} == {"out", "trace"}
    assert watched.run.files == {*VIEWS, "allure-results"}
    umask = os.umask(0)
    os.umask(umask)
    assert (watched.run.out / "certification.json").stat().st_mode & 0o777 == 0o600 & ~umask
