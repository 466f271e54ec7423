"""The other commands that look at this machine, watched by strace: what each writes, sends and
starts, and nothing else."""

from pathlib import Path

from tests.support.needs import only_where
from tests.vmfex.test_read_only import NETWORK, READING_IOCTLS, TEMPORARY, Watched, traced
from vmfex.reports.allure.node import GENERATOR

CHANGING = ("kill", "tkill", "ptrace", "setns", "unshare", "mount", "bpf", "init_module")


def changes_nothing(watched: Watched) -> None:
    """Of the machine: no signal but to groups of its own children, no namespace, no module; links
    and terminals are asked."""
    changing = [call for call in watched.named(*CHANGING) if not call.text.startswith("-")]
    assert changing == []
    assert {call.text.split(", ")[1] for call in watched.named("ioctl")} <= READING_IOCTLS
    assert watched.messages <= {"RTM_GETLINK"}


def test_record(tmp_path: Path) -> None:
    """The recording, made beside where it goes; rpm reads the kernel's changelog."""
    watched = traced(tmp_path, "record", "local", "copy.tar.gz")
    assert watched.run.status == 0, watched.run.stderr
    changes_nothing(watched)
    assert watched.messages == {"RTM_GETLINK"}
    assert watched.programs <= {"python", "rpm"}
    for path in watched.touched - {tmp_path}:
        assert path.parent in (tmp_path, *tmp_path.glob(".copy*")) or ".copy.tar.gz." in str(path)
    assert {path.name for path in tmp_path.iterdir()} == {"copy.tar.gz", "trace"}


def test_capture_script(tmp_path: Path) -> None:
    """It prints a file: nothing is written, no socket is opened, no program is started. What the
    script itself does is in tests/evidence/test_capture_script.py."""
    watched = traced(tmp_path, "capture-script")
    assert watched.run.status == 0
    assert watched.run.stdout.startswith("#!/bin/sh")
    changes_nothing(watched)
    assert watched.touched == set()
    assert watched.programs == {"python"}
    assert list(watched.named(*NETWORK)) == []


@only_where((GENERATOR / "node_modules").is_dir(), "the generator is not installed")
def test_html(tmp_path: Path) -> None:
    """Reports below OUT, and a temporary folder that is gone; Node runs Allure's generator, which
    asks git for the repository of that folder."""
    watched = traced(tmp_path, "certify", "local", "--html", "--out=out", "--quiet")
    assert watched.run.status in (0, 1, 6), watched.run.stderr
    assert (tmp_path / "out/report.html").is_file()
    changes_nothing(watched)
    assert watched.programs <= {"python", "rpm", "node", "git"}
    ours = (tmp_path / "out", tmp_path / TEMPORARY)
    assert {p for p in watched.touched if not any(map(p.is_relative_to, ours))} == set()
    assert {path.name for path in tmp_path.iterdir()} == {"out", "trace"}
