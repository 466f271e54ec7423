"""Port profiles (rules PRF)."""

import sys
from uuid import UUID

from tests.rules.changes import (
    WEB01,
    WEB02,
    answered,
    edit,
    function,
    link,
    netlink,
    put,
    remove,
    unreadable,
    without_link,
)
from tests.rules.table import IDLE, REFERENCE, VIOLATED, Absence, Gap, Violation
from tests.support.construct.hosts import POOL
from tests.support.construct.netlink import PORT_INSTANCE, PORT_RESPONSE, attribute

PORT = """<virtualport type='802.1Qbh'>
        <parameters profileid='web'/>
      </virtualport>"""
PERSISTENT = f"{WEB01}/persistent.xml"
SUCCESS, ERROR = (
    attribute(PORT_RESPONSE, code.to_bytes(2, sys.byteorder)) for code in (0x100, 0x105)
)
DB_CLIENT = 'vnic-db/cl-default" name="default" dcName="default" orgPath="default" swName='
PROFILES = "ucsm/vnicProfile.xml"
OF_WEB_1 = 'name="web" hostNwIOPerf="none" maxPorts="1"'
RETAINED = 'vStatus="offline" vifId="800"'
ACTIVE = '" operState="active" linkState="up"'
DOWN = '" operState="link-down" linkState="down"'
VM, OTHER = "5ca1ab1e-0000-4000-8000-000000000101", "5ca1ab1e-0000-4000-8000-0000000001ff"
OF_WEB01, OF_WEB02 = (
    attribute(PORT_INSTANCE, UUID(f"5ca1ab1e-0000-4000-8000-00000000010{n}").bytes) for n in (1, 2)
)
UNKNOWN_ATTRIBUTE = attribute(99, bytes(16))  # in the place of the instance
SOURCE_OF_WEB02 = "<source network='vmfex-pool' portgroup='web'/>"
QBG = "<virtualport type='802.1Qbg'/>"
DB_PORT = "<virtualport type='802.1Qbh'><parameters profileid='db'/></virtualport>"
NEW_KERNEL = edit("uname", "EDT 2020", "EDT 2024")
NO_VM_RUNS = [
    *(
        remove(f"libvirt/domains/5ca1ab1e-0000-4000-8000-00000000010{n}/running.xml")
        for n in (1, 3)
    ),
    without_link("macvtap0"),
]

VIOLATIONS = (
    Violation("PRF-01", "no virtual port", REFERENCE.but(edit(PERSISTENT, PORT, ""))),
    Violation(
        "PRF-01",
        "a virtual port of 802.1Qbg",
        REFERENCE.but(
            edit(
                PERSISTENT,
                PORT,
                PORT.replace("Qbh", "Qbg").replace(
                    "profileid='web'", "managerid='1' typeid='2' typeidversion='1'"
                ),
            )
        ),
    ),
    Violation(
        "PRF-01",
        "a port group without a virtual port",
        REFERENCE.but(edit(f"libvirt/networks/{POOL}.xml", "type='802.1Qbh'", "")),
    ),
    Violation(
        "PRF-01",
        "another port profile in the interface than in its port group",
        REFERENCE.but(edit(f"{WEB02}/persistent.xml", SOURCE_OF_WEB02, SOURCE_OF_WEB02 + DB_PORT)),
        consequences={"PRF-07": (VIOLATED, "the profile db is for hostdev, and this is macvtap")},
    ),
    Violation(
        "PRF-01",
        "another type in the network than in its port group",
        REFERENCE.but(
            edit(
                f"libvirt/networks/{POOL}.xml",
                "</forward>",
                "</forward><virtualport type='802.1Qbg'/>",
            )
        ),
    ),
    Violation(
        "PRF-02",
        "a port profile that nobody created",
        REFERENCE.but(edit(PERSISTENT, "profileid='web'", "profileid='wbe'")),
    ),
    Violation(
        "PRF-03",
        "a port profile for another cluster",
        REFERENCE.but(edit("ucsm/vmVnicProfCl.xml", f'{DB_CLIENT}"default"', f'{DB_CLIENT}"lab"')),
    ),
    Violation(
        "PRF-03",
        "port profiles without a client",
        REFERENCE.but(answered("vmVnicProfCl")),
    ),
    Violation(
        "PRF-04",
        "a port profile request that was answered with an error",
        REFERENCE.but(netlink("netlink/pf/eth0.bin", "eth0", SUCCESS, ERROR)),
    ),
    Violation(
        "PRF-04",
        "a port that was asked for another VM",
        REFERENCE.but(netlink("netlink/pf/eth0.bin", "eth0", OF_WEB01, OF_WEB02)),
    ),
    Violation(
        "PRF-04",
        "a port of the VF's place in the list, and not of its number",
        REFERENCE.but(
            remove(f"{function('06:00.0')}/virtfn0"),
            link(f"{function('06:00.0')}/virtfn4", "../0000:06:00.1"),
        ),
    ),
    Violation(
        "PRF-04",
        "a veth on another port profile than the domain names",
        REFERENCE.but(edit("ucsm/vmNic.xml", 'profileName="web"', 'profileName="old"')),
    ),
    Violation("PRF-04", "no veth", REFERENCE.but(answered("vmVif"))),
    Violation(
        "PRF-05",
        "a kernel with the change of May 2024",
        REFERENCE.but(
            NEW_KERNEL,
            put(
                "kernel-changelog",
                "* Tue Aug 20 2024 A Name <a@b>\n- enic: Validate length of nl attributes\n",
            ),
        ),
    ),
    Violation(
        "PRF-06",
        "fewer ports than interfaces that name it",
        REFERENCE.but(edit(PROFILES, 'name="web" hostNwIOPerf="none" maxPorts="64"', OF_WEB_1)),
    ),
    Violation(
        "PRF-07",
        "a hostdev interface on a profile without high performance",
        REFERENCE.but(edit(PROFILES, '"high-perf-reqd"', '"none"')),
    ),
    Violation(
        "PRF-07",
        "macvtap on a profile with high performance",
        REFERENCE.but(edit(PROFILES, 'hostNwIOPerf="none"', 'hostNwIOPerf="high-perf-reqd"')),
    ),
    Violation(
        "PRF-04",
        "a veth that UCS Manager only retains",
        REFERENCE.but(edit("ucsm/vmVif.xml", 'vStatus="online" vifId="800"', RETAINED)),
    ),
    Violation(
        "PRF-04",
        "a veth that is down",
        REFERENCE.but(edit("ucsm/vmVif.xml", f"800{ACTIVE}", f"800{DOWN}")),
    ),
    Violation(
        "PRF-04",
        "a veth of another VM with the MAC address",
        REFERENCE.but(
            edit("ucsm/vmNic.xml", f"vm-{VM}/nic-1", f"vm-{OTHER}/nic-1"),
            edit("ucsm/vmVif.xml", f"vm-{VM}/nic-1", f"vm-{OTHER}/nic-1"),
        ),
    ),
)

ABSENCES = (
    Absence("PRF-01", "no VM", IDLE),
    Absence("PRF-02", "no VM, so no port profile is named", IDLE),
    Absence("PRF-03", "no VM, so no port profile is named", IDLE),
    Absence("PRF-04", "no VM runs", REFERENCE.but(*NO_VM_RUNS)),
    Absence("PRF-06", "no VM, so no port profile is named", IDLE),
    Absence("PRF-07", "no VM, so no port profile is named", IDLE),
    Absence("PRF-05", "every host has a kernel"),
)

GAPS = (
    Gap(
        "PRF-04",
        "the VM that a port was asked for",
        REFERENCE.but(netlink("netlink/pf/eth0.bin", "eth0", OF_WEB01, UNKNOWN_ATTRIBUTE)),
    ),
    Gap("PRF-01", "a network", REFERENCE.but(unreadable("libvirt/networks"))),
    Gap("PRF-01", "a domain", REFERENCE.but(unreadable(WEB01))),
    Gap("PRF-02", "the port profiles", REFERENCE.but(remove("ucsm/vnicProfile.xml"))),
    Gap("PRF-02", "a network", REFERENCE.but(unreadable("libvirt/networks"))),
    Gap("PRF-03", "the clients", REFERENCE.but(remove("ucsm/vmVnicProfCl.xml"))),
    Gap("PRF-03", "the port profiles", REFERENCE.but(remove("ucsm/vnicProfile.xml"))),
    Gap("PRF-04", "a PF's reply", REFERENCE.but(unreadable("netlink/pf/eth0.bin"))),
    Gap(
        "PRF-04",
        "the port profile of a veth",
        REFERENCE.but(edit("ucsm/vmNic.xml", 'profileName="web"', "")),
    ),
    Gap("PRF-04", "the veths", REFERENCE.but(remove("ucsm/vmVif.xml"))),
    Gap("PRF-06", "the other VMs", REFERENCE.but(remove("ucsm/vmNic.xml"))),
    Gap("PRF-06", "the ports", REFERENCE.but(edit(PROFILES, ' maxPorts="64"', ""))),
    Gap("PRF-07", "the performance", REFERENCE.but(edit(PROFILES, ' hostNwIOPerf="none"', ""))),
    Gap("PRF-03", "the clusters", REFERENCE.but(remove("ucsm/vmSwitch.xml"))),
    Gap("PRF-05", "the changelog of a newer kernel", REFERENCE.but(NEW_KERNEL)),
    Gap(
        "PRF-05",
        "an empty changelog of a newer kernel",
        REFERENCE.but(NEW_KERNEL, put("kernel-changelog", "")),
    ),
)
