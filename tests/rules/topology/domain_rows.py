"""What holds in every topology (rules TOP)."""

from tests.rules.changes import DB01, WEB01, added_device, edit, function, unreadable
from tests.rules.table import IDLE, REFERENCE, VIOLATED, Absence, Gap, Violation

PERSISTENT = f"{WEB01}/persistent.xml"
NO_VM = "no VM"


def beside(interface: str) -> Violation:
    """A VM-FEX domain with another interface, which a software switch carries."""
    xml = f"<interface {interface}</interface>"
    return Violation("TOP-01", interface, REFERENCE.but(added_device(PERSISTENT, xml)))


VIOLATIONS = (
    beside("type='bridge'><source bridge='br0'/>"),
    beside("type='bridge'><source bridge='ovsbr0'/><virtualport type='openvswitch'/>"),
    beside("type='user'>"),
    Violation(
        "TOP-02",
        "a VF of another vendor in the pool",
        REFERENCE.but(edit(f"{function('06:00.2')}/vendor", "0x1137", "0x8086")),
        consequences={"EMU-02": (VIOLATED, "that VF is no VF of a VIC")},
    ),
    Violation(
        "TOP-03",
        "a device in the slot of the host bridge",
        REFERENCE.but(edit(PERSISTENT, "slot='0x05'", "slot='0x00'")),
    ),
    Violation(
        "TOP-03",
        "a second device on a root port",
        REFERENCE.but(
            added_device(PERSISTENT, "<controller type='pci' index='1' model='pcie-root-port'/>"),
            edit(PERSISTENT, "bus='0x00' slot='0x05'", "bus='0x01' slot='0x01'"),
        ),
    ),
    Violation(
        "TOP-04",
        "an element that libvirt does not know",
        REFERENCE.but(added_device(PERSISTENT, "<teleporter/>")),
    ),
)

ABSENCES = (
    Absence("TOP-01", NO_VM, IDLE),
    Absence("TOP-02", NO_VM, IDLE),
    Absence("TOP-03", NO_VM, IDLE),
    Absence("TOP-04", NO_VM, IDLE),
)

GAPS = (
    Gap("TOP-01", "a domain", REFERENCE.but(unreadable(WEB01))),
    Gap("TOP-01", "the networks", REFERENCE.but(unreadable("libvirt/networks"))),
    Gap("TOP-02", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap("TOP-03", "a domain", REFERENCE.but(unreadable(DB01))),
    Gap(
        "TOP-03",
        "a controller of an unknown model",
        REFERENCE.but(
            added_device(PERSISTENT, "<controller type='pci' index='1' model='pci-teleporter'/>")
        ),
    ),
    Gap("TOP-04", "a domain", REFERENCE.but(unreadable(DB01))),
)
