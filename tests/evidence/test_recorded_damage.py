"""A recording knows what it holds: what happened to it since is recognised, and said plainly."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import pytest

from tests.support.judging import judge_tree
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.evidence.embedded import load_embedded
from vmfex.evidence.every_fact import read_everything
from vmfex.evidence.host import ReadHost
from vmfex.evidence.recorder import RecordingTree
from vmfex.evidence.sources.recorded import RecordingError, load

NAME = "reference"
DOMAIN = "libvirt/domains/5ca1ab1e-0000-4000-8000-000000000101"
CPU = "proc/cpuinfo"


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A recording as `vmfex record` writes it."""
    tree = RecordingTree(load_embedded(NAME))
    read_everything(ReadHost(tree))
    tree.write(tmp_path / "host")
    return tmp_path / "host"


def reason(answer: Fact[object]) -> str:
    assert isinstance(answer, Unknown), answer
    return answer.reason


def test_whole(host: Path) -> None:
    """Nothing is lost of one that is as it was written, and it is judged like the host."""
    assert load(host).lost == ""
    assert judge_tree(load(host)).verdicts == judge_tree(load_embedded(NAME)).verdicts


def test_file_gone(host: Path) -> None:
    """It is unknown, not absent, and what lists it still does."""
    (host / CPU).unlink()
    tree = load(host)
    assert "it lacks 1 of the" in reason(tree.read(CPU))
    assert "cp -a" in reason(tree.exists(CPU))
    assert "damaged" in tree.lost


def test_directory_gone(host: Path) -> None:
    """A domain that was recorded is one that nobody can read, and not one that is not there."""
    rmtree(host / DOMAIN)
    tree = load(host)
    domains = ReadHost(tree).domains
    assert isinstance(domains, Known)
    assert sum(isinstance(domain, Unknown) for domain in domains.value) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw[: len(raw) // 2], "bytes: copy it again"),
        (lambda raw: raw.replace(b"\n", b"\r\n"), "line ends were changed"),
        (lambda raw: raw.replace(b"vmx", b"svm"), "its SHA-256 is another"),
        (lambda raw: b"", "it has 0 of"),
    ],
)
def test_file_changed(change: Callable[[bytes], bytes], told: str, host: Path) -> None:
    """A file that is another than was recorded is unknown, and what happened to it is said."""
    raw = (host / CPU).read_bytes()
    (host / CPU).write_bytes(change(raw))
    assert told in reason(load(host).read(CPU))


def test_links_flattened(host: Path) -> None:
    """A copy that followed links, as `cp -rL` does, is recognised by what stands in their place."""
    links = [path for path in host.rglob("*") if path.is_symlink()]
    for link in links:
        link.unlink()
        link.write_bytes(b"")
    tree = load(host)
    assert f"{len(links):,} of {len(links):,} links were replaced by what they led to" in tree.lost
    assert isinstance(ReadHost(tree).pci, Unknown)


def test_links_left_out(host: Path) -> None:
    """A copy without links, as `rsync -r` makes it, is told from one that stopped."""
    for path in [path for path in host.rglob("*") if path.is_symlink()]:
        path.unlink()
    assert "links were left out" in load(host).lost


def test_link_turned(host: Path) -> None:
    """A link that leads elsewhere than it did is not followed."""
    link = next(path for path in host.rglob("*") if path.is_symlink())
    link.unlink()
    link.symlink_to("/etc/passwd")
    assert "leads elsewhere" in reason(load(host).link(str(link.relative_to(host))))


def test_file_added(host: Path) -> None:
    """What was not there when the recording was made is not the host's, nor is the listing."""
    (host / "libvirt/networks/another.xml").write_text("<network/>")
    tree = load(host)
    assert "is not from when the recording was made" in reason(tree.names("libvirt/networks"))
    assert isinstance(tree.read("libvirt/networks/another.xml"), Unknown)


@pytest.mark.parametrize("document", ["manifest.json", "asked.json"])
def test_document_gone(document: str, host: Path) -> None:
    """Without the one or the other a recording cannot tell what it lacks: it is refused."""
    (host / document).unlink()
    with pytest.raises(RecordingError, match="gone"):
        load(host)


def test_documents_with_other_line_ends(host: Path) -> None:
    """They mean the same, so that only the evidence itself has to be copied again."""
    for name in ("manifest.json", "asked.json"):
        raw = (host / name).read_bytes()
        (host / name).write_bytes(raw.replace(b"\n", b"\r\n"))
    assert load(host).lost == ""


def test_manifest_edited(host: Path) -> None:
    """What could not be read stays unknown: an entry that is taken out is noticed, except of what
    people add (docs/recordings.md)."""
    manifest = json.loads((host / "manifest.json").read_text())
    manifest["unreadable"]["etc/os-release"] = "permission denied"
    (host / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(RecordingError, match="checksum"):
        load(host)


def test_manifest_without_what_it_holds(host: Path) -> None:
    """An older recording cannot tell what is gone: what it was asked and lacks is unknown, and a
    domain of which nothing is left is missed by its questions."""
    manifest = json.loads((host / "manifest.json").read_text())
    del manifest["holds"]
    (host / "manifest.json").write_text(json.dumps(manifest))
    rmtree(host / DOMAIN)
    tree = load(host)
    assert "an older one" in reason(tree.read(f"{DOMAIN}/running.xml"))
    assert "an older one" in reason(tree.names("libvirt/domains"))


def test_made_by_hand(tmp_path: Path) -> None:
    """Nothing says that it is whole, so that no absence in it counts; what is held does. One that
    is constructed by its own word is complete."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text("ID=rhel\n")
    tree = load(tmp_path)
    assert tree.read("etc/os-release") == Known(b"ID=rhel\n")
    assert "nothing says that it is whole" in reason(tree.read("etc/redhat-release"))
    assert isinstance(tree.names("etc"), Unknown)
    (tmp_path / "manifest.json").write_text('{"constructed": true}')
    assert load(tmp_path).read("etc/redhat-release") == Known(None)
