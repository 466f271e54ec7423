"""Domains as a scenario wants them, in libvirt's XML."""

from lxml.etree import Element as NewElement
from lxml.etree import SubElement, _Element, tostring

from tests.lab.guest.adapters import DEVICES, address, netdev
from tests.lab.scenario import Interface

FIRST_MAC = 0x02_00_00_00_AA_00


def domain_xml(name: str, interfaces: tuple[Interface, ...], number: int) -> str:
    """A VM with nothing in it but its interfaces: it never finds anything to boot."""
    domain = NewElement("domain", type="kvm")
    _add(domain, "name").text = name
    _add(domain, "memory", unit="MiB").text = "64"
    _add(_add(domain, "os"), "type", arch="x86_64", machine="q35").text = "hvm"
    devices = _add(domain, "devices")
    for position, interface in enumerate(interfaces):
        mac = f"{FIRST_MAC + 16 * number + position:012x}"
        _interface(devices, interface, ":".join(mac[i : i + 2] for i in range(0, 12, 2)))
    return tostring(domain, encoding="unicode", pretty_print=True)


def _interface(devices: _Element, interface: Interface, mac: str) -> None:
    kind = {"bridge": "bridge", "hostdev": "hostdev"}.get(interface.mode, "direct")
    element = _add(devices, "interface", type=kind)
    _add(element, "mac", address=mac)
    if kind == "hostdev":
        element.set("managed", "yes")
        _add(_add(element, "source"), "address", type="pci", **_parts(address(interface.device)))
    elif kind == "bridge":
        _add(element, "source", bridge=interface.device)
    else:
        dev = netdev(DEVICES / address(interface.device))
        _add(element, "source", dev=dev, mode=interface.mode)
    if kind != "hostdev":
        _add(element, "model", type="virtio")
    if interface.profile:
        port = _add(element, "virtualport", type="802.1Qbh")
        _add(port, "parameters", profileid=interface.profile)


def _parts(pci: str) -> dict[str, str]:
    domain, bus, rest = pci.split(":")
    slot, function = rest.split(".")
    values = {"domain": domain, "bus": bus, "slot": slot, "function": function}
    return {name: f"0x{value}" for name, value in values.items()}


def _add(parent: _Element, name: str, **attributes: str) -> _Element:
    return SubElement(parent, name, attributes)
