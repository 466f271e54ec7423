"""The roots of the lab's generations: what is said where there is none."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lab import generations
from tests.support.needs import only_where

SCRIPT = Path(__file__).parents[2] / "tools" / "generations.sh"
ON_DEBIAN = os.geteuid() == 0 and Path("/etc/debian_version").exists()


@only_where(ON_DEBIAN, "roots are made on Debian, by root")
def test_a_mirror_that_cannot_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each generation that is not there is one plain sentence, the set-up goes on, and its tests
    say the same."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(SCRIPT, tmp_path / "tools")
    apt = tmp_path / "bin" / "apt-get"
    apt.write_text("#!/bin/sh\necho E: no route to host >&2\nexit 100\n")
    apt.chmod(0o755)
    path = f"{apt.parent}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["sh", tmp_path / "tools" / SCRIPT.name],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    said = ran.stderr.splitlines()
    assert ran.returncode == 0
    assert len(said) == len(generations.VERSIONS)
    monkeypatch.setattr(generations, "FOLDER", tmp_path / ".setup" / "generations")
    for suite, line in zip(generations.VERSIONS, said, strict=True):
        words = f"libvirt of Debian {suite} is not asked: apt could not reach its mirror"
        assert line.startswith(f"generations: {words}")
        assert str(generations.find(suite)).startswith(words)


def test_a_root_is_found_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was never made, or was cut off, is said in words."""
    monkeypatch.setattr(generations, "FOLDER", tmp_path)
    assert "make lab-all fetches it" in str(generations.find("trixie"))
    (tmp_path / "trixie" / "root").mkdir(parents=True)
    assert "make lab-all fetches it" in str(generations.find("trixie"))
    (tmp_path / "trixie" / "made").touch()
    found = generations.find("trixie")
    assert isinstance(found, generations.Generation)
    assert found.root == tmp_path / "trixie" / "root"
