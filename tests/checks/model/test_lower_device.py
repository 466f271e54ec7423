"""What stands below the devices that an interface names."""

from collections.abc import Iterable

import pytest

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.link import Link
from vmfex.checks.model.lower_device import Below, LowerDevices, Sources
from vmfex.checks.model.pci import CISCO, VMFEX_VF, PciFunction, PciTree

PF, VF, OTHER = "0000:06:00.0", "0000:06:01.0", "0000:06:01.1"
TREE = PciTree(
    {
        PF: PciFunction(PF, CISCO, 0x0043, netdevs=("eth0",), virtfns=(VF, OTHER)),
        VF: PciFunction(VF, CISCO, VMFEX_VF, netdevs=("eth2",), physfn=PF),
        OTHER: PciFunction(OTHER, CISCO, VMFEX_VF, netdevs=("eth3",), physfn=PF),
    }
)


def below(links: Iterable[Link] | Unknown, *devs: str, pfs: tuple[str, ...] = ()) -> Below:
    """Of these devices and PFs, on the host with these links."""
    known: Fact[dict[str, Link]]
    known = links if isinstance(links, Unknown) else Known({link.name: link for link in links})
    return LowerDevices(Known(TREE), known).below(Sources(devs, (), pfs))


def addresses(found: Below) -> list[str]:
    return [function.address for function in found.functions.need()]


def test_device_of_a_function() -> None:
    """It has its function below it, whether or not the links were read: sysfs tells."""
    for links in ((), Unknown("no Netlink")):
        assert addresses(below(links, "eth2")) == [VF]


def test_device_of_no_function_and_links_that_were_not_read() -> None:
    """It may be a bond on anything."""
    assert below(Unknown("no Netlink"), "eth2", "bond0").functions == Unknown("no Netlink")


def test_functions_below_a_vlan_on_a_bond() -> None:
    """All of the bond's ports, with what is between told in its order."""
    links = [
        Link("vlan5", 9, "vlan", lower="bond0"),
        Link("bond0", 8, "bond"),
        Link("eth2", 2, master="bond0"),
        Link("eth3", 3, master="bond0"),
    ]
    found = below(links, "vlan5")
    assert addresses(found) == [VF, OTHER]
    assert [link.name for link in found.between] == ["vlan5", "bond0"]
    assert [link.name for link in found.enslaved.need()] == ["eth2", "eth3"]


def test_links_in_a_circle() -> None:
    """They end, whatever a host says of itself."""
    links = [
        Link("bond0", 8, "bond", master="br0"),
        Link("br0", 9, "bridge", master="bond0"),
        Link("eth2", 2, master="br0"),
    ]
    assert addresses(below(links, "bond0")) == [VF]


@pytest.mark.parametrize(("pf", "wanted"), [("eth0", [VF, OTHER]), ("eth9", []), ("eth2", [VF])])
def test_vfs_of_a_pf(pf: str, wanted: list[str]) -> None:
    """A PF stands for its VFs, a function without any for itself, and a name that no function has
    for nothing."""
    found = below((), pfs=(pf,))
    assert addresses(found) == wanted
    assert found.absent == (() if wanted else (pf,))


def test_what_takes_a_device_for_itself() -> None:
    """A macvlan on the VF's own link, and none on another's, nor what takes nothing."""
    links = [
        Link("eth2", 2),
        Link("eth3", 3),
        Link("mine", 8, "macvlan", lower="eth2"),
        Link("other", 9, "macvlan", lower="eth3"),
        Link("eth2.5", 10, "vlan", lower="eth2"),
    ]
    assert [link.name for link in below(links, "eth2").takers.need()] == ["mine"]
