"""tools/corpus.sh with apt replaced by a program that answers as it would; and who collects it."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.support.needs import only_where

ROOT = Path(__file__).parents[2]
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
on_debian = only_where(KEYS.is_file(), "this machine has no keys of Debian's")
APT = """#!/bin/sh
case "$*" in
    *indextargets*) echo "deb-src [signed-by=keys] http://mirror.example/debian stable main" ;;
    *update*) [ -z "$OFFLINE" ] || { echo "E: could not connect" >&2; exit 100; } ;;
    *source*) [ -z "$SOURCE" ] || cp "$SOURCE" "$PWD" ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the script, and an apt that knows one repository."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "tools/corpus.sh", tmp_path / "tools")
    (tmp_path / "bin/apt-get").write_text(APT)
    (tmp_path / "bin/apt-get").chmod(0o755)
    return tmp_path


def fetch(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{clone / 'bin'}:{os.environ['PATH']}"
    given = {"PATH": path, "OFFLINE": "", "SOURCE": "", **environment}
    script = str(clone / "tools/corpus.sh")
    return subprocess.run([script], env=given, capture_output=True, encoding="utf-8")


def archive(clone: Path, *names: str) -> str:
    """A source archive of libvirt's that has these files."""
    file = clone / "libvirt_9.0.0.orig.tar.xz"
    (clone / "empty").touch()
    with tarfile.open(file, "w:xz") as tar:
        for name in names:
            tar.add(clone / "empty", f"libvirt-9.0.0/{name}")
    return str(file)


@on_debian
def test_documents_alone_are_kept(clone: Path) -> None:
    """The documents, what libvirt refuses of them, and its version; no second time."""
    kept = ("tests/a/net.xml", "tests/a/net.err", "tests/networkxml2xmltest.c")
    source = archive(clone, *kept, "tests/a/net.args", "src/libvirt.c")
    done = fetch(clone, SOURCE=source)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    corpus = clone / ".setup/corpus"
    files = {str(p.relative_to(corpus)) for p in corpus.rglob("*") if p.is_file()}
    assert files == {*kept, "made", "version"}
    assert (corpus / "version").read_text() == "9.0.0\n"
    assert fetch(clone, OFFLINE="yes").returncode == 0


@on_debian
def test_failure_is_one_sentence(clone: Path) -> None:
    """Without a network, without the source, and with a source that has no tests: one line, and the
    next run fetches again."""
    foreign = archive(clone, "src/libvirt.c")
    for environment, words in (
        ({"OFFLINE": "yes"}, "cannot be fetched: apt could not update"),
        ({}, "has not one archive"),
        ({"SOURCE": foreign}, "not laid out as expected"),
    ):
        done = fetch(clone, **environment)
        assert done.returncode == 1
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
        assert not (clone / ".setup/corpus/made").exists()


@pytest.mark.parametrize(("corpus", "is_collected"), [("", False), ("libvirt", True)])
def test_who_collects_its_tests(corpus: str, is_collected: bool) -> None:
    """`make corpus` does, and nothing else: in `make test` none of them is there to be skipped."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/corpus"]
    environment = {**os.environ, "CORPUS": corpus}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")
    assert ("tests/corpus/libvirt/" in done.stdout) == is_collected
    assert "tests/corpus/test_every_merge.py" in done.stdout
