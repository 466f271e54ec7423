"""The PCI tree from libvirt's node devices, where nobody can read the host's sysfs.

libvirt tells what the tree needs but for the subsystem ids (docs/sources.md): ids, driver, place,
VFs, IOMMU group, and, as devices of their own, the network devices.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from vmfex.checks.model.fact import Evidence, Fact, Known
from vmfex.checks.model.host import LibvirtAnswer
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.text import shown
from vmfex.evidence.parsers import PCI_ADDRESS, fact, give_up, limits
from vmfex.evidence.parsers.connection import need_connected
from vmfex.evidence.parsers.pci import vic_models, vic_pids
from vmfex.evidence.parsers.xml import Element, parse_xml
from vmfex.evidence.tree import Tree

NODEDEV = "libvirt/nodedev"
DEPTH_LIMIT = 64  # devices above one another; PCI has at most 256 buses
NUMBER = re.compile(r"0x[0-9a-fA-F]{1,8}|\d{1,8}", re.ASCII)


@fact
def node_devices(tree: Tree, connection: Fact[LibvirtAnswer]) -> Fact[PciTree]:
    """Every PCI function that libvirt lists. One that cannot be understood makes the tree unknown:
    it might be the one that violates a rule."""
    need_connected(connection)
    files = tree.names(NODEDEV).need()
    most = limits.FUNCTIONS + limits.LINKS
    limits.within(files or (), most, f"{NODEDEV} lists", "devices")
    if files is None:
        give_up(f"{NODEDEV} is missing: nobody asked libvirt for the host's devices")
    devices = [device for file in files if (device := _device(tree, f"{NODEDEV}/{file}"))]
    functions = {device.name: device for device in devices if device.capability("pci") is not None}
    if not functions:
        give_up("libvirt lists no PCI function: it does not know the host's devices")
    netdevs: dict[str, list[_Device]] = {}
    for device in devices:
        if device.capability("net") is not None:
            netdevs.setdefault(device.parent, []).append(device)
    by_address: dict[str, PciFunction] = {}
    for name, device in functions.items():
        own = [netdev for netdev in netdevs.get(name, ()) if _is_directly_on(netdev, device)]
        function = _function(device, functions, own)
        by_address[function.address] = function
    listing = Evidence(NODEDEV, "\n".join(files) or "(empty)")
    return Known(PciTree(by_address, vic_models(), vic_pids()), (listing,))


@dataclass(frozen=True, slots=True)
class _Device:
    """A node device. Methods raise Missing for what is no such device."""

    path: str
    element: Element
    evidence: Evidence

    @property
    def name(self) -> str:
        return self.element.findtext("name") or ""

    @property
    def parent(self) -> str:
        return self.element.findtext("parent") or ""

    def capability(self, kind: str) -> "Element | None":
        return self.element.find(f"capability[@type='{kind}']")

    def garbled(self, what: str, value: str | None) -> NoReturn:
        said = "is missing" if value is None else f"cannot be understood: {shown(value)}"
        give_up(f"{self.path}: {what} {said}", self.evidence)

    def number(self, what: str, value: str | None) -> int:
        if value is None or not NUMBER.fullmatch(value):
            self.garbled(what, value)
        return int(value, 16) if value.startswith("0x") else int(value)

    def address(self, numbers: Sequence[int]) -> str:
        domain, bus, slot, function = numbers
        address = f"{domain:04x}:{bus:02x}:{slot:02x}.{function:x}"
        if not PCI_ADDRESS.fullmatch(address):
            self.garbled("the address", address)
        return address


def _device(tree: Tree, path: str) -> _Device | None:
    """None for one that has gone since it was listed."""
    raw = tree.read(path).need()
    if raw is None:
        return None
    parsed = parse_xml(raw, path, "device")
    return _Device(path, parsed.need(), parsed.evidence[0])


def _function(
    device: _Device, functions: Mapping[str, _Device], netdevs: Sequence[_Device]
) -> PciFunction:
    pci = device.capability("pci")
    assert pci is not None
    groups = [group.get("number") for group in pci.findall("iommuGroup")]
    virtual = pci.find("capability[@type='virt_functions']")
    physical = pci.find("capability[@type='phys_function']/address")
    most = None if virtual is None else virtual.get("maxCount")
    driver = device.element.findtext("driver/name")
    if driver is not None and not (driver and driver.isprintable()):
        device.garbled("the driver", driver)
    return PciFunction(
        address=_own_address(device),
        vendor=_id(device, pci.find("vendor"), "vendor"),
        device=_id(device, pci.find("product"), "product"),
        subsystem=None,
        driver=driver,
        netdevs=tuple(sorted(_interface(netdev) for netdev in netdevs)),
        physfn=None if physical is None else _address(device, physical),
        virtfns=() if virtual is None else tuple(_address(device, a) for a in virtual),
        total_vfs=None if most is None else device.number("maxCount", most),
        iommu_group=str(device.number("iommuGroup", groups[0])) if groups else None,
        upstream=_upstream(device, functions),
        evidence=(device.evidence, *(netdev.evidence for netdev in netdevs)),
    )


def _is_directly_on(netdev: _Device, device: _Device) -> bool:
    """Not by way of a virtio device, say, of which libvirt shows nothing but the path."""
    below, above = netdev.element.findtext("path"), device.element.findtext("path")
    return below is None or above is None or below.rpartition("/net/")[0] == above


def _own_address(device: _Device) -> str:
    parts = ("domain", "bus", "slot", "function")
    found = (device.element.findtext(f"capability[@type='pci']/{part}") for part in parts)
    return device.address([device.number(p, v) for p, v in zip(parts, found, strict=True)])


def _address(device: _Device, element: Element) -> str:
    parts = ("domain", "bus", "slot", "function")
    return device.address([device.number(f"an address's {p}", element.get(p)) for p in parts])


def _id(device: _Device, element: "Element | None", what: str) -> int:
    return device.number(f"the {what} id", None if element is None else element.get("id"))


def _interface(netdev: _Device) -> str:
    name = netdev.element.findtext("capability[@type='net']/interface")
    if not name or not name.isprintable():
        netdev.garbled("the interface", name)
    return name


def _upstream(device: _Device, functions: Mapping[str, _Device]) -> tuple[str, ...]:
    """The addresses of the bridges above, from the root down."""
    above: list[str] = []
    parent = functions.get(device.parent)
    while parent is not None:
        above.insert(0, _own_address(parent))
        if len(above) > DEPTH_LIMIT:
            device.garbled("the chain of parents", device.parent)
        parent = functions.get(parent.parent)
    return tuple(above)
