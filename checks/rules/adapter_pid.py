"""The product ids that UCS Manager has for this host's VICs (rules FAB-04 and VIC-02)."""

from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import Adapter
from vmfex.checks.result.verdict import Finding, found, undetermined
from vmfex.checks.rules.server import Server, listed_in_words, parent_of, server_of, static_macs


def pid_of(adapter: Adapter, host: Host) -> Fact[str]:
    """The product id that UCS Manager has for an adapter of this host: the adapter on which it has
    the vNICs with the MACs of this one; where none says so, the only one of the server."""
    try:
        server = server_of(host).need()
        answer = host.fabric.objects("adaptorUnit")
        units = {o.get("dn", ""): o for o in answer.need() if parent_of(o) == server.dn}
        mine = _units_by_mac(adapter, server, host) & units.keys()
        if not mine and len(host.pci.need().adapters) == 1:
            mine = set(units)
        if len(mine) != 1:
            reason = (
                f"which of UCS Manager's adapters of {server.dn} it is: {listed_in_words(mine)}"
            )
            see = f"See in UCS Manager, Equipment, which adapter of {server.dn} {adapter.label} is"
            return Unknown(reason, answer.evidence, f"{see}, and acknowledge the server.")
        pid = units[mine.pop()].get("model", "")
        unnamed = Unknown(
            f"UCS Manager names no PID for an adapter of {server.dn}",
            remedy=f"Acknowledge {server.dn} in UCS Manager: it reads the PID of its cards anew.",
        )
        return Known(pid, answer.evidence) if pid else unnamed
    except Missing as missing:
        return missing.unknown


def _units_by_mac(adapter: Adapter, server: Server, host: Host) -> set[str]:
    try:
        mine = {f.address for f in adapter.functions}
        macs = {mac for f, mac in static_macs(host) if mac and f.address in mine}
        vnics = host.fabric.objects("vnicEther").need()
    except Missing:
        return set()
    places = [
        o.get("equipmentDn", "")
        for o in vnics
        if o.get("addr", "").lower() in macs and parent_of(o) == server.profile
    ]
    return {place.rpartition("/")[0] for place in places}


def pid_agrees(adapter: Adapter, host: Host) -> Finding:
    """FAB-04: the models behind the two ids are one."""
    said = pid_of(adapter, host)
    pid, by_pid = said.need(), host.pci.need().pids.get(said.need())
    observed = f"PID {pid} in UCS Manager: {_vic(by_pid)}; on the host: {by_pci_id(adapter)}"
    wanted = "one model by both"
    if by_pid is None or adapter.model is None:
        remedy = (
            f"See which model {adapter.label} is: look up the PID {pid} and the card's id (`lspci "
            "-nnv -d 1137:`) in Cisco's list of adapters."
        )
        unknown = Unknown(observed, (*adapter.evidence, *said.evidence), remedy)
        return undetermined(adapter.label, unknown, wanted)
    remedy = (
        f"Acknowledge the server in UCS Manager, so that it reads the PID of {adapter.label} anew "
        f"(now {pid}); if it stays, see whether this host is the server that it was taken for."
    )
    return found(adapter, by_pid == adapter.model, observed, wanted, *said.evidence, remedy=remedy)


def by_pci_id(adapter: Adapter) -> str:
    """What the PCI ids on the host say, in words."""
    if adapter.subsystem is None:
        return (
            "libvirt does not report the subsystem id, which identifies the model: sysfs does "
            "(ssh://HOST, or a capture)"
        )
    vendor, device = adapter.subsystem
    said = f"subsystem id {vendor:04x}:{device:04x}"
    return f"VIC {adapter.model}, {said}" if adapter.model else f"{said} is not a known model"


def _vic(model: str | None) -> str:
    return f"VIC {model}" if model else "not a known model"
