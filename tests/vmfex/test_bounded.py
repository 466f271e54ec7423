"""Hosts that are small to send and large to read: each is read within 300 MB, and what is too much
is said in one sentence, and certifies nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence.test_recorded_bombs import header
from tests.support import swollen
from tests.support.captured import BEGIN
from tests.support.measured import Measured, measured
from tests.support.swollen import Files
from vmfex.evidence.sources.ucsm.classes import CLASSES

MEMORY = 300 * 10**6
WRITTEN = 60 * 10**6  # bytes of reports: a page of each finding, for what a host may have at most


def certified(folder: Path, files: Files) -> Measured:
    archive = folder / "host.tar.gz"
    swollen.write(archive, files)
    done = measured(folder, "certify", archive, "--quiet")
    assert done.run.status in (1, 6), done.run.stderr
    assert done.peak < MEMORY
    assert done.written < WRITTEN
    return done


TOO_MUCH: dict[str, tuple[Callable[[], Files], str]] = {
    "domains": (
        lambda: swollen.domains(5_000),
        "libvirt/domains lists 5,000 domains, more than the 1,024 that are read",
    ),
    "domains that cannot be read": (
        lambda: swollen.unreadable_domains(20_000),
        "libvirt/domains lists 20,000 domains, more than the 1,024 that are read",
    ),
    "domains without a definition": (
        lambda: swollen.domains_without_definition(50_000),
        "libvirt/domains lists 50,000 domains, more than the 1,024 that are read",
    ),
    "long definitions": (
        lambda: swollen.domains(1_000, padding=40_000),
        "the definitions of all domains have more than 16 MiB",
    ),
    "interfaces of one domain": (
        lambda: swollen.domains(1, interfaces=2_000),
        "has 2,000 network interfaces, more than the 256 that are read",
    ),
    "interfaces of all": (
        lambda: swollen.domains(100, interfaces=120),
        "the definitions of all domains have more than 2,048 network interfaces",
    ),
    "networks": (
        lambda: swollen.networks(10_000),
        "libvirt/networks lists 10,000 networks, more than the 1,024 that are read",
    ),
    "functions of a network": (
        lambda: swollen.functions_of_a_network(30_000),
        "names 30,000 devices, more than the 1,024 that are read",
    ),
    "objects of a class": (
        lambda: swollen.objects(45_000, "vmInstance"),
        "ucsm/vmInstance.xml has 45,000 objects, more than the 40,000 that are read",
    ),
    "objects of all classes": (
        lambda: swollen.objects(15_000, *CLASSES),
        "UCS Manager's answers have more than 120,000 objects",
    ),
    "PCI functions": (
        lambda: swollen.functions(20_000),
        "lists more than the 8,192 PCI functions that are read",
    ),
}


@pytest.mark.parametrize(("files", "sentence"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_too_much(files: Callable[[], Files], sentence: str, tmp_path: Path) -> None:
    """Far more than any host has is unknown, for a reason that every report gives."""
    done = certified(tmp_path, files())
    said = [f["observed"] for rule in done.run.record["rules"] for f in rule["findings"]]
    assert any(sentence in each for each in said)
    assert done.run.record["decision"] in ("INCOMPLETE", "NOT CERTIFIED")


ALLOWED: dict[str, Callable[[], Files]] = {
    "domains": lambda: swollen.domains(1_024, interfaces=2),
    "long definitions": lambda: swollen.domains(1_000, padding=12_000),
    "domains that cannot be read": lambda: swollen.unreadable_domains(1_024),
    "interfaces of one domain": lambda: swollen.domains(1, interfaces=256),
    "networks": lambda: swollen.networks(1_023),
    "objects": lambda: swollen.objects(39_000, "vmNic", "vmVif", "vnicEther"),
}


@pytest.mark.parametrize("files", ALLOWED.values(), ids=ALLOWED)
def test_most_that_is_allowed(files: Callable[[], Files], tmp_path: Path) -> None:
    """All that is within the limits is judged within the same memory."""
    done = certified(tmp_path, files())
    said = [f["observed"] for rule in done.run.record["rules"] for f in rule["findings"]]
    assert not any("that are read" in each or "of all domains" in each for each in said)


def test_gaps_are_one_finding(tmp_path: Path) -> None:
    """A thousand domains that cannot be read are no thousand findings of each rule."""
    done = certified(tmp_path, swollen.unreadable_domains(1_000))
    for rule in done.run.record["rules"]:
        assert len(rule["findings"]) < 100
    observed = [f["observed"] for rule in done.run.record["rules"] for f in rule["findings"]]
    assert any(each.startswith("980 more cannot be read") for each in observed)


def capture_of_60_mib(path: Path) -> None:
    """As much as is taken of one host, in files that a capture may hold."""
    size = 15 * 2**20
    with path.open("wb") as file:
        file.write(header("capture/begin", len(BEGIN)) + BEGIN.ljust(512, b"\0"))
        for number in range(4):
            file.write(header(f"etc/{number}", size) + b"x" * size)
        file.write(bytes(1024))


def test_many_hosts_over_ssh(tmp_path: Path) -> None:
    """Eight that each send as much as they may: what waits is not in memory."""
    capture_of_60_mib(tmp_path / "capture")
    (tmp_path / "ssh").write_text(f"#!/bin/sh\nexec cat {tmp_path}/capture\n")
    (tmp_path / "ssh").chmod(0o755)
    path = f"import os; os.environ['PATH'] = '{tmp_path}:' + os.environ['PATH']"
    done = measured(tmp_path, "certify", *(f"ssh://blade-{n}" for n in range(8)), before=path)
    assert done.run.status == 6, done.run.stderr
    assert done.run.stdout.count("INCOMPLETE") >= 8
    assert done.peak < MEMORY


def test_many_recordings(tmp_path: Path) -> None:
    """Of as many files the same."""
    capture_of_60_mib(tmp_path / "capture")
    copies = [tmp_path / f"host-{number}.tar" for number in range(8)]
    for copy in copies:
        copy.hardlink_to(tmp_path / "capture")
    done = measured(tmp_path, "certify", *copies)
    assert done.run.status == 6, done.run.stderr
    assert done.peak < MEMORY
