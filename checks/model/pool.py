"""Pools: the devices that libvirt networks hand out, and the interfaces that are given them."""

from collections.abc import Iterable
from dataclasses import dataclass

from vmfex.checks.model.at_once import most_at_once
from vmfex.checks.model.attachment import Attachments
from vmfex.checks.model.domain import Network, Networks
from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import VmInterface

HANDING_OUT = {"hostdev", "passthrough", "private", "vepa", "bridge"}


@dataclass(frozen=True)
class Pool:
    """What a libvirt network hands out. `functions` are those that this host has, `absent` the
    names of the others; `users` are the interfaces of any domain, in scope or not."""

    network: Network
    functions: Fact[tuple[PciFunction, ...]]
    absent: tuple[str, ...]
    users: tuple[VmInterface, ...] = ()

    @property
    def label(self) -> str:
        return f"libvirt network {self.network.name}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return self.network.evidence

    @property
    def is_hostdev(self) -> bool:
        return self.network.forward == "hostdev"

    @lazy
    def is_exclusive(self) -> bool:
        """Whether each device is given to one interface alone: libvirt shares those of the other
        modes (src/network/bridge_driver.c, networkAllocatePort)."""
        if self.network.forward == "private":
            return any(interface.names_qbh for interface in self.users)
        return self.network.forward in ("hostdev", "passthrough")

    @lazy
    def at_once(self) -> int:
        """How many interfaces can be on it at once."""
        return most_at_once(self.users)

    @lazy
    def domains(self) -> frozenset[str]:
        """The UUIDs of the domains that it serves."""
        return frozenset(interface.domain.uuid for interface in self.users)

    @lazy
    def states(self) -> frozenset[str]:
        """The definitions, running or persistent, that are on it."""
        return frozenset(interface.definition.state for interface in self.users)

    def serves_beside(self, interface: VmInterface) -> bool:
        """Whether an interface that is not this pool's can run beside one that is."""
        if self.domains - {interface.domain.uuid}:
            return True
        return interface.definition.state in self.states

    def runs_beside(self, other: "Pool") -> bool:
        """Whether an interface of each can run at once."""
        if not self.users or not other.users:
            return False
        if len(self.domains) > 1 or self.domains != other.domains:
            return True
        return not self.states.isdisjoint(other.states)


def hands_out(network: Network) -> bool:
    """Whether a network gives its interfaces devices of the host, and is no switch itself."""
    return network.forward in HANDING_OUT and network.bridge is None


def pools(
    interfaces: Iterable[VmInterface], networks: Fact[Networks], attachments: Attachments
) -> tuple[Pool, ...]:
    """Every network that hands out devices, with its users; none where nobody read the networks."""
    if isinstance(networks, Unknown):
        return ()
    users: dict[str, list[VmInterface]] = {}
    for interface in interfaces:
        if interface.written.network is not None:
            users.setdefault(interface.written.network, []).append(interface)
    read = [fact.value for fact in networks.value.values() if not isinstance(fact, Unknown)]
    return tuple(
        Pool(network, *attachments.handed_out_by(network), tuple(users.get(network.name, ())))
        for network in read
        if hands_out(network)
    )


def unread_pools(
    interfaces: Iterable[VmInterface], networks: Fact[Networks]
) -> tuple[Unknown, ...]:
    """Why the pools that some of the interfaces are on are not known."""
    names = {i.written.network for i in interfaces if i.written.network is not None}
    if isinstance(networks, Unknown):
        return (networks,) if names else ()
    known = {name for name, fact in networks.value.items() if isinstance(fact, Known)}
    # one that could not be read is known by its file's name: it may be any that is not there
    unread = tuple(fact for fact in networks.value.values() if isinstance(fact, Unknown))
    return unread if names - known else ()
