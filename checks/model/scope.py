"""What is certified: a host, held against what it is meant for."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from vmfex.checks.model.alike import alike
from vmfex.checks.model.at_once import most_at_once, most_needed
from vmfex.checks.model.attachment import Attachments
from vmfex.checks.model.carrying import Carrying
from vmfex.checks.model.claims import Claims, claims
from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.link import Link
from vmfex.checks.model.named_device import NamedDevice, shared_devices
from vmfex.checks.model.out_of_scope import unread, vfs_taken
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.plan import SR_IOV, Plan, Topology
from vmfex.checks.model.pool import Pool, pools, unread_pools
from vmfex.checks.model.unaccounted import taken_by_strays, unaccounted
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Selection, Subject
from vmfex.checks.text import shown

K = TypeVar("K", bound=Hashable)
S = TypeVar("S", bound=Subject)


@dataclass(frozen=True, slots=True)
class _Inventory:
    domains: tuple[Domain, ...]
    left_out: tuple[Domain, ...]
    interfaces: tuple[VmInterface, ...]  # of every domain, out of scope too
    vmfex: tuple[VmInterface, ...]
    unknown: tuple[Unknown, ...]
    evidence: tuple[Evidence, ...]
    strays: Mapping[str, Link] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """A host and its plan, and what follows from the two together."""

    host: Host
    plan: Plan

    @lazy
    def _inventory(self) -> _Inventory:
        domains = self.host.domains
        if isinstance(domains, Unknown):
            return _Inventory((), (), (), (), (domains,), ())
        gaps = [d for d in domains.value if isinstance(d, Unknown)]
        known = [d.value for d in domains.value if isinstance(d, Known)]
        inside = tuple(d for d in known if not self.plan.leaves_out(d.name))
        left_out = tuple(d for d in known if self.plan.leaves_out(d.name))
        interfaces, vmfex = [], []
        strays: Mapping[str, Link] = {}
        for domain in known:
            is_inside = not self.plan.leaves_out(domain.name)
            for resolved in self._resolved(domain):
                if isinstance(resolved, Known):
                    interfaces.append(resolved.value)
                if not is_inside:
                    continue
                try:
                    if resolved.need().is_vmfex():
                        vmfex.append(resolved.need())
                except Missing as missing:
                    gaps.append(missing.unknown)
        if len(known) == len(domains.value):  # one that could not be read may account for a link
            gaps += unaccounted(known, self._attachments)
            strays = taken_by_strays(known, self._attachments)
        return _Inventory(
            inside, left_out, tuple(interfaces), tuple(vmfex), tuple(gaps), domains.evidence, strays
        )

    def _resolved(self, domain: Domain) -> Iterator[Fact[VmInterface]]:
        if not any(definition.interfaces for definition in domain.definitions):
            return
        per_state = [
            [self._attachments.resolve(domain, definition, i) for i in definition.interfaces]
            for definition in domain.definitions
        ]
        if len(per_state) == 2 and alike(per_state[0], per_state[1]):
            per_state.pop()
        for resolved in per_state:
            yield from resolved

    @lazy
    def _attachments(self) -> Attachments:
        return Attachments(self.host.networks, self.host.pci, self.host.links)

    @property
    def out_of_scope(self) -> tuple[str, ...]:
        return tuple(domain.name for domain in self._inventory.left_out)

    @property
    def every_domain(self) -> tuple[tuple[Domain, ...], tuple[Domain, ...]]:
        """The domains that were read: those in scope, and those that the plan leaves out."""
        return self._inventory.domains, self._inventory.left_out

    @property
    def everyones(self) -> Selection[VmInterface]:
        """The interfaces of every domain on the host, also of those out of scope."""
        return self._selection("interface of any domain", self._inventory.interfaces)

    @property
    def interfaces(self) -> Selection[VmInterface]:
        return self._selection("VM-FEX interface", self._inventory.vmfex)

    @lazy
    def domains(self) -> Selection[Domain]:
        """The domains that have at least one VM-FEX interface."""
        uuids = {interface.domain.uuid for interface in self._inventory.vmfex}
        chosen = tuple(d for d in self._inventory.domains if d.uuid in uuids)
        return self._selection("VM-FEX domain", chosen)

    def interfaces_of(self, domain: Domain) -> tuple[VmInterface, ...]:
        """Every interface of a domain, VM-FEX or not."""
        return tuple(self._interfaces_by_domain.get(domain.uuid, ()))

    def vmfex_of(self, domain: Domain) -> tuple[VmInterface, ...]:
        return tuple(self._vmfex_by_domain.get(domain.uuid, ()))

    @lazy
    def _interfaces_by_domain(self) -> Mapping[str, Sequence[VmInterface]]:
        return by_domain(self._inventory.interfaces)

    @lazy
    def _vmfex_by_domain(self) -> Mapping[str, Sequence[VmInterface]]:
        return by_domain(self._inventory.vmfex)

    @lazy
    def pools(self) -> tuple[Pool, ...]:
        """The libvirt networks that hand out devices, used or not."""
        return pools(self._inventory.interfaces, self.host.networks, self._attachments)

    @property
    def unread_pools(self) -> tuple[Unknown, ...]:
        """Why pools that VM-FEX interfaces are on are not known."""
        return unread_pools(self._inventory.vmfex, self.host.networks)

    @property
    def shared_devices(self) -> tuple[NamedDevice, ...]:
        """What several name, where nobody read the PCI functions; empty where these are known."""
        if isinstance(self.host.pci, Known):
            return ()
        return shared_devices(self._inventory.vmfex, self._inventory.interfaces, self.pools)

    @lazy
    def claims(self) -> Claims:
        """Who may have each function, by all domains, in scope or not."""
        unknown = (*self.gaps, *self._unread_out_of_scope, *self.unread_pools)
        return claims(self._inventory.interfaces, self.pools, unknown, self.strays)

    @property
    def strays(self) -> Mapping[str, Link]:
        """The macvtap links that are no VM's here, by the functions that they stand on."""
        return self._inventory.strays

    @property
    def is_meant_for_nothing(self) -> bool:
        """Whether it is known that neither a VM nor the plan says what the host is meant for."""
        return not (self.plan.meant or self._inventory.vmfex or self._inventory.unknown)

    def notes(self) -> tuple[str, ...]:
        """What every report has to say of the plan, a sentence each."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        if self.is_meant_for_nothing:
            yield (
                "no VM-FEX interface and no planned one: judged as meant for both SR-IOV "
                "topologies, one VM interface each"
            )
        names = [d.name for d in (*self._inventory.domains, *self._inventory.left_out)]
        for key, pattern in self.plan.without_match(names):
            yield f"the plan's {key} has {shown(pattern)}, which matches no VM that was read"

    @lazy
    def topologies(self) -> dict[Topology, int]:
        """How many VM interfaces each topology serves, or is meant to, whichever is more. A host
        that nothing is meant for is judged for both SR-IOV topologies."""
        if self.is_meant_for_nothing:
            return dict.fromkeys(SR_IOV, 1)
        counts = self.plan.meant
        for topology, interfaces in _grouped(self._inventory.vmfex, topology_of).items():
            counts[topology] = max(counts.get(topology, 0), most_at_once(interfaces))
        return counts

    @property
    def sr_iov(self) -> dict[Topology, int]:
        return {t: count for t, count in self.topologies.items() if t in SR_IOV}

    @lazy
    def free_vfs(self) -> tuple[PciFunction, ...]:
        """The VM-FEX VFs that nobody claims."""
        tree = self.host.pci
        return self.claims.free(tree.value) if isinstance(tree, Known) else ()

    @lazy
    def carrying(self) -> Fact[Carrying]:
        """What tells which VICs carry VM-FEX interfaces."""
        tree = self.host.pci
        if isinstance(tree, Unknown):
            return tree
        used = frozenset(f.address for f in self.functions_in_use())
        return Known(Carrying(tree.value, used, self.gaps_in_use))

    def functions_in_use(self, way: str | None = None) -> tuple[PciFunction, ...]:
        """The functions that VM-FEX interfaces (of one way alone) stand on or may be given."""
        mine = (i for i in self._inventory.vmfex if way in (None, i.way))
        # the interfaces of one pool have its functions in common: each pool is gone through once
        used = {id(i.functions): i.functions for i in mine}.values()
        known = (functions.value for functions in used if isinstance(functions, Known))
        return tuple({f.address: f for functions in known for f in functions}.values())

    @property
    def vfs_needed(self) -> int:
        """How many VM interfaces on SR-IOV topologies can run together, planned or there."""
        if not self.plan.topologies and not self._inventory.vmfex:
            return sum(self.sr_iov.values())
        planned = {topology: self.plan.meant.get(topology, 0) for topology in SR_IOV}
        return most_needed(self._inventory.vmfex, topology_of, planned)

    @property
    def taken_out_of_scope(self) -> tuple[int, int]:
        """How many VM-FEX VFs the interfaces of domains out of scope are on or are given, and how
        many more they may take, as far as could not be read."""
        left_out = {domain.uuid for domain in self._inventory.left_out}
        mine = (i for i in self._inventory.interfaces if i.domain.uuid in left_out)
        return vfs_taken(mine), len(self._unread_out_of_scope)

    @lazy
    def _unread_out_of_scope(self) -> tuple[Unknown, ...]:
        return tuple(unread(self._inventory.left_out, self._attachments))

    @property
    def gaps(self) -> tuple[Unknown, ...]:
        return self._inventory.unknown

    @property
    def gaps_in_use(self) -> tuple[Unknown, ...]:
        """Why functions that VM-FEX interfaces stand on may be missing in those in use."""
        functions = (interface.functions for interface in self._inventory.vmfex)
        return (*self.gaps, *(f for f in functions if isinstance(f, Unknown)))

    @property
    def read_from(self) -> tuple[Evidence, ...]:
        return self._inventory.evidence

    def _selection(self, what: str, items: tuple[S, ...]) -> Selection[S]:
        return Selection(what, items, self._inventory.unknown, self._inventory.evidence)


def _grouped(
    interfaces: Iterable[VmInterface], key: Callable[[VmInterface], K]
) -> dict[K, list[VmInterface]]:
    groups: dict[K, list[VmInterface]] = {}
    for interface in interfaces:
        groups.setdefault(key(interface), []).append(interface)
    return groups


def by_domain(interfaces: Iterable[VmInterface]) -> Mapping[str, Sequence[VmInterface]]:
    """The interfaces of each domain, by its UUID."""
    return _grouped(interfaces, lambda interface: interface.domain.uuid)


def topology_of(interface: VmInterface) -> Topology:
    """By what an interface is, not by what it is called."""
    if interface.is_hostdev:
        return Topology.HOSTDEV
    return Topology.PRIVATE if interface.is_private else Topology.EMULATION
