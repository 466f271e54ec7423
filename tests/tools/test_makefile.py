"""make with set-up and the commands replaced by programs that show their arguments."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the Makefile in which nothing is installed and vmfex ends with status 6."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name, text in {
        "tools/setup.sh": "exit 0",
        "tools/corpus.sh": "exit 0",
        "tools/install/prove.sh": 'printf "<%s>" "$@"',
        ".venv/bin/vmfex": 'printf "<%s>" "$@"; exit 6',
        ".venv/bin/python": 'printf "<%s>" $CORPUS "$@"',
    }.items():
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    return tmp_path


def certify(clone: Path, *given: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return make(clone, "certify", *given, **environment)


def make(clone: Path, *given: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *given],
        cwd=clone,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        encoding="utf-8",
    )


def test_defaults(clone: Path) -> None:
    """Without a word the reference host is certified, whatever HOST the shell exports."""
    assert certify(clone, HOST="workstation").stdout == "<certify><--html><--><reference>"


def test_status_is_named(clone: Path) -> None:
    """A host that is not certified fails make, which names vmfex's own status and says no more."""
    done = certify(clone)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert done.stderr.endswith("certify] Error 6\n")


def test_every_value_arrives(clone: Path) -> None:
    """Host, plan, folder and further options reach the command, options as separate words."""
    done = certify(clone, "HOST=local", "PLAN=a plan.yaml", "OUT=out", "ARGS=--strict --rule *")
    assert done.stdout == (
        "<certify><--html><--plan><a plan.yaml><--out><out><--strict><--rule><*><--><local>"
    )


def test_arguments_of_the_tests(clone: Path) -> None:
    """They come last, so that they have the last word on the number of processes too."""
    done = make(clone, "test", "ARGS=-n0 -k name")
    assert done.stdout == "<-m><pytest><--numprocesses><auto><-n0><-k><name>"


def test_ways_to_install_that_are_tried(clone: Path) -> None:
    """Those that are named, else all: which they are is the script's to say."""
    assert make(clone, "installs", "ARGS=uv pex").stdout == "<uv><pex>"
    assert make(clone, "installs").stdout == "<>"


def test_corpus_is_asked_for_by_name(clone: Path) -> None:
    """Its tests are collected by this target alone, and not without the documents."""
    done = make(clone, "corpus", "ARGS=-x")
    wanted = "<libvirt><-m><pytest><--numprocesses><auto><tests/corpus/libvirt><-x>"
    assert done.stdout == wanted
    (clone / "tools/corpus.sh").write_text("#!/bin/sh\nexit 1\n")
    assert (make(clone, "corpus").stdout, make(clone, "corpus").returncode) == ("", 2)


@pytest.mark.parametrize("variable", ["HOST", "PLAN", "OUT", "ARGS"])
@pytest.mark.parametrize(
    "value",
    [
        "x; touch hit",
        "$(touch hit)",
        "$$(touch hit)",
        "`touch hit`",
        "$(shell touch hit)",
        "'\"; touch hit",
    ],
)
def test_no_value_is_run(clone: Path, variable: str, value: str) -> None:
    """Neither make nor the shell runs anything that stands in a value."""
    done = certify(clone, f"{variable}={value}")
    assert "touch" in done.stdout
    assert not (clone / "hit").exists()
