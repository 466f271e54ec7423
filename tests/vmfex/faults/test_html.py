"""While the page is rendered: a signal ends the run; what the generator does changes nothing."""

import os
import signal
from pathlib import Path

import pytest

from tests.support.ended import heard
from tests.support.faults import no_certificate, run, whole
from tests.support.runs import VIEWS
from tests.support.sessions import certify, certify_several, command_line
from tests.support.waiting import PATIENCE
from vmfex.fleet import allure as fleet_allure
from vmfex.reports.allure import page, results

RENDERING = (
    "import sys, time, vmfex.reports.allure.page as page\n"
    "def render(*_):\n  print('rendering', flush=True, file=sys.stderr)\n  time.sleep(600)\n"
    "page.generate = render\n"
)
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("hosts", [("reference",), ("reference", "no-vic")])
def test_interrupted(tmp_path: Path, hosts: tuple[str, ...], number: int) -> None:
    """Status 2, a sentence, and no certificate of a run that says that nothing is certified; what
    several hosts came to is kept for --resume."""
    out = tmp_path / "out"
    certify(out, rules=["VIC-01"])
    earlier = whole(out)
    line = command_line("certify", *hosts, "--html", "--out=out", code=RENDERING)
    with heard(line, tmp_path) as process:
        assert process.stderr
        assert process.stdout
        while "rendering" not in process.stderr.readline():
            assert process.poll() is None
        os.kill(process.pid, number)
        said, shown = process.stderr.read(), process.stdout.read()
        assert process.wait(PATIENCE) == 2
    assert said.splitlines()[-1] == "vmfex: interrupted; nothing is certified by this run"
    assert "Traceback" not in said
    assert shown == ""
    assert no_certificate(out)
    assert whole(out / "previous") == earlier
    kept = {"new", "journal"} if len(hosts) > 1 else set()
    assert {path.name for path in (out / ".vmfex").iterdir()} == {"lock"} | kept


def test_ignored_signals_stay_ignored(tmp_path: Path) -> None:
    """`nohup vmfex certify`: a closed terminal is no reason to end."""
    code = (
        "import os, signal, vmfex.checks.rules.adapter as a\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "real = a.has_vic\n"
        "def has_vic(*words):\n  os.kill(os.getpid(), signal.SIGHUP)\n  return real(*words)\n"
        "a.has_vic = has_vic\n"
    )
    done = run(tmp_path, "certify", "reference", "--out=out", code=code)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_signal_that_is_lost_in_a_finalizer(tmp_path: Path) -> None:
    """Python drops an exception there: the run is told all the same when it is to be published."""
    code = (
        "import os, signal, vmfex.checks.rules.adapter as a\n"
        "class Dying:\n"
        "  def __del__(self):\n    os.kill(os.getpid(), signal.SIGTERM)\n    sum(range(9))\n"
        "real = a.has_vic\n"
        "def has_vic(*words):\n  Dying()\n  return real(*words)\n"
        "a.has_vic = has_vic\n"
    )
    done = run(tmp_path, "certify", "reference", "--out=out", code=code)
    assert done.returncode == 2
    assert done.stderr == "vmfex: interrupted; nothing is certified by this run\n"
    assert no_certificate(tmp_path / "out")


GENERATORS = {
    "#!/bin/sh\nkill -KILL $$\n": "the Allure generator was ended by signal 9",
    "#!/bin/sh\nexit 7\n": "the Allure generator failed (7): nothing",
    "#!/bin/sh\nexit 0\n": "the Allure generator wrote no page",
    "no program\0": "no HTML report: Exec format error",
}


@pytest.mark.parametrize("program", GENERATORS)
def test_a_generator_that_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """One sentence; the run is what it is without a page."""
    node = tmp_path / "node"
    node.write_text(program)
    node.chmod(0o755)
    monkeypatch.setattr(page, "_node", lambda: node)
    monkeypatch.setattr(page, "_script", lambda: tmp_path / "cli.js")
    done = certify(tmp_path / "out", "no-vic", html=True)
    assert (done.status, done.errors) == (1, f"vmfex: {GENERATORS[program]}\n")
    assert done.files == {*VIEWS, "allure-results"}


def test_a_full_folder_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator works there; nothing else of a run does."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    done = certify(tmp_path / "out", "no-vic", html=True)
    assert (done.status, done.errors) == (1, "vmfex: no HTML report: No space left on device\n")
    assert whole(tmp_path / "out")


def test_what_was_counted_is_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result that is not on the disk, or not whole: nothing is published."""
    write = results.write_new
    lost: list[str] = []

    def loses(path: str, content: bytes) -> None:
        if path.endswith("-result.json") and not lost:
            lost.append(path)
        else:
            write(path, content)

    monkeypatch.setattr(results, "write_new", loses)
    done = certify(tmp_path / "out")
    assert done.status == 3
    assert "Allure results are there" in done.errors
    assert no_certificate(tmp_path / "out")

    def cuts(path: str, content: bytes) -> None:
        write(path, content[:10])

    monkeypatch.setattr(results, "write_new", cuts)
    done = certify(tmp_path / "out")
    assert done.status == 3
    assert "files of Allure are not as written" in done.errors
    assert no_certificate(tmp_path / "out")


def test_results_of_all_hosts_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are missing in the common folder leave it out; each host's own are there."""
    monkeypatch.setattr(os, "link", lambda *_, **__: None)
    monkeypatch.setattr(results.AllureFiles, "_linked", lambda *_: False)
    done = certify_several(tmp_path / "out", "reference", "no-vic", rules=["VIC-01"])
    assert fleet_allure.MOST_HOSTS > 2
    assert done.status == 1
    assert "the hosts' Allure results cannot be put together: 0 of " in done.errors
    assert done.files == {"summary.json", "certificate.html", "junit.xml", "findings.csv", "hosts"}
