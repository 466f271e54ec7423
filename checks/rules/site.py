"""What moving VMs takes of a host that was read: its VMs, and what it has left for others."""

from collections.abc import Mapping
from typing import TypeVar

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fabric import Fabric, uuid_key
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.scope import Scope, topology_of
from vmfex.checks.rules.free_functions import room_of
from vmfex.checks.rules.interconnect import ucs_release
from vmfex.checks.rules.migration import what_blocks
from vmfex.checks.rules.migration_needs import needs_of
from vmfex.checks.rules.move import Mover, Site
from vmfex.checks.rules.profile_client import Client, clients_by_profile

T = TypeVar("T")


def site_of(label: str, scope: Scope) -> Site:
    """A host, as far as moving VMs goes."""
    host = scope.host
    return Site(
        label=label,
        uuid=_bare(host.uuid),
        clusters=_bare(_clusters(host.fabric)),
        clients=_bare(_clients(host.fabric)),
        release=_bare(ucs_release(host.fabric)),
        room=_bare(room_of(scope)),
        movers=tuple(_mover(domain, scope) for domain in scope.domains.items),
        unread=tuple(dict.fromkeys(gap.reason for gap in scope.domains.unknown)),
    )


def _bare(fact: Fact[T]) -> Fact[T]:
    """Without its evidence: of a thousand hosts that would stay in memory."""
    return Unknown(fact.reason) if isinstance(fact, Unknown) else Known(fact.value)


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
        uuid, cluster = uuid_key(o.get("uuid", "")), o.get("dvsName", "")
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
