"""The veth that the fabric has for a VM's interface (rule PRF-04, the fabric's part)."""

from collections.abc import Mapping
from dataclasses import dataclass

from vmfex.checks.model.fabric import Fabric, Objects
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.same import of_the_same
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.remedy import edit, virsh
from vmfex.checks.text import shown

KEPT = 16  # characters of a port profile's name in vmNic.profileName (ucsmsdk 0.9.27)


@dataclass(frozen=True, slots=True)
class Veth:
    """A virtual interface of the fabric (vmVif), with the port profile of the VM's vNIC that it
    belongs to (vmNic); None where UCS Manager does not tell. `present` is false for one that it
    only retains (vStatus offline), as it does some minutes after a VM has gone."""

    number: str
    profile: str | None
    present: bool | None
    up: bool | None
    state: str

    @property
    def in_words(self) -> str:
        on = f"veth {self.number} on port profile {self.profile or '(not told)'}"
        return f"{on}, {self.state}"


Veths = Mapping[tuple[str, str], list[Veth]]  # by the VM's UUID and its vNIC's MAC address


def veths_by_mac(fabric: Fabric) -> Fact[Veths]:
    """The veths below each VM's vNIC."""
    nics, vifs = fabric.objects("vmNic"), fabric.objects("vmVif")
    if isinstance(nics, Unknown):
        return nics
    if isinstance(vifs, Unknown):
        return vifs
    return Known(_veths(nics.value, vifs.value), (*nics.evidence, *vifs.evidence))


@of_the_same
def _veths(nics: Objects, vifs: Objects) -> Veths:
    nic_of = {nic.get("dn", ""): nic for nic in nics}
    veths: dict[tuple[str, str], list[Veth]] = {}
    for vif in vifs:
        dn = vif.get("dn", "").rpartition("/")[0]
        nic = nic_of.get(dn, {})
        vm = dn.rpartition("/")[0].rpartition("/vm-")[2].lower()
        veths.setdefault((vm, nic.get("macAddr", "").lower()), []).append(_veth(nic, vif))
    return veths


def _veth(nic: Mapping[str, str], vif: Mapping[str, str]) -> Veth:
    retained = {o.get("vStatus", "") for o in (nic, vif)}
    present = False if "offline" in retained else True if retained == {"online"} else None
    oper, link = vif.get("operState", ""), vif.get("linkState", "")
    up = (oper, link) == ("active", "up")
    known = oper not in ("", "unknown") and link not in ("", "unknown")
    number, profile = shown(vif.get("vifId", "?"))[1:-1], nic.get("profileName") or None
    state = "only retained (vStatus offline)" if present is False else "online"
    state = "vStatus not told" if present is None else state
    state += f", {shown(oper or 'no operState')[1:-1]}, link {shown(link or 'not told')[1:-1]}"
    return Veth(number, profile, present, up if known else None, state)


def has_veth(interface: VmInterface, veths: Fact[Veths]) -> Finding:
    """PRF-04, the fabric's part: a virtual interface below this VM's vNIC of this MAC address, up,
    on the port profile that the domain names."""
    known = veths.need()
    mac = (interface.written.mac or "").lower()
    if not mac:
        reason = "the interface has no MAC address to find in UCS Manager"
        change = "write the <mac address='...'/> that it is to have"
        raise Missing(Unknown(reason, interface.evidence, edit(interface, change)))
    mine = known.get((interface.domain.uuid.lower(), mac), [])
    others = [vm for vm, its in known if its == mac and vm != interface.domain.uuid.lower()]
    named = interface.virtualport.profile if interface.virtualport else None
    wanted = f"a veth of this VM on the fabric interconnect, up, on port profile {_name(named)}"
    observed = "; ".join(veth.in_words for veth in mine) or f"no veth for {mac} of this VM"
    if others:
        observed += f"; {mac} is also that of VM {', '.join(shown(o)[1:-1] for o in others[:3])}"
    remedy = _remedy(interface, mine, named, mac)
    held = [v for v in mine if v.present is not False]
    if any(v.present and v.up and _is(named, v.profile) is False for v in mine):
        return found(interface, False, observed, wanted, *veths.evidence, remedy=remedy)
    good = [v for v in held if v.present and v.up and _is(named, v.profile)]
    if good:
        return found(interface, True, observed, wanted, *veths.evidence)
    if any(None in (v.present, v.up) or v.profile is None for v in held):
        reason = f"UCS Manager does not tell all of it: {observed}"
        raise Missing(Unknown(reason, veths.evidence, remedy))
    return found(interface, False, observed, wanted, *veths.evidence, remedy=remedy)


def _is(named: str | None, kept: str | None) -> bool | None:
    """Whether the name that UCS Manager keeps is the one that is named, as far as it is kept."""
    if named is None:
        return True
    if kept is None:
        return None
    return named == kept or (len(kept) == KEPT and named.startswith(kept))


def _name(named: str | None) -> str:
    return shown(named)[1:-1] if named else "of any name"


def _remedy(interface: VmInterface, mine: list[Veth], named: str | None, mac: str) -> str:
    vm = shown(interface.domain.name)[1:-1]
    if mine and not any(v.present is not False for v in mine):
        why = f"What UCS Manager shows of {vm} is left from an earlier run."
    elif any(_is(named, v.profile) is False for v in mine):
        why = f"{vm} started with another port profile than {_name(named)}."
    else:
        why = f"Look in UCS Manager, tab VM, at the faults of {vm}'s vNIC {mac}."
    name = interface.domain.name
    return f"{why} Then {virsh('shutdown', name)} and {virsh('start', name)}."
