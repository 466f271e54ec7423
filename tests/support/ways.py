"""Other ways in to a recorded host, which is put together again for it (world.py)."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.capturing import run_script
from tests.support.opened import opened
from tests.support.printed_pci import lspci_text, udevadm_text
from tests.support.sshd import UID, USER, Client, Sshd, running_sshd
from tests.support.world import NOBODY, world_of
from vmfex.checks.model.fact import Known
from vmfex.evidence.embedded import load_embedded
from vmfex.evidence.host import ReadHost
from vmfex.evidence.parsers.pci import pci_tree
from vmfex.evidence.sources.captured import CapturedTree, read_capture
from vmfex.evidence.tree import Tree

SOS_PLUGINS = "kernel,release,virsh,networking,processor,libvirt,pci,devices"
VIRSH = ("version", "capabilities", "list --all", "net-list")


def captured(name: str, shell: str = "dash", *, old: bool | None = None) -> CapturedTree:
    with world_of(load_embedded(name), old=old) as world:
        return read_capture(run_script(shell, root=world.root, tools=world.tools, user=NOBODY))


@pytest.fixture(scope="module")
def daemon() -> Iterator[Sshd]:
    """A daemon that lets its user say where the host's files and programs are."""
    with running_sshd(more="PermitUserEnvironment yes\nPermitRootLogin yes") as made:
        (made.home / ".ssh").mkdir(mode=0o700)
        shutil.chown(made.home / ".ssh", UID, UID)
        yield made


@pytest.fixture
def client(daemon: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Knows the daemon's host as blade-7."""
    config = f"Host blade-7\n  HostName 127.0.0.1\n  Port {daemon.port}\n  User {USER}\n"
    key = daemon.root / "user_key"
    made = Client(tmp_path / "client", identity=key, known=daemon.known, config=config)
    made.use(monkeypatch)
    return made


def say(daemon: Sshd, **environment: str) -> None:
    """What the user's shell finds in its environment."""
    lines = "".join(f"{name}={value}\n" for name, value in environment.items())
    (daemon.home / ".ssh/environment").write_text(lines)


def over_ssh(name: str, daemon: Sshd) -> Tree:
    """Behind the `daemon`, for the `client`."""
    with world_of(load_embedded(name)) as world:
        say(daemon, VMFEX_ROOT=str(world.root), PATH=f"{world.tools}:/usr/bin:/bin")
        return opened("ssh://blade-7")


def in_the_layout_of_sos(name: str) -> dict[str, bytes]:
    """Constructed: a recorded host's files, and what its programs print, where sos puts them."""
    recording = load_embedded(name)
    files = {p: raw for p, raw in recording.files.items() if p.startswith(("etc/", "proc/", "var"))}
    with world_of(recording) as world:

        def printed(program: str, *words: str) -> bytes:
            command = [str(world.tools / program), *words]
            done = subprocess.run(command, capture_output=True, user=NOBODY, check=False)
            return done.stdout + done.stderr

        def virsh(command: str) -> bytes:
            return printed("virsh", "-r", "-c", "qemu:///system", *command.split())

        for command in VIRSH:
            words = command.replace("net-list", "net-list --all")
            files[f"sos_commands/virsh/virsh_-r_{command.replace(' ', '_')}"] = virsh(words)
        for row in virsh("list --all").decode().splitlines()[2:]:
            if row.strip():
                id_, vm, *_ = row.split()
                running = "" if id_ != "-" else "--inactive "
                files[f"sos_commands/virsh/virsh_-r_dumpxml_{vm}"] = virsh(f"dumpxml {running}{vm}")
                files[f"sos_commands/virsh/virsh_-r_dominfo_{vm}"] = b""
        for row in virsh("net-list --all").decode().splitlines()[2:]:
            if row.strip():
                net = row.split()[0]
                files[f"sos_commands/virsh/virsh_-r_net-dumpxml_{net}"] = virsh(
                    f"net-dumpxml {net}"
                )
        uname = printed("uname", "-snrvm").strip()
        if uname:
            files["sos_commands/kernel/uname_-a"] = uname + b" x86_64 x86_64 GNU/Linux\n"
        links = printed("ip", "-d", "link", "show")
        if links:
            files["sos_commands/networking/ip_-s_-d_link"] = links
    functions = pci_tree(recording)
    if isinstance(functions, Known):
        new = not uname.startswith((b"Linux", b"GNU")) or b" 6." in uname
        files["sos_commands/pci/lspci_-nnvv"] = lspci_text(functions.value, groups=new)
        kvm = recording.exists("dev/kvm") == Known(True)
        listed = ReadHost(recording).links
        names = listed.value if isinstance(listed, Known) else ()
        db = udevadm_text(functions.value, names, kvm=kvm)
        files["sos_commands/devices/udevadm_info_--export-db"] = db
    for path, raw in recording.files.items():
        if path.startswith("libvirt/domains/") and path.endswith("/persistent.xml"):
            files[f"etc/libvirt/qemu/{path.split('/')[2]}.xml"] = b"<!-- a warning -->\n" + raw
    files["sos_commands/libvirt/ls_-lR_.var.lib.libvirt.qemu"] = b""
    return files
