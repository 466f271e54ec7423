"""Progress: what takes longer than two seconds says so on stderr, and stdout stays clean."""

import contextlib
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.sessions import Spy, certify, certify_several
from tests.support.waiting import wait_until
from vmfex import progress
from vmfex.evidence import opening as sources
from vmfex.evidence.host_spec import HostSpec
from vmfex.fleet.processes import Processes
from vmfex.progress import Progress


def slow(monkeypatch: pytest.MonkeyPatch, until: Callable[[], object]) -> None:
    """Hosts that take their time, for somebody who has little patience."""
    monkeypatch.setattr(progress, "PATIENCE", 0.1)
    monkeypatch.setattr(progress, "REPEAT", 0.2)
    real = sources.open_tree

    def open_tree(host: HostSpec, *, notify: Callable[[str], None], **options: Any) -> Any:
        def wait(_question: str, path: str) -> None:
            if path == "etc/os-release":
                notify("libvirt probes its emulators")
                until()

        spy = Spy(real(host, notify=notify, **options))
        monkeypatch.setattr(spy, "meet", wait)
        return spy

    monkeypatch.setattr("vmfex.engine.certify.open_tree", open_tree)


def test_patience_is_two_seconds() -> None:
    """That is what the tests below make shorter."""
    assert progress.PATIENCE == 2.0


def test_slow_host_shows_what_is_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line now and then where stderr is no terminal; nothing of it on stdout."""

    def said_twice() -> bool:
        assert isinstance(sys.stderr, io.StringIO)
        return sys.stderr.getvalue().count("libvirt probes") >= 2

    slow(monkeypatch, until=lambda: wait_until(said_twice, "two lines of progress"))
    run = certify(tmp_path / "out", rules=["HST-01"])
    said = run.stderr.splitlines()
    assert said.count("vmfex: still certifying reference: libvirt probes its emulators") >= 2
    assert "still" not in run.stdout
    assert run.stdout.startswith("host:    reference")


def test_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --quiet there is the last line and no progress."""
    slow(monkeypatch, until=lambda: time.sleep(0.6))
    run = certify(tmp_path / "out", rules=["HST-01"], quiet=True)
    assert run.stderr == ""
    assert run.stdout.count("\n") == 1


def test_fast_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends before the patience does says nothing."""
    monkeypatch.setattr(progress, "PATIENCE", 60.0)
    assert certify(tmp_path / "out", rules=["HST-01"]).stderr == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_has_a_spinner_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal it says what is being done, in place, and takes itself away."""
    terminal = Terminal()
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with Progress("certifying [bold]blade", quiet=False) as shown:
        wait_until(lambda: "certifying [bold]blade" in terminal.getvalue(), "the spinner")
        shown.say("libvirt")
        wait_until(lambda: "blade: libvirt" in terminal.getvalue(), "what is being done now")
    text = terminal.getvalue()
    assert "certifying [bold]blade" in text
    assert "certifying [bold]blade: libvirt" in text
    assert text.endswith("\x1b[2K")  # the line is erased


def test_progress_ends_with_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the work fails, no line follows."""
    terminal = io.StringIO()
    monkeypatch.setattr(progress, "PATIENCE", 0.01)
    monkeypatch.setattr(progress, "REPEAT", 0.01)
    monkeypatch.setattr("sys.stderr", terminal)
    with contextlib.suppress(ValueError), Progress("working", quiet=False):
        wait_until(terminal.getvalue, "a line")
        raise ValueError("broken")
    said = terminal.getvalue()
    assert said.startswith("vmfex: still working\n")
    time.sleep(0.1)
    assert terminal.getvalue() == said


def test_a_line_that_stays_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands above the spinner, which goes on; what a host says in it is text."""
    terminal = Terminal()
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with Progress("certifying", quiet=False) as shown:
        wait_until(lambda: "certifying" in terminal.getvalue(), "the spinner")
        shown.tell("refused: [bold]a\x1b[2J: NOT CERTIFIED")
        shown.say("b")
        wait_until(lambda: "certifying: b" in terminal.getvalue(), "what is being done now")
    text = terminal.getvalue()
    assert "refused" in text.partition("certifying: b")[0]
    assert " [bold]a\\x1b[2J: NOT CERTIFIED\n" in text


def test_refused_hosts_are_named_as_it_happens(tmp_path: Path) -> None:
    """Each in a line with its decision and the rules that it violates, in the order in which they
    are judged; hosts that may go live, or in which nothing is violated, have none."""
    broken = tmp_path / "broken.tar"
    broken.write_bytes(b"no tar at all")
    hosts = ("reference", "no-vic", "rhel79-idle", str(broken))
    run = certify_several(tmp_path / "out", *hosts, executor=Processes(1, 600))
    refused = sorted(run.refused)
    assert refused[0].startswith("broken: INCOMPLETE; The recording ")
    assert refused[1:] == ["no-vic: NOT CERTIFIED; violated: VIC-01, SRV-05"]
    assert run.errors == ""
    quiet = certify_several(tmp_path / "quiet", *hosts, quiet=True, executor=Processes(1, 600))
    assert quiet.stderr == ""
