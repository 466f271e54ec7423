"""A PCI tree as `lspci -nnvv` and `udevadm info --export-db` print it.

Constructed, by the printing of pciutils 3.5 (RHEL 7) and 3.9; the lab and this machine have the
real ones.
"""

from collections.abc import Iterable, Iterator

from vmfex.checks.model.pci import PciFunction, PciTree


def lspci_text(tree: PciTree, *, groups: bool = True) -> bytes:
    """`groups` as lspci shows them since 3.7."""
    blocks = ("\n".join(_block(function, groups)) for function in tree.functions.values())
    return "".join(f"{block}\n\n" for block in blocks).encode()


def udevadm_text(tree: PciTree, links: Iterable[str] = ("lo",), *, kvm: bool = False) -> bytes:
    """`links` are the network links, of which those that are on no function are virtual."""
    places = [place for function in tree.functions.values() for place in _places(function)]
    places += ["/devices/virtual/misc/kvm"] if kvm else []
    virtual = sorted(set(links) - tree.by_netdev.keys())
    places = [*(f"/devices/virtual/net/{name}" for name in virtual), *places, "/module/pci_hotplug"]
    return "".join(f"P: {place}\nE: DEVPATH={place}\n\n" for place in places).encode()


def _block(function: PciFunction, groups: bool) -> Iterator[str]:
    vendor, device = function.subsystem or (0, 0)
    short = function.address.removeprefix("0000:")
    yield f"{short} Ethernet controller [0200]: Cisco Systems Inc VIC [{function.ids}] (rev a2)"
    if vendor:
        yield f"\tSubsystem: Cisco Systems Inc VIC [{vendor:04x}:{device:04x}]"
    yield "\tControl: I/O- Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- SERR+ DisINTx+"
    yield "\tInterrupt: pin A routed to IRQ 32"
    if groups and function.iommu_group:
        yield f"\tIOMMU group: {function.iommu_group}"
    yield "\tCapabilities: [100 v1] Advanced Error Reporting"
    if function.total_vfs or function.virtfns:
        yield from _sriov(function)
    if function.driver:
        yield f"\tKernel driver in use: {function.driver}"
        yield f"\tKernel modules: {function.driver}"


def _sriov(function: PciFunction) -> Iterator[str]:
    ids = [_routing_id(address) for address in function.virtfns]
    offset = ids[0] - _routing_id(function.address) if ids else 0
    stride = ids[1] - ids[0] if len(ids) > 1 else 0
    assert ids == [_routing_id(function.address) + offset + stride * n for n in range(len(ids))]
    total = function.total_vfs or len(ids)
    yield "\tCapabilities: [160 v1] Single Root I/O Virtualization (SR-IOV)"
    yield "\t\tIOVCap:\tMigration-, Interrupt Message Number: 000"
    yield f"\t\tIOVCtl:\tEnable{'+' if ids else '-'} Migration- Interrupt- MSE+ ARIHierarchy+"
    yield "\t\tIOVSta:\tMigration-"
    of_all = f"Initial VFs: {total}, Total VFs: {total}, Number of VFs: {len(ids)}"
    yield f"\t\t{of_all}, Function Dependency Link: 00"
    yield f"\t\tVF offset: {offset}, stride: {stride}, Device ID: 0071"


def _places(function: PciFunction) -> Iterator[str]:
    place = "/".join(("/devices/pci0000:00", *function.upstream, function.address))
    yield place
    for name in function.netdevs:
        yield f"{place}/net/{name}"
        yield f"{place}/net/{name}/queues"


def _routing_id(address: str) -> int:
    _, bus, rest = address.split(":")
    slot, _, number = rest.partition(".")
    return int(bus, 16) << 8 | int(slot, 16) << 3 | int(number)
