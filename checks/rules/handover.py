"""Can the host hand a VF over to a VM? (rule HDV-07)

VFIO gives a VM an IOMMU group only where no function of it, bridges aside, is held by a driver of
the host (Linux, Documentation/driver-api/vfio.rst). Kernels before VFIO have KVM's own assignment.
"""

from collections.abc import Collection, Iterable, Sequence

from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.pci import BRIDGES, CISCO, PciFunction, PciTree
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found, undetermined
from vmfex.checks.rules.by_name import on_vmfex_vf, some
from vmfex.checks.rules.startable import VFIO_SINCE
from vmfex.checks.text import one_line

VFIO = "vfio-pci"


def driver_is_there(host: Host) -> Finding:
    """HDV-07, the host's part. Raises Missing."""
    subject, wanted = Thing("kernel"), "the driver vfio-pci"
    kernel = host.kernel.need()
    if kernel.version < VFIO_SINCE:
        observed = f"kernel {kernel.release} is older than VFIO: KVM itself assigns devices"
        return found(subject, True, observed, wanted, *host.kernel.evidence)
    pci = host.pci
    bound = [] if isinstance(pci, Unknown) else pci.value.functions.values()
    for function in bound:
        if function.driver == VFIO:
            observed = f"vfio-pci has {function.address}"
            return found(subject, True, observed, wanted, *function.evidence)
    state = host.vfio_driver.need()
    observed = f"vfio-pci is {state}" if state else "no vfio-pci driver"
    remedy = f"Install the kernel's modules for {kernel.release}, then `modprobe vfio-pci`."
    evidence = host.vfio_driver.evidence
    return found(subject, state is not None, observed, wanted, *evidence, remedy=remedy)


def groups_are_free(
    interfaces: Iterable[VmInterface], host: Host, harmless: Collection[str]
) -> list[Finding]:
    """HDV-07, for each function that may be handed over. `harmless` are the drivers that may hold
    other functions of its group. Raises Missing."""
    tree = host.pci.need()
    grouped = host.kernel.need().version >= VFIO_SINCE
    found_: dict[str, Finding] = {}
    for interface in interfaces:
        if isinstance(interface.functions, Unknown):
            found_[interface.label] = undetermined(interface.label, interface.functions)
            continue
        if not interface.functions.value:
            reason = f"this host has no {some(interface.absent) or 'such device'}"
            lacks = Unknown(reason, interface.evidence, on_vmfex_vf(interface))
            found_[interface.label] = undetermined(interface.label, lacks)
        for function in interface.functions.value:
            if function.address not in found_:
                found_[function.address] = (
                    _group_is_free(function, interface, interfaces, tree, harmless)
                    if grouped
                    else found(function, True, "no IOMMU groups before VFIO", "a group to itself")
                )
    return list(found_.values())


def _group_is_free(
    function: PciFunction,
    interface: VmInterface,
    interfaces: Iterable[VmInterface],
    tree: PciTree,
    harmless: Collection[str],
) -> Finding:
    wanted = "no other function of its IOMMU group held by a driver of the host"
    near = [f for f in tree.functions.values() if f.upstream[:1] == function.upstream[:1]]
    bridges = {address for f in tree.functions.values() for address in f.upstream}
    untold = [f for f in near if f.iommu_group is None and not _is_bridge(f, bridges)]
    if function.iommu_group is None or untold:
        gap = (untold or [function])[0]
        reason = f"no IOMMU group is told of {gap.address}: only sysfs shows each one's"
        remedy = "As root on the host, `vmfex certify local` or a capture shows every group."
        if gap.planned:
            reason = f"{gap.address} is not there yet: its IOMMU group is not known"
            remedy = "Certify the host when it is there."
        return undetermined(function.label, Unknown(reason, gap.evidence, remedy), wanted)
    going_too = {
        f.address
        for other in interfaces
        if other.domain.uuid == interface.domain.uuid
        and not other.pooled
        and other.written.managed
        and isinstance(other.functions, Known)
        for f in other.functions.value
    }
    held = [
        f
        for f in tree.functions.values()
        if f.iommu_group == function.iommu_group
        and f.address != function.address
        and f.address not in going_too
        and not _is_bridge(f, bridges)
        and (f.netdevs if f.driver is None else f.driver not in harmless)
    ]
    names = ", ".join(f"{f.address} ({f.driver or 'with a network device'})" for f in held)
    group = f"IOMMU group {function.iommu_group}"
    observed = f"{group} also has {names}" if held else f"{group}: nothing else is held"
    remedy = _alone(function, held, interface) if held else ""
    evidence = [e for f in held[:4] for e in f.evidence]
    return found(function, not held, observed, wanted, *evidence, remedy=remedy)


def _alone(function: PciFunction, held: Sequence[PciFunction], interface: VmInterface) -> str:
    """What gives a function a group to itself. Its PF stays with the host: the VFs go with it."""
    vm = f"{function.address}, which {one_line(interface.domain.name)} is given,"
    acs = f"turn on ACS in the server's BIOS, so that {vm} has a group to itself"
    if any(f.address == function.physfn for f in held):
        return f"Leave the PF {function.physfn} to enic, and {acs}; `lspci -vvv` shows ACSCtl then."
    detach = ", ".join(f"`virsh nodedev-detach pci_{_nodedev(f.address)}`" for f in held[:3])
    return f"Take from the host what it does not need there ({detach}), or {acs}."


def _is_bridge(function: PciFunction, bridges: Collection[str]) -> bool:
    cisco = function.vendor == CISCO and function.device in BRIDGES
    return cisco or function.address in bridges


def _nodedev(address: str) -> str:
    """libvirt's name for a function, after `pci_`."""
    return address.replace(":", "_").replace(".", "_")
