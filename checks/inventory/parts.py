"""The parts of a host that a record keeps, so that a reader need not parse raw evidence again.

Plain values only. A `label` is how findings call the same thing. Empty texts and None stand for
what was not told; `unread` says why.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Adapter:
    """A VIC, by the address of its PCIe switch."""

    address: str
    label: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A PCI function of a VIC, or another that a VM-FEX interface stands on. `kind` is PF, static
    vNIC, dynamic vNIC, VF, VF of another kind, or other; `pf` the address of a VF's PF, `number`
    by which it knows the VF; `ids` are vendor and device."""

    address: str
    label: str
    kind: str
    ids: str
    adapter: str = ""
    driver: str = ""
    netdevs: tuple[str, ...] = ()
    pf: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface of a VM, as one definition (`state`: running or persistent) has it. `topology`
    is empty where it is not of VM-FEX. `functions` are addresses: the one that it stands on, or,
    if `pooled`, those that it is given one of. `macvtap` is the live link, `model` what the guest
    sees, `veths` are the numbers of its virtual interfaces on the fabric."""

    label: str
    state: str
    way: str
    topology: str = ""
    mac: str = ""
    mode: str = ""
    model: str = ""
    macvtap: str = ""
    network: str = ""
    profile: str = ""
    pooled: bool = False
    functions: tuple[str, ...] = ()
    veths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vm:
    """`in_scope` is false for one that the plan leaves out. `free_slots` of its PCI buses bind what
    this VM alone can be given; None where they are not known."""

    name: str
    label: str
    uuid: str
    running: bool
    in_scope: bool = True
    interfaces: tuple[Interface, ...] = ()
    free_slots: int | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """A libvirt network that hands out devices. `active` is None where nobody knows."""

    name: str
    label: str
    forward: str
    active: bool | None = None
    profiles: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A port profile that an interface names; `ports` is UCS Manager's maxPorts, None where it was
    not told, `used` how many interfaces of this host name it."""

    name: str
    label: str
    used: int
    ports: int | None = None


@dataclass(frozen=True, slots=True)
class Interconnect:
    name: str
    label: str
    model: str


@dataclass(frozen=True, slots=True)
class Inventory:
    adapters: tuple[Adapter, ...] = ()
    functions: tuple[Function, ...] = ()
    vms: tuple[Vm, ...] = ()
    networks: tuple[Network, ...] = ()
    profiles: tuple[Profile, ...] = ()
    interconnects: tuple[Interconnect, ...] = ()
    unread: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Limit:
    """How many more VM interfaces something leaves room for; None where that is not known."""

    name: str
    how: str
    room: int | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many more VM interfaces a topology can serve, and which limit binds. `room` is None where
    nothing is known; where `sure` is false a limit is not known, and there may be less room."""

    topology: str
    binds: str
    sure: bool
    limits: tuple[Limit, ...]
    room: int | None = None
