"""What a libvirt network hands out now, of all that its definition names.

An active network of a PF shows the PF, and as a list the VFs that it hands out since it started
(networkCreateInterfacePool); it lists them anew when it is started again.
"""

from collections.abc import Iterator

from vmfex.checks.model.domain import Network
from vmfex.checks.model.lower_device import Sources
from vmfex.checks.model.pci import PciFunction, PciTree


def handed_out(network: Network) -> Sources:
    """The devices of its list, else the addresses, else the VFs of its PF, as libvirt takes them
    (virNetworkForwardDefParseXML)."""
    if network.devs:
        return Sources(devs=network.devs)
    if network.addresses:
        return Sources(addresses=network.addresses)
    return Sources(pfs=network.pfs)


def is_listed(function: PciFunction, network: Network) -> bool:
    """Whether it is among the VFs that an active network of a PF lists."""
    sources = handed_out(network)
    by_name = any(name in sources.devs for name in function.netdevs)
    return by_name or function.address in sources.addresses


def functions_of(network: Network, tree: PciTree) -> Iterator[PciFunction]:
    """What it hands out, as far as it is PCI functions of the host under their own names."""
    sources = handed_out(network)
    yield from (tree.by_netdev[name] for name in sources.devs if name in tree.by_netdev)
    yield from (tree.functions[a] for a in sources.addresses if a in tree.functions)
    pfs = (tree.by_netdev[name] for name in sources.pfs if name in tree.by_netdev)
    yield from (tree.functions[vf] for pf in pfs for vf in pf.virtfns if vf in tree.functions)
