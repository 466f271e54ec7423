"""The veth that the fabric has for a VM's interface (rule PRF-04, the fabric's part)."""

from collections.abc import Mapping
from dataclasses import dataclass

from vmfex.checks.model.fabric import Fabric
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found


@dataclass(frozen=True, slots=True)
class Veth:
    """A virtual interface of the fabric (vmVif), with the port profile of the VM's vNIC that it
    belongs to (vmNic); None where UCS Manager names none."""

    number: str
    profile: str | None


Veths = Mapping[str, list[Veth]]  # by the MAC address of the VM's vNIC


def veths_by_mac(fabric: Fabric) -> Fact[Veths]:
    """The veths below each VM's vNIC."""
    nics, vifs = fabric.objects("vmNic"), fabric.objects("vmVif")
    if isinstance(nics, Unknown):
        return nics
    if isinstance(vifs, Unknown):
        return vifs
    nic_of = {nic.get("dn", ""): nic for nic in nics.value}
    veths: dict[str, list[Veth]] = {}
    for vif in vifs.value:
        nic = nic_of.get(vif.get("dn", "").rpartition("/")[0], {})
        veth = Veth(vif.get("vifId", "?"), nic.get("profileName") or None)
        veths.setdefault(nic.get("macAddr", "").lower(), []).append(veth)
    return Known(veths, (*nics.evidence, *vifs.evidence))


def has_veth(interface: VmInterface, veths: Fact[Veths]) -> Finding:
    """PRF-04, the fabric's part: a virtual interface below the VM's vNIC of this MAC address, on
    the port profile that the domain names."""
    known = veths.need()
    mac = (interface.written.mac or "").lower()
    if not mac:
        raise Missing(Unknown("the interface has no MAC address to find in UCS Manager"))
    mine = known.get(mac, ())
    named = interface.virtualport.profile if interface.virtualport else None
    wanted = f"a veth on the fabric interconnect, on port profile {named or 'of any name'}"
    told = [f"veth {v.number} on port profile {v.profile or '(not told)'}" for v in mine]
    observed = ", ".join(told) or f"no veth for {mac}"
    if named and any(v.profile is None for v in mine):
        raise Missing(Unknown(f"UCS Manager names no port profile: {observed}", veths.evidence))
    ok = bool(mine) and all(named in (None, v.profile) for v in mine)
    return found(interface, ok, observed, wanted, *veths.evidence)
