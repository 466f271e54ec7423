"""Where a blade's PCI functions and network devices stand, worked out from its description.

The bus numbers follow what `lspci` shows on such blades: root port, the VIC's upstream port, and
below it a downstream port, and a bus, for each vNIC; the VFs stand on their PF's bus.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.construct.spec import Blade, Nic, Vic, Vm, Vnic

CISCO, INTEL = 0x1137, 0x8086
ROOT_PORT, DOWNSTREAM, STATIC, DYNAMIC, FCOE, VF = 0x2F08, 0x0041, 0x0043, 0x0044, 0x0045, 0x0071
I350 = 0x1521
BRIDGE, ETHERNET, FIBRE_CHANNEL = 0x060400, 0x020000, 0x0C0400
MOST_VNICS, MOST_VFS = 31, 255
NO_MAC = "00:00:00:00:00:00"  # a VF or dynamic vNIC that nobody has configured


@dataclass(frozen=True)
class Function:
    """`parents` is the chain of bridges from the root; `virtfns` in the order of VF numbers."""

    address: str
    vendor: int
    device: int
    subsystem: tuple[int, int]
    pci_class: int
    driver: str
    parents: tuple[str, ...] = ()
    netdev: str | None = None
    mac: str = NO_MAC
    physfn: str | None = None
    virtfns: tuple[str, ...] = ()


def virtual_function(bus: int, number: int) -> str:
    """The address of a VF: first offset 1, stride 1, as on the published VIC examples."""
    return f"0000:{bus:02x}:{(number + 1) // 8:02x}.{(number + 1) % 8}"


def running_nics(blade: Blade) -> Iterator[tuple[Vm, Nic]]:
    return ((vm, nic) for vm in blade.vms if vm.running for nic in vm.nics)


def functions(blade: Blade) -> tuple[Function, ...]:
    """Every PCI function of the host that the rules look at.

    Raises ValueError for more than 31 vNICs (slots of the switch) or 255 VFs of one PF (its bus).
    """
    if len(blade.vnics) > MOST_VNICS or any(vnic.vfs > MOST_VFS for vnic in blade.vnics):
        raise ValueError(f"at most {MOST_VNICS} vNICs, and {MOST_VFS} VFs on each")
    found = [*_intel(blade)]
    if blade.vic:
        found += _vic(blade, blade.vic)
    return tuple(found)


def _intel(blade: Blade) -> Iterator[Function]:
    if not blade.nics:
        return
    root = "0000:00:01.0"
    yield Function(root, INTEL, 0x2F02, (0, 0), BRIDGE, "pcieport")
    for number, name in enumerate(blade.nics):
        address, mac = f"0000:01:00.{number}", f"00:1b:21:00:00:{number + 1:02x}"
        ids = (INTEL, I350, (INTEL, 0x0001))
        yield Function(address, *ids, ETHERNET, "igb", (root,), name, mac)


def _vic(blade: Blade, vic: Vic) -> Iterator[Function]:
    root, upstream = "0000:00:03.0", "0000:03:00.0"
    subsystem = (CISCO, vic.subsystem)
    yield Function(root, INTEL, ROOT_PORT, (0, 0), BRIDGE, "pcieport")
    yield Function(upstream, CISCO, vic.switch, subsystem, BRIDGE, "pcieport", (root,))
    next_vf = len(blade.vnics)
    for slot in range(len(blade.vnics) + 1):
        port, bus = f"0000:04:{slot:02x}.0", 5 + slot
        above = (root, upstream)
        yield Function(port, CISCO, DOWNSTREAM, subsystem, BRIDGE, "pcieport", above)
        chain = (*above, port)
        if slot == 0:
            ids = (CISCO, FCOE, subsystem)
            yield Function(f"0000:{bus:02x}:00.0", *ids, FIBRE_CHANNEL, "fnic", chain)
            continue
        vnic = blade.vnics[slot - 1]
        yield _vnic(blade, vnic, slot, bus, chain, subsystem)
        yield from _vfs(blade, vnic, next_vf, bus, chain, subsystem)
        next_vf += vnic.vfs


def _vnic(
    blade: Blade,
    vnic: Vnic,
    slot: int,
    bus: int,
    chain: tuple[str, ...],
    subsystem: tuple[int, int],
) -> Function:
    used = {nic.device: nic.mac for _, nic in running_nics(blade)}
    static_mac = f"00:25:b5:00:00:{slot:02x}"
    mac = used.get(vnic.name, NO_MAC) if vnic.dynamic else static_mac
    vfs = tuple(virtual_function(bus, number) for number in range(vnic.vfs))
    ids = (CISCO, DYNAMIC if vnic.dynamic else STATIC, subsystem)
    address = f"0000:{bus:02x}:00.0"
    return Function(
        address, *ids, ETHERNET, "enic", chain, vnic.name, mac, physfn=None, virtfns=vfs
    )


def _vfs(
    blade: Blade,
    pf: Vnic,
    first_name: int,
    bus: int,
    chain: tuple[str, ...],
    subsystem: tuple[int, int],
) -> Iterator[Function]:
    used = {nic.device: nic.mac for _, nic in running_nics(blade)}
    ids = (CISCO, VF, subsystem)
    for number in range(pf.vfs):
        address, name = virtual_function(bus, number), f"eth{first_name + number}"
        physfn = f"0000:{bus:02x}:00.0"
        if address in used:
            yield Function(address, *ids, ETHERNET, "vfio-pci", chain, physfn=physfn)
        else:
            mac = used.get(name, NO_MAC)
            yield Function(address, *ids, ETHERNET, "enic", chain, name, mac, physfn)
