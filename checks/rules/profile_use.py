"""Does a port profile suit the interfaces that name it? (rules PRF-06 and PRF-07, derived)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.scope import Scope
from vmfex.checks.model.vm_interface import HOSTDEV, MACVTAP, VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.port_profile import PortProfile
from vmfex.checks.rules.veth import KEPT
from vmfex.checks.text import shown

Object = Mapping[str, str]


@dataclass(frozen=True)
class Demand:
    """Who wants ports of each port profile; gone through once for all of them."""

    scope: Scope

    @lazy
    def _here(self) -> Mapping[str, int]:
        """Interfaces of this host that can be in use at once, by the profile that they name."""
        per_state: dict[tuple[str, str, str], int] = {}
        for i in self.scope.everyones.items:
            name = i.virtualport.profile if i.virtualport else None
            if name:
                key = (name, i.domain.uuid, i.definition.state)
                per_state[key] = per_state.get(key, 0) + 1
        most: dict[tuple[str, str], int] = {}
        for (name, uuid, _), count in per_state.items():
            most[name, uuid] = max(most.get((name, uuid), 0), count)
        total: dict[str, int] = {}
        for (name, _), count in most.items():
            total[name] = total.get(name, 0) + count
        return total

    @lazy
    def _elsewhere(self) -> Fact[Mapping[str, int]]:
        """vNICs of VMs that are not this host's, by as much of the profile's name as is kept."""
        answer = self.scope.host.fabric.objects("vmNic")
        if isinstance(answer, Unknown):
            return answer
        mine = {i.domain.uuid.lower() for i in self.scope.everyones.items}
        total: dict[str, int] = {}
        for nic in answer.value:
            vm = nic.get("dn", "").rpartition("/")[0].rpartition("/vm-")[2].lower()
            if vm not in mine and nic.get("vStatus") != "offline":
                name = nic.get("profileName", "")
                total[name] = total.get(name, 0) + 1
        return Known(total, answer.evidence)

    def here(self, name: str) -> int:
        return self._here.get(name, 0)

    def elsewhere(self, name: str) -> Fact[int]:
        """How many other VMs may have; of a long name only the beginning is kept."""
        known = self._elsewhere
        if isinstance(known, Unknown):
            return known
        return Known(known.value.get(name[:KEPT], 0), known.evidence)


def _object(profile: PortProfile, scope: Scope) -> tuple[Object, tuple[Evidence, ...]]:
    """What UCS Manager says of a profile. Raises Missing where it has none or several."""
    answer = scope.host.fabric.objects("vnicProfile")
    mine = [o for o in answer.need() if o.get("name") == profile.name]
    if len(mine) != 1:
        reason = f"UCS Manager has {len(mine)} port profiles {shown(profile.name)[1:-1]}"
        one = f"Leave one port profile {shown(profile.name)[1:-1]} in UCS Manager, tab VM."
        raise Missing(Unknown(reason, answer.evidence, one))
    return mine[0], answer.evidence


def has_ports_enough(profile: PortProfile, demand: Demand) -> Finding:
    """PRF-06."""
    told, evidence = _object(profile, demand.scope)
    said, name = told.get("maxPorts", ""), shown(profile.name)[1:-1]
    if not (said.isascii() and said.isdigit()):
        reason = f"UCS Manager does not say how many ports {name} has"
        raise Missing(Unknown(reason, evidence, _see("Max Ports", name)))
    here, elsewhere = demand.here(profile.name), demand.elsewhere(profile.name)
    others = elsewhere.value if isinstance(elsewhere, Known) else 0
    observed = f"maxPorts {int(said)}; {here} interfaces of this host name it"
    observed += f", {others} of VMs elsewhere are on it" if others else ""
    wanted = f"at least {here + others} ports"
    remedy = f"In UCS Manager, tab VM, raise Max Ports of port profile {name} to {here + others}."
    if here + others > int(said) >= here and len(profile.name) > KEPT:
        reason = f"{observed}, as far as UCS Manager keeps its name"
        raise Missing(Unknown(reason, (*evidence, *elsewhere.evidence), remedy))
    if isinstance(elsewhere, Unknown) and here <= int(said):
        raise Missing(elsewhere)
    ok = here + others <= int(said)
    return found(profile, ok, observed, wanted, *evidence, *elsewhere.evidence, remedy=remedy)


def performance_fits(
    profile: PortProfile, fitting: Mapping[str, str], scope: Scope
) -> list[Finding]:
    """PRF-07: a finding for each kind of interface that names the profile."""
    told, evidence = _object(profile, scope)
    said, name = told.get("hostNwIOPerf", ""), shown(profile.name)[1:-1]
    findings = []
    for kind, users in _users(profile, scope.interfaces.items).items():
        if not said:
            reason = f"UCS Manager does not tell hostNwIOPerf of {name}"
            raise Missing(Unknown(reason, evidence, _see("Host Network IO Performance", name)))
        vms = ", ".join(sorted({shown(i.domain.name)[1:-1] for i in users}))
        wanted = f"{fitting[kind]} for {kind}"
        observed = f"hostNwIOPerf {shown(said)[1:-1]}, used by {kind} of {vms}"
        remedy = (
            f"In UCS Manager, tab VM, set Host Network IO Performance of port profile {name} to "
            f"{fitting[kind]}, or give {vms} another port profile."
        )
        ok = said == fitting[kind]
        findings.append(found(profile, ok, observed, wanted, *evidence, remedy=remedy))
    return findings


def _see(what: str, profile: str) -> str:
    return (
        f"See {what} of port profile {profile} in UCS Manager, tab VM, and ask UCS Manager anew "
        "(`--ucsm https://ADDRESS`): its answer left that out."
    )


def _users(
    profile: PortProfile, interfaces: Iterable[VmInterface]
) -> Mapping[str, list[VmInterface]]:
    users: dict[str, list[VmInterface]] = {}
    for i in interfaces:
        if i.way in (HOSTDEV, MACVTAP) and i.virtualport and i.virtualport.profile == profile.name:
            users.setdefault(i.way, []).append(i)
    return users
