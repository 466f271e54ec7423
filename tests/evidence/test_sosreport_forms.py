"""How a sosreport may come: under any name, in any packing, cleaned, in part, or not at all."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.support.judging import judge_tree
from tests.support.ways import in_the_layout_of_sos
from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.archive.entries import FILE_LIMIT
from vmfex.evidence.host import ReadHost
from vmfex.evidence.opening import open_path
from vmfex.evidence.sources.recorded import RecordingError
from vmfex.evidence.sources.sos.cleaned import CLEANED
from vmfex.evidence.sources.sos.report import SosReport

LIST = "sos_commands/virsh/virsh_-r_list_--all"
UDEVADM = "sos_commands/devices/udevadm_info_--export-db"
LINKS = "sos_commands/networking/ip_-s_-d_link"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return in_the_layout_of_sos("reference")


def packed(target: Path, files: dict[str, bytes], top: str) -> Path:
    with tarfile.open(target, "w:gz" if target.suffix == ".gz" else "w:xz") as tar:
        for path, raw in sorted(files.items()):
            member = tarfile.TarInfo(f"{top}{path}")
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
    return target


@pytest.mark.parametrize("top", ["sosreport-a-2026/", "blade7/", "", "./", "a/b/sosreport-x/"])
@pytest.mark.parametrize("name", ["x.tar.gz", "x.tar.xz"])
def test_known_by_what_is_in_it(
    files: dict[str, bytes], top: str, name: str, tmp_path: Path
) -> None:
    """Whatever its folder is called, also where others stand above it, and where something large
    that nobody wants comes before what tells that it is a sosreport."""
    large = {"boot/initramfs.img": bytes(FILE_LIMIT + 1)}
    expected = judge_tree(SosReport(files)).verdicts
    for held in (files, files | large):
        assert judge_tree(open_path(packed(tmp_path / name, held, top))).verdicts == expected


@pytest.mark.parametrize("top", ["", "blade7", "a/blade7"])
def test_unpacked_under_any_name(files: dict[str, bytes], top: str, tmp_path: Path) -> None:
    for path, raw in files.items():
        (tmp_path / top / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / top / path).write_bytes(raw)
    expected = judge_tree(SosReport(files)).verdicts
    assert judge_tree(open_path(tmp_path)).verdicts == expected


def test_one_file_above_the_limit_is_unknown(files: dict[str, bytes], tmp_path: Path) -> None:
    """The rest of the report tells what it tells."""
    held = files | {UDEVADM: bytes(FILE_LIMIT + 1)}
    host = ReadHost(open_path(packed(tmp_path / "x.tar.xz", held, "s/")))
    assert isinstance(host.pci, Unknown)
    assert "larger than 16 MiB" in host.pci.reason
    assert isinstance(host.domains, Known)
    held = files | {LIST: b"\n" * 1_000_001}
    host = ReadHost(open_path(packed(tmp_path / "x.tar.xz", held, "s/")))
    assert isinstance(host.domains, Unknown)
    assert "lines" in host.domains.reason


def test_cleaned(files: dict[str, bytes], tmp_path: Path) -> None:
    """Addresses of `sos report --clean` violate no schema, and are said to be such; so is a report
    that is packed as one."""
    cleaned = {p: raw.replace(b"52:54:00:5c:a1", b"53:4f:53:5c:a1") for p, raw in files.items()}
    tree = open_path(packed(tmp_path / "x.tar.xz", cleaned, "x/"))
    assert tree.notes == (CLEANED,)
    assert judge_tree(tree).verdicts["TOP-04"] is Verdict.UNDETERMINED
    assert open_path(packed(tmp_path / "x-obfuscated.tar.xz", files, "x/")).notes == (CLEANED,)
    assert open_path(packed(tmp_path / "x.tar.xz", files, "x/")).notes == ()


def test_list_against_definitions(files: dict[str, bytes]) -> None:
    """A domain that is defined and not listed, or listed and not defined, leaves them unknown; so
    does a list without its last blank line."""
    lines = files[LIST].splitlines(keepends=True)
    whole = b"".join(lines)
    for changed in (
        whole.replace(lines[2], b""),
        whole.replace(b"web01", b"web09"),
        b"".join(lines[:2]),
        b"".join(lines[:3]),
        b"".join(lines[:2]) + b"\n",
        whole[:-1],
        b"",
    ):
        domains = ReadHost(SosReport(files | {LIST: changed})).domains
        assert isinstance(domains, Unknown), changed


def test_stopped_network(files: dict[str, bytes]) -> None:
    """A network that the list has as inactive violates both rules."""
    table = "sos_commands/virsh/virsh_-r_net-list"
    stopped = files[table].replace(b"active     yes", b"inactive   no ")
    judged = judge_tree(SosReport(files | {table: stopped}))
    assert judged.verdicts["TOP-06"] is judged.verdicts["TOP-07"] is Verdict.VIOLATED
    [finding] = judged.findings["TOP-06"]
    assert finding.remedy == "Start the network: `virsh net-start vmfex-pool`."


def test_iommu_that_udevadm_lists(files: dict[str, bytes]) -> None:
    """Units of /sys/class/iommu are an IOMMU in effect; none listed is none known."""
    before = b"P: /devices/virtual/iommu/dmar0\nE: DEVPATH=/devices/virtual/iommu/dmar0\n\n"
    lists = ReadHost(SosReport(files | {UDEVADM: before + files[UDEVADM]})).iommu
    assert "dmar0" in lists.need().how
    assert isinstance(SosReport(files).names("sys/class/iommu"), Unknown)


def test_serial_number_of_dmidecode(files: dict[str, bytes]) -> None:
    """The machine's own, and neither the board's nor one that the firmware does not tell."""
    path, text = (
        "sos_commands/hardware/dmidecode",
        (
            b"# dmidecode 3.2\nSystem Information\n\tManufacturer: Cisco Systems Inc\n"
            b"\tSerial Number: FCH1842V1CB\n\tUUID: x\n\nBase Board Information\n"
            b"\tSerial Number: FCH9\n"
        ),
    )
    assert ReadHost(SosReport(files | {path: text})).serial.need() == "FCH1842V1CB"
    for lost in (text.replace(b"FCH1842V1CB", b"Not Specified"), b"", text[:60]):
        assert isinstance(ReadHost(SosReport(files | {path: lost})).serial, Unknown)


def test_modules_that_the_kernel_has(files: dict[str, bytes]) -> None:
    """Plugin `kernel` copies modules.dep, which tells of a module that is not loaded."""
    release = ReadHost(SosReport(files)).kernel.need().release
    kept = {path: raw for path, raw in files.items() if path != "proc/modules"}
    dep = {f"lib/modules/{release}/modules.dep": b"kernel/drivers/net/macvtap.ko: x\n"}
    assert ReadHost(SosReport(kept | dep)).macvtap_driver.need() == "available as a module"
    without = ReadHost(SosReport(kept)).macvtap_driver
    assert isinstance(without, Unknown)
    assert "sos report -o kernel" in without.reason


def test_links_without_kinds(files: dict[str, bytes]) -> None:
    """`ip -d address` of iproute2 3 shows no kind of a macvtap: that is not "of no kind"."""
    lines = files[LINKS].splitlines(keepends=True)
    plain = b"".join(line for line in lines if not line.startswith(b"    macvtap"))
    address = {p: raw for p, raw in files.items() if p != LINKS}
    address["sos_commands/networking/ip_-d_address"] = plain
    judged = judge_tree(SosReport(address))
    assert judged.verdicts["EMU-04"] is Verdict.UNDETERMINED
    assert isinstance(ReadHost(SosReport(address)).links, Unknown)


@pytest.mark.parametrize("large", [{}, {"a/boot/initramfs.img": bytes(FILE_LIMIT + 1)}])
def test_reports_of_two_hosts_in_one_archive(
    files: dict[str, bytes], large: dict[str, bytes], tmp_path: Path
) -> None:
    """None is certified in the place of both."""
    both = {f"{top}/{path}": raw for top in ("a", "b") for path, raw in files.items()}
    with pytest.raises(RecordingError, match="more than one sosreport"):
        open_path(packed(tmp_path / "x.tar.gz", large | both, ""))
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        for path, raw in both.items():
            made.writestr(path, raw)
    with pytest.raises(RecordingError, match="more than one sosreport"):
        open_path(tmp_path / "x.zip")


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("holiday/1.jpg", "holiday/2.jpg"), "no evidence of a host"),
        (("sos-collector-x/sosreport-a.tar.xz", "sos-collector-x/manifest.json"), "sos collect"),
        (("etc/passwd", "etc/fstab", "etc/os-release"), "copy of /etc"),
        (("passwd", "fstab"), "copy of /etc"),
        (("passwd", "libvirt/libvirtd.conf"), "copy of /etc"),
        (("a/manifest.json", "b/manifest.json", "b/uname"), "more than one recording"),
        (("run/certification.json", "run/certification.txt"), "earlier run"),
    ],
)
def test_no_host(names: tuple[str, ...], says: str, tmp_path: Path) -> None:
    """What holds nothing of a host is refused, and said to be what it looks like."""
    held = dict.fromkeys(names, b"{}")
    with pytest.raises(RecordingError, match=says):
        open_path(packed(tmp_path / "x.tar.gz", held, ""))
    for path, raw in held.items():
        (tmp_path / "d" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "d" / path).write_bytes(raw)
    with pytest.raises(RecordingError, match=says):
        open_path(tmp_path / "d")
