"""May a VM move from a host to another, by the guide? (rule CLU-02, over several hosts)

A VM can move where the cluster is the same, its port profiles are there, its topology allows it,
enough functions are free, and libvirt has what it names: networks, port groups, devices.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from vmfex.checks.model.fabric import uuid_key
from vmfex.checks.model.fact import Fact, Missing, Unknown
from vmfex.checks.model.plan import Topology
from vmfex.checks.rules.free_functions import Room
from vmfex.checks.rules.migration_needs import Need, lacking
from vmfex.checks.rules.profile_client import Client, Cluster

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
    Manager knows, by `uuid_key`, empty where it names none or several; `clients` are those of each
    of its port profiles; `room` is what the host has left."""

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
class Said:
    """What speaks against a move, and what is not known of it."""

    against: tuple[str, ...]
    unknown: tuple[str, ...]


def move(mover: Mover, source: Site, there: Site) -> Move:
    """All that speaks against it, and else all that is not known."""
    if there.label == source.label:
        return Move(Answer.HERE)
    twins = _known_as(source.uuid) == _known_as(there.uuid) != ""
    return decided(
        by_fabric(mover, source, there.uuid, twins), by_host(mover, source.release, there.room)
    )


def _known_as(uuid: Fact[str]) -> str:
    return "" if isinstance(uuid, Unknown) else uuid_key(uuid.value)


def decided(*said: Said) -> Move:
    """The move by all that was said of it."""
    against = [reason for each in said for reason in each.against]
    if against:
        return Move(Answer.NOT_POSSIBLE, tuple(against))
    unknown = [reason for each in said for reason in each.unknown]
    if unknown:
        return Move(Answer.UNKNOWN, tuple(dict.fromkeys(unknown)))
    return Move(Answer.POSSIBLE)


def by_fabric(mover: Mover, source: Site, there: Fact[str], twins: bool) -> Said:
    """What UCS Manager knows of it: clusters and port profiles. `there` is the destination's UUID,
    `twins` whether that is the VM's own host's too."""
    return _said(
        lambda: _cluster(source, there, twins), lambda: _profiles(mover.profiles, source, there)
    )


def by_host(mover: Mover, release: Fact[tuple[int, int]], room: Fact[Room]) -> Said:
    """What the topology allows, and what the destination has left; `release` is that of UCS."""
    return _said(lambda: _topology(mover, release, room), lambda: _named(mover, room))


def _said(*checks: Callable[[], list[str]]) -> Said:
    against: list[str] = []
    unknown: list[str] = []
    for check in checks:
        try:
            against += check()
        except Missing as missing:
            unknown.append(missing.unknown.reason)
    return Said(tuple(against), tuple(unknown))


def _cluster(source: Site, there: Fact[str], twins: bool) -> list[str]:
    mine = _need(source.uuid, "the UUID of its host")
    other = _need(there, "the destination's UUID")
    if twins:
        raise Missing(Unknown(f"both hosts have the UUID {mine}, as if they were one"))
    mine = _cluster_of(mine, "the VM's own host", source)
    other = _cluster_of(other, "the destination", source)
    return [] if mine == other else [f"the destination is in the cluster {other}, not {mine}"]


def _need(fact: Fact[T], what: str) -> T:
    """Raises Missing, saying of what."""
    if isinstance(fact, Unknown):
        raise Missing(Unknown(f"{what} is not known: {fact.reason}"))
    return fact.value


def _cluster_of(uuid: str, whose: str, source: Site) -> str:
    """By the source's UCS Manager. Raises Missing."""
    known = _need(source.clusters, "the cluster")
    cluster = known.get(uuid_key(uuid)) if uuid_key(uuid) else None
    if cluster is None:
        raise Missing(Unknown(f"UCS Manager does not know {whose} as a hypervisor"))
    if not cluster:
        raise Missing(Unknown(f"UCS Manager names no cluster for {whose}"))
    return cluster


def _profiles(profiles: tuple[str, ...], source: Site, there: Fact[str]) -> list[str]:
    """The port profiles are those of the cluster that both are in: UCS Manager's own."""
    if "" in profiles:
        return ["an interface names no port profile"]
    clients = _need(source.clients, "the clients of its port profiles")
    cluster = _cluster_of(_need(there, "the destination's UUID"), "the destination", source)
    found = [f"there is no port profile {name}" for name in profiles if name not in clients]
    for name in profiles:
        covered = [client.covers(Cluster(cluster)) for client in clients.get(name, ())]
        if name in clients and not any(covered) and None not in covered:
            found.append(f"the cluster {cluster} is not a client of port profile {name}")
        elif name in clients and not any(covered) and not found:
            raise Missing(Unknown(f"whether port profile {name} is for the cluster {cluster}"))
    return found


def _topology(mover: Mover, release: Fact[tuple[int, int]], room: Fact[Room]) -> list[str]:
    if Topology.HOSTDEV in mover.topologies:
        return [f"{Topology.HOSTDEV}: live migration is not supported"]
    if mover.blocked:
        return [f"this blocks migration: {mover.blocked}"]
    if Topology.PRIVATE in mover.topologies and _need(release, "the release") >= NO_DIRECT:
        return [f"{Topology.PRIVATE} is not supported from UCS release 2.1 on"]
    left = _need(room, "what the destination has for it")
    against = [
        f"the destination has {max(left.by_topology[topology].now, 0)} {LACK[topology]}, and the "
        f"VM needs {count}"
        for topology, count in mover.topologies.items()
        if left.by_topology[topology].now < count
    ]
    kept = any(left.by_topology[t].kept < count for t, count in mover.topologies.items())
    if not against and (kept or not left.sure):
        why = "VMs that are shut off there name some" if kept else "not all of its VMs were read"
        raise Missing(Unknown(f"whether enough is free on the destination: {why}"))
    return against


def _named(mover: Mover, room: Fact[Room]) -> list[str]:
    if Topology.HOSTDEV in mover.topologies:
        return []
    return lacking(mover.needs, _need(room, "what the destination has for it"))
