"""MacVTap direct (rules MTD)."""

from tests.rules.changes import (
    APP01,
    APP02,
    UUID,
    added_device,
    edit,
    netlink,
    remove,
    unreadable,
    without_functions,
)
from tests.rules.table import (
    COMPLIANT,
    NOT_APPLICABLE,
    PRIVATE,
    PRIVATE_21,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Absence,
    Gap,
    Violation,
)
from tests.support.construct import RawTree
from tests.support.construct.netlink import MACVLAN_MODES, u32
from vmfex.checks.model.plan import Plan

MOVING = PRIVATE.but(plan=Plan(must_migrate=("app01",), destinations=("blade-2",)))
FIRMWARE = "ucsm/firmwareRunning.xml"
PASSTHROUGH, LIVE_PRIVATE = (u32(1, MACVLAN_MODES[mode]) for mode in ("passthrough", "private"))
# the FCoE function of the VIC: on the host, and no VM-FEX interface
CARD = (
    "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
    "<address domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></source></hostdev>"
)
GONE = (NOT_APPLICABLE, "it speaks of UCS releases before 2.1")
TWO_PORTS = PRIVATE.but(without_functions("0000:09:00.0", "0000:0a:00.0"))


def third_vm(tree: RawTree) -> None:
    """A VM that does not run, on the dynamic vNIC of another one."""
    xml = tree.files[f"{APP02}/persistent.xml"].decode()
    for old, new in (
        ("app02", "app03"),
        (UUID.format(0x102), UUID.format(0x103)),
        (":02'", ":03'"),
    ):
        xml = xml.replace(old, new)
    tree.put(f"libvirt/domains/{UUID.format(0x103)}/persistent.xml", xml)


UNPROVEN = PRIVATE.but(remove(FIRMWARE))

VIOLATIONS = (
    Violation(
        "MTD-01",
        "a UCS release that is not known: it has to be proven older",
        UNPROVEN,
        base=PRIVATE,
        consequences=dict.fromkeys(
            ("MTD-02", "MTD-03"), (UNDETERMINED, "whether they apply depends on the release")
        ),
    ),
    Violation(
        "MTD-01",
        "UCS release 2.1",
        PRIVATE.but(edit(FIRMWARE, "2.0(4b)", "2.1(1a)")),
        base=PRIVATE,
        consequences={"MTD-02": GONE, "MTD-03": GONE},
    ),
    Violation(
        "MTD-02",
        "three VMs on a VIC with two ports for them",
        TWO_PORTS.but(third_vm),
        base=TWO_PORTS,
        consequences={"CLU-01": (UNDETERMINED, "UCS Manager does not know the third VM")},
    ),
    Violation(
        "MTD-03",
        "a guest interface that is not VirtIO",
        PRIVATE.but(edit(f"{APP01}/persistent.xml", "type='virtio'", "type='e1000'")),
        base=PRIVATE,
    ),
    Violation(
        "MTD-04",
        "another PCI device of the host",
        MOVING.but(added_device(f"{APP01}/persistent.xml", CARD)),
        base=MOVING,
        consequences={"TOP-08": (COMPLIANT, "one assigned device, where there was none")},
    ),
)
LIVE_MODE = Violation(
    "EMU-01",
    "a live link in private mode, whatever the definition says",
    REFERENCE.but(netlink("netlink/links.bin", "macvtap0", PASSTHROUGH, LIVE_PRIVATE)),
    consequences={"MTD-01": (VIOLATED, "MacVTap direct is in effect, on UCS release 3.1")},
)

ABSENCES = (
    Absence("MTD-01", "no interface in private mode", REFERENCE),
    Absence("MTD-02", "no interface in private mode", REFERENCE),
    Absence("MTD-02", "a UCS release that no longer supports it", PRIVATE_21),
    Absence("MTD-03", "no interface in private mode", REFERENCE),
    Absence("MTD-04", "no VM must live-migrate", PRIVATE),
)

GAPS = (
    Gap("MTD-01", "the domains", REFERENCE.but(unreadable("libvirt/domains"))),
    Gap("MTD-01", "a domain", REFERENCE.but(unreadable(APP01))),
    Gap("MTD-02", "the UCS release", UNPROVEN),
    Gap("MTD-02", "the PCI functions", PRIVATE.but(unreadable("sys/bus/pci"))),
    Gap("MTD-03", "the UCS release", UNPROVEN),
    Gap("MTD-03", "the PCI functions", PRIVATE.but(unreadable("sys/bus/pci"))),
    Gap("MTD-04", "the UCS release", MOVING.but(remove(FIRMWARE))),
    Gap("MTD-04", "the domain", MOVING.but(unreadable(APP01))),
)
