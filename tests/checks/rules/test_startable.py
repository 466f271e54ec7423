"""TOP-05: what libvirt refuses to start."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks import stub
from tests.checks.interfaces import VF, macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.carrier import HOSTDEV, Carrier
from vmfex.checks.model.domain import Interface, Network, VirtualPort
from vmfex.checks.model.fact import Fact, Known, Missing
from vmfex.checks.model.host import Host, Kernel, LibvirtAnswer, Release
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import QBH, VmInterface
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.startable import is_held, is_started

WORDS = dict.fromkeys(("filterref", "vlan", "driver kvm", "managed no"), "no")
WEB = VirtualPort(QBH, "web")
RHEL = "Red Hat Enterprise Linux"
ON_NET: dict[str, Any] = {"type": "network", "network": "net"}


def host(
    network: Network | None = None,
    version: int | None = 4_005_000,
    kernel: str = "3.10.0",
    release: Fact[Release] = UNREAD,
) -> Host:
    return stub.host(
        networks=Known({"net": Known(network)} if network else {}),
        libvirt=Known(LibvirtAnswer("qemu:///system", "connected", "QEMU", version)),
        kernel=Known(Kernel(kernel, "x86_64", None)),
        release=release,
    )


def hostdev(function: PciFunction = VF, **written: Any) -> VmInterface:
    said = replace(Interface("hostdev", managed=True), **written)
    return replace(macvtap(function), carrier=Carrier.DEVICE, way=HOSTDEV, mode=None, written=said)


def refused(interface: VmInterface, there: Host | None = None) -> str | None:
    """The observation and the remedy; None where nothing is refused."""
    finding = is_started(interface, there or host(), WORDS)
    if finding.verdict is Verdict.COMPLIANT:
        assert finding.observed == "nothing that it refuses"
        return None
    return f"{finding.observed} | {finding.remedy}"


def test_good_interfaces() -> None:
    """Nothing of the table."""
    assert refused(macvtap(virtualport=WEB)) is None
    assert refused(hostdev()) is None


@pytest.mark.parametrize(
    ("mac", "where"), [(None, "the device: take"), ("52:54:00:00:00:01", "<mac address='52:54:")]
)
def test_filter(mac: str | None, where: str) -> None:
    """From libvirt 1.2.17 on; where the version is older or not known, nobody knows."""
    filtered = macvtap(written={"filterref": "clean-traffic", "mac": mac})
    assert where in (refused(filtered) or "")
    assert "<filterref" in (refused(filtered, host(version=1_002_017)) or "")
    for version in (None, 1_002_016):
        with pytest.raises(Missing):
            refused(filtered, host(version=version))


@pytest.mark.parametrize(
    ("port", "written", "network", "said"),
    [
        (WEB, {"vlan": True}, {}, "take out <vlan>"),
        (None, {"vlan": True}, {}, None),
        (WEB, ON_NET, {}, None),
        (WEB, ON_NET, {"vlan": True}, "<vlan> in the network itself"),
        (None, ON_NET, {"vlan": True}, None),
        (WEB, {"network": "net"}, {"vlan": True}, None),
        (WEB, ON_NET | {"network": None}, {"vlan": True}, None),
        (WEB, ON_NET | {"portgroup": "g"}, {"vlan_portgroups": frozenset("g")}, "port group g"),
        (WEB, ON_NET | {"portgroup": "h"}, {"vlan_portgroups": frozenset("g")}, None),
        (
            WEB,
            ON_NET,
            {"vlan_portgroups": frozenset("g"), "default_portgroup": "g"},
            "port group g",
        ),
        (
            WEB,
            ON_NET | {"portgroup": "h"},
            {"vlan_portgroups": frozenset("g"), "default_portgroup": "g"},
            None,
        ),
    ],
)
def test_vlan(
    port: VirtualPort | None, written: dict[str, Any], network: dict[str, Any], said: str | None
) -> None:
    """Beside 802.1Qbh: on the interface, its port group (or the default one), or its network."""
    there = host(Network("net", "passthrough", **network))
    found = refused(macvtap(virtualport=port, written=written), there)
    assert (found is None) is (said is None)
    assert said is None or said in (found or "")


def test_network_that_is_not_there() -> None:
    """What it says cannot be told."""
    with pytest.raises(Missing):
        refused(macvtap(written=ON_NET))


@pytest.mark.parametrize(
    ("kernel", "release", "expected"),
    [
        ("2.6.32", UNREAD, False),
        ("3.5.9", Known(Release(RHEL, (7, 0), "")), False),
        ("3.6-trunk-amd64", UNREAD, None),
        ("3.10.0", UNREAD, None),
        ("3.10.0", Known(Release(RHEL, (6, 9), "")), None),
        ("3.10.0", Known(Release(RHEL, (7, 0), "")), True),
        ("3.10.0", Known(Release("Fedora", (20, 0), "")), None),
        ("4.11.9", UNREAD, None),
        ("4.12-trunk-amd64", UNREAD, True),
        ("4.12.0", UNREAD, True),
    ],
)
def test_driver_kvm(kernel: str, release: Fact[Release], expected: bool | None) -> None:
    """KVM's own assignment, which libvirt 4.5 still knows: there before VFIO (3.6), gone from 4.12
    and in RHEL 7; between, None: not known."""
    there = host(kernel=kernel, release=release)
    assert refused(hostdev(driver="vfio"), there) is None
    assert refused(macvtap(written={"driver": "kvm"}), there) is None
    if expected is None:
        with pytest.raises(Missing):
            refused(hostdev(driver="kvm"), there)
    else:
        assert bool(refused(hostdev(driver="kvm"), there)) is expected


@pytest.mark.parametrize(
    ("version", "kernel", "expected"),
    [
        (5_006_999, "3.10.0", None),
        (5_007_000, "3.10.0", True),
        (5_007_000, "3.5.9", False),
        (None, "3.10.0", None),
    ],
)
def test_driver_kvm_by_libvirt(version: int | None, kernel: str, expected: bool | None) -> None:
    """libvirt 5.7.0 removed its support (NEWS.rst), wherever there is VFIO."""
    there = host(version=version, kernel=kernel)
    if expected is None:
        with pytest.raises(Missing):
            refused(hostdev(driver="kvm"), there)
    else:
        assert bool(refused(hostdev(driver="kvm"), there)) is expected


def test_driver_kvm_where_libvirt_was_not_read() -> None:
    """Its version may still know it."""
    old = Known(Kernel("3.10.0", "x86_64", None))
    there = stub.host(kernel=old, libvirt=UNREAD, release=UNREAD, networks=UNREAD)
    with pytest.raises(Missing):
        refused(hostdev(driver="kvm"), there)


@pytest.mark.parametrize(
    ("own", "of_network", "where"),
    [
        ("kvm", None, "`virsh edit web01`"),
        (None, "kvm", "`virsh net-edit net`"),
        ("kvm", "kvm", "`virsh edit web01`"),
        ("vfio", "kvm", None),
        (None, None, None),
    ],
)
def test_driver_of_the_network(own: str | None, of_network: str | None, where: str | None) -> None:
    """The interface's own counts before the network's."""
    there = host(Network("net", "hostdev", driver=of_network, managed=True), kernel="4.18.0")
    found = refused(hostdev(driver=own, **ON_NET), there)
    assert (found is None) is (where is None)
    assert where is None or where in (found or "")


HELD = replace(VF, driver="enic")
UNNAMED = replace(VF, driver=None, netdevs=("eth2",))


@pytest.mark.parametrize(
    ("interface", "network", "said"),
    [
        (hostdev(HELD, managed=False), None, "by enic"),
        (hostdev(UNNAMED, managed=False), None, "by a driver"),
        (hostdev(HELD, managed=False), None, "`virsh edit web01`"),
        (hostdev(HELD), None, None),
        (hostdev(replace(VF, driver="vfio-pci"), managed=False), None, None),
        (hostdev(HELD, **ON_NET), False, "`virsh net-edit net`"),
        (hostdev(HELD, managed=False, **ON_NET), True, None),
        (replace(macvtap(HELD), written=Interface("direct", dev="eth2")), None, None),
        (replace(hostdev(HELD, managed=False), carrier=Carrier.SWITCH, way="x"), None, None),
    ],
)
def test_managed(interface: VmInterface, network: bool | None, said: str | None) -> None:
    """Not managed, and a driver of the host has it; of a pool the network says it."""
    there = host(None if network is None else Network("net", "hostdev", managed=network))
    found = refused(interface, there)
    assert (found is None) is (said is None)
    assert said is None or said in (found or "")


@pytest.mark.parametrize(
    ("driver", "netdevs", "held"),
    [
        ("enic", ("eth2",), True),
        ("enic", (), True),
        (None, ("eth2",), True),
        (None, (), False),
        ("vfio-pci", (), False),
        ("vfio-pci", ("eth2",), False),
        ("pci-stub", (), False),
    ],
)
def test_held(driver: str | None, netdevs: tuple[str, ...], held: bool) -> None:
    """By its driver; where that was not told, its network device shows one."""
    assert is_held(replace(VF, driver=driver, netdevs=netdevs)) is held


def test_what_is_not_known_hides_no_refusal() -> None:
    """A <vlan> beside 802.1Qbh is refused by every libvirt: nobody need know which one it is, nor
    whether it takes the <filterref> too."""
    interface = macvtap(virtualport=WEB, written={"vlan": True, "filterref": "clean-traffic"})
    unread = stub.host(networks=Known({}), libvirt=UNREAD, kernel=UNREAD, release=UNREAD)
    for there in (host(version=None), unread):
        said = refused(interface, there) or ""
        assert "<vlan> beside 802.1Qbh" in said
        assert "filterref" not in said
    with pytest.raises(Missing):
        refused(macvtap(virtualport=WEB), unread)
