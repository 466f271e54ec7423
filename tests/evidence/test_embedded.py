"""The hosts that come with the program: a tar each, in the form of the writer, and unpacked."""

import os
from gzip import decompress as gunzip
from pathlib import Path

import pytest

from tests.support.construct import RawTree
from tests.support.judging import judge_tree
from vmfex.checks.model.plan import Plan
from vmfex.evidence import embedded
from vmfex.evidence.embedded import (
    describe,
    embedded_file,
    embedded_hosts,
    load_embedded,
    unpack,
)
from vmfex.evidence.sources.recorded import RecordingError, load

each_host = pytest.mark.parametrize("name", embedded_hosts())


@each_host
def test_tar_is_what_its_content_gives(name: str, tmp_path: Path) -> None:
    """Every byte of it, also of those that were captured: no time, no owner, no order of old."""
    RawTree.load(embedded_file(name)).write_tar(tmp_path / "again.tar.gz")
    again, committed = (tmp_path / "again.tar.gz").read_bytes(), embedded_file(name).read_bytes()
    assert gunzip(again) == gunzip(committed)
    assert again[:10] == committed[:10]


@each_host
def test_unpacked_host_is_the_same(name: str, tmp_path: Path) -> None:
    """Its files and links are those of the tar, and it is judged alike, finding by finding."""
    unpack(name, tmp_path / "host")
    tree, directory = load_embedded(name), load(tmp_path / "host")
    assert (directory.files, directory.links) == (tree.files, tree.links)
    assert directory.directories == tree.directories
    assert directory.manifest == tree.manifest
    assert judge_tree(directory, Plan()).findings == judge_tree(tree, Plan()).findings
    assert tree.digest
    assert directory.digest is None


def test_unpacked_links_are_links(tmp_path: Path) -> None:
    """As the host had them; none of them leads out of the directory."""
    unpack("reference", tmp_path / "host")
    link = tmp_path / "host/sys/class/net/eth0"
    assert link.is_symlink()
    assert os.path.realpath(link).startswith(f"{tmp_path.resolve()}/host/sys/devices/")


def test_unpacked_into_an_empty_directory_only(tmp_path: Path) -> None:
    """What is there stays as it is; a name like a tar's is a directory's all the same."""
    (tmp_path / "host.tar.gz").mkdir()
    unpack("no-vic", tmp_path / "host.tar.gz")
    assert (tmp_path / "host.tar.gz/manifest.json").is_file()
    with pytest.raises(RecordingError, match=r"^'.*' is there already: .*\.$"):
        unpack("reference", tmp_path / "host.tar.gz")
    assert load(tmp_path / "host.tar.gz").name == "no-vic"


@pytest.mark.parametrize("name", ["blade-9", "", "../hosts/reference", "a\0b", "reference.tar.gz"])
def test_unknown_host(name: str, tmp_path: Path) -> None:
    """Is refused in one sentence that says where the names are, and nothing is written."""
    with pytest.raises(RecordingError, match=r"^There is no embedded host .*: `vmfex hosts` .*\.$"):
        unpack(name, tmp_path / "host")
    assert not list(tmp_path.iterdir())


def test_description_is_the_first_line_of_the_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else there is to say of a host stands below it."""
    tree = RawTree()
    tree.describe("blade", "What it is.\nHow it was made.")
    tree.write_tar(tmp_path / "blade.tar.gz")
    monkeypatch.setattr(embedded, "HOSTS", tmp_path)
    assert describe("blade") == "What it is."
