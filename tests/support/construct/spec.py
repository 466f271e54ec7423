"""What a constructed host is made from: a few facts, from which all its evidence follows."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class System:
    """A host's software and what its age shows. `libvirt` and `hypervisor` are libvirt's version
    numbers, `af_spec` the bytes of IFLA_AF_SPEC in a link message (docs/sources.md, 3).

    `old_netlink`: the plain link dump carries the ports of VFs (kernels before 2.6.32-431.20.1).
    """

    release: str
    os_release: str | None
    kernel: str
    built: str
    libvirt: int
    hypervisor: int
    machine: str
    iommu: Literal["groups", "dmar"] = "groups"
    sriov_files: bool = True
    af_spec: int = 568
    old_netlink: bool = False


@dataclass(frozen=True)
class Vic:
    """PCI device id of the VIC's upstream switch port, its subsystem id, and its product id."""

    switch: int
    subsystem: int
    pid: str


@dataclass(frozen=True)
class Vnic:
    """A vNIC that the host sees; a static one with `vfs` is a PF."""

    name: str
    vfs: int = 0
    dynamic: bool = False


@dataclass(frozen=True)
class Nic:
    """A VM's interface. `source` is a network device, a libvirt network, a bridge, or the PCI
    address of a function, as `kind` wants it; `given` is the device that a network gave it."""

    kind: Literal["direct", "network", "hostdev", "bridge"]
    source: str
    mac: str
    profile: str | None = None
    mode: str = "passthrough"
    given: str | None = None

    @property
    def device(self) -> str:
        return self.given or self.source


@dataclass(frozen=True)
class Vm:
    name: str
    uuid: str
    nics: tuple[Nic, ...]
    running: bool = True


@dataclass(frozen=True)
class Pool:
    """A libvirt network that hands out devices, with one port group of the profile's name."""

    name: str
    uuid: str
    devs: tuple[str, ...]
    profile: str
    active: bool = True
    autostart: bool = True


@dataclass(frozen=True)
class Ucs:
    """UCS Manager and its fabric. `dynamic_vifs` is None before 3.1(1e), which does not tell."""

    model: str
    release: str
    dynamic_vifs: Literal["yes", "no"] | None
    profiles: tuple[str, ...]
    neighbour: str | None = None


@dataclass(frozen=True)
class Blade:
    """A host. `nics` are the network devices of an Intel adapter, on a host without a VIC. `guests`
    names the VMs that were captured inside, `asked_to_migrate` those that a lab tried to move."""

    name: str
    note: str
    system: System
    uuid: str
    hostname: str = "blade-1"
    vic: Vic | None = None
    vnics: tuple[Vnic, ...] = ()
    nics: tuple[str, ...] = ()
    bridge: str | None = None
    vms: tuple[Vm, ...] = ()
    pools: tuple[Pool, ...] = ()
    ucs: Ucs | None = None
    guests: tuple[str, ...] = ()
    asked_to_migrate: tuple[str, ...] = ()
