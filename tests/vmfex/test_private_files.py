"""What is written is its owner's alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sessions import command, plain
from vmfex import certify

UMASK = "import os; os.umask({})"


@pytest.fixture
def lax() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> set[tuple[bool, str]]:
    """Of all that is below it, and of itself: whether it is a folder, and who may do what."""
    everything = [folder, *folder.rglob("*")]
    assert len(everything) > 3
    return {(path.is_dir(), oct(path.lstat().st_mode & 0o777)) for path in everything
            if not path.is_symlink()}  # fmt: skip


PRIVATE = {(True, "0o700"), (False, "0o600")}


@pytest.mark.parametrize(
    "words",
    [
        ["certify", "reference", "--html", "--out=out/reports"],
        ["certify", "reference", "m81kr", "--out=out"],
        ["record", "reference", "out"],
        ["hosts", "unpack", "reference", "out"],
    ],
)
def test_by_the_command(words: list[str], tmp_path: Path) -> None:
    """Folders above them too, which the command makes."""
    done = command(*words, cwd=tmp_path, code=UMASK.format("0o022"))
    assert done.returncode in (0, 1, 6), done.stderr
    assert modes(tmp_path / "out") == PRIVATE


def test_one_file(tmp_path: Path) -> None:
    """A recording in a tar, and a report of its own."""
    for words in (["record", "reference", "x.tar"], ["certify", "reference", "--quiet"]):
        assert command(*words, cwd=tmp_path, code=UMASK.format(0)).returncode == 0
    command("report", "junit", "certification", "-o", "x.xml", cwd=tmp_path, code=UMASK.format(0))
    for name in ("x.tar", "x.xml"):
        assert oct((tmp_path / name).stat().st_mode & 0o777) == "0o600"


def test_stricter_umask_holds(tmp_path: Path) -> None:
    command("record", "reference", "x.tar", cwd=tmp_path, code=UMASK.format("0o277"))
    assert oct((tmp_path / "x.tar").stat().st_mode & 0o777) == "0o400"


@pytest.mark.usefixtures("lax")
def test_by_pytest_and_from_python(tmp_path: Path) -> None:
    """The umask of who calls is as it was afterwards."""
    plain(tmp_path / "plain", "reference", "-k", "HST-01")
    certify("reference", rules=["HST-01"]).write(tmp_path / "api")
    for name in ("plain", "api"):
        assert modes(tmp_path / name) == PRIVATE
    assert os.umask(0o022) == 0o022
