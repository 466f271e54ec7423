"""The baseline: sixty checks of this machine in the way of pytest-testinfra's documentation.

A file has an owner, a group and a mode, a package is installed in a version, and so on. All of it
holds on any Linux with the packages of Debian or RHEL.
"""

import pytest
from testinfra.host import Host

FILES = ("passwd", "group", "hosts", "os-release", "shells", "profile", "ld.so.conf", "mtab")
DIRECTORIES = ("/etc", "/lib", "/proc/sys", "/sys/bus", "/sys/class/net", "/usr/bin", "/var/log")
CONTENTS = (
    ("/proc/cpuinfo", "processor"),
    ("/proc/meminfo", "MemTotal"),
    ("/proc/mounts", "proc"),
    ("/proc/version", "Linux"),
    ("/proc/filesystems", "tmpfs"),
    ("/proc/devices", "Character"),
    ("/proc/stat", "cpu"),
    ("/etc/passwd", "root"),
    ("/etc/group", "root"),
    ("/etc/os-release", "NAME"),
)
PACKAGES = ("bash", "coreutils", "findutils", "grep", "gzip", "sed", "tar", "util-linux")
PARAMETERS = ("osrelease", "ostype", "hostname", "version", "pid_max", "threads-max")
MOUNTS = ("/", "/proc", "/sys", "/dev")
USERS = ("root", "daemon", "bin", "nobody")
COMMANDS = ("uname -r", "uname -m", "id -u", "ls /sys/class/net", "cat /proc/mounts", "df /")
LINKS = ("/proc/self", "/proc/mounts", "/dev/stdin", "/dev/fd")
DEVICES = ("/dev/null", "/dev/zero", "/dev/tty")


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


@pytest.mark.parametrize("command", COMMANDS)
def test_command(host: Host, command: str) -> None:
    assert host.run(command).succeeded


@pytest.mark.parametrize("path", LINKS)
def test_link(host: Host, path: str) -> None:
    assert host.file(path).is_symlink


@pytest.mark.parametrize("path", DEVICES)
def test_device(host: Host, path: str) -> None:
    assert host.file(path).exists
