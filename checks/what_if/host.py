"""A host as it was read, with the facts of a change in the place of its own.

What follows from them and nobody can know before is unknown: with another release another kernel
and another libvirt come. All else is taken to stay: VMs, networks, links and their names.
"""

from collections.abc import Mapping
from typing import TypeVar

from vmfex.checks.model.domain import Domains, Network
from vmfex.checks.model.fabric import Fabric
from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.host import (
    Host,
    Iommu,
    Kernel,
    KernelChangelog,
    LibvirtAnswer,
    Release,
)
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.link import Link, PfReply, TooLong
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.what_if.change import LABEL, Change, dotted
from vmfex.checks.what_if.vfs import with_vfs

T = TypeVar("T")
RHEL = "Red Hat Enterprise Linux"
FIRST_WITH_VFS = (6, 3)  # its enic is the first that makes VFs (docs/sources.md, 1)
AFTER = "Certify the host when the change is made."


class ChangedHost:
    """`Host` in checks/model/. A release that the host has already is no change."""

    def __init__(self, host: Host, change: Change) -> None:
        self._host, self._vfs = host, change.vfs
        self._new = change.release
        if isinstance(host.release, Known) and host.release.value.is_rhel:
            self._new = None if host.release.value.version == change.release else change.release

    @property
    def name(self) -> str:
        return self._host.name

    @lazy
    def release(self) -> Fact[Release]:
        if self._new is None:
            return self._host.release
        text = f"{RHEL} {dotted(self._new)} ({LABEL})"
        return Known(Release(RHEL, self._new, text), (Evidence(LABEL, text),))

    @property
    def kernel(self) -> Fact[Kernel]:
        return self._unless_updated(self._host.kernel, "its kernel")

    @property
    def kernel_changelog(self) -> Fact[KernelChangelog]:
        return self._unless_updated(self._host.kernel_changelog, "its kernel's changelog")

    @property
    def machine(self) -> Fact[str]:
        return self._host.machine

    @property
    def cpu_flags(self) -> Fact[frozenset[str]]:
        return self._host.cpu_flags

    @property
    def kvm_device(self) -> Fact[bool]:
        return self._unless_updated(self._host.kvm_device, "whether it offers /dev/kvm")

    @property
    def uuid(self) -> Fact[str]:
        return self._host.uuid

    @property
    def serial(self) -> Fact[str]:
        return self._host.serial

    @property
    def iommu(self) -> Fact[Iommu]:
        return self._unless_updated(self._host.iommu, "whether an IOMMU is in effect there")

    @property
    def macvtap_driver(self) -> Fact[str | None]:
        return self._unless_updated(self._host.macvtap_driver, "its macvtap driver")

    @property
    def vfio_driver(self) -> Fact[str | None]:
        return self._unless_updated(self._host.vfio_driver, "its vfio-pci driver")

    @lazy
    def pci(self) -> Fact[PciTree]:
        read = self._host.pci
        if self._new and self._new < FIRST_WITH_VFS:
            return self._unless_updated(read, "whether its enic driver makes VFs")
        if isinstance(read, Unknown) or not self._vfs:
            return read
        changed = with_vfs(read.value, self._vfs)
        return Known(changed.value, read.evidence) if isinstance(changed, Known) else changed

    @lazy
    def links(self) -> Fact[Mapping[str, Link]]:
        """Without those of VFs that are gone."""
        read = self._host.links
        if isinstance(read, Unknown):
            return read
        gone = _netdevs(self._host.pci) - _netdevs(self.pci)
        return Known({n: link for n, link in read.value.items() if n not in gone}, read.evidence)

    @property
    def refused_dump(self) -> TooLong | None:
        return None if self._new or self._has_fewer_vfs else self._host.refused_dump

    def pf_reply(self, netdev: str) -> Fact[PfReply]:
        """What the kernel told of the VFs that there are is what those to come are measured by;
        that it refused to tell of so many says nothing of fewer."""
        reply = self._unless_updated(self._host.pf_reply(netdev), "how many VFs it tells of")
        if isinstance(reply, TooLong) and self._has_fewer_vfs:
            return Unknown(f"{reply.reason}; of fewer VFs nobody has asked it", (), AFTER)
        return reply

    @lazy
    def _has_fewer_vfs(self) -> bool:
        """So many that the kernel could not tell of are not there then."""
        return not {*_functions(self._host.pci)} <= {*_functions(self.pci)}

    @property
    def libvirt(self) -> Fact[LibvirtAnswer]:
        return self._unless_updated(self._host.libvirt, "its libvirt")

    @property
    def offers_kvm(self) -> Fact[bool]:
        return self._unless_updated(self._host.offers_kvm, "whether its libvirt offers KVM")

    @property
    def domains(self) -> Fact[Domains]:
        return self._host.domains

    @property
    def networks(self) -> Fact[Mapping[str, Fact[Network]]]:
        return self._host.networks

    @property
    def fabric(self) -> Fabric:
        return self._host.fabric

    def notes(self) -> tuple[str, ...]:
        return (LABEL, *self._host.notes())

    def schema_errors(self, xml: Evidence) -> Fact[str]:
        return self._host.schema_errors(xml)

    def guest_drivers(self, domain_uuid: str) -> Fact[Mapping[str, str]]:
        return self._host.guest_drivers(domain_uuid)

    def migration_answer(self, domain_uuid: str) -> Fact[str]:
        return self._unless_updated(self._host.migration_answer(domain_uuid), "what its QEMU moves")

    def _unless_updated(self, fact: Fact[T], what: str) -> Fact[T]:
        if self._new is None:
            return fact
        return Unknown(
            f"{RHEL} {dotted(self._new)} is not there yet: {what} is not known", (), AFTER
        )


def _functions(pci: Fact[PciTree]) -> Mapping[str, PciFunction]:
    """By address; none where they are not known."""
    return pci.value.functions if isinstance(pci, Known) else {}


def _netdevs(pci: Fact[PciTree]) -> set[str]:
    return {name for function in _functions(pci).values() for name in function.netdevs}
