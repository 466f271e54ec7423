"""Set-up with every program that it calls replaced by one that notes the call."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]
FILES = (
    "tools/setup.sh",
    "tools/system.sh",
    "pyproject.toml",
    "requirements.lock",
    "requirements-build.lock",
    "requirements-readers.lock",
    "requirements-contrib.lock",
    "reports/allure/generator/package-lock.json",
    "tests/reports/formats/readers/package-lock.json",
    "tests/reports/junit_reader/package-lock.json",
    "tests/contrib/linters/package-lock.json",
)
REAL = ("cat", "dirname", "flock", "grep", "ln", "mkdir", "rm", "sh", "sha256sum", "sleep", "tail")
STANDS_FOR = {
    "apt-get": ("apt-get", "dpkg-query", "id", "python3"),
    "dnf": ("dnf", "rpm", "id", "python3"),
}
FAKE = """#!/bin/sh
call="${0##*/} $*"
for last; do :; done
case $call in dpkg-query*|rpm*|id*|"python3 -") ;; *) echo "$call" >>"$CALLS" ;; esac
case $call in *"$FAILING"*) echo "it said no" >&2; exit 1 ;; esac
case $call in *"$HANGING"*) exec sleep 60 ;; esac
case $call in
    id*) echo "$USER_ID" ;;
    *" install "*) for word; do echo "$word"; done >>"$INSTALLED" ;;
    dpkg-query*) grep -qx -- "$last" "$INSTALLED" && echo installed ;;
    rpm*) grep -qx -- "$last" "$INSTALLED" ;;
    *" venv "*)
        rm -rf .venv
        mkdir -p .venv/bin
        ln -s "$FAKE" .venv/bin/python
        ln -s "$FAKE" .venv/bin/vmfex ;;
    vmfex*) mkdir -p reports/allure/generator/node_modules ;;
    lab.sh*) mkdir -p .setup/lab ;;
    readers.sh*) mkdir -p .setup/readers ;;
    contrib.sh*) mkdir -p .setup/contrib ;;
esac
"""
APT = "apt-get install --yes --no-install-recommends"
BUILDING = ["gcc", "libc6-dev", "pkg-config", "libvirt-dev"]


@dataclass
class Machine:
    """A machine on which nothing is installed, and a clone of the project on it."""

    clone: Path
    folder: Path

    def environment(self, failing: str, hanging: str, user: int) -> dict[str, str]:
        return {
            "PATH": str(self.folder / "bin"),
            "FAKE": str(self.folder / "fake"),
            "CALLS": str(self.folder / "calls"),
            "INSTALLED": str(self.folder / "installed"),
            "FAILING": failing or "no call",
            "HANGING": hanging or "no call",
            "USER_ID": str(user),
        }

    def start(
        self, goal: str, failing: str = "", hanging: str = "", user: int = 0
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.clone / "tools" / "setup.sh", goal],
            env=self.environment(failing, hanging, user),
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def set_up(self, goal: str, failing: str = "", user: int = 0) -> tuple[int, str]:
        """Exit status, and what it said."""
        process = self.start(goal, failing, user=user)
        said = process.communicate(timeout=PATIENCE)[1]
        return process.returncode, said

    def calls(self) -> list[str]:
        """What was called since this was last asked, without what only looks."""
        path = self.folder / "calls"
        calls = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return calls

    def stamps(self) -> list[str]:
        return sorted(path.name for path in self.clone.glob(".venv/ready-*"))


def machine(folder: Path, manager: str) -> Machine:
    (folder / "fake").write_text(FAKE)
    (folder / "fake").chmod(0o755)
    (folder / "installed").touch()
    (folder / "bin").mkdir()
    for name in STANDS_FOR[manager]:
        (folder / "bin" / name).symlink_to(folder / "fake")
    for name in REAL:
        (folder / "bin" / name).symlink_to(str(shutil.which(name)))
    for name in FILES:
        copy = folder / "clone" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)
    for name in ("lab.sh", "readers.sh", "contrib.sh"):
        (folder / "clone" / "tools" / name).symlink_to(folder / "fake")
    return Machine(folder / "clone", folder)


@pytest.fixture
def debian(tmp_path: Path) -> Machine:
    return machine(tmp_path, "apt-get")


@pytest.fixture
def redhat(tmp_path: Path) -> Machine:
    return machine(tmp_path, "dnf")


def packages_of(calls: list[str], install: str) -> list[list[str]]:
    return [call.removeprefix(install).split() for call in calls if call.startswith(install)]


def test_certify_installs_what_it_needs_and_no_more(debian: Machine) -> None:
    """Certifying takes a compiler, headers, the environment, the generator; no daemon."""
    assert debian.set_up("certify")[0] == 0
    calls = debian.calls()
    assert packages_of(calls, APT) == [BUILDING]
    assert [call for call in calls if " install " in call and "apt-get" not in call] == [
        "python -m pip install --no-input --require-hashes --requirement requirements-build.lock",
        "python -m pip install --no-input --require-hashes --no-build-isolation "
        "--requirement requirements.lock",
        "python -m pip install --no-input --no-index --no-deps --no-build-isolation --editable .",
    ]
    assert [call for call in calls if call.startswith("vmfex")] == ["vmfex install-html"]


def test_tests_need_more(debian: Machine) -> None:
    """After set-up for certifying, set-up for tests adds daemon, tools and browser, and no more."""
    debian.set_up("certify")
    debian.calls()
    assert debian.set_up("test")[0] == 0
    calls = debian.calls()
    system, browser = packages_of(calls, APT)
    assert {"libvirt-daemon", "libvirt-daemon-driver-qemu", "strace", "iproute2"} <= set(system)
    assert not set(BUILDING) & set(system)
    assert browser == ["chromium"]
    *others, readers, contrib, last = calls
    assert all(call.startswith("apt-get ") for call in others)
    assert last.split() == ["lab.sh"]
    assert readers.split() == ["readers.sh"]
    assert contrib.split() == ["contrib.sh"]


@pytest.mark.parametrize("goal", ["certify", "test"])
def test_second_run_calls_nothing(debian: Machine, goal: str) -> None:
    """When nothing is missing nothing is called and nothing is said."""
    debian.set_up(goal)
    debian.calls()
    assert debian.set_up(goal) == (0, "")
    assert debian.calls() == []


def test_only_what_is_missing_is_installed(debian: Machine) -> None:
    """A package that is there already is not asked for."""
    (debian.folder / "installed").write_text("gcc\nlibc6-dev\npkg-config\n")
    debian.set_up("certify")
    assert packages_of(debian.calls(), APT) == [["libvirt-dev"]]


def test_red_hat_family_has_its_own_names(redhat: Machine) -> None:
    """On the RHEL family dnf is called with that family's names."""
    assert redhat.set_up("test")[0] == 0
    system, browser = packages_of(redhat.calls(), "dnf install --assumeyes")
    assert {"pkgconf-pkg-config", "libvirt-devel", "qemu-kvm", "iproute"} <= set(system)
    assert browser == ["chromium"]


@pytest.mark.parametrize(
    ("manager", "python"),
    [
        ("apt-get", ["python3", "python3-venv", "python3-dev"]),
        ("dnf", ["python3.12", "python3.12-devel"]),
    ],
)
def test_no_usable_python(tmp_path: Path, manager: str, python: list[str]) -> None:
    """Without a Python that will do, its packages are installed too; still none is said plainly."""
    bare = machine(tmp_path, manager)
    status, said = bare.set_up("certify", failing="python3 -")
    [asked] = [call.split() for call in bare.calls() if " install " in call]
    assert asked[-len(python) :] == python
    assert (status, said.splitlines()[-1]) == (
        1,
        "set-up: no Python 3.11 or newer with venv and headers was found",
    )


def test_not_root_gets_the_command_to_run(debian: Machine) -> None:
    """Who may not install packages is told which command would, and nothing is begun."""
    said = (
        f"set-up: system packages are missing, install them with: sudo {APT} {' '.join(BUILDING)}\n"
    )
    assert debian.set_up("certify", user=1000) == (1, said)
    assert debian.calls() == []
    assert not (debian.clone / ".venv").exists()


def test_not_root_needs_none_where_nothing_is_missing(debian: Machine) -> None:
    """With the packages there, set-up needs no root."""
    (debian.folder / "installed").write_text("\n".join(BUILDING))
    assert debian.set_up("certify", user=1000)[0] == 0
    assert debian.stamps() == ["ready-certify"]


@pytest.mark.parametrize(
    "failing", ["apt-get update", "apt-get install", "-m venv", "requirements.lock", "--editable"]
)
def test_failure_is_shown_and_leaves_no_stamp(debian: Machine, failing: str) -> None:
    """A step that fails ends set-up with what it said; the next run does it again."""
    status, said = debian.set_up("test", failing)
    assert status == 1
    assert "it said no" in said
    assert debian.stamps() == []
    assert debian.set_up("test")[0] == 0
    assert debian.stamps() == ["ready-certify", "ready-test"]


@pytest.mark.parametrize("hanging", ["requirements.lock", "install-html"])
def test_interrupted_set_up_leaves_no_stamp(debian: Machine, hanging: str) -> None:
    """Killed half-way, set-up leaves nothing that looks complete; the next run completes it."""
    process = debian.start("certify", hanging=hanging)
    calls = debian.folder / "calls"
    wait_until(lambda: calls.exists() and hanging in calls.read_text(), f"a call of {hanging}")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    debian.calls()
    assert debian.stamps() == []
    assert debian.set_up("certify")[0] == 0
    assert any(hanging in call for call in debian.calls())
    assert debian.stamps() == ["ready-certify"]


def test_generator_that_cannot_be_installed_stops_nothing(debian: Machine) -> None:
    """Without npm set-up succeeds and says what is missing; the next run tries that again alone."""
    status, said = debian.set_up("certify", failing="install-html")
    assert status == 0
    assert said.endswith("there is no HTML report; everything else works\n")
    debian.calls()
    assert debian.set_up("certify")[0] == 0
    assert [call.split()[0] for call in debian.calls()] == ["vmfex"]


def test_readers_that_cannot_be_fetched_stop_nothing(debian: Machine) -> None:
    """Without them set-up succeeds and says so; the next run tries that again, and the lab."""
    status, said = debian.set_up("test", failing="readers.sh")
    assert status == 0
    assert said.endswith("without them the tests that read reports as others do cannot run\n")
    debian.calls()
    status, said = debian.set_up("test")
    assert status == 0
    assert [call.split()[0] for call in debian.calls()] == ["readers.sh", "contrib.sh", "lab.sh"]


def test_what_contrib_is_tested_with_stops_nothing(debian: Machine) -> None:
    """Without it set-up succeeds and says so; the next run tries that again, and the lab."""
    status, said = debian.set_up("test", failing="contrib.sh")
    assert status == 0
    assert said.endswith("without it the tests of contrib/ cannot run\n")
    debian.calls()
    assert debian.set_up("test")[0] == 0
    assert [call.split()[0] for call in debian.calls()] == ["contrib.sh", "lab.sh"]


def test_lab_that_cannot_be_fetched_stops_nothing(debian: Machine) -> None:
    """Without the lab's kernel set-up succeeds and says so; the next run tries that again alone."""
    status, said = debian.set_up("test", failing="lab.sh")
    assert status == 0
    assert said.endswith("without them the tests in the lab cannot run\n")
    debian.calls()
    assert debian.set_up("test") == (0, "set-up: fetching the lab's kernel and QEMU\n")
    assert [call.split()[0] for call in debian.calls()] == ["lab.sh"]


def test_browser_that_cannot_be_installed_stops_nothing(redhat: Machine) -> None:
    """Where the distribution has no browser, set-up succeeds and says which tests cannot run."""
    status, said = redhat.set_up("test", failing="dnf install --assumeyes chromium")
    assert status == 0
    assert "chromium is not installed: the tests that need a browser cannot run" in said


def test_changed_lock_makes_the_environment_anew(debian: Machine) -> None:
    """Another lock file means another environment, and not another generator."""
    debian.set_up("certify")
    debian.calls()
    with (debian.clone / "requirements.lock").open("a") as lock:
        lock.write("# newer\n")
    debian.set_up("certify")
    calls = debian.calls()
    assert any("-m venv" in call for call in calls)
    assert not any(call.startswith("vmfex") for call in calls)


def test_moved_clone_makes_the_environment_anew(debian: Machine) -> None:
    """An environment knows its own place: in another folder it is made again."""
    debian.set_up("certify")
    debian.calls()
    debian.clone = debian.clone.rename(debian.folder / "else where")
    assert debian.set_up("certify")[0] == 0
    assert any("-m venv" in call for call in debian.calls())


def test_unknown_goal_is_refused(debian: Machine) -> None:
    """Anything but the two goals ends with the usage and status 2."""
    assert debian.set_up("everything") == (2, "usage: tools/setup.sh certify|test\n")
