"""Which of UCS Manager's servers is this host, and what do its BIOS settings say? (rule FAB-06)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.result.verdict import Finding, found, undetermined

SERVERS = ("computeBlade", "computeRackUnit")
VT, VTD = "vpIntelVirtualizationTechnology", "vpIntelVTForDirectedIO"
BIOS = {VT: "biosVfIntelVirtualizationTechnology", VTD: "biosVfIntelVTForDirectedIO"}

Object = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Server:
    """A blade or rack server of UCS Manager; `profile` is its service profile's dn, or empty."""

    dn: str
    profile: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def label(self) -> str:
        return f"server {self.dn}"


def server_of(host: Host) -> Fact[Server]:
    """By the firmware's UUID and serial number, which must not contradict each other; where they
    leave none or several, by the MAC addresses of the static vNICs."""
    try:
        return _find(host)
    except Missing as missing:
        return missing.unknown


def _find(host: Host) -> Fact[Server]:
    answers = [host.fabric.objects(class_id) for class_id in SERVERS]
    listed = [o for answer in answers for o in answer.need()]
    evidence = tuple(e for answer in answers for e in answer.evidence)
    told: list[str] = []
    matches: list[set[str]] = []
    for what, fact, key in (
        ("UUID", host.uuid, "uuid"),
        ("serial number", host.serial, "serial"),
    ):
        if isinstance(fact, Unknown):
            told.append(f"{what} not known ({fact.reason})")
            continue
        same = {o.get("dn", "") for o in listed if o.get(key, "").lower() == fact.value.lower()}
        told.append(f"{what} {fact.value}: {listed_in_words(same)}")
        evidence += fact.evidence
        matches += [same] if same else []
    agreed = set.intersection(*matches) if matches else set()
    if len(agreed) != 1 and (agreed or not matches):
        by_mac = _servers_by_mac(host)
        told.append(f"MAC addresses of static vNICs: {listed_in_words(by_mac)}")
        agreed = agreed & by_mac if agreed else by_mac
    if len(agreed) != 1:
        how = "several servers" if agreed else "contradictory" if matches else "no server"
        reason = f"which of UCS Manager's servers this host is: {how} ({'; '.join(told)})"
        return Unknown(reason, evidence)
    [dn] = agreed
    assigned = next((o.get("assignedToDn", "") for o in listed if o.get("dn") == dn), "")
    return Known(Server(dn, assigned, evidence), evidence)


def listed_in_words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _servers_by_mac(host: Host) -> set[str]:
    """The servers to which the service profiles of vNICs with this host's MACs are assigned."""
    try:
        macs = {mac for _, mac in static_macs(host) if mac}
    except Missing:
        return set()
    places = {o.get("dn"): o.get("pnDn", "") for o in host.fabric.objects("lsServer").need()}
    vnics = host.fabric.objects("vnicEther").need()
    owners = {parent_of(o) for o in vnics if o.get("addr", "").lower() in macs}
    return {places[owner] for owner in owners if places.get(owner)}


def static_macs(host: Host) -> list[tuple[PciFunction, str]]:
    """The static vNICs of the host's VICs, each with its MAC address; empty where it shows none."""
    links = host.links.need()
    static = [f for a in host.pci.need().adapters for f in a.functions if f.is_static_vnic]
    found = []
    for function in static:
        macs = [links[name].mac or "" for name in function.netdevs if name in links]
        found.append((function, macs[0].lower() if macs else ""))
    return found


def parent_of(o: Object) -> str:
    return o.get("dn", "").rpartition("/")[0]


def bios_enables(server: Server, host: Host) -> list[Finding]:
    """FAB-06: one finding for VT, one for VT-d. What `platform-default` is, nobody says."""
    return [_setting(server, host, VT, "VT"), _setting(server, host, VTD, "VT-d")]


def _setting(server: Server, host: Host, key: str, name: str) -> Finding:
    answer, wanted = host.fabric.objects(BIOS[key]), f"{name} enabled"
    if isinstance(answer, Unknown):
        return undetermined(server.label, answer, wanted)
    below = f"{server.dn}/bios/bios-settings/"
    said = {o.get(key, "") for o in answer.value if o.get("dn", "").startswith(below)}
    value = said.pop() if len(said) == 1 else ""
    if value not in ("enabled", "disabled"):
        reason = (
            f"UCS Manager says {value or 'nothing'} of {name}: whether it is enabled is not known"
        )
        return undetermined(server.label, Unknown(reason, answer.evidence), wanted)
    return found(server, value == "enabled", f"{name} {value}", wanted, *answer.evidence)
