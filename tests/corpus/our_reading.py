"""What the program makes of a domain's interfaces and of a network, in the second reader's
words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from tests.corpus.second_reader import DEVICE, MACVTAP, NOTHING, SWITCH, UNTOLD, Started
from vmfex.checks.model.attachment import Attachments
from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.domain import Domain, Interface, Network, Networks, VirtualPort
from vmfex.checks.model.fact import Fact, Known
from vmfex.checks.model.handing_out import handed_out
from vmfex.checks.model.pci import PciTree
from vmfex.checks.model.virtual_port import PROFILED
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.evidence.parsers.domain import domain
from vmfex.evidence.parsers.network import network
from vmfex.evidence.sources.recorded import RecordedTree

UUID = "5ca1ab1e-0000-4000-8000-000000000100"
NETWORK = "libvirt/networks/it.xml"
CARRIERS = {
    Carrier.MACVTAP: MACVTAP,
    Carrier.DEVICE: DEVICE,
    Carrier.SWITCH: SWITCH,
    Carrier.NOTHING: NOTHING,
    Carrier.UNTOLD: UNTOLD,
}


class OurInterface(NamedTuple):
    """An interface as it is written, and as it is resolved."""

    written: Interface
    resolved: Fact[VmInterface]


@dataclass(frozen=True)
class OurNetwork:
    """A network, with what it hands out."""

    value: Network
    pool: frozenset[str]


def our_domain(raw: bytes, uuid: str) -> Fact[Domain]:
    """The domain parser's answer for a persistent definition."""
    return domain(RecordedTree.of({f"libvirt/domains/{uuid}/persistent.xml": raw}), uuid)


def our_network(raw: bytes) -> Fact[Network]:
    """The network parser's answer."""
    return network(RecordedTree.of({NETWORK: raw}), NETWORK)


def read_network(raw: bytes) -> OurNetwork:
    """Raises Missing for a network that the parser calls unknown."""
    value = our_network(raw).need()
    sources = handed_out(value)
    names = (*sources.devs, *sources.addresses, *sources.pfs)
    return OurNetwork(value, _named(value, names))


def resolved(known: Domain, connected: Network | None = None) -> Iterator[OurInterface]:
    """A domain's interfaces on a host without any device, where `connected`, if it is given, is the
    network of each interface that is connected to one."""
    [definition] = known.definitions
    for written in definition.interfaces:
        networks: Networks = {}
        if connected is not None and written.network is not None:
            named = replace(connected, name=written.network)
            networks = {written.network: Known(named)}
        answer = _nowhere(networks).resolve(known, definition, written)
        yield OurInterface(written, answer)


def in_words(resolved: VmInterface, connected: OurNetwork | None) -> Started:
    """On a host without devices every device that an interface stands on is absent, by its name."""
    carrier = CARRIERS[resolved.carrier]
    devices = frozenset(resolved.absent) if carrier in (MACVTAP, DEVICE) else frozenset[str]()
    if connected is not None and resolved.written.type == "network" and devices:
        devices = _named(connected.value, resolved.absent)
    refused = ""
    if resolved.contradiction:
        refused = "type" if "two types" in resolved.contradiction else "profileid"
    port = None if refused else port_words(resolved.virtualport)
    return Started(carrier, resolved.mode, devices, port, refused)


def agree(second: Started, ours: Started) -> bool:
    """Where several things are refused, either may be named. Of parameters that only other types
    than 802.1Qbh have, the program need not see that they differ."""
    if second.refused in ("", "type", "profileid"):
        mine = replace(ours, refused=second.refused) if ours.refused and second.refused else ours
        return mine == second
    return ours.port is None or ours.port[0] != "802.1Qbh"


def port_words(port: VirtualPort | None) -> tuple[str, str | None] | None:
    """A virtual port without a type is none, and the profile of a type without profiles nothing."""
    if port is None or not port.type:
        return None
    return port.type, (port.profile or None) if port.type in PROFILED else None


def _named(network: Network, absent: tuple[str, ...]) -> frozenset[str]:
    return frozenset(f"VFs of {n}" if n in network.pfs else n for n in absent)


def _nowhere(networks: Networks) -> Attachments:
    return Attachments(Known(networks), Known(PciTree({})), Known({}))
