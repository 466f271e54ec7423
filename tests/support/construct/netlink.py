"""Link messages as a kernel encodes them. Numbers are from linux/if_link.h and rtnetlink.h.

Nothing is taken from the parser under test: an error that both shared would go unseen.
"""

import struct
from dataclasses import dataclass
from uuid import UUID

RTM_NEWLINK, NLM_F_MULTI = 16, 2
ADDRESS, BROADCAST, IFNAME, MTU, LINK, QDISC, STATS, MASTER = 1, 2, 3, 4, 5, 6, 7, 10
TXQLEN, MAP, OPERSTATE, LINKMODE, LINKINFO, NUM_VF = 13, 14, 16, 17, 18, 21
STATS64, VF_PORTS, PORT_SELF, AF_SPEC = 23, 24, 25, 26
PORT_VF, PORT_PROFILE, PORT_INSTANCE, PORT_HOST, PORT_REQUEST, PORT_RESPONSE = 1, 2, 4, 5, 6, 7
ASSOCIATE, PORT_PROFILE_MAX, RESPONSE_SUCCESS = 2, 40, 0x100
MACVLAN_MODES = {"private": 1, "vepa": 2, "bridge": 4, "passthrough": 8}
UP, BROADCASTS, LOOPBACK, RUNNING, MULTICAST, LOWER_UP = 0x1, 0x2, 0x8, 0x40, 0x1000, 0x10000
LOOPBACK_TYPE, ETHERNET_TYPE = 772, 1
AF_INET, AF_INET6 = 2, 10


@dataclass(frozen=True)
class Port:
    """An associated 802.1Qbh port: of VF number `vf`, or of the link itself (None)."""

    vf: int | None
    profile: str
    instance: str
    host: str
    response: int = RESPONSE_SUCCESS


@dataclass(frozen=True)
class Message:
    """A link. `vfs` is what IFLA_NUM_VF says, None where the kernel leaves VFs out; `af_spec` is
    the size of that attribute in bytes, 0 for a kernel that does not have it."""

    index: int
    name: str
    mac: str
    up: bool = True
    kind: str | None = None
    mode: str | None = None
    lower: int | None = None
    master: int | None = None
    qdisc: str = "mq"
    vfs: int | None = None
    ports: tuple[Port, ...] = ()
    port_self: Port | None = None
    af_spec: int = 0


def attribute(number: int, payload: bytes) -> bytes:
    """One attribute, padded to four bytes; its length does not count the padding."""
    return struct.pack("=HH", 4 + len(payload), number) + payload + bytes(-len(payload) % 4)


def nest(number: int, *attributes: bytes) -> bytes:
    return attribute(number, b"".join(attributes))


def u32(number: int, value: int) -> bytes:
    return attribute(number, struct.pack("=I", value))


def string(number: int, value: str) -> bytes:
    return attribute(number, value.encode() + b"\0")


def encode(link: Message, multi: bool = True) -> bytes:
    """The RTM_NEWLINK message: one of a dump (`multi`), or the reply to a request for one link."""
    loopback = link.name == "lo"
    flags = LOOPBACK if loopback else BROADCASTS | MULTICAST
    if link.up:
        flags |= UP | RUNNING | LOWER_UP
    kind = LOOPBACK_TYPE if loopback else ETHERNET_TYPE
    body = struct.pack("=BxHiII", 0, kind, link.index, flags, 0) + b"".join(_attributes(link))
    header = (16 + len(body), RTM_NEWLINK, NLM_F_MULTI if multi else 0, 1, 1000)
    return struct.pack("=IHHII", *header) + body


def _attributes(link: Message) -> list[bytes]:
    loopback, mac = link.name == "lo", bytes.fromhex(link.mac.replace(":", ""))
    operstate = 0 if loopback else 6 if link.up else 2
    found = [string(IFNAME, link.name), u32(TXQLEN, 1000)]
    found += [attribute(OPERSTATE, bytes([operstate])), attribute(LINKMODE, b"\0")]
    found += [u32(MTU, 65536 if loopback else 1500), string(QDISC, link.qdisc)]
    found += [u32(number, value) for number, value in _relations(link) if value is not None]
    found += [attribute(MAP, bytes(32)), attribute(ADDRESS, mac)]
    found += [attribute(BROADCAST, bytes(6) if loopback else b"\xff" * 6)]
    found += [attribute(STATS, bytes(23 * 4)), attribute(STATS64, bytes(23 * 8))]
    if link.vfs is not None:
        found.append(u32(NUM_VF, link.vfs))
    if link.vfs:
        found.append(nest(VF_PORTS, *(_vf_port(port) for port in link.ports)))
    if link.port_self:
        found.append(nest(PORT_SELF, *_port(link.port_self)))
    if link.kind:
        mode = [nest(2, u32(1, MACVLAN_MODES[link.mode]))] if link.mode else []
        found.append(nest(LINKINFO, string(1, link.kind), *mode))
    if link.af_spec:
        found.append(_af_spec(link.af_spec))
    return found


def _relations(link: Message) -> tuple[tuple[int, int | None], ...]:
    return (LINK, link.lower), (MASTER, link.master)


def _vf_port(port: Port) -> bytes:
    return nest(1, u32(PORT_VF, port.vf or 0), *_port(port))


def _port(port: Port) -> list[bytes]:
    """What enic tells of a port (enic_get_vf_port): 112 bytes with the VF number and its nest."""
    return [
        attribute(PORT_REQUEST, struct.pack("=H", ASSOCIATE)),
        attribute(PORT_RESPONSE, struct.pack("=H", port.response)),
        attribute(PORT_PROFILE, port.profile.encode().ljust(PORT_PROFILE_MAX, b"\0")),
        attribute(PORT_INSTANCE, UUID(port.instance).bytes),
        attribute(PORT_HOST, UUID(port.host).bytes),
    ]


def _af_spec(size: int) -> bytes:
    """IFLA_AF_SPEC of `size` bytes: IPv4 settings, and IPv6 flags, settings and counters."""
    inet6 = nest(AF_INET6, u32(1, 0), attribute(2, bytes(120)), attribute(3, bytes(248)))
    settings = size - 4 - len(inet6) - 8
    return nest(AF_SPEC, nest(AF_INET, attribute(1, bytes(settings))), inet6)
