"""libvirt's interfaces and networks, read a second time, with nothing of the program's.

The rules are libvirt's: docs/formatdomain.rst ("Network interfaces", "Host device assignment"),
docs/formatnetwork.rst ("Connectivity", "Portgroups"), and where these leave something open, its
source 9.0.0: src/conf/domain_conf.c (virDomainNetDefParseXML), src/conf/network_conf.c
(virNetworkForwardDefParseXML, virNetworkPortGroupParseXML) and src/network/bridge_driver.c
(networkCreateInterfacePool, networkAllocatePort).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from tests.corpus.virtual_ports import Port, Refused, merge, port_of

MACVTAP, DEVICE, SWITCH, NOTHING, UNTOLD = "macvtap", "device", "switch", "nothing", "untold"
# What a type of interface comes to, where its source alone says so.
BY_TYPE = {
    "direct": MACVTAP,
    "hostdev": DEVICE,
    "bridge": SWITCH,
    "user": SWITCH,
    "vhostuser": SWITCH,
    "server": SWITCH,
    "client": SWITCH,
    "mcast": SWITCH,
    "udp": SWITCH,
    "internal": SWITCH,
    "vds": SWITCH,
    "null": NOTHING,
    "ethernet": UNTOLD,
    "vdpa": UNTOLD,
}
MACVTAP_MODES = ("bridge", "private", "vepa", "passthrough")


@dataclass(frozen=True)
class Written:
    """An `<interface>`, or a `<hostdev>` with a PCI device, as it stands in a domain."""

    type: str
    source: Mapping[str, str]
    device: str  # a PCI address; empty if there is none
    model: str | None
    port: Port | None
    is_bare: bool = False


@dataclass(frozen=True)
class Net:
    """A `<network>`. `pool` holds devices by name, PCI addresses, or one PF ("VFs of eth0"), and
    `anew` the PF whose VFs an active network lists again when it is started again."""

    mode: str | None
    bridge: str | None
    pool: frozenset[str]
    anew: frozenset[str]
    port: Port | None
    groups: Mapping[str, Port | None]
    default: str | None


@dataclass(frozen=True)
class Started:
    """What libvirt would start: what carries the interface, on which device (or one of which), now
    or once the network was started again, with which virtual port (type and profile); or why it
    refuses to merge its virtual ports."""

    carrier: str
    mode: str | None
    devices: frozenset[str]
    port: tuple[str, str | None] | None
    refused: str = ""


def interfaces(domain: Element) -> Iterator[Written]:
    """Those of a domain, its `<interface>` elements first."""
    for element in domain.findall("devices/interface"):
        source = element.find("source")
        model = element.find("model")
        given = {} if source is None else dict(source.attrib)
        address = None if source is None else source.find("address")
        is_pci = address is not None and address.get("type") == "pci"
        yield Written(
            type=element.get("type") or "user",
            source=given,
            device=pci(address) if address is not None and is_pci else "",
            model=None if model is None else model.get("type"),
            port=port_of(element, generates=True),
        )
    for element in domain.findall("devices/hostdev"):
        address = element.find("source/address")
        is_subsystem = element.get("mode", "subsystem") == "subsystem"
        if is_subsystem and element.get("type") == "pci" and address is not None:
            yield Written("hostdev", {}, pci(address), None, None, is_bare=True)


def network(root: Element) -> Net:
    forward = root.find("forward")
    bridge = root.find("bridge")
    groups = root.findall("portgroup")
    defaults = [g.get("name") for g in groups if g.get("default", "").lower() == "yes"]
    return Net(
        mode=None if forward is None else forward.get("mode") or "nat",
        bridge=None if bridge is None else bridge.get("name"),
        pool=frozenset() if forward is None else _pool(forward),
        anew=frozenset() if forward is None else _functions(forward),
        port=port_of(root),
        groups={group.get("name", ""): port_of(group) for group in groups},
        default=defaults[0] if defaults else None,
    )


def _pool(forward: Element) -> frozenset[str]:
    """The list of interfaces counts, else that of addresses, else the VFs of the PF: an active
    network of a PF shows both, and hands out what is in the list."""
    devices = [one.get("dev", "") for one in forward.findall("interface")]
    devices += [forward.get("dev", "")] if forward.get("dev") else []
    addresses = [pci(one) for one in forward.findall("address") if one.get("type") == "pci"]
    return frozenset(devices or addresses) or _functions(forward)


def _functions(forward: Element) -> frozenset[str]:
    return frozenset(f"VFs of {one.get('dev')}" for one in forward.findall("pf"))


def start(written: Written, connected: Net | None) -> Started | None:
    """None for an interface of type `network` without its network."""
    if written.type != "network":
        own = merge(written.port, None, None)
        return Started(
            BY_TYPE.get(written.type, UNTOLD),
            written.source.get("mode", "vepa") if written.type == "direct" else None,
            frozenset({written.device or written.source.get("dev", "")} - {""})
            if written.type in ("direct", "hostdev")
            else frozenset(),
            None if isinstance(own, Refused) else own,
        )
    if connected is None:
        return None
    named = written.source.get("portgroup")
    group = connected.groups.get(named if named is not None else connected.default or "")
    if named is None and connected.default is None:
        group = None
    port = merge(written.port, connected.port, group)
    carrier, mode = _carrier(connected)
    return Started(
        carrier,
        mode,
        connected.pool | connected.anew if carrier in (MACVTAP, DEVICE) else frozenset(),
        None if isinstance(port, Refused) else port,
        port.what if isinstance(port, Refused) else "",
    )


def _carrier(connected: Net) -> tuple[str, str | None]:
    match connected.mode:
        case "hostdev":
            return DEVICE, None
        case "bridge" if connected.bridge:
            return SWITCH, None
        case mode if mode in MACVTAP_MODES:
            return MACVTAP, mode
        case None | "nat" | "route" | "open":
            return SWITCH, None
    return UNTOLD, None


def pci(address: Element) -> str:
    """`0000:0d:00.1`; libvirt reads each part as C does, and takes one that is missing for 0."""
    domain, bus, slot, function = (
        _number(address.get(part, "0")) for part in ("domain", "bus", "slot", "function")
    )
    return f"{domain:04x}:{bus:02x}:{slot:02x}.{function:x}"


def _number(written: str) -> int:
    return int(written, 8) if written[:1] == "0" and written.isdigit() else int(written, 0)
