"""What a user's word for a host is taken for, without reading the host."""

from pathlib import Path

import pytest

from vmfex.evidence.host_spec import HostKind, parse_host
from vmfex.evidence.sources.libvirt_uri import LibvirtUri
from vmfex.evidence.sources.recorded import RecordingError
from vmfex.evidence.sources.ssh_address import SshAddress


@pytest.mark.parametrize(
    ("text", "kind", "place", "name"),
    [
        ("local", HostKind.LOCAL, None, "local"),
        ("ssh://root@blade-7:22", HostKind.SSH, SshAddress("root", "blade-7", "22"), "blade-7"),
        (
            "qemu+ssh://root@blade-7/system",
            HostKind.LIBVIRT,
            LibvirtUri("qemu+ssh://root@blade-7/system", "blade-7"),
            "blade-7",
        ),
        (
            "test:///default",
            HostKind.LIBVIRT,
            LibvirtUri("test:///default", None),
            "test:///default",
        ),
    ],
)
def test_kinds(text: str, kind: HostKind, place: object, name: str) -> None:
    host = parse_host(text)
    assert (host.text, host.kind, host.place, host.name) == (text, kind, place, name)
    assert host.members == ()


def test_embedded() -> None:
    host = parse_host("reference")
    assert (host.kind, host.name) == (HostKind.EMBEDDED, "reference")


def test_path(tmp_path: Path) -> None:
    """A file is a host whatever is in it: to read it is not yet the time."""
    file = tmp_path / "blade-7.tar.gz"
    file.touch()
    host = parse_host(str(file))
    assert (host.kind, host.place, host.name) == (HostKind.PATH, file, "blade-7")


def test_checksums_and_reports_are_no_hosts(tmp_path: Path) -> None:
    """Beside hosts they are passed over; named as a host, each is refused for what it is."""
    (tmp_path / "blade-1.tar").touch()
    for name in ("SHA256SUMS", "blade-1.tar.sha256", "blade-1.tar.asc"):
        (tmp_path / name).touch()
    (tmp_path / "certification").mkdir()
    (tmp_path / "certification/certification.json").write_text("{}")
    spec = parse_host(str(tmp_path))
    assert [member.name for member in spec.members] == ["blade-1"]
    with pytest.raises(RecordingError, match="a file of checksums or a signature, not a host"):
        parse_host(str(tmp_path / "SHA256SUMS"))
    with pytest.raises(RecordingError, match="a folder of reports, not a host"):
        parse_host(str(tmp_path / "certification"))


def test_directory(tmp_path: Path) -> None:
    """What is in it is a host each, by name, but for what is hidden; one host's own directory is
    no directory of hosts."""
    for name in ("b", "a.tar", ".git"):
        (tmp_path / "many" / name).mkdir(parents=True)
    host = parse_host(str(tmp_path / "many"))
    assert host.kind is HostKind.DIRECTORY
    assert [(member.name, member.kind) for member in host.members] == [
        ("a", HostKind.PATH),
        ("b", HostKind.PATH),
    ]
    assert host.members[0].text == str(tmp_path / "many/a.tar")
    (tmp_path / "many/manifest.json").touch()
    assert parse_host(str(tmp_path / "many")).kind is HostKind.PATH


@pytest.mark.parametrize("text", ["blade-9", "./blade-9", "ssh://", "xen:///", "ssh://u:p@host"])
def test_no_host(text: str) -> None:
    """One sentence, in which no password is repeated."""
    with pytest.raises(RecordingError) as caught:
        parse_host(text)
    assert "u:p" not in str(caught.value)
