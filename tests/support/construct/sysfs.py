"""The PCI tree as sysfs shows it."""

import struct
from collections.abc import Sequence

from tests.support.construct.layout import VF, Function
from tests.support.construct.raw import RawTree
from tests.support.construct.spec import Blade

PCI = "sys/bus/pci"


def write_pci(tree: RawTree, blade: Blade, functions: Sequence[Function]) -> None:
    for number, function in enumerate(functions):
        _write_function(tree, function)
        if blade.system.iommu == "groups":
            _write_group(tree, function, number)
        if function.virtfns or function.physfn:
            _write_sriov(tree, blade, function)


def directory(function: Function) -> str:
    """The function's own directory below /sys/devices, which all the links lead to."""
    return "/".join(("sys/devices/pci0000:00", *function.parents, function.address))


def write_virtual_netdev(tree: RawTree, name: str, mac: str) -> None:
    """A network device that no PCI function has: macvtap, bridge, tap."""
    tree.put(f"sys/devices/virtual/net/{name}/address", f"{mac}\n")
    tree.link(f"sys/class/net/{name}", f"sys/devices/virtual/net/{name}")


def _write_function(tree: RawTree, function: Function) -> None:
    home = directory(function)
    vendor, device = function.subsystem
    tree.put(f"{home}/vendor", f"0x{function.vendor:04x}\n")
    tree.put(f"{home}/device", f"0x{function.device:04x}\n")
    tree.put(f"{home}/class", f"0x{function.pci_class:06x}\n")
    tree.put(f"{home}/subsystem_vendor", f"0x{vendor:04x}\n")
    tree.put(f"{home}/subsystem_device", f"0x{device:04x}\n")
    tree.link(f"{PCI}/devices/{function.address}", home)
    driver = f"{PCI}/drivers/{function.driver}"
    tree.link(f"{home}/driver", driver)
    tree.link(f"{driver}/{function.address}", home)
    if function.netdev:
        netdev = f"{home}/net/{function.netdev}"
        tree.put(f"{netdev}/address", f"{function.mac}\n")
        tree.link(f"{netdev}/device", home)
        tree.link(f"sys/class/net/{function.netdev}", netdev)


def _write_group(tree: RawTree, function: Function, number: int) -> None:
    home, group = directory(function), f"sys/kernel/iommu_groups/{number}"
    tree.link(f"{home}/iommu_group", group)
    tree.link(f"{group}/devices/{function.address}", home)


def _write_sriov(tree: RawTree, blade: Blade, function: Function) -> None:
    home = directory(function)
    bus = home.rpartition("/")[0]
    if function.physfn:
        tree.link(f"{home}/physfn", f"{bus}/{function.physfn}")
        return
    for number, address in enumerate(function.virtfns):
        tree.link(f"{home}/virtfn{number}", f"{bus}/{address}")
    count = len(function.virtfns)
    if blade.system.sriov_files:
        tree.put(f"{home}/sriov_totalvfs", f"{count}\n")
        tree.put(f"{home}/sriov_numvfs", f"{count}\n")
    else:
        tree.put(f"{home}/config", configuration_space(function, count))


def configuration_space(function: Function, vfs: int) -> bytes:
    """PCI configuration space as root reads it: the ids, a PCI Express capability, and the SR-IOV
    extended capability (id 0x10) with its VF counts, offset 1, stride 1 and the VFs' device id."""
    space = bytearray(4096)
    struct.pack_into("<HHHH", space, 0x00, function.vendor, function.device, 0x0406, 0x0010)
    struct.pack_into("<I", space, 0x08, function.pci_class << 8 | 0xA2)
    struct.pack_into("<HH", space, 0x2C, *function.subsystem)
    space[0x34] = 0x40
    struct.pack_into("<BBH", space, 0x40, 0x10, 0x00, 0x0002)
    struct.pack_into("<I", space, 0x100, 0x0010 | 1 << 16)
    enabled_with_memory = 0x0009
    fields = (0, enabled_with_memory, 0, vfs, vfs, vfs, 0, 1, 1, 0, VF)
    struct.pack_into("<IHHHHHHHHHH", space, 0x104, *fields)
    return bytes(space)
