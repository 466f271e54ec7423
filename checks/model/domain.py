"""libvirt's domains and networks, as their XML says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vmfex.checks.model.fact import Evidence, Fact, Unknown

NOT_ASKED = Unknown(
    "nobody asked libvirt for the network's state",
    remedy="`virsh net-list --all` on the host shows it; read the host anew.",
)


@dataclass(frozen=True, slots=True)
class VirtualPort:
    type: str | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Interface:
    """An `<interface>` (or a bare PCI `<hostdev>`, as type `bare hostdev`) as it is written."""

    type: str
    mac: str | None = None
    dev: str | None = None
    mode: str | None = None
    network: str | None = None
    portgroup: str | None = None
    bridge: str | None = None
    address: str | None = None
    model: str | None = None
    virtualport: VirtualPort | None = None
    target: str | None = None
    filterref: str | None = None
    vlan: bool = False
    driver: str | None = None  # <driver name>: vfio, kvm, qemu, vhost
    managed: bool = False
    options: frozenset[str] = frozenset()  # that libvirt starts in some ways alone, by their words
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class PciBus:
    """A PCI bus of the guest: its controller's model and the slots that its devices use."""

    index: int
    model: str
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something in a definition that may keep the VM from live migration: what kind of thing (the
    word of the features' tables), and what it is called."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition of a domain: the one that runs, or the one that is kept for its next start."""

    state: Literal["running", "persistent"]
    type: str
    interfaces: tuple[Interface, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    assigned: tuple[str, ...] = ()  # devices of the host given to the VM, by kind
    qemu_arguments: tuple[str, ...] = ()  # of <qemu:commandline>, <qemu:override>: for QEMU alone
    buses: tuple[PciBus, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Domain:
    name: str
    uuid: str
    definitions: tuple[Definition, ...]

    @property
    def label(self) -> str:
        return f"domain {self.name}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(e for definition in self.definitions for e in definition.evidence)

    @property
    def running(self) -> bool:
        return any(definition.state == "running" for definition in self.definitions)


@dataclass(frozen=True, slots=True)
class Network:
    """A libvirt network. `forward` is its mode, None for an isolated one; the pool is what it
    hands out: devices by name, by PCI address, or the VFs of a PF. `active` and `autostart` are
    its state, which its XML does not tell."""

    name: str
    forward: str | None
    bridge: str | None = None
    devs: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    pfs: tuple[str, ...] = ()
    virtualport: VirtualPort | None = None
    portgroups: Mapping[str, VirtualPort | None] = field(default_factory=dict)
    default_portgroup: str | None = None
    vlan: bool = False
    vlan_portgroups: frozenset[str] = frozenset()
    managed: bool = False  # of <forward>, for what the pool hands out
    driver: str | None = None  # <driver name> in <forward>
    isolated: bool = False  # its ports, one from another
    active: Fact[bool] = NOT_ASKED
    autostart: Fact[bool] = NOT_ASKED
    evidence: tuple[Evidence, ...] = ()


Domains = tuple[Fact[Domain], ...]
Networks = Mapping[str, Fact[Network]]
