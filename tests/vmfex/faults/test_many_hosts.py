"""A hundred hosts, and what ends the run, or the processes that judge, in the midst of it: no host
is lost, and none is judged in another way."""

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.faults import number
from tests.support.sessions import Run, certify_several, command
from tests.vmfex.fleet.test_journal import HOSTS, texts
from vmfex import children
from vmfex.evidence.embedded import embedded_file
from vmfex.fleet.journal import Journal
from vmfex.fleet.processes import Processes

NUMBER = 100
WORDS = ("certify", "captures", "--rule=VIC-01", "--rule=VIC-02", "--rule=CLU-02", "--out=out")
AFTER = (
    "import os, signal\nfrom vmfex.fleet.journal import Journal\nreal, added = Journal.add, []\n"
    "def add(*of):\n real(*of)\n added.append(of)\n if len(added) == {after}: {act}\n"
    "Journal.add = add"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hundred captures."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "captures").mkdir()
    for count in range(NUMBER):
        content = embedded_file(HOSTS[count % len(HOSTS)]).read_bytes()
        (folder / f"captures/{count:03}.tar.gz").write_bytes(content)
    return folder


def run_here(place: Path, out: str, executor: Processes) -> Run:
    before = Path.cwd()
    os.chdir(place)  # so that hosts are called as by the command
    try:
        rules = [word.partition("=")[2] for word in WORDS if word.startswith("--rule")]
        return certify_several(Path(out), "captures", rules=rules, executor=executor)
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def straight(place: Path) -> dict[str, str]:
    """What a run leaves that nothing happens to."""
    run = run_here(place, "straight", Processes(2, 600))
    return texts(Run(run.status, place / "straight", "", ""))


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_ended_and_resumed(
    place: Path, straight: dict[str, str], tmp_path: Path, ending: signal.Signals
) -> None:
    """By kill -9 or Ctrl-C when 40 hosts are finished: none of them is judged again."""
    (tmp_path / "captures").symlink_to(place / "captures")
    act = f"os.kill(os.getpid(), {int(ending)})"
    ended = command(*WORDS, cwd=tmp_path, code=AFTER.format(after=40, act=act))
    assert ended.returncode == (2 if ending == signal.SIGINT else -ending)
    new = tmp_path / "out/.vmfex/new/hosts"
    finished = {p.parent.name: p.stat().st_mtime_ns for p in new.glob("*/certification.json")}
    assert len(finished) >= 40
    done = command(*WORDS, "--resume", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    hosts = tmp_path / "out/hosts"
    again = [
        label
        for label, written in finished.items()
        if (hosts / label / "certification.json").stat().st_mtime_ns != written
    ]
    assert len(finished) - len(again) >= 40
    assert texts(Run(1, tmp_path / "out", "", "")) == straight


def test_processes_killed_at_random_moments(
    place: Path, straight: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they are at work or wait for some: the host that one of them had is judged by the
    next one, and is INCOMPLETE where that one was killed too. No other host is touched."""
    chosen, killed = random.Random(number("FAULTS_SEED", 12)), list[int]()
    every_so_often(monkeypatch, 10, lambda: kill_one(chosen, killed))
    run = run_here(place, "killed", Processes(2, 600))
    assert run.status == 1
    [told] = run.errors.splitlines()  # the hosts are the same few, again and again
    assert "hosts call themselves" in told
    left = texts(Run(1, place / "killed", "", ""))
    assert left.keys() == straight.keys()
    lost = [n for n in left if n.endswith("/certification.json") and left[n] != straight[n]]
    assert len(lost) <= len(killed) // 2
    for name in lost:
        assert '"decision": "INCOMPLETE"' in left[name]
    assert len(given_up(run)) == len(lost)


def given_up(run: Run) -> list[str]:
    """The lines of the hosts that were."""
    lines = run.stdout.splitlines()
    return [line for line in lines if line.startswith("INCOMPLETE") and "was given up" in line]


def every_so_often(monkeypatch: pytest.MonkeyPatch, hosts: int, act: Callable[[], None]) -> None:
    """Does something each time that so many hosts are finished."""
    real, added = Journal.add, list[Any]()

    def add(journal: Journal, *of: Any) -> None:
        real(journal, *of)
        added.append(of)
        if len(added) % hosts == 0:
            act()

    monkeypatch.setattr(Journal, "add", add)


def kill_one(chosen: random.Random, killed: list[int]) -> None:
    if running := sorted(children._running):
        killed.append(chosen.choice(running))
        os.kill(killed[-1], signal.SIGKILL)


def test_a_process_that_is_stopped(
    place: Path, straight: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has its limit as one that hangs: its host is INCOMPLETE and says so, and all others are
    judged."""
    stopped: list[int] = []

    def stop() -> None:
        if not stopped and children._running:
            stopped.append(min(children._running))
            os.kill(stopped[0], signal.SIGSTOP)

    every_so_often(monkeypatch, 10, stop)
    run = run_here(place, "stopped", Processes(2, 60))
    [line] = given_up(run)
    assert len(stopped) == 1
    assert "the host was given up: it was not judged within 60 s" in line
    left = texts(Run(1, place / "stopped", "", ""))
    assert left.keys() == straight.keys()
    assert sum(left[name] != straight[name] for name in left if name.startswith("hosts/")) == 2
