"""The baseline: sixty checks of a KVM host in the way of pytest-testinfra's documentation.

33 of the machine: a file has an owner, a group and a mode, a package is installed in a version, and
so on. 27 ask libvirt by virsh, as an acceptance suite does that has no library of its own for it;
LIBVIRT_DEFAULT_URI leads to a daemon with three VMs. All of it holds on any Linux with the packages
of Debian or RHEL.
"""

import pytest
from testinfra.host import Host

FILES = ("passwd", "group", "hosts", "os-release", "profile")
DIRECTORIES = ("/etc", "/proc/sys", "/sys/bus", "/sys/class/net")
CONTENTS = (
    ("/proc/cpuinfo", "processor"),
    ("/proc/meminfo", "MemTotal"),
    ("/proc/mounts", "proc"),
    ("/proc/version", "Linux"),
    ("/proc/devices", "Character"),
    ("/etc/os-release", "NAME"),
)
PACKAGES = ("bash", "coreutils", "grep", "tar", "util-linux")
PARAMETERS = ("osrelease", "ostype", "hostname", "version")
MOUNTS = ("/", "/proc", "/sys")
USERS = ("root", "nobody")
LINKS = ("/proc/self", "/dev/stdin")
DEVICES = ("/dev/null", "/dev/zero")
OF_LIBVIRT = (
    ("version", "libvirt"),
    ("uri", "qemu:///system"),
    ("nodeinfo", "CPU model"),
    ("capabilities", "<guest>"),
    ("list --all", "web01"),
    ("net-list --all", "pool"),
    ("net-info pool", "Persistent"),
    ("net-dumpxml pool", "passthrough"),
    ("net-uuid pool", "-"),
)
VMS = ("web01", "web02", "db01")
OF_VMS = (
    ("dominfo", "CPU(s)"),
    ("domstate", "shut off"),
    ("domuuid", "-"),
    ("dumpxml", "<domain"),
    ("domiflist", "Interface"),
    ("domblklist", "Target"),
)


@pytest.mark.parametrize("name", FILES)
def test_file_belongs_to_root(host: Host, name: str) -> None:
    file = host.file(f"/etc/{name}")
    assert file.exists
    assert file.user == "root"
    assert file.group == "root"
    assert file.mode & 0o002 == 0 or file.is_symlink


@pytest.mark.parametrize("path", DIRECTORIES)
def test_directory(host: Host, path: str) -> None:
    directory = host.file(path)
    assert directory.is_directory
    assert directory.user == "root"


@pytest.mark.parametrize(("path", "text"), CONTENTS)
def test_content(host: Host, path: str, text: str) -> None:
    assert text in host.file(path).content_string


@pytest.mark.parametrize("name", PACKAGES)
def test_package(host: Host, name: str) -> None:
    package = host.package(name)
    assert package.is_installed
    assert package.version


@pytest.mark.parametrize("name", PARAMETERS)
def test_kernel_parameter(host: Host, name: str) -> None:
    assert host.file(f"/proc/sys/kernel/{name}").content_string.strip()


@pytest.mark.parametrize("path", MOUNTS)
def test_mount_point(host: Host, path: str) -> None:
    mount = host.mount_point(path)
    assert mount.exists
    assert mount.filesystem


@pytest.mark.parametrize("name", USERS)
def test_user(host: Host, name: str) -> None:
    user = host.user(name)
    assert user.exists
    assert user.uid >= 0


@pytest.mark.parametrize("path", LINKS)
def test_link(host: Host, path: str) -> None:
    assert host.file(path).is_symlink


@pytest.mark.parametrize("path", DEVICES)
def test_device(host: Host, path: str) -> None:
    assert host.file(path).exists


@pytest.mark.parametrize(("question", "answer"), OF_LIBVIRT)
def test_libvirt(host: Host, question: str, answer: str) -> None:
    asked = host.run(f"virsh --readonly {question}")
    assert asked.succeeded
    assert answer in asked.stdout


@pytest.mark.parametrize("vm", VMS)
@pytest.mark.parametrize(("question", "answer"), OF_VMS)
def test_vm(host: Host, vm: str, question: str, answer: str) -> None:
    asked = host.run(f"virsh --readonly {question} %s", vm)
    assert asked.succeeded
    assert answer in asked.stdout
