"""Physical and virtual functions (rules SRV)."""

from dataclasses import replace

from tests.rules.adapter.vic_rows import IDLE_BLADE
from tests.rules.changes import (
    DB01,
    DEVICES,
    WEB01,
    WEB02,
    added_device,
    edit,
    function,
    link,
    link_down,
    remove,
    unreadable,
    unreadable_for,
    without_functions,
)
from tests.rules.table import (
    IDLE,
    NOT_APPLICABLE,
    PRIVATE,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Absence,
    Gap,
    Host,
    Violation,
)
from tests.support.construct.hosts import POOL as NETWORK_UUID
from tests.support.construct.spec import Vnic
from vmfex.checks.model.plan import Plan, Topology

MEANT = IDLE.but(plan=Plan({Topology.EMULATION: 4}))
ETH1 = function("07:00.0")
VFS_OF_ETH1 = [f"0000:07:00.{n}" for n in range(1, 5)]
POOL = "<source network='vmfex-pool' portgroup='web'/>"
SAME_VF = (
    "<source dev='eth2' mode='passthrough'/>"
    "<virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport>"
)

NETWORK = f"libvirt/networks/{NETWORK_UUID}.xml"
PLANNED = REFERENCE.but(plan=Plan({Topology.EMULATION: 7}))
SECOND = """<interface type='network'>
      <mac address='52:54:00:5c:a1:33'/>
      <source network='vmfex-pool' portgroup='web'/>
      <model type='virtio'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x09' function='0x0'/>
    </interface>"""
ASSIGNED = """<interface type='hostdev' managed='yes'>
      <mac address='52:54:00:5c:a1:34'/>
      <source><address type='pci' domain='0' bus='{bus}' slot='0' function='1'/></source>
      <virtualport type='802.1Qbh'><parameters profileid='db'/></virtualport>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x0{slot}' function='0x0'/>
    </interface>"""
BOTH_WAYS = REFERENCE.but(
    edit(f"{DB01}/persistent.xml", "function='0x1'", "function='0x2'"),
    edit(f"{DB01}/running.xml", "function='0x1'", "function='0x2'"),
    added_device(f"{WEB01}/persistent.xml", ASSIGNED.format(bus=7, slot=9)),
)
TWO_ON_ONE = REFERENCE.but(added_device(f"{WEB02}/persistent.xml", SECOND))


def with_vfs(count: int) -> Host:
    """A host without VMs whose eth1 has `count` VFs, none of which is associated."""
    return Host(replace(IDLE_BLADE, vnics=(Vnic("eth0", vfs=4), Vnic("eth1", vfs=count))))


VIOLATIONS = (
    Violation(
        "SRV-01",
        "a PF that is capable of VFs and has none",
        MEANT.but(
            without_functions(*VFS_OF_ETH1),
            remove(*(f"{ETH1}/virtfn{n}" for n in range(4))),
            edit(f"{ETH1}/sriov_numvfs", "4", "0"),
        ),
        base=MEANT,
    ),
    Violation(
        "SRV-02",
        "a VF whose physfn link leads nowhere",
        REFERENCE.but(link(f"{function('06:00.2')}/physfn", f"{DEVICES}/0000:66:00.0")),
    ),
    Violation(
        "SRV-03",
        "a PF whose reply the kernel refuses to give, at 4 VFs",
        REFERENCE.but(
            unreadable_for("the kernel answers EMSGSIZE (Message too long)", "netlink/pf/eth0.bin")
        ),
        consequences={"PRF-04": (UNDETERMINED, "the refused reply would have shown the ports")},
    ),
    Violation(
        "SRV-04",
        "two VMs that name one VF",
        REFERENCE.but(
            edit(f"{WEB02}/persistent.xml", "type='network'", "type='direct'"),
            edit(f"{WEB02}/persistent.xml", POOL, SAME_VF),
        ),
        consequences=dict.fromkeys(
            ("SRV-08", "TOP-06", "TOP-07"), (NOT_APPLICABLE, "no VM is on the network any more")
        ),
    ),
    Violation(
        "SRV-05",
        "a plan for 8 VM interfaces, beside the one in hostdev mode, on 8 VFs",
        REFERENCE.but(plan=Plan({Topology.EMULATION: 8})),
        REFERENCE.but(plan=Plan({Topology.EMULATION: 7})),
    ),
    Violation("SRV-06", "a PF that is down", REFERENCE.but(link_down("eth0"))),
    Violation(
        "SRV-04",
        "a VM that is given one VF twice",
        REFERENCE.but(added_device(f"{DB01}/persistent.xml", ASSIGNED.format(bus=7, slot=9))),
        consequences={"HDV-05": (VIOLATED, "the guest was captured with one card")},
    ),
    Violation(
        "SRV-04",
        "a VM that has one VF by macvtap and by assignment",
        BOTH_WAYS.but(edit(f"{WEB01}/persistent.xml", "bus='7'", "bus='6'")),
        BOTH_WAYS,
        consequences={"EMU-02": (VIOLATED, "the macvtap does not have its VF for itself alone")},
    ),
    Violation(
        "SRV-04",
        "a VM that names a VF which a network hands out to another",
        REFERENCE.but(edit(NETWORK, "<interface dev='eth5'/>", "<interface dev='eth2'/>")),
    ),
    Violation(
        "SRV-07",
        "a VF of the later SR-IOV kind in a network's pool",
        REFERENCE.but(edit(f"{function('06:00.4')}/device", "0x0071", "0x02b7")),
        consequences={"EMU-02": (VIOLATED, "web02 may be given it")},
    ),
    Violation(
        "SRV-07",
        "a plan that needs VFs of the later SR-IOV kind",
        PLANNED.but(edit(f"{function('07:00.4')}/device", "0x0071", "0x02b7")),
        PLANNED,
        {"SRV-05": (VIOLATED, "it does not count as one of the eight")},
    ),
    Violation(
        "SRV-08",
        "a network with one VF for a VM with two interfaces",
        TWO_ON_ONE.but(edit(NETWORK, "<interface dev='eth4'/>\n    <interface dev='eth5'/>", "")),
        TWO_ON_ONE,
    ),
)

ABSENCES = (
    Absence("SRV-01", "no SR-IOV topology: MacVTap direct alone", PRIVATE),
    Absence("SRV-02", "VMs on dynamic vNICs, none on a VF", PRIVATE),
    Absence("SRV-03", "no PF has VFs", PRIVATE),
    Absence("SRV-04", "no VM, so no VF is in use", IDLE),
    Absence("SRV-05", "no SR-IOV topology: MacVTap direct alone", PRIVATE),
    Absence("SRV-06", "no VM, so no VF is in use", IDLE),
    Absence("SRV-07", "no VF", PRIVATE),
    Absence("SRV-08", "VMs that name their devices, and no libvirt network", PRIVATE),
)

GAPS = (
    Gap("SRV-01", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap("SRV-02", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap("SRV-02", "a domain", REFERENCE.but(unreadable(WEB02))),
    Gap(
        "SRV-03",
        "the reply of a PF with 23 VFs",
        with_vfs(23).but(unreadable("netlink")),
    ),
    Gap("SRV-03", "the ports of 33 VFs, none of which is associated", with_vfs(33)),
    Gap("SRV-04", "a domain", REFERENCE.but(unreadable(WEB02))),
    Gap("SRV-05", "the domains", REFERENCE.but(unreadable("libvirt/domains"))),
    Gap("SRV-05", "the PCI functions", MEANT.but(unreadable("sys/bus/pci"))),
    Gap("SRV-06", "the links", REFERENCE.but(unreadable("netlink/links.bin"))),
    Gap("SRV-08", "the networks", REFERENCE.but(unreadable("libvirt/networks"))),
    Gap("SRV-08", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
    Gap("SRV-08", "the links", REFERENCE.but(unreadable("netlink/links.bin"))),
    Gap("SRV-07", "the PCI functions", REFERENCE.but(unreadable("sys/bus/pci"))),
)
