"""What holds in every topology (rules TOP)."""

from dataclasses import replace

from tests.rules.changes import (
    DB01,
    WEB01,
    WEB02,
    added_device,
    added_link,
    edit,
    function,
    unreadable,
)
from tests.rules.table import IDLE, REFERENCE, VIOLATED, Absence, Gap, Host, Violation
from tests.rules.topology.macvtap_direct_rows import CARD
from tests.support.construct.hosts import POOL
from tests.support.construct.hosts import REFERENCE as BLADE
from tests.support.construct.netlink import Message

PERSISTENT = f"{WEB01}/persistent.xml"
POOLED = f"{WEB02}/persistent.xml"
NETWORK = f"libvirt/networks/{POOL}.xml"
FILTER = "<filterref filter='no-mac-spoofing'/>"
VLAN = "<vlan><tag id='42'/></vlan>"
NO_VM = "no VM"
WITH_INTEL = Host(replace(BLADE, nics=("em1",)))
EM1 = "00:1b:21:00:00:01"
ON_EM1 = (
    "<interface type='direct'><mac address='52:54:00:5c:a1:33'/>"
    "<source dev='em1' mode='bridge'/><model type='virtio'/></interface>"
)
TAP = (
    "<interface type='ethernet'><mac address='52:54:00:5c:a1:33'/><target dev='tap7'/>"
    "<model type='virtio'/></interface>"
)
VDPA = "<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>"
QEMU_USER = (
    "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
    "<qemu:arg value='-netdev'/><qemu:arg value='user,id=n9'/></qemu:commandline>"
)
DEVICES = CARD * 32  # beside the VF, each the same: only their number matters here


def beside(interface: str) -> Violation:
    """A VM-FEX domain with another interface, which a software switch carries."""
    xml = f"<interface {interface}</interface>"
    return Violation("TOP-01", interface, REFERENCE.but(added_device(PERSISTENT, xml)))


VIOLATIONS = (
    beside("type='bridge'><source bridge='br0'/>"),
    beside("type='bridge'><source bridge='ovsbr0'/><virtualport type='openvswitch'/>"),
    beside("type='user'>"),
    beside("type='mcast'><source address='230.0.0.1' port='5558'/>"),
    beside("type='vhostuser'><source type='unix' path='/run/v.sock' mode='client'/>"),
    Violation(
        "TOP-01",
        "macvtap in mode bridge, which the kernel switches",
        WITH_INTEL.but(added_device(PERSISTENT, ON_EM1)),
        base=WITH_INTEL,
    ),
    Violation(
        "TOP-01",
        "a tap device in a bridge",
        REFERENCE.but(
            added_link(Message(41, "br9", EM1, kind="bridge")),
            added_link(Message(42, "tap7", EM1, kind="tun", master=41)),
            added_device(f"{WEB01}/running.xml", TAP),
        ),
    ),
    Violation(
        "TOP-02",
        "another interface on an adapter that is no VIC",
        WITH_INTEL.but(added_device(PERSISTENT, ON_EM1.replace("'bridge'", "'passthrough'"))),
        base=WITH_INTEL,
    ),
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
    Violation(
        "TOP-05",
        "a filter on an interface of a pool",
        REFERENCE.but(edit(POOLED, "<model type='virtio'/>", f"{FILTER}<model type='virtio'/>")),
    ),
    Violation(
        "TOP-05",
        "a filter that only the next start would have",
        REFERENCE.but(
            edit(PERSISTENT, "<model type='virtio'/>", f"{FILTER}<model type='virtio'/>")
        ),
    ),
    Violation(
        "TOP-05",
        "a VLAN beside 802.1Qbh",
        REFERENCE.but(edit(PERSISTENT, "<model type='virtio'/>", f"{VLAN}<model type='virtio'/>")),
    ),
    Violation(
        "TOP-05",
        "a VLAN of the port group",
        REFERENCE.but(edit(NETWORK, "</portgroup>", f"{VLAN}</portgroup>")),
    ),
    Violation(
        "TOP-05",
        "a VLAN of the network",
        REFERENCE.but(edit(NETWORK, "</network>", f"{VLAN}</network>")),
    ),
    Violation(
        "TOP-05",
        "KVM's own assignment on RHEL 7",
        REFERENCE.but(edit(f"{DB01}/persistent.xml", "name='vfio'", "name='kvm'")),
    ),
    Violation(
        "TOP-08",
        "33 devices on RHEL 7",
        REFERENCE.but(added_device(f"{DB01}/persistent.xml", DEVICES)),
    ),
)

ABSENCES = (
    Absence("TOP-05", NO_VM, IDLE),
    Absence("TOP-08", NO_VM, IDLE),
    Absence("TOP-01", NO_VM, IDLE),
    Absence("TOP-02", NO_VM, IDLE),
    Absence("TOP-03", NO_VM, IDLE),
    Absence("TOP-04", NO_VM, IDLE),
)

GAPS = (
    Gap("TOP-05", "a domain", REFERENCE.but(unreadable(DB01))),
    Gap("TOP-05", "the network's settings", REFERENCE.but(unreadable("libvirt/networks"))),
    Gap("TOP-08", "a domain", REFERENCE.but(unreadable(DB01))),
    Gap("TOP-08", "the release", REFERENCE.but(unreadable("etc"))),
    Gap("TOP-01", "a domain", REFERENCE.but(unreadable(WEB01))),
    Gap(
        "TOP-01",
        "what a plain tap is plugged into",
        REFERENCE.but(
            added_link(Message(42, "tap7", EM1, kind="tun")),
            added_device(f"{WEB01}/running.xml", TAP),
        ),
    ),
    Gap("TOP-01", "what carries vDPA", REFERENCE.but(added_device(PERSISTENT, VDPA))),
    Gap("TOP-02", "what carries vDPA", REFERENCE.but(added_device(PERSISTENT, VDPA))),
    Gap(
        "TOP-01",
        "an interface of a type that nobody knows",
        REFERENCE.but(added_device(PERSISTENT, "<interface type='wormhole'/>")),
    ),
    Gap(
        "TOP-01",
        "what QEMU's own arguments connect",
        REFERENCE.but(edit(PERSISTENT, "</devices>", f"</devices>{QEMU_USER}")),
    ),
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
    Gap(
        "TOP-04",
        "the schema of a libvirt that is newer than the one here",
        REFERENCE.but(
            added_device(PERSISTENT, "<teleporter/>"),
            edit("libvirt/connection.json", "4005000", "99000000"),
        ),
    ),
)
