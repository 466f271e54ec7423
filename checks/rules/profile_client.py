"""Is the default cluster the only client of a port profile? (rule PRF-03)"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from vmfex.checks.model.fabric import Fabric
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.name_pattern import name_pattern
from vmfex.checks.rules.port_profile import PortProfile
from vmfex.checks.text import shown

OF_CLIENT = re.compile(r"/vnic-([^/]*)/cl-")  # in a vmVnicProfCl's dn: the port profile's name
OF_SWITCH = re.compile(r"/dc-([^/]*)/(?:.*/)?switch-")  # in a vmSwitch's: the data centre's
KEPT = 16  # characters of a cluster's name in dvsName (ucsmsdk 0.9.27)
NAMED_IN = ("vmHv", "vmInstance")


@dataclass(frozen=True, slots=True)
class Cluster:
    """`centre` is the data centre that it is in, None for one of KVM, which is in none."""

    name: str
    centre: str | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """Patterns of the clusters that a profile is for; None where UCS Manager does not tell."""

    switch: str | None
    centre: str | None = None
    folder: str | None = None

    @property
    def text(self) -> str:
        return shown(self.switch)[1:-1] if self.switch else "(no name told)"

    def covers(self, cluster: Cluster) -> bool | None:
        """None where it depends on what UCS Manager does with such a pattern."""
        fits = _matches(self.switch, cluster.name)
        if fits is False:
            return False
        place = cluster.centre or "default"
        if cluster.centre is not None and _matches(self.centre, place) is False:
            return False
        around = [_matches(pattern, place) for pattern in (self.centre, self.folder)]
        if cluster.centre is None and not all(around):
            return None  # KVM's clusters are in no data centre: which word that is, nobody says
        return fits


Clients = Mapping[str, tuple[Client, ...]]  # by the port profile's name


def _matches(pattern: str | None, name: str) -> bool | None:
    """True for the whole name, False for none of it, None for a part, or what cannot be read."""
    read = name_pattern(pattern or "")
    if read is None:
        return None
    if read.is_all_of(name):
        return True
    return None if read.is_in(name) else False


def clients_by_profile(fabric: Fabric) -> Fact[Clients]:
    """The clients of each port profile (vmVnicProfCl below vnicProfile)."""
    answer = fabric.objects("vmVnicProfCl")
    if isinstance(answer, Unknown):
        return answer
    clients: dict[str, list[Client]] = {}
    for o in answer.value:
        for name in OF_CLIENT.findall(o.get("dn", "")):
            client = Client(o.get("swName"), o.get("dcName"), o.get("orgPath"))
            clients.setdefault(name, []).append(client)
    return Known({name: tuple(mine) for name, mine in clients.items()}, answer.evidence)


def clusters_there(fabric: Fabric, default: str) -> Fact[frozenset[Cluster]]:
    """Every cluster that UCS Manager tells of: its distributed switches, and those in which it
    sees a hypervisor or VM. Unknown where it does not even list the default one."""
    switches = fabric.objects("vmSwitch")
    if isinstance(switches, Unknown):
        return switches
    found, evidence = set(), switches.evidence
    for o in switches.value:
        centre = OF_SWITCH.search(o.get("dn", ""))
        found.add(Cluster(o.get("name", ""), centre[1] if centre else None))
    if Cluster(default) not in found:
        reason = f"which clusters there are: UCS Manager does not list {default} among its switches"
        see = f"See in UCS Manager, tab VM, whether the cluster {default} is there, and ask it anew"
        return Unknown(reason, evidence, f"{see} as a user who may read it (`--ucsm`).")
    listed = {cluster.name[:KEPT] for cluster in found}
    for class_id in NAMED_IN:
        answer = fabric.objects(class_id)
        if isinstance(answer, Unknown):
            return answer
        names = {o.get("dvsName", "") for o in answer.value}
        found |= {Cluster(name) for name in names if name and name not in listed}
        evidence += answer.evidence
    return Known(frozenset(found), evidence)


def only_client_is(
    profile: PortProfile,
    default: str,
    clients: Fact[Clients],
    clusters: Fact[Collection[Cluster]],
) -> Finding:
    """PRF-03: the clients cover the default cluster, and no other one that there is."""
    mine = clients.need().get(profile.name, ())
    told = ", ".join(client.text for client in mine) or "none"
    wanted = f"the cluster {default}, no other"
    remedy = (
        f"In UCS Manager, tab VM, port profile {shown(profile.name)[1:-1]}, Profile Clients: "
        f'make "{default}" the distributed virtual switch of its only client (now: {told}).'
    )

    def verdict(ok: bool, observed: str) -> Finding:
        return found(profile, ok, observed, wanted, *clients.evidence, remedy=remedy)

    here = [client.covers(Cluster(default)) for client in mine]
    if not mine or False in here:
        return verdict(False, f"clients: {told}")
    others = [cluster for cluster in clusters.need() if cluster != Cluster(default)]
    taken = {o.name for o in others for client in mine if client.covers(o)}
    if taken:
        names = ", ".join(shown(name)[1:-1] for name in sorted(taken))
        return verdict(False, f"clients: {told}; they also match the cluster {names}")
    open_ = {o.name for o in others for client in mine if client.covers(o) is None}
    if None in here or open_:
        which = ", ".join(
            shown(n)[1:-1] for n in sorted(open_ | ({default} - open_ if None in here else set()))
        )
        reason = f"clients: {told}; whether UCS Manager takes them for {which} is not known"
        raise Missing(Unknown(reason, (*clients.evidence, *clusters.evidence), remedy))
    return verdict(True, f"clients: {told}")
