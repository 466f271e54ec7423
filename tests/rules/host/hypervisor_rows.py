"""The hypervisor (rules HST)."""

from tests.rules.changes import WEB01, edit, function, put, remove, unreadable
from tests.rules.table import PRIVATE, REFERENCE, UNDETERMINED, VIOLATED, Absence, Gap, Violation

UNASKED = "libvirt did not report which domains there are, so what they stand on is not known"
UNTOLD = (
    "HST-02",
    "VIC-05",
    *(f"SRV-{n:02}" for n in (1, 2, 4, 5, 6, 8)),
    *(f"PRF-{n:02}" for n in range(1, 5)),
    "CLU-01",
    *(f"TOP-{n:02}" for n in range(1, 9)),
    *(f"MTD-{n:02}" for n in range(1, 4)),
    *(f"EMU-{n:02}" for n in range(1, 5)),
    *(f"HDV-{n:02}" for n in range(1, 8)),
)
NO_UNIT = (
    remove("sys/class/iommu/dmar0", "sys/kernel/iommu_groups"),
    put("sys/class/iommu/.gitkeep", ""),
    put("sys/kernel/iommu_groups/.gitkeep", ""),
)

VIOLATIONS = (
    Violation(
        "HST-01",
        "RHEL 6.0, on a host whose topology has no higher minimum",
        PRIVATE.but(edit("etc/redhat-release", "6.1", "6.0")),
        base=PRIVATE,
    ),
    Violation(
        "HST-01",
        "a clone, whatever its number",
        REFERENCE.but(
            edit("etc/redhat-release", "Red Hat Enterprise Linux Server", "CentOS Linux"),
            edit("etc/os-release", "Red Hat Enterprise Linux Server", "CentOS Linux"),
        ),
        consequences={
            "HST-02": (VIOLATED, "a clone is no later release of RHEL either"),
            "TOP-08": (UNDETERMINED, "Red Hat's figures are those of its own releases"),
        },
    ),
    Violation(
        "HST-02",
        "RHEL 6.1 under VMs on VFs",
        REFERENCE.but(
            edit("etc/redhat-release", "7.9", "6.1"), edit("etc/os-release", "7.9", "6.1")
        ),
    ),
    Violation("HST-03", "no vmx flag", REFERENCE.but(edit("proc/cpuinfo", " vmx ", " "))),
    Violation(
        "HST-04",
        "a VM that is emulated at its next start",
        REFERENCE.but(edit(f"{WEB01}/persistent.xml", "type='kvm'", "type='qemu'")),
    ),
    Violation(
        "HST-04",
        "no /dev/kvm",
        REFERENCE.but(remove("dev/kvm"), put("dev/null", "")),
    ),
    Violation(
        "HST-04",
        "libvirt offers no KVM",
        REFERENCE.but(edit("libvirt/capabilities.xml", "<domain type='kvm'>", "<domain>")),
    ),
    Violation(
        "HST-05",
        "nothing listens on libvirtd's socket",
        REFERENCE.but(edit("libvirt/connection.json", '"connected"', '"refused"')),
        consequences=dict.fromkeys((*UNTOLD, "PRF-06", "PRF-07"), (UNDETERMINED, UNASKED))
        | {"HST-04": (UNDETERMINED, "libvirt did not report its capabilities either")},
    ),
    Violation(
        "HST-06",
        "a VF in no IOMMU group",
        REFERENCE.but(remove(f"{function('07:00.1')}/iommu_group")),
        consequences={"HDV-07": (UNDETERMINED, "with whom it would share a group is not shown")},
    ),
    Violation("HST-06", "no IOMMU unit is active", REFERENCE.but(*NO_UNIT)),
)

ABSENCES = (
    Absence("HST-01", "every host has a release, or does not tell it"),
    Absence("HST-02", "no SR-IOV topology: MacVTap direct alone", PRIVATE),
    Absence("HST-03", "every host has a processor"),
    Absence("HST-04", "whether KVM is in effect can be asked of every host, VMs or none"),
    Absence("HST-05", "libvirtd runs on a hypervisor or does not"),
    Absence("HST-06", "MacVTap direct alone needs no SR-IOV, so no IOMMU", PRIVATE),
)

GAPS = (
    Gap("HST-01", "the files in /etc", REFERENCE.but(unreadable("etc"))),
    Gap("HST-02", "the files in /etc", REFERENCE.but(unreadable("etc"))),
    Gap("HST-02", "the domains", REFERENCE.but(unreadable("libvirt/domains"))),
    Gap("HST-03", "/proc/cpuinfo", REFERENCE.but(unreadable("proc/cpuinfo"))),
    Gap("HST-04", "/dev", REFERENCE.but(unreadable("dev"))),
    Gap("HST-04", "libvirt's capabilities", REFERENCE.but(remove("libvirt/capabilities.xml"))),
    Gap("HST-05", "libvirt's connection", REFERENCE.but(unreadable("libvirt"))),
    Gap(
        "HST-05",
        "an answer by another driver",
        REFERENCE.but(edit("libvirt/connection.json", '"QEMU"', '"Test"')),
    ),
    Gap("HST-06", "/sys/class/iommu", REFERENCE.but(unreadable("sys/class/iommu"))),
)
