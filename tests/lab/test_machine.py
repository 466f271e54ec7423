"""A guest that comes to no end: the lab says so in time, shows its last words, leaves nothing."""

import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.lab import lab, machine
from tests.lab.initramfs import initramfs
from tests.lab.machine import LabError, Machine
from tests.lab.parts import CHECKOUT, Parts
from tests.support.ended import ended
from tests.support.needs import lacking
from tests.support.waiting import wait_until

BOOT = 600.0  # seconds, far more than a boot without set-up takes


def emulators(share: Path) -> list[Path]:
    """The processes of QEMUs that know this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            program, *words = (process / "cmdline").read_bytes().split(b"\0")
            if b"qemu" in program and str(share).encode() in b" ".join(words):
                found.append(process)
    return found


def test_initramfs_is_an_archive(lab_parts: Parts) -> None:
    """busybox itself lists what is in it: the init, itself, and modules in the order of need."""
    listing = subprocess.run(
        [lab_parts.busybox, "cpio", "-t"], input=initramfs(lab_parts), capture_output=True
    ).stdout.decode()
    assert {"init", "bin/busybox", "modules/order", "dev", "proc", "sys"} <= set(listing.split())
    names = listing.split()
    assert names.index("modules/netfs.ko") < names.index("modules/9p.ko")


def test_a_script_runs_to_its_end(lab_parts: Parts, tmp_path: Path) -> None:
    """The guest runs the script as root on the machine's own files, and cannot change them."""
    mark = tmp_path / "mark"
    Machine(lab_parts, tmp_path).run(f"id -u >/lab/id\ntouch {mark} && ls {mark} >/lab/ls", BOOT)
    assert (tmp_path / "id").read_text() == "0\n"
    assert (tmp_path / "ls").read_text() == f"{mark}\n"
    assert not mark.exists()
    assert emulators(tmp_path) == []


def test_a_kernel_that_panics(lab_parts: Parts, tmp_path: Path) -> None:
    """The error shows the console's end."""
    with pytest.raises(LabError, match=r"ended before its script did(?s:.)*console said last") as e:
        Machine(lab_parts, tmp_path).run("echo c >/proc/sysrq-trigger", BOOT)
    assert "sysrq_handle_crash" in (tmp_path / "console").read_text()
    assert str(e.value).count("\n") < 40
    assert emulators(tmp_path) == []


def test_a_guest_that_hangs(
    lab_parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the limit, which is reached when it has said a word, it is killed, and nobody else's QEMU
    with it."""
    log = tmp_path / "log"

    def now() -> float:
        return BOOT if log.exists() and "waiting" in log.read_text() else 0.0

    monkeypatch.setattr(machine, "time", SimpleNamespace(monotonic=now, sleep=time.sleep))
    with subprocess.Popen(["sleep", "3000"]) as other:
        try:
            with pytest.raises(LabError, match=r"not end within 20 s(?s:.)*log said last: waiting"):
                Machine(lab_parts, tmp_path).run("echo waiting; sleep 1000", 20)
            assert emulators(tmp_path) == []
            assert other.poll() is None
        finally:
            other.kill()


def test_nothing_runs_on_when_the_tests_are_killed(lab_parts: Parts, tmp_path: Path) -> None:
    """Not even after SIGKILL, of which no process can take notice."""
    code = (
        "from pathlib import Path\n"
        "from tests.lab import parts\n"
        "from tests.lab.machine import Machine\n"
        f"Machine(parts.find(), Path({str(tmp_path)!r})).run('sleep 1000', 1000)"
    )
    with ended(subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT)) as tests:
        wait_until(lambda: emulators(tmp_path), "a QEMU")
        tests.kill()
    wait_until(lambda: not emulators(tmp_path), "the end of that QEMU")


def test_a_guest_that_lacks_a_program(
    lab_parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results that nobody wrote are an error of the lab, and no file that is missing later."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(LabError, match=r"ended before its script did(?s:.)*/nowhere/python"):
        lab.run(lab_parts, [lab.MEASUREMENT], tmp_path)


def test_a_full_disk(lab_parts: Parts, tmp_path: Path) -> None:
    """Where the guest cannot write what it has to say, the lab fails and does not hang."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True).returncode:
        lacking("needs root, to mount a small file system")
    try:
        with pytest.raises(LabError, match=r"ended before its script did; no space is left"):
            Machine(lab_parts, small).run("dd if=/dev/zero of=/lab/results bs=1M", BOOT)
    finally:
        subprocess.run(["umount", small], check=True)
    assert emulators(small) == []


def test_a_qemu_that_fails_is_started_again(lab_parts: Parts, tmp_path: Path) -> None:
    """An assertion of its own is not the guest's fault; of one that always fails it is said."""
    once = "[ -e before ] || { touch before; kill -ABRT $$; }; echo reached >end"
    for does, ends_well in ((once, True), ("kill -ABRT $$", False)):
        qemu = tmp_path / "qemu"
        qemu.write_text(f"#!/bin/sh\ncd {tmp_path}\n{does}\n")
        qemu.chmod(0o755)
        failing = Machine(replace(lab_parts, qemu=qemu), tmp_path)
        with nullcontext() if ends_well else pytest.raises(LabError, match="ended before"):
            failing.run("exit", BOOT)


def test_missing_parts_are_named(lab_parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not there is said in words that fit into `... is missing`."""
    from tests.lab import parts

    monkeypatch.setattr(parts, "PROGRAMS", ("busybox", "no-such-program"))
    assert parts.find() == "the lab's no-such-program"
    monkeypatch.setattr(parts, "ROOT", Path("/nowhere"))
    assert parts.find() == "the lab's kernel and QEMU"
