"""What a host is: one lazily read fact for each thing that a rule may ask for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from vmfex.checks.model.domain import Domains, Network
from vmfex.checks.model.fabric import Fabric
from vmfex.checks.model.fact import Evidence, Fact
from vmfex.checks.model.link import Link, PfReply, TooLong
from vmfex.checks.model.pci import PciTree


@dataclass(frozen=True, slots=True)
class Thing:
    """A subject that has no evidence of its own: the host itself, a PF, a daemon."""

    label: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """A distribution's release: `version` is (major, minor), `text` what the file says."""

    distribution: str
    version: tuple[int, int]
    text: str

    @property
    def is_rhel(self) -> bool:
        return self.distribution == "Red Hat Enterprise Linux"


@dataclass(frozen=True, slots=True)
class Kernel:
    """`release` as `uname -r`, `machine` as `uname -m`, `built` as (year, month) if it says."""

    release: str
    machine: str
    built: tuple[int, int] | None

    @property
    def version(self) -> tuple[int, ...]:
        """The numbers before the first dash: (3, 10, 0) for 3.10.0-1160.el7.x86_64."""
        return tuple(int(n) for n in re.findall(r"\d+", self.release.split("-")[0])[:3])


@dataclass(frozen=True, slots=True)
class KernelChangelog:
    """The changelog of the running kernel's package, and the year and month of its oldest entry:
    what is older may have been there and is not any more."""

    text: str
    oldest: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LibvirtAnswer:
    """How libvirt answered: `version` numbers are libvirt's, major * 1,000,000 + minor * 1,000.
    `is_host`: the host is the one that the URI leads to, wherever that is."""

    uri: str
    outcome: Literal["connected", "refused", "no answer"]
    driver: str | None = None
    version: int | None = None
    hypervisor_version: int | None = None
    message: str = ""
    is_host: bool = False


@dataclass(frozen=True, slots=True)
class Iommu:
    """Whether an IOMMU is in effect, and what says so; `groups` tells if this kernel has any."""

    active: bool
    how: str
    groups: bool


class Host(Protocol):
    """Each property is read at most once, when first asked for."""

    @property
    def name(self) -> str: ...
    @property
    def release(self) -> Fact[Release]: ...
    @property
    def kernel(self) -> Fact[Kernel]: ...
    @property
    def kernel_changelog(self) -> Fact[KernelChangelog]: ...
    @property
    def machine(self) -> Fact[str]: ...
    @property
    def cpu_flags(self) -> Fact[frozenset[str]]: ...
    @property
    def kvm_device(self) -> Fact[bool]: ...
    @property
    def uuid(self) -> Fact[str]: ...
    @property
    def serial(self) -> Fact[str]: ...
    @property
    def iommu(self) -> Fact[Iommu]: ...
    @property
    def macvtap_driver(self) -> Fact[str | None]: ...
    @property
    def vfio_driver(self) -> Fact[str | None]: ...
    @property
    def pci(self) -> Fact[PciTree]: ...
    @property
    def links(self) -> Fact[Mapping[str, Link]]: ...
    @property
    def refused_dump(self) -> TooLong | None:
        """The kernel's refusal to list the links, where that is what it gave."""

    @property
    def libvirt(self) -> Fact[LibvirtAnswer]: ...
    @property
    def offers_kvm(self) -> Fact[bool]: ...
    @property
    def domains(self) -> Fact[Domains]: ...
    @property
    def networks(self) -> Fact[Mapping[str, Fact[Network]]]: ...
    @property
    def fabric(self) -> Fabric: ...

    def notes(self) -> tuple[str, ...]:
        """What every report has to say of how libvirt was asked, a sentence each."""

    def pf_reply(self, netdev: str) -> Fact[PfReply]:
        """The PF's RTM_GETLINK reply with VF information."""

    def schema_errors(self, xml: Evidence) -> Fact[str]:
        """What libvirt's own schema finds wrong with a domain's XML; empty if nothing."""

    def guest_drivers(self, domain_uuid: str) -> Fact[Mapping[str, str]]:
        """Inside a guest: the driver of each network device's function, by MAC address."""

    def migration_answer(self, domain_uuid: str) -> Fact[str]:
        """What the hypervisor said when asked to save or migrate the VM; empty if it would."""
