"""The last release and the first: RHEL minimums and clones; processors and old kernels."""

import pytest

from tests.rules.changes import edit, put, remove
from tests.rules.table import (
    COMPLIANT,
    IDLE,
    NOT_APPLICABLE,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Host,
)
from vmfex.checks.model.plan import Plan, Topology

OS_RELEASE = 'NAME="{}"\nVERSION_ID="{}"\nID="{}"\nPRETTY_NAME="{} {}"\n'
CLONES = {
    "CentOS Linux": ("CentOS Linux release 7.9.2009 (Core)", "7", "centos"),
    "CentOS Stream": ("CentOS Stream release 9", "9", "centos"),
    "Rocky Linux": ("Rocky Linux release 8.9 (Green Obsidian)", "8.9", "rocky"),
    "AlmaLinux": ("AlmaLinux release 9.3 (Shamrock Pampas Cat)", "9.3", "almalinux"),
    # Oracle leaves Red Hat's own line in /etc/redhat-release
    "Oracle Linux": ("Red Hat Enterprise Linux release 8.9 (Ootpa)", "8.9", "ol"),
}


def with_release(number: str) -> Host:
    files = ("etc/redhat-release", "etc/os-release")
    return REFERENCE.but(*(edit(path, "7.9", number) for path in files))


@pytest.mark.parametrize(
    ("number", "supported", "sr_iov"),
    [
        ("5.11", VIOLATED, VIOLATED),
        ("6.0", VIOLATED, VIOLATED),
        ("6.1", COMPLIANT, VIOLATED),
        ("6.2", COMPLIANT, COMPLIANT),
        ("6.9", COMPLIANT, COMPLIANT),
        ("6.10", COMPLIANT, COMPLIANT),
        ("7.0", COMPLIANT, COMPLIANT),
        ("10.0", COMPLIANT, COMPLIANT),
    ],
)
def test_release(number: str, supported: str, sr_iov: str) -> None:
    """RHEL from 6.1 on, and for SR-IOV topologies later than 6.1; 6.10 is later than 6.9."""
    verdicts = with_release(number).judged().verdicts
    assert verdicts["HST-01"] == supported
    assert verdicts["HST-02"] == sr_iov


def test_release_without_a_minor_number() -> None:
    """`Red Hat Enterprise Linux 6` may be 6.0: undetermined."""
    verdicts = with_release("6").judged().verdicts
    assert verdicts["HST-01"] == verdicts["HST-02"] == UNDETERMINED


@pytest.mark.parametrize("topology", [Topology.EMULATION, Topology.HOSTDEV])
def test_planned_topology_needs_its_release(topology: Topology) -> None:
    """An empty host is judged by what the plan means it for, else for both SR-IOV topologies."""
    files = ("etc/redhat-release", "etc/os-release")
    old = IDLE.but(*(edit(path, "7.9", "6.1") for path in files))
    assert old.judged().verdicts["HST-02"] == VIOLATED
    assert old.but(plan=Plan({topology: 1})).judged().verdicts["HST-02"] == VIOLATED
    assert old.but(plan=Plan({Topology.PRIVATE: 1})).judged().verdicts["HST-02"] == NOT_APPLICABLE


@pytest.mark.parametrize("name", CLONES)
def test_clone_is_not_rhel(name: str) -> None:
    """Whatever its number; and the message says which clone it is."""
    line, number, identity = CLONES[name]
    os_release = OS_RELEASE.format(name, number, identity, name, number)
    clone = REFERENCE.but(put("etc/redhat-release", line), put("etc/os-release", os_release))
    judged = clone.judged()
    assert judged.verdicts["HST-01"] == VIOLATED
    assert judged.verdicts["HST-02"] == VIOLATED
    assert name in judged.of("HST-01")


def test_amd_and_other_processors() -> None:
    """svm is as good as vmx, on x86-64 alone."""
    amd = REFERENCE.but(edit("proc/cpuinfo", " vmx ", " svm "))
    assert amd.judged().verdicts["HST-03"] == COMPLIANT
    other = REFERENCE.but(edit("uname", "2020 x86_64", "2020 i686"))
    assert other.judged().verdicts["HST-03"] == VIOLATED


def test_old_kernel_tells_its_iommu_by_the_log() -> None:
    """RHEL 6 has no IOMMU groups: the DMAR table with the log tells, and their lack is no fault."""
    old = Host("rhel65-libvirt010")
    assert old.judged().verdicts["HST-06"] == COMPLIANT
    silent = old.but(edit("var/log/dmesg", "Intel-IOMMU: enabled\n", ""))
    assert silent.judged().verdicts["HST-06"] == VIOLATED
    assert old.but(remove("var")).judged().verdicts["HST-06"] == UNDETERMINED
