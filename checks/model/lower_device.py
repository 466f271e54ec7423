"""What stands below an interface: the PCI functions under its devices, and what is between."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.link import TAKING, Link
from vmfex.checks.model.pci import PciFunction, PciTree

Links = Mapping[str, Link]
Functions = tuple[PciFunction, ...]
LinkList = tuple[Link, ...]


class Sources(NamedTuple):
    """Device names, PCI addresses and PF names that an interface stands on or may be given."""

    devs: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    pfs: tuple[str, ...] = ()


class Below(NamedTuple):
    """The functions of all sources, the sources that have none, the links between a source and its
    functions (a VLAN, a bond, a bridge), the functions' own links that are ports of another link,
    the host's own links that have a function's, and where that was read."""

    functions: Fact[Functions]
    absent: tuple[str, ...] = ()
    between: LinkList = ()
    enslaved: Fact[LinkList] = Known(())
    takers: Fact[LinkList] = Known(())
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class LowerDevices:
    """The devices of a host that interfaces stand on."""

    pci: Fact[PciTree]
    links: Fact[Links]
    # by sources: a pool is gone through once, and not for each interface that it serves
    _known: dict[Sources, Below] = field(default_factory=dict, init=False)

    def below(self, sources: Sources) -> Below:
        if sources not in self._known:
            self._known[sources] = self._find(sources)
        return self._known[sources]

    def _find(self, sources: Sources) -> Below:
        if isinstance(self.pci, Unknown):
            return Below(self.pci)
        tree = self.pci.value
        if isinstance(self.links, Unknown) and not all(n in tree.by_netdev for n in sources.devs):
            return Below(self.links)
        between: list[Link] = []
        by_name = {name: tuple(self._of_device(name, tree, between)) for name in sources.devs}
        by_name |= {address: _at(address, tree) for address in sources.addresses}
        for name in sources.pfs:
            pf = tree.by_netdev.get(name)
            vfs = {vf: _at(vf, tree) for vf in pf.virtfns} if pf else {}
            by_name |= vfs or {name: (pf,) if pf else ()}
        present = {f.address: f for functions in by_name.values() for f in functions}
        absent = tuple(name for name, functions in by_name.items() if not functions)
        evidence = next((f.evidence for f in present.values()), ())
        functions = tuple(present.values())
        own = self._own_links(functions)
        enslaved, takers = own, own
        if isinstance(own, Known):
            enslaved = Known(tuple(link for link in own.value if link.master))
            on_top = (self._takers.get(link.name, ()) for link in own.value)
            takers = Known(tuple(taker for each in on_top for taker in each))
        return Below(Known(functions), absent, tuple(between), enslaved, takers, evidence)

    def _of_device(self, name: str, tree: PciTree, between: list[Link]) -> Iterator[PciFunction]:
        """The functions under a device name: its own, or those under the VLAN, bond or the like,
        which is then `between`."""
        links = {} if isinstance(self.links, Unknown) else self.links.value
        waiting, seen = [name], set[str]()
        while waiting:
            device = waiting.pop(0)
            if device in seen:
                continue
            seen.add(device)
            if device in tree.by_netdev:
                yield tree.by_netdev[device]
                continue
            if device in links:
                between.append(links[device])
                lower = links[device].lower
                waiting += [lower] if lower else []
            waiting += self._ports.get(device, ())

    def _own_links(self, functions: Functions) -> Fact[LinkList]:
        if isinstance(self.links, Unknown):
            return self.links
        links = self.links.value
        return Known(tuple(links[name] for f in functions for name in f.netdevs if name in links))

    @lazy
    def _takers(self) -> Mapping[str, list[Link]]:
        """By device, the host's own links on it beside which there is no macvtap passthrough."""
        found: dict[str, list[Link]] = {}
        for link in self.links.need().values():
            if link.kind in TAKING and link.lower:
                found.setdefault(link.lower, []).append(link)
        return found

    @lazy
    def _ports(self) -> Mapping[str, list[str]]:
        """The names of the links that each bond, bridge or the like has, in the dump's order."""
        found: dict[str, list[str]] = {}
        for link in self.links.need().values():
            if link.master:
                found.setdefault(link.master, []).append(link.name)
        return found


def _at(address: str, tree: PciTree) -> Functions:
    function = tree.functions.get(address)
    return (function,) if function else ()
