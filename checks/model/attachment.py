"""How an interface is attached: as the XML writes it, resolved to what that stands for.

Through libvirt's networks it comes to a way of attachment, and through the PCI tree to the
functions that it uses or may be given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from vmfex.checks.model.domain import Definition, Domain, Interface, Network, Networks, VirtualPort
from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.model.vm_interface import HOSTDEV, MACVTAP, VmInterface

Links = Mapping[str, Link]
Functions = tuple[PciFunction, ...]


class _Sources(NamedTuple):
    """Device names, PCI addresses and PF names that an interface stands on or may be given."""

    devs: tuple[str, ...]
    addresses: tuple[str, ...]
    pfs: tuple[str, ...]


class _Below(NamedTuple):
    """The functions of all sources, the sources that have none, and where that was read."""

    functions: Fact[Functions]
    absent: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Attachments:
    """What the interfaces of a host can be attached to."""

    networks: Fact[Networks]
    pci: Fact[PciTree]
    links: Fact[Links]
    # by sources: a pool is gone through once, and not for each interface that it serves
    _known: dict[_Sources, _Below] = field(default_factory=dict, init=False)

    def resolve(
        self, domain: Domain, definition: Definition, written: Interface
    ) -> Fact[VmInterface]:
        """The interface as what it stands for; unknown where its network could not be read."""
        try:
            network = _network(written, self.networks)
        except Missing as missing:
            return Unknown(f"domain {domain.name}: {missing.unknown.reason}", written.evidence)
        way, mode = _way(written, network)
        below = self._below(_sources(written, network))
        running = definition.state == "running"
        evidence = (*written.evidence, *(network.evidence if network else ()), *below.evidence)
        return Known(
            VmInterface(
                domain=domain,
                definition=definition,
                written=written,
                way=way,
                mode=mode,
                virtualport=_virtualport(written, network),
                functions=below.functions,
                absent=below.absent,
                pooled=network is not None and not (written.dev or written.address),
                live=_live(written, self.links) if running else Known(None),
                evidence=evidence,
            )
        )

    def _below(self, sources: _Sources) -> _Below:
        if sources not in self._known:
            self._known[sources] = self._find(sources)
        return self._known[sources]

    def _find(self, sources: _Sources) -> _Below:
        if isinstance(self.pci, Unknown):
            return _Below(self.pci)
        tree = self.pci.value
        if isinstance(self.links, Unknown) and not all(n in tree.by_netdev for n in sources.devs):
            return _Below(self.links)
        by_name = {name: self._of_device(name, tree) for name in sources.devs}
        by_name |= {address: _at(address, tree) for address in sources.addresses}
        for name in sources.pfs:
            pf = tree.by_netdev.get(name)
            vfs = {vf: _at(vf, tree) for vf in pf.virtfns} if pf else {}
            by_name |= vfs or {name: (pf,) if pf else ()}
        present = {f.address: f for functions in by_name.values() for f in functions}
        absent = tuple(name for name, functions in by_name.items() if not functions)
        evidence = next((f.evidence for f in present.values()), ())
        return _Below(Known(tuple(present.values())), absent, evidence)

    def _of_device(self, name: str, tree: PciTree) -> Functions:
        """The functions under a device name: its own, or those under the VLAN, bond or the like."""
        links = {} if isinstance(self.links, Unknown) else self.links.value
        found: list[PciFunction] = []
        waiting, seen = [name], set[str]()
        while waiting:
            device = waiting.pop(0)
            if device in seen:
                continue
            seen.add(device)
            if device in tree.by_netdev:
                found.append(tree.by_netdev[device])
                continue
            lower = links[device].lower if device in links else None
            waiting += [lower] if lower else []
            waiting += self._enslaved.get(device, ())
        return tuple(found)

    @lazy
    def _enslaved(self) -> Mapping[str, list[str]]:
        """The names of the links that each bond, bridge or the like has, in the dump's order."""
        found: dict[str, list[str]] = {}
        for link in () if isinstance(self.links, Unknown) else self.links.value.values():
            if link.master:
                found.setdefault(link.master, []).append(link.name)
        return found


def _network(written: Interface, networks: Fact[Networks]) -> Network | None:
    """The network that an interface is connected to, unless its device is already chosen."""
    if written.network is None or (written.type != "network" and written.virtualport):
        return None
    known = networks.need()
    if written.network not in known:
        raise Missing(Unknown(f"libvirt network {written.network!r} is not defined on this host"))
    return known[written.network].need()


def _way(written: Interface, network: Network | None) -> tuple[str, str | None]:
    match written.type:
        case "direct":
            return MACVTAP, written.mode or "vepa"  # libvirt's default
        case "hostdev" | "bare hostdev":
            return written.type, None
        case "network" if network is not None:
            return _network_way(network)
        case "bridge":
            ovs = written.virtualport and written.virtualport.type == "openvswitch"
            return f"{'Open vSwitch' if ovs else 'Linux'} bridge {written.bridge}", None
        case "vhostuser":
            return "a vhost-user switch", None
        case "user":
            return "QEMU's user-mode network", None
        case other:
            return f"an interface of type {other!r}", None


def _network_way(network: Network) -> tuple[str, str | None]:
    if network.forward == "hostdev":
        return HOSTDEV, None
    if network.forward in ("passthrough", "private", "vepa"):
        return MACVTAP, network.forward
    if network.forward == "bridge":
        if network.bridge is None:
            return MACVTAP, "bridge"
        return f"bridge {network.bridge} of libvirt network {network.name}", None
    kind = {"nat": "NAT", "route": "routed", None: "isolated"}.get(network.forward, network.forward)
    return f"the {kind} libvirt network {network.name}", None


def _sources(written: Interface, network: Network | None) -> _Sources:
    if written.dev or written.address or network is None:
        return _Sources(
            (written.dev,) if written.dev else (),
            (written.address,) if written.address else (),
            (),
        )
    return _Sources(network.devs, network.addresses, network.pfs)


def _at(address: str, tree: PciTree) -> Functions:
    function = tree.functions.get(address)
    return (function,) if function else ()


def _virtualport(written: Interface, network: Network | None) -> VirtualPort | None:
    """libvirt merges the interface's, the port group's and the network's virtual port."""
    sources = [written.virtualport]
    if network is not None:
        group = written.portgroup or network.default_portgroup
        sources += [network.portgroups.get(group) if group else None, network.virtualport]
    ports = [port for port in sources if port is not None]
    if not ports:
        return None
    return VirtualPort(
        next((p.type for p in ports if p.type), None),
        next((p.profile for p in ports if p.profile), None),
    )


def _live(written: Interface, links: Fact[Links]) -> Fact[Link | None]:
    if isinstance(links, Unknown):
        return links
    return Known(links.value.get(written.target or ""), links.evidence)
