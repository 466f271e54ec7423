"""Devices as `udevadm info --export-db` lists them: all that are in sysfs, by their places."""

import re
from dataclasses import dataclass, replace

from vmfex.checks.model.fact import Evidence
from vmfex.checks.text import shown
from vmfex.evidence.parsers import PCI_ADDRESS, give_up

UDEVADM = "pci/udevadm.txt"
FUNCTION_LIMIT = 2**16  # PCI functions, as many as a domain can have
DEVICE = re.compile(r"^P: (?P<path>/devices/.*)$", re.M)
LINK = re.compile(r"^P: /devices/.*/net/([^/\n]+)$", re.M)
IOMMU = re.compile(r"^P: /devices/.*/iommu/([^/\n]+)$", re.M)
ON_FUNCTION = re.compile(r".*/(?P<address>[^/]+)/net/(?P<name>[^/]+)")
KVM = b"\nP: /devices/virtual/misc/kvm\n"


@dataclass(frozen=True)
class Place:
    """Where udev shows a function, and what of the network is on it."""

    path: str
    netdevs: tuple[str, ...] = ()

    @property
    def upstream(self) -> tuple[str, ...]:
        return tuple(name for name in self.path.split("/")[:-1] if PCI_ADDRESS.fullmatch(name))

    @property
    def evidence(self) -> Evidence:
        lines = (f"P: {self.path}", *(f"P: {self.path}/net/{name}" for name in self.netdevs))
        return Evidence(UDEVADM, "\n".join(lines))


def places_of_functions(raw: bytes) -> dict[str, Place]:
    """By address. Raises Missing for what nobody can print."""
    found: dict[str, Place] = {}
    netdevs: dict[str, list[str]] = {}
    for line in DEVICE.finditer(_text(raw)):
        path = line["path"]
        netdev = ON_FUNCTION.fullmatch(path)
        if netdev and PCI_ADDRESS.fullmatch(netdev["address"]):
            if not netdev["name"].isprintable():
                give_up(f"{UDEVADM} cannot be understood: {shown(path)}")
            netdevs.setdefault(netdev["address"], []).append(netdev["name"])
        elif PCI_ADDRESS.fullmatch(address := path.rpartition("/")[2]):
            found[address] = Place(path)
            if len(found) > FUNCTION_LIMIT:
                give_up(f"{UDEVADM} shows more than {FUNCTION_LIMIT} PCI functions")
    return {a: replace(p, netdevs=tuple(sorted(netdevs.get(a, ())))) for a, p in found.items()}


def link_names(raw: bytes) -> tuple[str, ...]:
    """What is in /sys/class/net, sorted."""
    return tuple(sorted(LINK.findall(_text(raw))))


def iommu_units(raw: bytes) -> tuple[str, ...]:
    """What is in /sys/class/iommu, sorted; empty too where a kernel has no such class."""
    return tuple(sorted(IOMMU.findall(_text(raw))))


def lists_kvm(raw: bytes) -> bool:
    """Whether there is what /dev/kvm is for."""
    return KVM in raw


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
