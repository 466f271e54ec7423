"""The host's own files: release, processor, modules, firmware, IOMMU, /dev/kvm."""

import struct

from tests.support.construct.raw import RawTree
from tests.support.construct.spec import Blade, Vm

FLAGS = (
    "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat mmx fxsr sse sse2 ht "
    "syscall nx rdtscp lm constant_tsc pni pclmulqdq vmx ssse3 cx16 sse4_1 sse4_2 popcnt aes"
)
SERIAL = "FCH00000B01"  # of every constructed server, and of blade-1 in UCS Manager
MODULES = ("macvtap", "macvlan", "tun", "vhost_net", "kvm_intel", "kvm")
VIC_MODULES = ("enic", "fnic")


def write_system(tree: RawTree, blade: Blade) -> None:
    system = blade.system
    tree.put("etc/redhat-release", f"{system.release}\n")
    if system.os_release:
        tree.put("etc/os-release", system.os_release)
    tree.put("uname", f"Linux {blade.hostname} {system.kernel} {system.built} x86_64\n")
    tree.put("proc/cpuinfo", "\n".join(_processor(number) for number in range(2)))
    modules = [*MODULES, *(VIC_MODULES if blade.vic else ("bridge", "igb"))]
    modules += ["vfio_pci"] if system.iommu == "groups" and blade.vic else []
    lines = (f"{name} 65536 0 - Live 0x0000000000000000\n" for name in modules)
    tree.put("proc/modules", "".join(lines))
    tree.put("dev/kvm", b"")
    tree.put("sys/devices/virtual/dmi/id/product_uuid", f"{blade.uuid.upper()}\n")
    tree.put("sys/devices/virtual/dmi/id/product_serial", f"{SERIAL}\n")
    tree.link("sys/class/dmi/id", "sys/devices/virtual/dmi/id")
    _write_iommu(tree, blade)


def write_guest(tree: RawTree, vm: Vm) -> None:
    """What a capture inside a guest shows: its network devices, each with its driver."""
    for number, nic in enumerate(vm.nics):
        system = f"guests/{vm.uuid}/sys"
        driver = "enic" if nic.kind == "hostdev" else "virtio_net"
        device = f"{system}/class/net/eth{number}"
        tree.put(f"{device}/address", f"{nic.mac}\n")
        tree.link(f"{device}/device/driver", f"{system}/bus/pci/drivers/{driver}")
        tree.put(f"{system}/bus/pci/drivers/{driver}/uevent", b"")  # git keeps no empty directory


def _processor(number: int) -> str:
    rows = (
        ("processor\t", str(number)),
        ("vendor_id\t", "GenuineIntel"),
        ("cpu family\t", "6"),
        ("model\t\t", "63"),
        ("model name\t", "Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz"),
        ("flags\t\t", FLAGS),
    )
    return "".join(f"{key}: {value}\n" for key, value in rows)


def _write_iommu(tree: RawTree, blade: Blade) -> None:
    """Kernels since 3.6 have a class; before, the ACPI table and the kernel's log tell."""
    if blade.system.iommu == "groups":
        tree.put("sys/devices/virtual/iommu/dmar0/intel-iommu/version", "1:0\n")
        tree.link("sys/class/iommu/dmar0", "sys/devices/virtual/iommu/dmar0")
        return
    tree.put("sys/firmware/acpi/tables/DMAR", _dmar())
    dmesg = (
        f"Linux version {blade.system.kernel} {blade.system.built}\n"
        "ACPI: DMAR 00000000bdcb1cb0 00040 (v01 Cisco0 CiscoUCS 00000001 INTL 00000001)\n"
        "Intel-IOMMU: enabled\n"
        "DMAR: Host address width 46\n"
        "DMAR: DRHD base: 0x000000dfffc000 flags: 0x1\n"
    )
    tree.put("var/log/dmesg", dmesg)


def _dmar() -> bytes:
    """A DMAR table with one remapping unit for everything, as the ACPI header describes it."""
    unit = struct.pack("<HHBBHQ", 0, 16, 1, 0, 0, 0xDFFFC000)
    body = struct.pack("<BB10x", 45, 1) + unit
    rest = struct.pack("<6s8sI4sI", b"Cisco0", b"CiscoUCS", 1, b"INTL", 1)
    table = bytearray(b"DMAR" + struct.pack("<IBB", 36 + len(body), 1, 0) + rest + body)
    table[9] = -sum(table) % 256
    return bytes(table)
