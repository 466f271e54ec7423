"""Clusters: the scope of port profiles, and how far a VM may move (rules CLU)."""

from collections.abc import Iterable, Mapping

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.port_profile import clients_of


def specifies_only(
    domain: Domain, cluster: str, interfaces: Iterable[VmInterface], host: Host
) -> Finding:
    """CLU-01: the cluster in which the fabric sees the VM, else those that its port profiles
    are for."""
    instances = host.fabric.objects("vmInstance")
    seen = [o for o in instances.need() if o.get("uuid", "").lower() == domain.uuid.lower()]
    clusters = {o.get("dvsName", "") for o in seen}
    evidence = instances.evidence
    if not clusters:
        names = {i.virtualport.profile for i in interfaces if i.virtualport}
        clients = [clients_of(name, host.fabric) for name in names if name]
        clusters = {client for c in clients for client in c.need()}
        evidence += tuple(e for c in clients for e in c.evidence)
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
