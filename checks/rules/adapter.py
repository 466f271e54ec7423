"""Are the VICs the right ones, and used the right way? (rules VIC)"""

from collections.abc import Collection

from vmfex.checks.model.fact import Known, Missing, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.pci import CISCO, Adapter, PciFunction
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found, undetermined
from vmfex.checks.rules.adapter_pid import by_pci_id, pid_of


def has_vic(host: Host) -> Finding:
    """VIC-01."""
    adapters = host.pci.need().adapters
    observed = ", ".join(a.label for a in adapters) or "no Ethernet function of a Cisco VIC (1137)"
    evidence = adapters[0].evidence if adapters else host.pci.evidence
    wanted = "at least one Cisco VIC"
    return found(Thing("host"), bool(adapters), observed, wanted, *evidence)


def is_one_of(adapter: Adapter, models: Collection[str], host: Host) -> Finding:
    """VIC-02, by the PCI subsystem id; by UCS Manager's PID where nobody knows that id: it may be
    a listed card or not. A PID of another card takes the certainty from an id that is listed, and
    so does one that UCS Manager was asked for and did not tell."""
    wanted = f"one of the models {', '.join(models)}"
    said = pid_of(adapter, host)
    pid = said.value if isinstance(said, Known) else None
    by_pid = host.pci.need().pids.get(pid) if pid else None
    observed = by_pci_id(adapter)
    if pid:
        observed += f"; PID {pid} in UCS Manager: {f'VIC {by_pid}' if by_pid else 'unknown too'}"
    if isinstance(said, Unknown) and host.fabric.asked():
        reason = f"{observed}; its PID in UCS Manager is not known: {said.reason}"
        unknown = Unknown(reason, (*adapter.evidence, *said.evidence), said.remedy)
        if adapter.model is None or adapter.model in models:
            return undetermined(adapter.label, unknown, wanted)
    foreign = adapter.subsystem is not None and adapter.subsystem[0] != CISCO
    model = adapter.model or (None if foreign else by_pid)
    if model is None or (model in models and by_pid and by_pid not in models):
        unknown = Unknown(observed, (*adapter.evidence, *said.evidence))
        return undetermined(adapter.label, unknown, wanted)
    return found(adapter, model in models, observed, wanted, *(said.evidence if pid else ()))


def has_at_most(adapter: Adapter, limit: int) -> Finding:
    """VIC-03. Static and dynamic vNICs and VFs are vNICs; FCoE functions are not."""
    static = sum(f.is_static_vnic for f in adapter.functions)
    total = len(adapter.functions)
    observed = f"{total} vNICs: {static} static, {total - static} dynamic"
    return found(adapter, total <= limit, observed, f"at most {limit} vNICs, static and dynamic")


def is_visible(function: PciFunction) -> Finding:
    """VIC-04."""
    ok = function.driver == "enic" and bool(function.netdevs)
    device = (
        f"network device {', '.join(function.netdevs)}" if function.netdevs else "no network device"
    )
    observed = f"driver {function.driver or 'none'}, {device}"
    return found(function, ok, observed, "driver enic and a network device")


def is_no_static_vnic(interface: VmInterface) -> Finding:
    """VIC-05."""
    functions = interface.functions.need()
    if not functions:
        raise Missing(Unknown(f"this host has no {', '.join(interface.absent) or 'such device'}"))
    static = [f for f in functions if f.is_static_vnic or (f.total_vfs and f.vendor == CISCO)]
    wanted = "a dynamic vNIC or a VF"
    if static:
        names = ", ".join(f"{f.address} [{f.ids}]" for f in static)
        return found(interface, False, f"static vNIC (PF) {names}", wanted)
    return found(interface, True, interface.stands_on(), wanted)
