"""Which VMs could move where, by the guide? (rule CLU-02, over several hosts)

A VM can move where the cluster is the same, its port profiles are there, its topology allows it,
enough functions are free, and libvirt has what it names: networks, port groups, devices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fabric import Fabric, same_uuid
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.scope import Scope, topology_of
from vmfex.checks.rules.free_functions import Room, room_of
from vmfex.checks.rules.interconnect import ucs_release
from vmfex.checks.rules.migration import what_blocks
from vmfex.checks.rules.migration_needs import Need, lacking, needs_of
from vmfex.checks.rules.profile_client import Client, Cluster, clients_by_profile

T = TypeVar("T")
NO_DIRECT = (2, 1)  # from this UCS release on MacVTap direct is not supported (MTD-01)
LACK = {Topology.EMULATION: "free VFs of VM-FEX", Topology.PRIVATE: "free dynamic vNICs"}


class Answer(StrEnum):
    """`HERE`: it is on this host."""

    POSSIBLE = "possible"
    NOT_POSSIBLE = "not possible"
    UNKNOWN = "unknown"
    HERE = "here"


@dataclass(frozen=True, slots=True)
class Mover:
    """A VM-FEX domain. `topologies` counts its interfaces on each; `profiles` are the port profiles
    that they name, empty for one that names none; `blocked` says what of the host is assigned;
    `needs` is what it names of its host."""

    name: str
    uuid: str
    topologies: Mapping[Topology, int]
    profiles: tuple[str, ...]
    blocked: str = ""
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """A host that VMs may leave or come to. `clusters` are those of the hypervisors that its UCS
    Manager knows, by UUID; `clients` are those of each of its port profiles; `room` is what the
    host has left."""

    label: str
    uuid: Fact[str]
    clusters: Fact[Mapping[str, str]]
    clients: Fact[Mapping[str, tuple[Client, ...]]]
    release: Fact[tuple[int, int]]
    room: Fact[Room]
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
    for check in (_cluster, _profiles, _topology, _named):
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
    if same_uuid(mine, other):
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
    mine = {cluster for uuid, cluster in known.items() if same_uuid(name, uuid)}
    if not mine:
        raise Missing(Unknown(f"UCS Manager does not know the hypervisor {name}"))
    if len(mine) > 1 or mine == {""}:
        raise Missing(Unknown(f"UCS Manager names no cluster for hypervisor {name}"))
    return mine.pop()


def _profiles(mover: Mover, source: Site, there: Site) -> list[str]:
    """The port profiles are those of the cluster that both are in: UCS Manager's own."""
    if "" in mover.profiles:
        return ["an interface names no port profile"]
    clients = _need(source.clients, "the clients of its port profiles")
    cluster = _cluster_of(_need(there.uuid, "the destination's UUID"), source)
    found = [f"there is no port profile {name}" for name in mover.profiles if name not in clients]
    for name in mover.profiles:
        covered = [client.covers(Cluster(cluster)) for client in clients.get(name, ())]
        if name in clients and not any(covered) and None not in covered:
            found.append(f"the cluster {cluster} is not a client of port profile {name}")
        elif name in clients and not any(covered) and not found:
            raise Missing(Unknown(f"whether port profile {name} is for the cluster {cluster}"))
    return found


def _topology(mover: Mover, source: Site, there: Site) -> list[str]:
    if Topology.HOSTDEV in mover.topologies:
        return [f"{Topology.HOSTDEV}: live migration is not supported"]
    if mover.blocked:
        return [f"this blocks migration: {mover.blocked}"]
    if Topology.PRIVATE in mover.topologies and _need(source.release, "the release") >= NO_DIRECT:
        return [f"{Topology.PRIVATE} is not supported from UCS release 2.1 on"]
    room = _need(there.room, "what the destination has for it")
    against = [
        f"the destination has {max(room.by_topology[topology].now, 0)} {LACK[topology]}, and the "
        f"VM needs {count}"
        for topology, count in mover.topologies.items()
        if room.by_topology[topology].now < count
    ]
    kept = any(room.by_topology[t].kept < count for t, count in mover.topologies.items())
    if not against and (kept or not room.sure):
        why = "VMs that are shut off there name some" if kept else "not all of its VMs were read"
        raise Missing(Unknown(f"whether enough is free on the destination: {why}"))
    return against


def _named(mover: Mover, _source: Site, there: Site) -> list[str]:
    if Topology.HOSTDEV in mover.topologies:
        return []
    return lacking(mover.needs, _need(there.room, "what the destination has for it"))


def site_of(label: str, scope: Scope) -> Site:
    """A host, as far as moving VMs goes."""
    host = scope.host
    return Site(
        label=label,
        uuid=host.uuid,
        clusters=_clusters(host.fabric),
        clients=_clients(host.fabric),
        release=ucs_release(host.fabric),
        room=room_of(scope),
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
    blocked = what_blocks(domain, interfaces, scope.host)
    named = tuple(sorted(profiles))
    return Mover(domain.name, domain.uuid, topologies, named, blocked, needs_of(interfaces))


def _clusters(fabric: Fabric) -> Fact[Mapping[str, str]]:
    answer = fabric.objects("vmHv")
    if isinstance(answer, Unknown):
        return answer
    found: dict[str, str] = {}
    for o in answer.value:
        uuid, cluster = o.get("uuid", "").lower(), o.get("dvsName", "")
        found[uuid] = cluster if found.get(uuid, cluster) == cluster else ""
    return Known(found)


def _clients(fabric: Fabric) -> Fact[Mapping[str, tuple[Client, ...]]]:
    """Of every port profile that there is, also of one without any."""
    profiles, clients = fabric.objects("vnicProfile"), clients_by_profile(fabric)
    if isinstance(profiles, Unknown):
        return profiles
    if isinstance(clients, Unknown):
        return clients
    names = (o.get("name", "") for o in profiles.value)
    return Known({name: clients.value.get(name, ()) for name in names})
