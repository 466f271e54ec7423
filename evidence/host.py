"""A host's facts, each read from its tree of evidence when it is first asked for, and once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, wraps
from typing import TypeVar

from vmfex.checks.model.domain import Domains, Network, Networks
from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown, neither
from vmfex.checks.model.host import Iommu, Kernel, KernelChangelog, LibvirtAnswer, Release
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.link import Link, PfReply, TooLong
from vmfex.checks.model.pci import PciTree
from vmfex.checks.rules.host_remedy import start_libvirt
from vmfex.evidence.fabric import ReadFabric
from vmfex.evidence.parsers import limits
from vmfex.evidence.parsers.connection import (
    NO_ANSWER,
    capabilities,
    connection_notes,
    host_machine,
    host_uuid,
    kvm_offer,
    libvirt_connection,
    migration_answer,
    virtualization_feature,
)
from vmfex.evidence.parsers.cpu import cpu_flags
from vmfex.evidence.parsers.domain import domains
from vmfex.evidence.parsers.firmware import serial_number
from vmfex.evidence.parsers.guest import guest_drivers
from vmfex.evidence.parsers.iommu import iommu, iommu_of
from vmfex.evidence.parsers.kernel import kernel
from vmfex.evidence.parsers.kernel_changelog import changelog
from vmfex.evidence.parsers.modules import macvtap_driver, vfio_driver
from vmfex.evidence.parsers.network import networks
from vmfex.evidence.parsers.nodedev import node_devices
from vmfex.evidence.parsers.pci import pci_tree
from vmfex.evidence.parsers.release import release
from vmfex.evidence.parsers.schema import newer_than_schema, schema_errors
from vmfex.evidence.parsers.xml import Element
from vmfex.evidence.remedies import remedy_for, with_name
from vmfex.evidence.secrets import readable
from vmfex.evidence.tree import Tree, where

T = TypeVar("T")
SCHEMA = (
    "Install libvirt's schemas where vmfex runs: they are in the package of its daemon or its "
    "documentation (`/usr/share/libvirt/schemas/domain.rng`)."
)

NEWER = (
    "Certify a capture of the host on a machine whose libvirt is as new as the host's; or "
    "`virt-xml-validate` on the host, by its own schema."
)


def told(path: str) -> Callable[[Callable[["ReadHost"], Fact[T]]], "cached_property[Fact[T]]"]:
    """A fact that is read once, mostly from `path`, and says what to do where it is unknown."""

    def decorate(read: Callable[["ReadHost"], Fact[T]]) -> "cached_property[Fact[T]]":
        @wraps(read)
        def advised(host: "ReadHost") -> Fact[T]:
            return host.advised(path, read(host))

        return lazy(advised)

    return decorate


class ReadHost:
    """A host as `Host` in checks/model/ wants it, whatever its tree reads from."""

    def __init__(self, tree: Tree) -> None:
        self._tree = readable(tree)
        self._replies: dict[str, Fact[PfReply]] = {}

    @property
    def name(self) -> str:
        return self._tree.name

    @property
    def constructed(self) -> bool:
        return self._tree.constructed

    @property
    def digest(self) -> str | None:
        return self._tree.digest

    @told("etc/redhat-release")
    def release(self) -> Fact[Release]:
        return release(self._tree)

    @told("uname")
    def kernel(self) -> Fact[Kernel]:
        return kernel(self._tree)

    @lazy
    def kernel_changelog(self) -> Fact[KernelChangelog]:
        return changelog(self._tree, self.kernel)

    @told("uname")
    def machine(self) -> Fact[str]:
        return host_machine(self.kernel, self._capabilities)

    @told("proc/cpuinfo")
    def cpu_flags(self) -> Fact[frozenset[str]]:
        return _either(cpu_flags(self._tree), lambda: virtualization_feature(self._capabilities))

    @told("dev/kvm")
    def kvm_device(self) -> Fact[bool]:
        there = self._tree.exists("dev/kvm")
        if isinstance(there, Unknown):
            return there
        raw = "(is there)" if there.value else "(no such file)"
        return Known(there.value, (Evidence(where("dev/kvm"), raw),))

    @told("sys/class/dmi/id/product_uuid")
    def uuid(self) -> Fact[str]:
        return host_uuid(self._tree, self._capabilities)

    @told("sys/class/dmi/id/product_serial")
    def serial(self) -> Fact[str]:
        return serial_number(self._tree)

    @told("sys/class/iommu")
    def iommu(self) -> Fact[Iommu]:
        return _either(
            iommu(self._tree, self.kernel),
            lambda: iommu_of(self._printed_functions or self._node_devices),
        )

    @told("sys/module/macvtap")
    def macvtap_driver(self) -> Fact[str | None]:
        return macvtap_driver(self._tree, self.kernel)

    @told("sys/module/vfio_pci")
    def vfio_driver(self) -> Fact[str | None]:
        return vfio_driver(self._tree, self.kernel)

    @told("sys/bus/pci/devices")
    def pci(self) -> Fact[PciTree]:
        found = pci_tree(self._tree)
        if isinstance(found, Unknown) and self._printed_functions is not None:
            return self._printed_functions
        return _either(found, lambda: self._node_devices)

    @lazy
    def _printed_functions(self) -> Fact[PciTree] | None:
        from vmfex.evidence.parsers.lspci import printed_functions

        return printed_functions(self._tree)

    @lazy
    def _node_devices(self) -> Fact[PciTree]:
        return node_devices(self._tree, self.libvirt)

    @told("netlink/links.bin")
    def links(self) -> Fact[Mapping[str, Link]]:
        found = self._links()
        if isinstance(found, Known) and len(found.value) > limits.LINKS:
            return Unknown(f"the host has more than the {limits.LINKS:,} links that are read")
        return found

    @lazy
    def _dump(self) -> Fact[bytes | None]:
        return self._tree.read("netlink/links.bin")

    def _links(self) -> Fact[Mapping[str, Link]]:
        from vmfex.evidence.parsers.links import parse_links

        raw = self._dump
        if isinstance(raw, Unknown) or raw.value is None:
            from vmfex.evidence.parsers.ip_links import ip_links

            if (shown := ip_links(self._tree)) is not None:
                return _either(raw, lambda: shown) if isinstance(raw, Unknown) else shown
        if isinstance(raw, Unknown):
            return raw
        if raw.value is None:
            return Unknown("netlink/links.bin is missing: nobody asked for the network links")
        return parse_links(raw.value)

    @lazy
    def refused_dump(self) -> TooLong | None:
        """Also where `ip` showed the links all the same, as it asks in another way."""
        from vmfex.evidence.parsers.links import refused

        raw = self._dump
        refusal = refused(raw) if isinstance(raw, Unknown) else None
        return refusal if isinstance(refusal, TooLong) else None

    def pf_reply(self, netdev: str) -> Fact[PfReply]:
        if netdev not in self._replies:
            reply = self.advised(f"netlink/pf/{netdev}.bin", self._pf_reply(netdev))
            self._replies[netdev] = reply
        return self._replies[netdev]

    def _pf_reply(self, netdev: str) -> Fact[PfReply]:
        from vmfex.evidence.parsers.links import parse_pf_reply, refused

        path = f"netlink/pf/{netdev}.bin"
        if "/" in netdev:
            return Unknown(f"{netdev!r} is not the name of a network link")
        raw = self._tree.read(path)
        if isinstance(raw, Unknown):
            return refused(raw)
        if raw.value is None:
            return Unknown(f"{path} is missing: nobody asked for this link with its VFs")
        return parse_pf_reply(raw.value, path)

    @told("libvirt/connection.json")
    def libvirt(self) -> Fact[LibvirtAnswer]:
        return libvirt_connection(self._tree)

    def notes(self) -> tuple[str, ...]:
        """What every report has to say of how libvirt was asked; nothing if it was not."""
        return connection_notes(self.libvirt) if "libvirt" in vars(self) else ()

    @told("libvirt/capabilities.xml")
    def offers_kvm(self) -> Fact[bool]:
        return kvm_offer(self._capabilities)

    @lazy
    def _capabilities(self) -> Fact[Element]:
        return capabilities(self._tree, self.libvirt)

    @told("libvirt/domains")
    def domains(self) -> Fact[Domains]:
        found = domains(self._tree, self.libvirt)
        if isinstance(found, Unknown):
            return found
        told = tuple(self.advised("libvirt/domains", domain) for domain in found.value)
        return Known(told, found.evidence)

    @told("libvirt/networks")
    def networks(self) -> Fact[Networks]:
        found = networks(self._tree, self.libvirt)
        if isinstance(found, Unknown):
            return found
        told = {name: self._with_states(network) for name, network in found.value.items()}
        return Known(told, found.evidence)

    def _with_states(self, network: Fact[Network]) -> Fact[Network]:
        if isinstance(network, Unknown):
            return self.advised("libvirt/networks", network)
        states = "libvirt/network-states.json"
        active = self.advised(states, network.value.active)
        autostart = self.advised(states, network.value.autostart)
        return Known(replace(network.value, active=active, autostart=autostart), network.evidence)

    @lazy
    def fabric(self) -> ReadFabric:
        return ReadFabric(self._tree)

    def schema_errors(self, xml: Evidence) -> Fact[str]:
        errors = schema_errors(xml)
        libvirt = self.libvirt.value.version if isinstance(self.libvirt, Known) else None
        if isinstance(errors, Known) and errors.value and (newer := newer_than_schema(libvirt)):
            first = errors.value.partition("\n")[0]
            return Unknown(f"{newer}; it says: {first}", errors.evidence, NEWER)
        return replace(errors, remedy=SCHEMA) if isinstance(errors, Unknown) else errors

    def advised(self, path: str, fact: Fact[T]) -> Fact[T]:
        """The fact; if it is unknown, with what to do about it, by how this host was read."""
        if not isinstance(fact, Unknown):
            return fact
        if fact.remedy:
            return replace(fact, remedy=with_name(fact.remedy, self.name))
        if fact.reason.startswith(NO_ANSWER):
            return replace(fact, remedy=start_libvirt(self))
        return replace(fact, remedy=remedy_for(path, fact.reason, self._tree.way, self.name))

    def guest_drivers(self, domain_uuid: str) -> Fact[Mapping[str, str]]:
        return guest_drivers(self._tree, domain_uuid)

    def migration_answer(self, domain_uuid: str) -> Fact[str]:
        return migration_answer(self._tree, domain_uuid)


def _either(found: Fact[T], told: Callable[[], Fact[T]]) -> Fact[T]:
    """What the host's own files say, else what libvirt tells of the same. Where neither tells, a
    reader gets both reasons."""
    if isinstance(found, Known):
        return found
    other = told()
    return other if isinstance(other, Known) else neither(found, other)
