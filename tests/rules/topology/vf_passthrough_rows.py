"""SR-IOV VF passthrough (rules HDV)."""

from tests.rules.changes import DB01, UUID, edit, function, link, put, remove, unreadable
from tests.rules.table import (
    COMPLIANT,
    PRIVATE,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Absence,
    Gap,
    Violation,
)
from tests.support.construct import RawTree
from vmfex.checks.model.plan import Plan

PERSISTENT = f"{DB01}/persistent.xml"
KERNEL = "lib/modules/3.10.0-1160.el7.x86_64"
PF_GROUP = "../../../../../../kernel/iommu_groups/11"
GUEST = f"guests/{UUID.format(0x103)}/sys/class/net/eth0"
ADDRESS = "bus='0x07' slot='0x00' function='0x1'"
MUST_MOVE = Plan(must_migrate=("db01",), destinations=("blade-2",))
BARE = """<hostdev mode='subsystem' type='pci' managed='yes'>
      <source>
        <address domain='0x0000' bus='0x07' slot='0x00' function='0x1'/>
      </source>
    </hostdev>"""


def given_bare(tree: RawTree) -> None:
    """The VF as a bare device in place of an interface."""
    xml = tree.files[PERSISTENT].decode()
    start = xml.index("<interface type='hostdev'")
    end = xml.index("</interface>") + len("</interface>")
    tree.put(PERSISTENT, xml[:start] + BARE + xml[end:])


VIOLATIONS = (
    Violation(
        "HDV-01",
        "a bare device",
        REFERENCE.but(given_bare),
        consequences={
            "PRF-01": (VIOLATED, "a bare device has no virtual port"),
            "HDV-05": (UNDETERMINED, "nor a MAC address by which to find it in the guest"),
        },
    ),
    Violation(
        "HDV-02",
        "a static vNIC given to the VM",
        REFERENCE.but(edit(PERSISTENT, ADDRESS, "bus='0x07' slot='0x00' function='0x0'")),
        consequences={"VIC-05": (VIOLATED, "a PF is a static vNIC")},
    ),
    Violation(
        "HDV-03",
        "a VirtIO model on the interface",
        REFERENCE.but(edit(PERSISTENT, "</virtualport>", "</virtualport><model type='virtio'/>")),
    ),
    Violation(
        "HDV-04",
        "a VM that must live-migrate",
        REFERENCE.but(plan=MUST_MOVE),
        consequences={"CLU-02": (COMPLIANT, "now there is a migration, within one cluster")},
    ),
    Violation("HDV-05", "no driver in the guest", REFERENCE.but(remove(f"{GUEST}/device"))),
    Violation(
        "HDV-06",
        "a hypervisor that would migrate it",
        REFERENCE.but(
            edit(f"libvirt/migration/{UUID.format(0x103)}.json", '"status": 1', '"status": 0')
        ),
    ),
    Violation(
        "HDV-07",
        "an IOMMU group that the PF is in",
        REFERENCE.but(link(f"{function('07:00.1')}/iommu_group", PF_GROUP)),
    ),
    Violation(
        "HDV-07",
        "no vfio-pci",
        REFERENCE.but(
            link(f"{function('07:00.1')}/driver", "../../../../bus/pci/drivers/enic"),
            remove("sys/bus/pci/drivers/vfio-pci/0000:07:00.1"),
            edit("proc/modules", "vfio_pci ", "vfio0 "),
            put(f"{KERNEL}/modules.builtin", "kernel/drivers/net/tun.ko\n"),
            put(f"{KERNEL}/modules.dep", "kernel/drivers/net/tun.ko:\n"),
        ),
    ),
)

NONE = "VMs on MacVTap direct alone"
ABSENCES = (
    Absence("HDV-07", NONE, PRIVATE),
    Absence("HDV-01", NONE, PRIVATE),
    Absence("HDV-02", NONE, PRIVATE),
    Absence("HDV-03", NONE, PRIVATE),
    Absence("HDV-04", NONE, PRIVATE.but(plan=Plan(must_migrate=("app*",)))),
    Absence("HDV-05", NONE, PRIVATE),
    Absence("HDV-06", NONE, PRIVATE),
)

GAPS = (
    Gap("HDV-07", "the domain", REFERENCE.but(unreadable(DB01))),
    Gap(
        "HDV-07",
        "the function's group",
        REFERENCE.but(remove(f"{function('07:00.1')}/iommu_group")),
    ),
    Gap(
        "HDV-07",
        "the group of a neighbour",
        REFERENCE.but(remove(f"{function('07:00.0')}/iommu_group")),
    ),
    Gap("HDV-01", "the domain", REFERENCE.but(unreadable(DB01))),
    Gap("HDV-02", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap("HDV-03", "the domain", REFERENCE.but(unreadable(DB01))),
    Gap("HDV-04", "the domain", REFERENCE.but(unreadable(DB01), plan=MUST_MOVE)),
    Gap("HDV-05", "the guest", REFERENCE.but(unreadable("guests"))),
    Gap(
        "HDV-06",
        "the lab's answer",
        REFERENCE.but(remove(f"libvirt/migration/{UUID.format(0x103)}.json")),
    ),
)
