"""Clusters: the scope of port profiles, and how far a VM may move (rules CLU)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fabric import Fabric, Objects, same_uuid
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.same import of_the_same
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.by_name import virsh
from vmfex.checks.text import one_line, shown

KEPT = 16  # characters of vmHv.name and dvsName (ucsmsdk 0.9.27)
Object = Mapping[str, str]


@dataclass(frozen=True)
class Clusters:
    """UCS Manager's clusters, gone through once for all VMs of a host."""

    fabric: Fabric

    @lazy
    def of_vms(self) -> Fact[Mapping[str, set[str]]]:
        """Those in which it sees each VM, by the VM's UUID in lower case; empty for one untold."""
        instances = self.fabric.objects("vmInstance")
        if isinstance(instances, Unknown):
            return instances
        return Known(_of_vms(instances.value), instances.evidence)


@of_the_same
def _of_vms(instances: Objects) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for instance in instances:
        uuid = instance.get("uuid", "").lower()
        found.setdefault(uuid, set()).add(instance.get("dvsName", ""))
    return found


def specifies_only(domain: Domain, cluster: str, known: Clusters) -> Finding:
    """CLU-01: the cluster in which the fabric sees the VM."""
    seen = known.of_vms.need().get(domain.uuid.lower(), set())
    evidence, name = known.of_vms.evidence, shown(domain.name)[1:-1]
    clusters = seen - {""}
    observed = f"cluster {', '.join(shown(c)[1:-1] for c in sorted(clusters))}"
    if not seen or (clusters <= {cluster} and "" in seen):
        what = "names no cluster for" if seen else "does not know"
        reason = f"UCS Manager {what} the VM {domain.uuid}"
        start = f"UCS Manager sees a VM once it has run on VM-FEX: {virsh('start', domain.name)}."
        look = f"{name} runs: look for it in UCS Manager, tab VM, and at the faults of its vNICs."
        remedy = look if domain.running else start
        raise Missing(Unknown(reason, evidence, remedy))
    remedy = (
        f'In UCS Manager, tab VM, make "{cluster}" the cluster of the port profiles of {name}, '
        f"then {virsh('shutdown', domain.name)} and {virsh('start', domain.name)}."
    )
    wanted = f"cluster {cluster}, no other"
    return found(domain, clusters == {cluster}, observed, wanted, *evidence, remedy=remedy)


def stays_in_cluster(domain: Domain, destinations: Iterable[str], host: Host) -> Finding:
    """CLU-02: this host and each destination, as UCS Manager's hypervisors (vmHv), share one."""
    answer = host.fabric.objects("vmHv")
    if not destinations:
        remedy = f"Name where {one_line(domain.name)} may go in the plan: `destinations: [...]`."
        raise Missing(Unknown("the plan names no destination of the migration", remedy=remedy))
    uuid = host.uuid.need()
    here = _cluster(uuid, answer.need(), by_name=False)
    there = {}
    for name in destinations:
        if any(same_uuid(uuid, o.get("uuid", "")) for o in _named(name, answer.need())):
            called = shown(name)[1:-1]
            remedy = (
                f"Take {called} out of the plan's destinations: {domain.name} is there already."
            )
            reason = f"the destination {called} is this host itself"
            raise Missing(Unknown(reason, answer.evidence, remedy))
        there[name] = _cluster(name, answer.need())
    observed = f"this host: {here}; " + ", ".join(f"{n}: {c}" for n, c in there.items())
    wrong = [shown(name)[1:-1] for name, cluster in there.items() if cluster != here]
    if not wrong and len(here) == KEPT:
        reason = f"{observed}: UCS Manager keeps {KEPT} characters of it, and clusters may share"
        see = f"See in UCS Manager, tab VM, whether {', '.join(map(one_line, there))} and this host"
        remedy = f"{see} are in one cluster: the names of several begin with {here}."
        raise Missing(Unknown(f"{reason} them", answer.evidence, remedy))
    wanted = "source and destination in one cluster"
    remedy = (
        f"Take {', '.join(wrong)} out of the plan's destinations for {domain.name}, or bring it "
        f"into the cluster {here} in UCS Manager."
    )
    return found(domain, not wrong, observed, wanted, *answer.evidence, remedy=remedy)


def _named(name: str, hypervisors: Iterable[Object]) -> list[Object]:
    """By UUID, else by name, as far as UCS Manager keeps it, with any of the same UUID."""
    everyone = list(hypervisors)
    if by_uuid := [o for o in everyone if same_uuid(name, o.get("uuid", ""))]:
        return by_uuid
    called = [o for o in everyone if _is_called(name, o.get("name", ""))]
    uuids = {o.get("uuid", "").lower() for o in called} - {""}
    return [o for o in everyone if o in called or o.get("uuid", "").lower() in uuids]


def _is_called(name: str, kept: str) -> bool:
    return name.lower() == kept.lower() or (
        len(kept) == KEPT and name.lower().startswith(kept.lower())
    )


def _cluster(name: str, hypervisors: Iterable[Object], *, by_name: bool = True) -> str:
    """The cluster of a hypervisor by name or UUID. Raises Missing where it is not known, or where
    the name may be another's."""
    everyone, called = list(hypervisors), shown(name)[1:-1]
    mine = _named(name, everyone)
    mine = mine if by_name else [o for o in mine if same_uuid(name, o.get("uuid", ""))]
    by_uuid = f"Name {called} by its UUID (of its vmHv) in the plan's destinations."
    if not mine:
        remedy = "See in UCS Manager, tab VM, whether the hypervisor is there; vmHv has its UUID."
        raise Missing(Unknown(f"UCS Manager does not know the hypervisor {called}", remedy=remedy))
    if len({o.get("uuid", "").lower() for o in mine}) > 1:
        raise Missing(
            Unknown(f"UCS Manager has {len(mine)} hypervisors called {called}", (), by_uuid)
        )
    cut = not same_uuid(name, mine[0].get("uuid", "")) and all(
        o.get("name", "").lower() != name.lower() for o in mine
    )
    if cut:
        reason = f"UCS Manager keeps {KEPT} characters of a hypervisor's name: whether {called} is"
        raise Missing(Unknown(f"{reason} the one that it has is not known", (), by_uuid))
    clusters = {o.get("dvsName", "") for o in mine}
    if len(clusters) > 1:
        raise Missing(
            Unknown(
                f"UCS Manager names {len(clusters)} clusters for hypervisor {called}",
                remedy=f"Leave {called} in one cluster in UCS Manager, tab VM.",
            )
        )
    if clusters == {""}:
        remedy = f"See in UCS Manager, tab VM, which cluster {called} is in."
        raise Missing(Unknown(f"UCS Manager names no cluster for hypervisor {called}", (), remedy))
    return clusters.pop()
