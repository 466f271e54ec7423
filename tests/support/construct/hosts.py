"""The committed hosts: what each of them is, in its note also to users of `vmfex hosts`."""

from dataclasses import replace

from tests.support.construct.blade import construct
from tests.support.construct.parts import (
    CENTOS_79,
    M81KR,
    RHEL_61,
    RHEL_65,
    RHEL_79,
    RHEL_86,
    VIC_1240,
    VIC_1280,
    VIC_1340,
    VIC_1455,
)
from tests.support.construct.raw import RawTree
from tests.support.construct.spec import Blade, Nic, Pool, Ucs, Vm, Vnic
from tests.support.construct.unreadable import unreadable

UUID = "5ca1ab1e-0000-4000-8000-00000000{:04x}"  # made up, and looks it
HOST, NEIGHBOUR, POOL = UUID.format(1), UUID.format(2), UUID.format(0x200)


def mac(number: int) -> str:
    return f"52:54:00:5c:a1:{number:02x}"


def vm(number: int, name: str, *nics: Nic, running: bool = True) -> Vm:
    return Vm(name, UUID.format(0x100 + number), nics, running)


REFERENCE = Blade(
    name="reference",
    note="RHEL 7.9, VIC 1340, VMs on both SR-IOV topologies, all as the guide wants it: certified",
    system=RHEL_79,
    uuid=HOST,
    vic=VIC_1340,
    vnics=(Vnic("eth0", vfs=4), Vnic("eth1", vfs=4)),
    vms=(
        vm(1, "web01", Nic("direct", "eth2", mac(1), "web")),
        vm(2, "web02", Nic("network", "vmfex-pool", mac(2), "web"), running=False),
        vm(3, "db01", Nic("hostdev", "0000:07:00.1", mac(3), "db")),
    ),
    pools=(Pool("vmfex-pool", POOL, ("eth3", "eth4", "eth5"), "web"),),
    ucs=Ucs("UCS-FI-6332", "3.1(3k)", "yes", ("web", "db"), neighbour=NEIGHBOUR),
    guests=("db01",),
    asked_to_migrate=("db01",),
)
PRIVATE_20 = Blade(
    name="rhel61-private-ucs20",
    note="RHEL 6.1, VIC 1280, VMs on MacVTap direct (private) with UCS release 2.0: certified",
    system=RHEL_61,
    uuid=HOST,
    vic=VIC_1280,
    vnics=(
        Vnic("eth0"),
        Vnic("eth1"),
        *(Vnic(f"eth{number}", dynamic=True) for number in range(2, 6)),
    ),
    vms=(
        vm(1, "app01", Nic("direct", "eth2", mac(1), "app", mode="private")),
        vm(2, "app02", Nic("direct", "eth3", mac(2), "app", mode="private")),
    ),
    ucs=Ucs("UCS-FI-6248UP", "2.0(4b)", None, ("app",), neighbour=NEIGHBOUR),
)
PRIVATE_21 = replace(
    PRIVATE_20,
    name="rhel61-private-ucs21",
    note="Like rhel61-private-ucs20, with UCS release 2.1, which ended it: not certified",
    ucs=Ucs("UCS-FI-6248UP", "2.1(1a)", None, ("app",), neighbour=NEIGHBOUR),
)
NETLINK_LIMIT = Blade(
    name="rhel65-libvirt010",
    note="RHEL 6.5, VIC 1240, a PF with more VFs than a Netlink message has room for: "
    "not certified",
    system=RHEL_65,
    uuid=HOST,
    vic=VIC_1240,
    vnics=(Vnic("eth0", vfs=30), Vnic("eth1")),
    vms=tuple(
        vm(
            n,
            f"app{n:02}",
            Nic("direct", f"eth{2 * n}", mac(2 * n), "app"),
            Nic("direct", f"eth{2 * n + 1}", mac(2 * n + 1), "app"),
        )
        for n in range(1, 5)
    ),
    ucs=Ucs("UCS-FI-6248UP", "2.1(3a)", None, ("app",), neighbour=NEIGHBOUR),
)
NO_VIC = Blade(
    name="no-vic",
    note="RHEL 8.6, no VIC but Intel adapters, a VM on a Linux bridge: not certified",
    system=RHEL_86,
    uuid=HOST,
    hostname="server-1",
    nics=("eno1", "eno2"),
    bridge="br0",
    vms=(vm(1, "mail01", Nic("bridge", "br0", mac(1))),),
)
BLADES = (
    REFERENCE,
    replace(
        REFERENCE,
        name="m81kr",
        note="Like reference, on a VIC M81KR, which the guide does not list: not certified",
        vic=M81KR,
    ),
    replace(
        REFERENCE,
        name="fabric-6454",
        note="Like reference, behind 6454 fabric interconnects with port profiles: not certified",
        ucs=Ucs("UCS-FI-6454", "4.0(1a)", "no", ("web", "db"), neighbour=NEIGHBOUR),
    ),
    replace(
        REFERENCE,
        name="centos7",
        note="Like reference, on CentOS Linux 7.9: not certified",
        system=CENTOS_79,
    ),
    replace(
        REFERENCE,
        name="rhel79-idle",
        note="RHEL 7.9, VIC 1455, no VMs yet, nobody asked UCS Manager: incomplete",
        hostname="rack-1",
        vic=VIC_1455,
        vms=(),
        pools=(),
        ucs=None,
        guests=(),
        asked_to_migrate=(),
    ),
    PRIVATE_20,
    PRIVATE_21,
    NETLINK_LIMIT,
    NO_VIC,
)
HOSTS = (*(blade.name for blade in BLADES), "unreadable")


def make(name: str) -> RawTree:
    """The evidence of a committed host, made anew; raises KeyError for an unknown name."""
    blades = {blade.name: blade for blade in BLADES}
    return unreadable() if name == "unreadable" else construct(blades[name])
