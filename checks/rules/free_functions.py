"""What a host has left for a VM that comes to it: free functions, alone and in libvirt's pools."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass

from vmfex.checks.model.domain import Network
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.handing_out import functions_of
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.scope import Scope
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.rules.pool import taken_by_host


@dataclass(frozen=True, slots=True)
class Free:
    """`now` functions are used by no running VM, `kept` of them by no VM that is shut off either:
    these take theirs when they start."""

    now: int
    kept: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A libvirt network as a VM may find it: the profile by port group, with that of no group as
    ""; `active` is None where nobody knows; `free` counts for each topology that it serves."""

    mode: str | None
    groups: frozenset[str]
    profiles: Mapping[str, str | None]
    active: bool | None
    free: Free


@dataclass(frozen=True, slots=True)
class Room:
    """`by_topology` is all that is free; `devices` are the free ones by name; `networks` is what
    each offers. `sure` is false where a VM of the host could not be read, or lacks its function and
    will want another."""

    by_topology: Mapping[Topology, Free]
    devices: frozenset[str]
    networks: Fact[Mapping[str, Fact[Offer]]]
    sure: bool = True


def room_of(scope: Scope) -> Fact[Room]:
    """What is free; unknown where the functions, or what a VM stands on, is not known."""
    try:
        tree = scope.host.pci.need()
        used = [(i, i.functions.need()) for i in scope.everyones.items if _may_use(i)]
    except Missing as missing:
        return missing.unknown
    links = scope.host.links.value if isinstance(scope.host.links, Known) else {}
    functions = [f for adapter in tree.adapters for f in adapter.functions]
    lost = {f.address for f in functions if _is_lost(f, tree, links)} | scope.strays.keys()
    kinds: Mapping[Topology, Callable[[PciFunction], bool]] = {
        Topology.EMULATION: lambda f: f.is_vmfex_vf,
        Topology.PRIVATE: lambda f: f.is_dynamic_vnic,
    }
    by_topology = {
        topology: _free({f.address for f in functions if fits(f)} - lost, used)
        for topology, fits in kinds.items()
    }
    to_assign = {f.address for f in functions if f.is_vmfex_vf} - scope.strays.keys()
    by_topology[Topology.HOSTDEV] = _free(to_assign, used)
    busy = {f.address for i, mine in used if i.running and len(mine) == 1 for f in mine}
    busy |= lost
    usable = [f for f in functions if f.is_vmfex_vf or f.is_dynamic_vnic]
    devices = {name for f in usable if f.address not in busy for name in f.netdevs}
    sure = not scope.domains.unknown and all(mine for _, mine in used)
    return Known(Room(by_topology, frozenset(devices), _offers(scope, tree, used, lost), sure))


Used = Iterable[tuple[VmInterface, tuple[PciFunction, ...]]]


def _may_use(interface: VmInterface) -> bool:
    return interface.way == "macvtap" or interface.is_hostdev


def _is_lost(function: PciFunction, tree: PciTree, links: Mapping[str, Link]) -> bool:
    """Whether libvirt can put no macvtap on it: it has no network device, or a link of the host's
    own has it, or its PF is down (rules SRV-06 and SRV-08). Of what no link is listed, nothing is
    known."""
    pf = tree.functions.get(function.physfn or "")
    down = any(name in links and not links[name].up for name in (pf.netdevs if pf else ()))
    return not function.netdevs or down or bool(taken_by_host(function, links))


def _free(addresses: set[str], used: Used) -> Free:
    """Each interface takes one of the functions that it may stand on."""
    per_state: dict[tuple[str, str], int] = {}
    for i, mine in used:
        if addresses & {f.address for f in mine}:
            key = (i.domain.uuid, i.definition.state)
            per_state[key] = per_state.get(key, 0) + 1
    running = sum(count for (_, state), count in per_state.items() if state == "running")
    most: dict[str, int] = {}
    for (uuid, _), count in per_state.items():
        most[uuid] = max(most.get(uuid, 0), count)
    return Free(len(addresses) - running, len(addresses) - sum(most.values()))


def _offers(
    scope: Scope, tree: PciTree, used: Used, lost: Set[str]
) -> Fact[Mapping[str, Fact[Offer]]]:
    networks = scope.host.networks
    if isinstance(networks, Unknown):
        return Unknown(networks.reason)
    return Known(
        {
            name: Unknown(network.reason)
            if isinstance(network, Unknown)
            else Known(_offer(network.value, tree, used, lost))
            for name, network in networks.value.items()
        }
    )


def _offer(network: Network, tree: PciTree, used: Used, taken: Set[str]) -> Offer:
    functions = functions_of(network, tree)
    addresses = {f.address for f in functions if f.is_vmfex_vf or f.is_dynamic_vnic} - taken
    own = network.virtualport.profile if network.virtualport else None
    profiles: dict[str, str | None] = {"": own}
    for group, port in network.portgroups.items():
        profiles[group] = (port.profile if port else None) or own
    if network.default_portgroup:
        profiles[""] = profiles.get(network.default_portgroup, own)
    active = network.active.value if isinstance(network.active, Known) else None
    groups = frozenset(network.portgroups)
    return Offer(network.forward, groups, profiles, active, _free(addresses, used))
