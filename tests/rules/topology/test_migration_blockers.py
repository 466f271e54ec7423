"""What keeps a VM from live migration, and what only looks as if it did (rules EMU-05, MTD-04)."""

import json

import pytest

from tests.rules.changes import WEB01, added_device, edit, put
from tests.rules.table import COMPLIANT, REFERENCE, UNDETERMINED, VIOLATED, Change, verdict
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.verdict import Verdict

PERSISTENT = f"{WEB01}/persistent.xml"
MOVING = REFERENCE.but(plan=Plan(must_migrate=("web01",), destinations=("blade-2",)))
INVTSC = "<cpu><feature policy='require' name='invtsc'/></cpu>"
UNMIGRATABLE = "<cpu mode='host-passthrough' migratable='off'/>"
TIMER = "<clock offset='utc'><timer name='tsc' frequency='2500000000'/></clock>"


def device(xml: str) -> Change:
    return added_device(PERSISTENT, xml)


def disk(inside: str, kind: str = "block", source: str = "dev='/dev/vg/x'") -> Change:
    """A second disk of the VM."""
    xml = f"<disk type='{kind}' device='disk'>{inside}<source {source}/><target dev='vdb'/></disk>"
    return device(xml)


@pytest.mark.parametrize(
    "change",
    [
        device("<filesystem><driver type='virtiofs'/><target dir='a'/></filesystem>"),
        device("<filesystem><source dir='/srv'/><target dir='a'/></filesystem>"),
        device("<shmem name='s'><model type='ivshmem-plain'/></shmem>"),
        device("<shmem name='s' role='master'><model type='ivshmem'/></shmem>"),
        edit(PERSISTENT, "<features>", f"{INVTSC}<features>"),
        edit(PERSISTENT, "<features>", f"{UNMIGRATABLE}<features>"),
        disk("<driver cache='writeback'/>"),
        disk("<driver name='qemu'/>"),
        disk("<driver cache='none'/><transient/>"),
    ],
    ids=[
        "virtiofs",
        "9p",
        "shmem of a peer",
        "legacy shmem",
        "invtsc",
        "migratable off",
        "writeback",
        "no cache named",
        "transient",
    ],
)
def test_what_libvirt_or_qemu_refuses(change: Change) -> None:
    """Each by itself, on the libvirt of RHEL 7, which names QEMU 1.5 or 2."""
    assert verdict(MOVING.but(change), "EMU-05") == VIOLATED


@pytest.mark.parametrize(
    "change",
    [
        device("<shmem name='s' role='master'><model type='ivshmem-plain'/></shmem>"),
        disk("<driver cache='directsync'/>"),
        disk("<driver cache='writeback'/><readonly/>"),
        disk("<driver cache='writeback'/><shareable/>"),
        disk("<driver cache='writeback'/>", "network", "protocol='rbd' name='p/x'"),
        device("<disk type='file' device='cdrom'><target dev='sda'/></disk>"),
    ],
    ids=["shmem of a master", "directsync", "read-only", "shareable", "network", "empty drive"],
)
def test_what_is_safe(change: Change) -> None:
    """libvirt migrates these."""
    assert verdict(MOVING.but(change), "EMU-05") == COMPLIANT


@pytest.mark.parametrize("cpu", [INVTSC, UNMIGRATABLE], ids=["named", "of the host"])
def test_invariant_tsc_with_its_frequency(cpu: str) -> None:
    """With the frequency, QEMU migrates it."""
    host = MOVING.but(
        edit(PERSISTENT, "<features>", f"{cpu}<features>"),
        edit(PERSISTENT, "<clock offset='utc'/>", TIMER),
    )
    assert verdict(host, "EMU-05") == COMPLIANT


@pytest.mark.parametrize("policy", ["disable", "forbid"])
def test_processor_of_the_host_without_an_invariant_tsc(policy: str) -> None:
    """It is the one feature that cannot be migrated (QEMU, target/i386/cpu.c)."""
    cpu = (
        "<cpu mode='host-passthrough' migratable='off'>"
        f"<feature policy='{policy}' name='invtsc'/></cpu>"
    )
    host = MOVING.but(edit(PERSISTENT, "<features>", f"{cpu}<features>"))
    assert verdict(host, "EMU-05") == COMPLIANT


def test_file_may_be_on_shared_storage() -> None:
    """Where a file lies is not among the evidence."""
    host = MOVING.but(disk("<driver cache='none'/>", "file", "file='/srv/x.qcow2'"))
    assert verdict(host, "EMU-05") == UNDETERMINED


@pytest.mark.parametrize(
    ("libvirt", "qemu", "expected"),
    [
        (5_006_000, 4_000_000, VIOLATED),
        (5_007_000, 3_001_000, VIOLATED),
        (5_007_000, 4_000_000, COMPLIANT),
    ],
)
def test_cache_that_qemu_drops(libvirt: int, qemu: int, expected: Verdict) -> None:
    """QEMU's files drop their cache from 4.0 on, and libvirt trusts that from 5.7.0 on (its NEWS:
    "Allow migration with disk cache on")."""
    answer = put(
        "libvirt/connection.json",
        json.dumps(
            {
                "uri": "qemu:///system",
                "outcome": "connected",
                "driver": "QEMU",
                "version": libvirt,
                "hypervisor_version": qemu,
                "message": "",
            }
        ),
    )
    host = MOVING.but(disk("<driver cache='writeback'/>"), answer)
    assert verdict(host, "EMU-05") == expected
