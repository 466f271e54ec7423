"""Which of UCS Manager's servers is this host, and what do its BIOS settings say? (rule FAB-06)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vmfex.checks.model.fabric import same_uuid
from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.result.verdict import Finding, Verdict, found, undetermined
from vmfex.checks.text import shown

SERVERS = ("computeBlade", "computeRackUnit")
VT, VTD = "vpIntelVirtualizationTechnology", "vpIntelVTForDirectedIO"
REMAPPING = "vpIntelVTDInterruptRemapping"
OF_VTD = "biosVfIntelVTForDirectedIO"
BIOS = {VT: "biosVfIntelVirtualizationTechnology", VTD: OF_VTD, REMAPPING: OF_VTD}
NAMES = {VT: "VT", VTD: "VT-d", REMAPPING: "interrupt remapping"}

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
    for what, fact, key, alike in (
        ("UUID", host.uuid, "uuid", same_uuid),
        ("serial number", host.serial, "serial", _same_serial),
    ):
        if isinstance(fact, Unknown):
            told.append(f"{what} not known ({fact.reason})")
            continue
        same = {o.get("dn", "") for o in listed if alike(o.get(key, ""), fact.value)}
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
        return Unknown(reason, evidence, _find_it(host))
    [dn] = agreed
    assigned = next((o.get("assignedToDn", "") for o in listed if o.get("dn") == dn), "")
    return Known(Server(dn, assigned, evidence), evidence)


def _find_it(host: Host) -> str:
    """By what is not known of the host: what tells it; else what to look for in UCS Manager."""
    unread = [fact for fact in (host.uuid, host.serial) if isinstance(fact, Unknown)]
    known = [
        f"{what} {shown(fact.value)[1:-1]}"
        for what, fact in (("UUID", host.uuid), ("serial number", host.serial))
        if isinstance(fact, Known)
    ]
    look = f"Look in UCS Manager, Equipment, for the server with {' and '.join(known)}: "
    look += "if it is not there, this is not the UCS Manager of this host (`--ucsm`)."
    first = unread[0].remedy if unread else ""
    return first or (look if known else "`dmidecode -t system` as root on the host tells both.")


def _same_serial(one: str, other: str) -> bool:
    return one.strip().lower() == other.strip().lower() != ""


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


def bios_enables(server: Server, host: Host, since: tuple[int, int]) -> list[Finding]:
    """FAB-06: a finding for VT, one for VT-d, and one for interrupt remapping where the release
    needs it. What `platform-default` is, nobody says."""
    findings = [_setting(server, host, VT), _setting(server, host, VTD)]
    remapping, release = _setting(server, host, REMAPPING), host.release
    old = isinstance(release, Known) and release.value.is_rhel and release.value.version < since
    if old:
        return findings
    if isinstance(release, Unknown) and remapping.verdict is Verdict.VIOLATED:
        needed = f"If the release is {since[0]}.{since[1]} or later: {remapping.remedy}"
        remedy = f"{release.remedy} {needed}".strip()
        reason = f"{remapping.observed}; {release.reason}"
        unknown = Unknown(reason, remapping.evidence, remedy)
        return [*findings, undetermined(server.label, unknown, remapping.wanted)]
    return [*findings, remapping]


def _setting(server: Server, host: Host, key: str) -> Finding:
    name, answer = NAMES[key], host.fabric.objects(BIOS[key])
    wanted = f"{name} enabled"
    if isinstance(answer, Unknown):
        return undetermined(server.label, answer, wanted)
    below = f"{server.dn}/bios/bios-settings/"
    said = {o.get(key, "") for o in answer.value if o.get("dn", "").startswith(below)}
    value = said.pop() if len(said) == 1 else ""
    policy = (
        f"In the BIOS policy of the service profile {server.profile or 'of ' + server.dn}, set "
        f"{name} ({key}) to enabled, and reboot the host."
    )
    if value not in ("enabled", "disabled"):
        told = shown(value)[1:-1] if value else "nothing"
        reason = f"UCS Manager says {told} of {name}: whether it is enabled is not known"
        return undetermined(server.label, Unknown(reason, answer.evidence, policy), wanted)
    observed = f"{name} {value}"
    return found(server, value == "enabled", observed, wanted, *answer.evidence, remedy=policy)
