"""`--out`: what vmfex did not write it neither overwrites nor removes; a slip touches nothing."""

import subprocess
from pathlib import Path

import pytest

from tests.support.ended import ended
from tests.support.faults import run
from tests.support.needs import missing
from tests.support.runs import every, found
from tests.support.sessions import certify, certify_several, command, command_line, plain
from tests.support.sessions import process_environment as environment
from tests.support.waiting import PATIENCE

ONE, TWO = ("reference",), ("reference", "no-vic")


@pytest.mark.parametrize("hosts", [ONE, TWO])
def test_files_of_others_in_the_current_folder(tmp_path: Path, hosts: tuple[str, ...]) -> None:
    """`--out .` in a folder with somebody's reports: one sentence, and they are all there."""
    (tmp_path / "allure-results").mkdir()
    for name in ("allure-results/mine-result.json", "report.html", "notes.txt"):
        (tmp_path / name).write_text("mine")
    before = every(tmp_path)
    done = command("certify", *hosts, "--out=.", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        "vmfex: allure-results was not written by vmfex, or was changed since: move it away, or "
        "give another folder for the reports (--out)\n"
    )
    assert every(tmp_path) == before


def test_an_empty_name(tmp_path: Path) -> None:
    """A script's variable that is not set: not the current folder."""
    done = command("certify", "reference", "--out=", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "vmfex: the folder for the reports (--out) has no name: give one\n"
    assert list(tmp_path.iterdir()) == []


SLIPS = (
    ("refrence",),
    ("reference", "--rule=VIC-99"),
    ("reference", "--tag=blocked"),
    ("reference", "--plan=plan.yaml"),
    ("reference", "--plan=gone.yaml"),
    ("reference", "--stict"),
    ("reference", "--strict", "--guide-only"),
    ("reference", "--quiet", "--verbose"),
    ("reference", "--libvirt-uri=hyperv://h"),
    ("reference", "--guest=web01=gone.tar"),
    ("reference", "--ucsm-insecure"),
    ("reference", "no-vic", "nobody"),
    ("reference", "no-vic", "--tag=blocked"),
    ("reference", "no-vic", "--plan=plan.yaml"),
)


@pytest.mark.parametrize("words", SLIPS, ids=" ".join)
def test_a_wrong_command_touches_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The earlier run stays in place, with its own times, and the one before it too."""
    out = tmp_path / "out"
    certify(out, "no-vic", rules=["VIC-01"])
    certify(out, rules=["VIC-01"])
    (tmp_path / "plan.yaml").write_text("topologis: {}")
    before = {path: (text, path_time(out / path)) for path, text in every(out).items()}
    done = command("certify", *words, "--out=out", cwd=tmp_path)
    assert done.returncode in (4, 5), done.stderr
    after = {path: (text, path_time(out / path)) for path, text in every(out).items()}
    assert after == before


def path_time(path: Path) -> int:
    return path.stat().st_mtime_ns


@pytest.mark.parametrize("words", [("--tag=blocked",), ("-k", "nothing"), ("--collect-only",)])
def test_a_wrong_pytest_session_touches_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    certify(out, rules=["VIC-01"])
    before = every(out)
    assert plain(out, "reference", *words).status in (4, 5)
    assert plain(out, "reference", "no-such-feature").status == 4
    assert every(out) == before


def test_a_pytest_session_refuses_files_of_others(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("mine")
    run = plain(tmp_path)
    assert run.status == 4
    assert "report.html was not written by vmfex" in run.stderr
    assert every(tmp_path) == {"report.html": "mine"}


def test_the_run_before_is_in_previous(tmp_path: Path) -> None:
    """By whichever way either was run."""
    out = tmp_path / "out"
    first = certify(out, "no-vic").record
    second = plain(out, "reference").record
    assert certify_several(out, *TWO).status == 1
    assert (out / "previous/certification.json").exists()
    assert (first["host"], second["host"]) == ("no-vic", "reference")
    assert not (out / "certification.json").exists()


DYING = (
    "import os, vmfex.checks.rules.adapter as a\na.has_vic = lambda *_: os.kill(os.getpid(), 9)\n"
)
WAITING = (
    "import sys, time, vmfex.checks.rules.adapter as a\n"
    "def wait(*_):\n  print('waiting', flush=True, file=sys.stderr)\n  time.sleep(600)\n"
    "a.has_vic = wait\n"
)


def test_a_report_of_a_run_that_did_not_end(tmp_path: Path) -> None:
    """Whoever asks for it is told where the one before is."""
    certify(tmp_path / "out", rules=["VIC-01"])
    done = command("certify", "reference", "--out=out", cwd=tmp_path, code=DYING)
    assert done.returncode == -9
    done = command("report", "text", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        "vmfex: out has no record, since the last run did not come to its end; that of the run "
        "before is in out/previous\n"
    )
    assert command("report", "text", "out/previous", cwd=tmp_path).returncode == 0


def test_two_at_once(tmp_path: Path) -> None:
    """The second is refused in a sentence, with status 4, whoever starts it; when the first is
    killed the folder is free."""
    out = tmp_path / "out"
    before = certify(out, rules=["VIC-01"]).record
    first = command_line("certify", "reference", "--out=out", code=WAITING)
    with ended(
        subprocess.Popen(first, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True)
    ) as process:
        assert process.stderr is not None
        while "waiting" not in process.stderr.readline():
            assert process.poll() is None
        for hosts in (ONE, TWO):
            done = run(tmp_path, "certify", *hosts, "--out=out")
            assert (done.returncode, done.stdout) == (4, "")
            assert done.stderr.splitlines() == [
                "vmfex: another run of vmfex writes to out now: wait for its end, or give another "
                "folder for the reports (--out)"
            ]
        assert plain(out).status == 4
        process.kill()
        process.wait(PATIENCE)
    assert found(out) == {}
    after = certify(out, "no-vic")
    assert after.record["host"] == "no-vic"
    previous = after.out / "previous"
    assert before["started"] in (previous / "certification.json").read_text()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A file system that is read-only for everybody, root too: usage, in one sentence."""
    if not Path("/sys/kernel").is_dir():
        missing("/sys")
    done = run(tmp_path, "certify", *ONE, "--out=/sys/kernel/vmfex")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("vmfex: reports cannot go to /sys/kernel/vmfex: ")
    assert len(done.stderr.splitlines()) == 1
