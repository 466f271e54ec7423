"""Which VMs could move where, by the guide? (rule CLU-02, over several hosts)

A VM can move where the cluster is the same, its port profiles are there, and its topology allows
it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fabric import Fabric
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.pci import VMFEX_VF
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.scope import Scope, topology_of
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.interconnect import ucs_release
from vmfex.checks.rules.migration import nothing_blocks

T = TypeVar("T")
NO_DIRECT = (2, 1)  # from this UCS release on MacVTap direct is not supported (MTD-01)
LACK = {Topology.EMULATION: "VFs of VM-FEX", Topology.PRIVATE: "dynamic vNICs"}


class Answer(StrEnum):
    """`HERE`: it is on this host."""

    POSSIBLE = "possible"
    NOT_POSSIBLE = "not possible"
    UNKNOWN = "unknown"
    HERE = "here"


@dataclass(frozen=True, slots=True)
class Mover:
    """A VM-FEX domain. `topologies` counts its interfaces on each; `profiles` are the port profiles
    that they name, empty for one that names none; `blocked` says what of the host is assigned."""

    name: str
    uuid: str
    topologies: Mapping[Topology, int]
    profiles: tuple[str, ...]
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A host that VMs may leave or come to. `clusters` are those of the hypervisors that its UCS
    Manager knows, by UUID; `clients` the clusters that each of its port profiles is for;
    `functions` how many functions the host has for each topology."""

    label: str
    uuid: Fact[str]
    clusters: Fact[Mapping[str, str]]
    clients: Fact[Mapping[str, frozenset[str]]]
    release: Fact[tuple[int, int]]
    functions: Fact[Mapping[Topology, int]]
    movers: tuple[Mover, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """`reasons` are empty where it is possible."""

    answer: Answer
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One VM of one host, and where it could go: a move for the label of each host."""

    label: str
    mover: Mover
    moves: Mapping[str, Move]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The hosts by label, in their order; the VMs; and why a host may have more of them."""

    labels: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


def matrix(sites: Sequence[Site]) -> Matrix:
    """Every VM-FEX domain against every host."""
    rows = (
        Row(source.label, mover, {there.label: move(mover, source, there) for there in sites})
        for source in sites
        for mover in source.movers
    )
    unread = ((site.label, reason) for site in sites for reason in site.unread)
    return Matrix(tuple(site.label for site in sites), tuple(rows), tuple(unread))


def move(mover: Mover, source: Site, there: Site) -> Move:
    """All that speaks against it, and else all that is not known."""
    if there.label == source.label:
        return Move(Answer.HERE)
    against, unknown = [], []
    for check in (_cluster, _profiles, _topology):
        try:
            against += check(mover, source, there)
        except Missing as missing:
            unknown.append(missing.unknown.reason)
    if against:
        return Move(Answer.NOT_POSSIBLE, tuple(against))
    if unknown:
        return Move(Answer.UNKNOWN, tuple(dict.fromkeys(unknown)))
    return Move(Answer.POSSIBLE)


def _cluster(_mover: Mover, source: Site, there: Site) -> list[str]:
    mine, other = (
        _need(source.uuid, "the UUID of its host"),
        _need(there.uuid, "the destination's UUID"),
    )
    if mine == other:
        raise Missing(Unknown(f"both hosts have the UUID {mine}, as if they were one"))
    mine, other = _cluster_of(mine, source), _cluster_of(other, source)
    return [] if mine == other else [f"the destination is in the cluster {other}, not {mine}"]


def _need(fact: Fact[T], what: str) -> T:
    """Raises Missing, saying of what."""
    if isinstance(fact, Unknown):
        raise Missing(Unknown(f"{what} is not known: {fact.reason}"))
    return fact.value


def _cluster_of(name: str, source: Site) -> str:
    """By the source's UCS Manager. Raises Missing."""
    known = _need(source.clusters, "the cluster")
    if name not in known:
        raise Missing(Unknown(f"UCS Manager does not know the hypervisor {name}"))
    if not known[name]:
        raise Missing(Unknown(f"UCS Manager names no cluster for hypervisor {name}"))
    return known[name]


def _profiles(mover: Mover, source: Site, there: Site) -> list[str]:
    """The port profiles are those of the cluster that both are in: UCS Manager's own."""
    if "" in mover.profiles:
        return ["an interface names no port profile"]
    clients = _need(source.clients, "the clients of its port profiles")
    cluster = _cluster_of(_need(there.uuid, "the destination's UUID"), source)
    found = [f"there is no port profile {name}" for name in mover.profiles if name not in clients]
    return found + [
        f"the cluster {cluster} is not a client of port profile {name}"
        for name in mover.profiles
        if name in clients and cluster not in clients[name]
    ]


def _topology(mover: Mover, source: Site, there: Site) -> list[str]:
    if Topology.HOSTDEV in mover.topologies:
        return [f"{Topology.HOSTDEV}: live migration is not supported"]
    if mover.blocked:
        return [f"devices of the host are assigned to it: {mover.blocked}"]
    if Topology.PRIVATE in mover.topologies and _need(source.release, "the release") >= NO_DIRECT:
        return [f"{Topology.PRIVATE} is not supported from UCS release 2.1 on"]
    functions = _need(there.functions, "what the destination has for it")
    return [
        f"the destination has {functions[topology]} {LACK[topology]}, and the VM needs {count}"
        for topology, count in mover.topologies.items()
        if functions[topology] < count
    ]


def site_of(label: str, scope: Scope) -> Site:
    """A host, as far as moving VMs goes."""
    host = scope.host
    return Site(
        label=label,
        uuid=host.uuid,
        clusters=_clusters(host.fabric),
        clients=_clients(host.fabric),
        release=ucs_release(host.fabric),
        functions=_functions(scope),
        movers=tuple(_mover(domain, scope) for domain in scope.domains.items),
        unread=tuple(dict.fromkeys(gap.reason for gap in scope.domains.unknown)),
    )


def _mover(domain: Domain, scope: Scope) -> Mover:
    interfaces = scope.vmfex_of(domain)
    profiles = {(i.virtualport and i.virtualport.profile) or "" for i in interfaces}
    topologies: dict[Topology, int] = {}
    for definition in domain.definitions:
        mine = [topology_of(i) for i in interfaces if i.definition.state == definition.state]
        for topology in mine:
            topologies[topology] = max(topologies.get(topology, 0), mine.count(topology))
    block = nothing_blocks(domain, interfaces)
    blocked = block.observed if block.verdict is Verdict.VIOLATED else ""
    return Mover(domain.name, domain.uuid, topologies, tuple(sorted(profiles)), blocked)


def _clusters(fabric: Fabric) -> Fact[Mapping[str, str]]:
    answer = fabric.objects("vmHv")
    if isinstance(answer, Unknown):
        return answer
    return Known({o.get("uuid", "").lower(): o.get("dvsName", "") for o in answer.value})


def _clients(fabric: Fabric) -> Fact[Mapping[str, frozenset[str]]]:
    profiles, clients = fabric.objects("vnicProfile"), fabric.objects("vmVnicProfCl")
    if isinstance(profiles, Unknown):
        return profiles
    if isinstance(clients, Unknown):
        return clients
    names = {o.get("dn", ""): o.get("name", "") for o in profiles.value}
    found: dict[str, set[str]] = {name: set() for name in names.values()}
    for client in clients.value:
        name = names.get(client.get("dn", "").rpartition("/")[0])
        if name is not None:
            found[name].add(client.get("swName", ""))
    return Known({name: frozenset(clusters) for name, clusters in found.items()})


def _functions(scope: Scope) -> Fact[Mapping[Topology, int]]:
    tree = scope.host.pci
    if isinstance(tree, Unknown):
        return tree
    functions = [f for adapter in tree.value.adapters for f in adapter.functions]
    return Known(
        {
            Topology.EMULATION: _how_many(f.is_vf and f.device == VMFEX_VF for f in functions),
            Topology.PRIVATE: _how_many(f.is_dynamic_vnic for f in functions),
        }
    )


def _how_many(true: Iterable[bool]) -> int:
    return sum(true)
