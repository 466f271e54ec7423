"""A sosreport in a zip archive: known like one in a tar, with the same limits."""

import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.judging import judge_tree
from tests.support.needs import only_where
from tests.support.ways import in_the_layout_of_sos
from vmfex.checks.model.fact import Known, Unknown
from vmfex.evidence.archive import zip as archive
from vmfex.evidence.archive.entries import FILE_LIMIT
from vmfex.evidence.host import ReadHost
from vmfex.evidence.opening import open_path
from vmfex.evidence.sources.recorded import RecordingError
from vmfex.evidence.sources.sos.report import SosReport

LIST = "sos_commands/virsh/virsh_-r_list_--all"
CPUINFO = "proc/cpuinfo"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return in_the_layout_of_sos("reference")


def zipped(target: Path, files: dict[str, bytes], top: str = "sosreport-a/") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for path, raw in files.items():
            made.writestr(f"{top}{path}", raw)
    return target


@pytest.mark.parametrize("top", ["sosreport-a-2026/", "blade7/", "", "./", "a/b/x/"])
@pytest.mark.parametrize("name", ["x.zip", "x.tar.xz", "x"])
def test_known_by_what_is_in_it(
    files: dict[str, bytes], top: str, name: str, tmp_path: Path
) -> None:
    """Whatever it and its folders are called."""
    tree = open_path(zipped(tmp_path / name, files, top))
    assert judge_tree(tree).verdicts == judge_tree(SosReport(files)).verdicts
    assert tree.digest is not None


def test_backslashes_of_windows(files: dict[str, bytes], tmp_path: Path) -> None:
    """Old programs there write them in the place of slashes."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        for path, raw in files.items():
            info = zipfile.ZipInfo("x")
            info.filename, info.create_system = f"a/{path}".replace("/", "\\"), 0
            made.writestr(info, raw)
    expected = judge_tree(SosReport(files)).verdicts
    assert judge_tree(open_path(tmp_path / "x.zip")).verdicts == expected


def test_links_are_links(files: dict[str, bytes], tmp_path: Path) -> None:
    """As Info-ZIP keeps them (`zip -y`): what one leads to outside is not there."""
    path = zipped(tmp_path / "x.zip", files)
    with zipfile.ZipFile(path, "a") as made:
        for name, target in (("etc/system-release", "redhat-release"), ("etc/x-release", "/etc/x")):
            info = zipfile.ZipInfo(f"sosreport-a/{name}")
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            made.writestr(info, target)
    tree = open_path(path)
    assert tree.read("etc/system-release") == tree.read("etc/redhat-release")
    assert tree.read("etc/x-release") == Known(None)


def refusal(path: Path) -> str:
    with pytest.raises(RecordingError) as raised:
        open_path(path)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize(
    "name", ["../sos_commands/../etc/x-release", "sys/module/macvtap/../../../x", "/etc/x-release"]
)
def test_names_that_lead_elsewhere(files: dict[str, bytes], name: str, tmp_path: Path) -> None:
    """Nothing is ever read or written by such a name, and the report tells the rest."""
    tree = open_path(zipped(tmp_path / "x.zip", files | {name: b"stray"}, ""))
    assert judge_tree(tree).verdicts == judge_tree(SosReport(files)).verdicts


def test_what_is_cut_off_is_refused(files: dict[str, bytes], tmp_path: Path) -> None:
    """Its directory is at its end."""
    path = zipped(tmp_path / "x.zip", files)
    whole = path.read_bytes()
    for part in (1, 2, 3):
        path.write_bytes(whole[: len(whole) * part // 4])
        assert "not a complete zip archive" in refusal(path)


def test_file_that_is_damaged_is_unknown(files: dict[str, bytes], tmp_path: Path) -> None:
    """By its checksum; the others tell what they tell."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as made:
        for name, raw in files.items():
            made.writestr(f"s/{name}", raw)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(files[CPUINFO][:20], b"x" * 20, 1))
    host = ReadHost(open_path(path))
    assert isinstance(host.cpu_flags, Unknown) or "CRC" not in repr(host.cpu_flags)
    assert isinstance(open_path(path).read(CPUINFO), Unknown)
    assert isinstance(host.domains, Known)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_are_not_unpacked(
    files: dict[str, bytes], method: int, tmp_path: Path
) -> None:
    """Python unpacks these without a bound."""
    path = zipped(tmp_path / "x.zip", files)
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("sosreport-a/etc/x-release", b"x" * 100, method)
    fact = open_path(path).read("etc/x-release")
    assert isinstance(fact, Unknown)
    assert "not supported" in fact.reason


def test_encrypted_file_is_unknown(files: dict[str, bytes], tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", files)
    raw = bytearray(path.read_bytes())
    at = raw.rindex(f"sosreport-a/{LIST}".encode()) - 46  # its entry in the directory
    assert raw[at : at + 4] == b"PK\x01\x02"
    raw[at + 8] |= 1
    path.write_bytes(raw)
    domains = ReadHost(open_path(path)).domains
    assert isinstance(domains, Unknown)
    assert "is encrypted" in domains.reason


def test_one_file_above_the_limit_is_unknown(files: dict[str, bytes], tmp_path: Path) -> None:
    """It is not unpacked; the rest of the report tells what it tells."""
    held = files | {LIST: bytes(FILE_LIMIT + 1)}
    host = ReadHost(open_path(zipped(tmp_path / "x.zip", held)))
    assert isinstance(host.domains, Unknown)
    assert "larger than 16 MiB" in host.domains.reason
    assert isinstance(host.pci, Known)


def test_what_has_more_in_it_than_it_says(files: dict[str, bytes], tmp_path: Path) -> None:
    """A bomb that says it is small: no more is unpacked than it says."""
    path = zipped(tmp_path / "x.zip", files | {CPUINFO: bytes(FILE_LIMIT)})
    size = FILE_LIMIT.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (100).to_bytes(4, "little")))
    assert isinstance(open_path(path).read(CPUINFO), Unknown)


def test_unwanted_files_cost_nothing(files: dict[str, bytes], tmp_path: Path) -> None:
    """Much that nobody wants may stand in it."""
    held = files | {f"boot/{n}.img": bytes(FILE_LIMIT + 1) for n in range(6)}
    expected = judge_tree(SosReport(files)).verdicts
    assert judge_tree(open_path(zipped(tmp_path / "x.zip", held))).verdicts == expected


def test_too_many_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are counted before any becomes an object."""
    monkeypatch.setattr(archive, "ENTRY_LIMIT", 20)
    held = {f"sos_commands/x/{n}": b"" for n in range(21)}
    assert "more than 20 entries" in refusal(zipped(tmp_path / "x.zip", held))
    monkeypatch.setattr(archive, "NAMES_LIMIT", 1000)
    assert "its directory is larger" in refusal(tmp_path / "x.zip")


def test_many_entries_in_zip64(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than 65,535 make it one, which has its numbers elsewhere."""
    held = files | {f"proc/{n}/x": b"" for n in range(2**16)}
    path = zipped(tmp_path / "x.zip", held)
    assert isinstance(ReadHost(open_path(path)).domains, Known)
    monkeypatch.setattr(archive, "ENTRY_LIMIT", 2**16)
    assert "more than 65,536 entries" in refusal(path)


def test_name_twice(files: dict[str, bytes], tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", files)
    with zipfile.ZipFile(path, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr(f"sosreport-a/{LIST}", b"")
    assert "a name twice" in refusal(path)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("sosreport-a.tar.xz",), "packed sosreports"),
        (("manifest.json", "etc/os-release"), "pack it with tar"),
        ((), "pack it with tar"),
    ],
)
def test_no_sosreport(names: tuple[str, ...], says: str, tmp_path: Path) -> None:
    """Links are lost in a zip, so that a recording in one is none."""
    assert says in refusal(zipped(tmp_path / "x.zip", dict.fromkeys(names, b"{}"), ""))


@given(where=st.integers(0, 10**6), what=st.binary(min_size=1, max_size=8))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbled(files: dict[str, bytes], tmp_path: Path, where: int, what: bytes) -> None:
    """It is read, in part perhaps, or refused; what is read of it is right."""
    kept = {path: files[path] for path in (LIST, CPUINFO)}
    raw = bytearray(zipped(tmp_path / "x.zip", kept).read_bytes())
    at = where % len(raw)
    raw[at : at + len(what)] = what
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04" + raw[4:])
    try:
        tree = open_path(tmp_path / "x.zip")
    except RecordingError:
        return
    for path, content in kept.items():
        fact = tree.read(path)
        assert isinstance(fact, Unknown) or fact.value == content or fact.value is None


@only_where(shutil.which("zip") is not None, "zip")
def test_info_zip(files: dict[str, bytes], tmp_path: Path) -> None:
    """What `zip` makes of an unpacked report."""
    for path, raw in files.items():
        (tmp_path / "r" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "r" / path).write_bytes(raw)
    command = ["zip", "--quiet", "--recurse-paths", "--symlinks", str(tmp_path / "x.zip"), "r"]
    subprocess.run(command, cwd=tmp_path, check=True)
    expected = judge_tree(SosReport(files)).verdicts
    assert judge_tree(open_path(tmp_path / "x.zip")).verdicts == expected
