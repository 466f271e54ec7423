"""Are the VICs the right ones, and used the right way? (rules VIC)"""

from collections.abc import Collection, Sequence

from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.pci import CISCO, Adapter, PciFunction
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found, undetermined
from vmfex.checks.rules.adapter_pid import by_pci_id, pid_of
from vmfex.checks.rules.by_name import device, on_vmfex_vf, some
from vmfex.checks.text import one_line

HANDED_OVER = ("vfio-pci", "pci-stub")  # the drivers of functions that VMs are given
CARRIES: Fact[bool] = Known(True)


def has_vic(host: Host) -> Finding:
    """VIC-01."""
    adapters = host.pci.need().adapters
    observed = ", ".join(a.label for a in adapters) or "no Ethernet function of a Cisco VIC (1137)"
    evidence = adapters[0].evidence if adapters else host.pci.evidence
    wanted = "at least one Cisco VIC"
    return found(Thing("host"), bool(adapters), observed, wanted, *evidence, remedy=_no_vic(host))


def _no_vic(host: Host) -> str:
    """Other functions of a VIC (switch ports, FCoE) show that one is installed."""
    others = sorted(f.address for f in host.pci.need().functions.values() if f.vendor == CISCO)
    if not others:
        return "Install one of the VICs that VIC-02 lists; `lspci -nn -d 1137:` shows it then."
    return (
        f"A VIC is there ({some(others)}) and shows the host no vNIC: in UCS Manager, add a vNIC "
        "on it to the server's service profile, and restart the server."
    )


def is_one_of(
    adapter: Adapter, models: Collection[str], host: Host, carries: Fact[bool] = CARRIES
) -> Finding:
    """VIC-02, by the PCI subsystem id; by UCS Manager's PID where nobody knows that id: it may be
    a listed card or not. A PID of another card takes the certainty from an id that is listed, and
    so does one that UCS Manager was asked for and did not tell. A card that is not listed violates
    only where it is known to carry VM-FEX interfaces."""
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
        evidence = (*adapter.evidence, *said.evidence)
        unknown = Unknown(observed, evidence, _which_card(adapter, pid))
        return undetermined(adapter.label, unknown, wanted)
    if model not in models and isinstance(carries, Unknown):
        reason = f"{observed}; whether it carries VM-FEX interfaces is not known: {carries.reason}"
        unknown = Unknown(reason, (*adapter.evidence, *carries.evidence), carries.remedy)
        return undetermined(adapter.label, unknown, wanted)
    remedy = _another_card(adapter, models, host)
    return found(adapter, model in models, observed, wanted, *said.evidence, remedy=remedy)


def _which_card(adapter: Adapter, pid: str | None) -> str:
    if adapter.subsystem is None:
        return "Certify ssh://HOST, or a capture made on the host: both read the subsystem id."
    if pid:
        return (
            f"Look up the card {pid} in Cisco's list, and {adapter.label} on the host (`lspci -nnv "
            "-d 1137:`): one of the two ids is not this card's."
        )
    return "`--ucsm` asks UCS Manager for the card's product id."


def _another_card(adapter: Adapter, models: Collection[str], host: Host) -> str:
    others = [a.label for a in host.pci.need().adapters if a.model in models]
    if others:
        return (
            f"Move the VMs to VFs of {some(others)}, and take the dynamic vNIC connection policy "
            f"from the vNICs of {adapter.label}."
        )
    return f"Replace {adapter.label} by one of the listed models."


def has_at_most(adapter: Adapter, limit: int) -> Finding:
    """VIC-03. Static and dynamic vNICs and VFs are vNICs; FCoE functions are not."""
    static = [f for f in adapter.functions if f.is_static_vnic]
    total = len(adapter.functions)
    observed = f"{total} vNICs: {len(static)} static, {total - len(static)} dynamic"
    wanted = f"at most {limit} vNICs, static and dynamic"
    pfs = some(device(f) for f in static if f.virtfns)
    of = f" of {pfs}" if pfs else ""
    remedy = (
        f"Lower the number in the dynamic vNIC connection policy{of} by {total - limit}, or take "
        "static vNICs from the server's service profile, and restart the server."
    )
    return found(adapter, total <= limit, observed, wanted, remedy=remedy)


def is_visible(function: PciFunction) -> Finding:
    """VIC-04."""
    ok = function.driver == "enic" and bool(function.netdevs)
    device = (
        f"network device {', '.join(function.netdevs)}" if function.netdevs else "no network device"
    )
    observed = f"driver {function.driver or 'none'}, {device}"
    wanted = "driver enic and a network device"
    return found(function, ok, observed, wanted, remedy=_bind(function))


def _bind(function: PciFunction) -> str:
    address = function.address
    if function.driver == "enic":
        return f"`dmesg | grep {address}` says why enic made no network device for it."
    if function.driver is None:
        return f"`modprobe enic`, then `echo {address} > /sys/bus/pci/drivers/enic/bind`."
    if function.driver not in HANDED_OVER:
        free = f"`echo {address} > /sys/bus/pci/drivers/{one_line(function.driver)}/unbind`"
        return f"{free}, `modprobe enic`, then `echo {address} > /sys/bus/pci/drivers/enic/bind`."
    node = "pci_" + address.replace(":", "_").replace(".", "_")
    return (
        f"Take it from the VM that has it, if any, then `virsh nodedev-reattach {node}` gives it "
        "back to enic."
    )


def is_no_static_vnic(interface: VmInterface, free: Sequence[PciFunction] = ()) -> Finding:
    """VIC-05."""
    functions = interface.functions.need()
    if not functions:
        absent = f"this host has no {some(interface.absent) or 'such device'}"
        raise Missing(Unknown(absent, (), on_vmfex_vf(interface, free)))
    static = [f for f in functions if f.is_static_vnic or (f.total_vfs and f.vendor == CISCO)]
    wanted = "a dynamic vNIC or a VF"
    if static:
        names = ", ".join(f"{f.address} [{f.ids}]" for f in static)
        remedy = on_vmfex_vf(interface, free)
        return found(interface, False, f"static vNIC (PF) {names}", wanted, remedy=remedy)
    return found(interface, True, interface.stands_on(), wanted)
