"""Which hosts a command line names, and what each is called."""

import re
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmfex.errors import UsageError
from vmfex.evidence.embedded import unpack
from vmfex.evidence.host_spec import HostKind, HostSpec, parse_host
from vmfex.evidence.sources.recorded import RecordingError
from vmfex.fleet.inventory import read_inventory
from vmfex.fleet.targets import _label, are_several, targets


def labels(*sources: str) -> list[str]:
    taken: set[str] = set()
    specs = (HostSpec(source, HostKind.PATH, Path(source)) for source in sources)
    return [_label(spec.name, taken) for spec in specs]


def parsed(*hosts: str | Path) -> list[HostSpec]:
    return [parse_host(str(host)) for host in hosts]


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("reference", "reference"),
        ("./captures/blade-7", "blade-7"),
        ("captures/blade-7.tar.gz", "blade-7"),
        ("captures/blade-7.domain.TGZ", "blade-7.domain"),
        ("captures/..", "host"),
        ("/", "host"),
        ("a/-rf", "_rf"),
        ("a/_blade.tar", "_blade"),
        ("a/.hidden.tar", "_hidden"),
        ("a/__", "host"),
        ("a/...", "host"),
        ("a/b c\n<i>\x1b[2J", "b_c_i_2J"),
        ("a/Ünïcode", "Unicode"),
        ("ü.tar", "u"),
        ("a/u\u0308.tar", "u"),  # as macOS writes the same name
        ("a/Straße-7.tar", "Stra_e-7"),
        ("a/刀片-7.tar", "_-7"),
        ("a/刀片.tar", "host"),  # of such a name nothing is left
        ("a/x\uff0fy.tar", "x_y"),  # what would be a slash
    ],
)
def test_label_comes_from_the_end_of_the_source(source: str, label: str) -> None:
    assert labels(source) == [label]


def test_labels_are_unique_in_any_case_of_letters() -> None:
    """Also where a name looks like the second of another; some file systems know no case."""
    assert labels("a/x", "b/x", "c/X.tar", "d/x-2") == ["x", "x-2", "X-3", "x-2-2"]


@given(st.lists(st.text(), max_size=20))
def test_labels_are_plain_names(sources: list[str]) -> None:
    """Whatever a host is called: a name that is no path, no option and no hidden file."""
    found = labels(*sources)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", label) for label in found)
    assert len({label.casefold() for label in found}) == len(sources)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ssh://a", "ssh://a/"),
        ("ssh://a", "ssh://root@A."),
        ("ssh://me@a", "ssh://you@a:22"),
        ("ssh://[::1]:022", "ssh://[0:0::1]"),
        ("qemu+ssh://a/system", "qemu+ssh://root@a:22/system?no_tty=1"),
        ("one.d", "./one.d"),
        ("one.d", "x/../one.d"),
        ("one.d", "link.d"),
        ("all", "one.d"),
        ("all/one.d", "all/"),
    ],
)
def test_one_host_by_two_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one: str, other: str
) -> None:
    """It would be judged and counted twice. Both words are told, whatever stands between."""
    monkeypatch.chdir(tmp_path)
    unpack("no-vic", Path("one.d"))
    for folder in ("x", "all"):
        Path(folder).mkdir()
    Path("all/one.d").symlink_to(tmp_path / "one.d")
    Path("link.d").symlink_to("one.d")
    for first, second in ((one, other), (other, one)):
        with pytest.raises(UsageError, match=r"^'.*' (and '.*' are|is named)") as caught:
            targets(parsed(first, "reference", second))
        assert first.rstrip("/") in str(caught.value)
        assert second.rstrip("/") in str(caught.value)


@pytest.mark.parametrize("host", ["local", "reference", "ssh://a", "qemu:///system"])
def test_one_word_twice(host: str) -> None:
    """Not one host without a word."""
    with pytest.raises(UsageError, match=f"^'{host}' is named twice: name each host once$"):
        targets(parsed(host, "no-vic", host))


@pytest.mark.parametrize(
    "hosts",
    [
        ("ssh://a", "ssh://a:23", "ssh://b"),
        ("qemu+ssh://a/system", "qemu+ssh://a:23/system", "qemu+ssh://a/session"),
        ("ssh://a", "qemu+ssh://a/system"),
        ("test:///default", "qemu:///system", "local"),
    ],
)
def test_what_may_be_two_hosts(hosts: tuple[str, ...]) -> None:
    """The ports of one address may lead to two machines, and two ways in show different things."""
    assert [target.source for target in targets(parsed(*hosts))] == [*hosts]


def test_what_is_several(tmp_path: Path) -> None:
    """A directory of recordings is several also with one in it: where reports go does not depend
    on how many there are today. A recording is one host, with a manifest or without."""
    (tmp_path / "captures/one/sys").mkdir(parents=True)
    assert are_several(parsed(str(tmp_path / "captures")))
    assert not are_several(parsed(str(tmp_path / "captures/one")))
    assert not are_several([])
    assert not are_several(parsed("local"))
    assert are_several(parsed("local", "local"))
    [target] = targets(parsed(str(tmp_path / "captures")))
    assert target.label == "one"


def test_a_name_that_is_no_host_ends_the_run_before_it_starts(tmp_path: Path) -> None:
    """A slip of the pen is no result for a host."""
    with pytest.raises(RecordingError, match="There is no host 'refrence'"):
        targets(parsed("reference", "refrence"))
    with pytest.raises(RecordingError, match=r"There is no recording './gone': No such file"):
        targets(parsed("reference", "./gone"))
    for path in ("a" * 5000, "\0", f"./{'a' * 5000}"):
        with pytest.raises(RecordingError, match="There is no "):
            targets(parsed(path))
    with pytest.raises(UsageError, match="is a directory without a recording in it"):
        targets(parsed(str(tmp_path)))


def _photos(folder: Path) -> Path:
    """As a camera leaves them, beside a note and a folder, and what somebody packed of them."""
    (folder / "more").mkdir(parents=True)
    for name in ("1.jpg", "2.jpg", "more/3.jpg"):
        (folder / name).write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF" * 100)
    (folder / "note").write_text("of the summer")
    with tarfile.open(folder / "more.tar.gz", "w:gz") as tar:
        tar.add(folder / "more", "more")
    return folder


def test_a_folder_in_which_nothing_is_a_host(tmp_path: Path) -> None:
    """Is the wrong folder, and no result for each of its files: from an inventory, too."""
    photos = _photos(tmp_path / "photos")
    says = r"photos' is a directory of 5 files or folders, none of which is a recording"
    with pytest.raises(UsageError, match=says):
        targets(parsed(photos))
    (tmp_path / "site").write_text("hosts:\n  reference:\n  photos/:\n")
    with pytest.raises(UsageError, match=f"site, line 3: .*{says}"):
        read_inventory(tmp_path / "site")


@pytest.mark.parametrize("damaged", [b"", b"no tar at all", b"\x1f\x8b\x08\0"])
def test_what_is_no_host_beside_others_is_not_passed_over(tmp_path: Path, damaged: bytes) -> None:
    """Beside a host, or what may be a damaged one, each of the others is a result too."""
    photos = _photos(tmp_path / "photos")
    (photos / "blade-7.tar").write_bytes(damaged)
    assert len(targets(parsed(photos))) == 6
    (photos / "blade-7.tar").unlink()
    unpack("no-vic", photos / "no-vic")
    assert len(targets(parsed(photos))) == 6
