"""Clusters: the scope of port profiles, and how far a VM may move (rules CLU)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fabric import Fabric
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.port_profile import Clients, clients_by_profile


@dataclass(frozen=True)
class Clusters:
    """UCS Manager's clusters, gone through once for all VMs of a host."""

    fabric: Fabric

    @lazy
    def of_vms(self) -> Fact[Mapping[str, set[str]]]:
        """Those in which it sees each VM, by the VM's UUID in lower case."""
        instances = self.fabric.objects("vmInstance")
        if isinstance(instances, Unknown):
            return instances
        found: dict[str, set[str]] = {}
        for instance in instances.value:
            uuid = instance.get("uuid", "").lower()
            found.setdefault(uuid, set()).add(instance.get("dvsName", ""))
        return Known(found, instances.evidence)

    @lazy
    def of_profiles(self) -> Fact[Clients]:
        """Those that each port profile is for."""
        return clients_by_profile(self.fabric)


def specifies_only(
    domain: Domain, cluster: str, interfaces: Iterable[VmInterface], known: Clusters
) -> Finding:
    """CLU-01: the cluster in which the fabric sees the VM, else those that its port profiles
    are for."""
    clusters = known.of_vms.need().get(domain.uuid.lower(), set())
    evidence = known.of_vms.evidence
    if not clusters:
        names = {i.virtualport.profile for i in interfaces if i.virtualport} - {None, ""}
        clusters = {c for name in names for c in known.of_profiles.need().get(name or "", ())}
        evidence += known.of_profiles.evidence if names else ()
    if not clusters:
        raise Missing(Unknown("neither the VM nor a client of its port profiles is known there"))
    observed = f"cluster {', '.join(sorted(clusters)) or 'none'}"
    return found(domain, clusters == {cluster}, observed, f"cluster {cluster}, no other", *evidence)


def stays_in_cluster(domain: Domain, destinations: Iterable[str], host: Host) -> Finding:
    """CLU-02: this host and each destination, as UCS Manager's hypervisors (vmHv), share one."""
    answer = host.fabric.objects("vmHv")
    if not destinations:
        raise Missing(Unknown("the plan names no destination of the migration"))
    here = _cluster(host.uuid.need(), answer.need())
    there = {name: _cluster(name, answer.need()) for name in destinations}
    observed = f"this host: {here}; " + ", ".join(f"{n}: {c}" for n, c in there.items())
    ok = set(there.values()) == {here}
    wanted = "source and destination in one cluster"
    return found(domain, ok, observed, wanted, *answer.evidence)


def _cluster(name: str, hypervisors: Iterable[Mapping[str, str]]) -> str:
    """The cluster of a hypervisor by name or UUID. Raises Missing where it is not known."""
    for hypervisor in hypervisors:
        if name.lower() in (hypervisor.get("uuid", "").lower(), hypervisor.get("name", "").lower()):
            if hypervisor.get("dvsName"):
                return hypervisor["dvsName"]
            raise Missing(Unknown(f"UCS Manager names no cluster for hypervisor {name}"))
    raise Missing(Unknown(f"UCS Manager does not know the hypervisor {name}"))
