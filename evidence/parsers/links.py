"""Network links from raw Netlink messages: a dump of all, or one PF's reply with its VFs.

The framing is walked here and not by pyroute2, for two reasons. pyroute2 takes lengths that lie
for shorter ones, where evidence has to be refused. And it takes 0.2 s of CPU time for 500 links
and as much to be imported, this 0.04 s. Port states have a structure of their own
(port_attributes). pyroute2 makes the requests (evidence/sources/netlink.py), and checks this in
the tests.

Attribute types: linux/if_link.h; flags: linux/if.h.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from json import JSONEncoder
from struct import Struct
from typing import NamedTuple

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.link import Link, PfReply, PortState, TooLong
from vmfex.evidence.parsers.netlink_messages import (
    Malformed,
    Message,
    Span,
    aligned,
    attributes,
    chosen,
    messages,
    number,
    text,
)
from vmfex.evidence.parsers.port_attributes import read_port

DUMP = "netlink/links.bin"
LINK_MESSAGE = 16  # RTM_NEWLINK
LINK_HEADER = Struct("=BxHiII")  # struct ifinfomsg: family, type, index, flags, change
ADDRESS, NAME, LOWER, MASTER, INFO = 1, 3, 5, 10, 18
VFINFO_LIST, VF_PORTS, PORT_SELF, LOWER_NAMESPACE = 22, 24, 25, 37
OF_DUMP = frozenset({ADDRESS, NAME, LOWER, MASTER, INFO, VF_PORTS, PORT_SELF, LOWER_NAMESPACE})
OF_REPLY = frozenset({NAME, VFINFO_LIST, VF_PORTS, PORT_SELF})
INFO_KIND, INFO_DATA, MACVLAN_MODE = 1, 2, 1
VF_ENTRY = 1  # IFLA_VF_PORT in IFLA_VF_PORTS, and IFLA_VF_INFO in IFLA_VFINFO_LIST
MODES = {1: "private", 2: "vepa", 4: "bridge", 8: "passthru", 16: "source"}
PEERS = ("veth", "netkit", "vxcan")  # their IFLA_LINK is the other end, no link below them
ENCODER = JSONEncoder(ensure_ascii=False)
REFUSAL = "the kernel answers EMSGSIZE (Message too long)"
UP = 0x1
FLAGS = {
    UP: "UP",
    0x2: "BROADCAST",
    0x8: "LOOPBACK",
    0x10: "POINTOPOINT",
    0x40: "RUNNING",
    0x80: "NOARP",
    0x100: "PROMISC",
    0x200: "ALLMULTI",
    0x400: "MASTER",
    0x800: "SLAVE",
    0x1000: "MULTICAST",
    0x8000: "DYNAMIC",
    0x10000: "LOWER_UP",
    0x20000: "DORMANT",
}


class _Heard(NamedTuple):
    """One RTM_NEWLINK message: its header's fields and the attributes that were wanted."""

    message: Message
    ifindex: int
    flags: int
    name: str
    values: Mapping[int, Span]


def parse_links(raw: bytes, where: str = DUMP) -> Fact[Mapping[str, Link]]:
    """The links of a dump by name, in its order, each with itself as evidence; the evidence of
    the whole is the list of them. A lower link that the dump does not hold, such as one in
    another namespace, is None, and a master `link 7`; the evidence then shows the index."""
    try:
        names: dict[int, str] = {}
        heard = tuple(_hear_all(raw, OF_DUMP))
        for one in heard:
            if names.setdefault(one.ifindex, one.name) != one.name:
                raise Malformed(one.message.start, f"a second link of index {one.ifindex}")
        links: dict[str, Link] = {}
        for one in heard:
            if one.name in links:
                raise Malformed(one.message.start, f"a second link of name {one.name!r}")
            links[one.name] = _link(raw, one, names, where)
    except Malformed as error:
        return Unknown(f"{where} is {error}")
    rows = ",\n".join(link.evidence[0].raw for link in links.values())
    return Known(links, (Evidence(where, f"[\n{rows}\n]", "application/json"),))


def parse_pf_reply(raw: bytes, where: str) -> Fact[PfReply]:
    """The reply about one PF or dynamic vNIC: its size, and what its VFs take, each with its
    attribute's header and padding, without the header of their list; the VFs' ports by VF number,
    and the link's own."""
    try:
        heard = tuple(_hear_all(raw, OF_REPLY))
        if len(heard) > 1:
            raise Malformed(heard[1].message.start, "a second message in the reply about one link")
        values, message = heard[0].values, heard[0].message
        ports, rows = _vf_ports(raw, values)
        own, own_row = _port_self(raw, values.get(PORT_SELF))
        held_in = VF_PORTS
        entries = tuple(_vf_entries(raw, values, held_in))
        if not entries and VFINFO_LIST in values:
            held_in = VFINFO_LIST
            entries = tuple(_vf_entries(raw, values, held_in))
    except Malformed as error:
        return Unknown(f"{where} is {error}")
    reply_bytes = message.end - message.start
    vf_bytes = sum(4 + aligned(entry.end - entry.start) for entry in entries)
    row: dict[str, object] = {"name": heard[0].name, "reply_bytes": reply_bytes}
    row |= {"vf_entries": len(entries), "vf_bytes": vf_bytes}
    if held_in in values:
        row["vfs_in"] = "IFLA_VF_PORTS" if held_in == VF_PORTS else "IFLA_VFINFO_LIST"
    row["port"] = own_row
    evidence = Evidence(where, _json(row, ports=rows), "application/json")
    largest = max((4 + aligned(entry.end - entry.start) for entry in entries), default=0)
    of_ports = held_in == VF_PORTS or not entries
    told = (evidence,)
    reply = PfReply(reply_bytes, len(entries), vf_bytes, ports, own, told, largest, of_ports)
    return Known(reply, told)


def refused(unread: Unknown) -> Unknown:
    """The same, as TooLong where what could not be read is what the kernel refused to say; every
    way in writes that down in these words."""
    if REFUSAL not in unread.reason:
        return unread
    return TooLong(unread.reason, unread.evidence, unread.remedy)


def link_names(raw: bytes) -> dict[str, int]:
    """Names and indexes of a dump's links; the names are spelled as files are, with bytes that
    are no UTF-8 as surrogates. Raises Malformed."""
    return {
        one.values[NAME].of(raw).partition(b"\0")[0].decode("utf-8", "surrogateescape"): one.ifindex
        for one in _hear_all(raw, frozenset({NAME}))
    }


def _hear_all(raw: bytes, wanted: Container[int]) -> Iterator[_Heard]:
    """Every message; at least one, since a kernel always has a loopback link to list."""
    if not raw:
        raise Malformed(0, "no message")
    for message in messages(raw):
        if message.type != LINK_MESSAGE:
            problem = f"a message of type {message.type}, where {LINK_MESSAGE} (RTM_NEWLINK) is due"
            raise Malformed(message.start, problem)
        attributes_at = message.body + LINK_HEADER.size
        if attributes_at > message.end:
            raise Malformed(message.body, "a message too short for a link's header")
        _, _, index, flags, _ = LINK_HEADER.unpack_from(raw, message.body)
        values = chosen(raw, attributes_at, message.end, wanted)
        name = text(raw, values[NAME]) if NAME in values else ""
        if index <= 0 or not name:
            raise Malformed(message.start, f"a link of index {index} and name {name!r}")
        yield _Heard(message, index, flags, name, values)


def _link(raw: bytes, heard: _Heard, names: Mapping[int, str], where: str) -> Link:
    values = heard.values
    row: dict[str, object] = {"name": heard.name, "index": heard.ifindex}
    kind, mode = _kind_and_mode(raw, values.get(INFO))
    mac = values[ADDRESS].of(raw).hex(":") if ADDRESS in values else None
    peered = kind in PEERS
    lower = _named(raw, values.get(LOWER), names) if LOWER_NAMESPACE not in values else None
    master = _named(raw, values.get(MASTER), names)
    row |= {"kind": kind, "mode": mode, "mac": mac, "peer" if peered else "lower": lower}
    if lower is None and LOWER in values:
        row["peer_index" if peered else "lower_index"] = number(raw, values[LOWER])
    if LOWER_NAMESPACE in values:
        row["namespace_id"] = number(raw, values[LOWER_NAMESPACE])
    row["master"] = master
    if master is None and MASTER in values:  # a port is one, whether its master is listed or not
        row["master_index"] = number(raw, values[MASTER])
        master = f"link {row['master_index']}"
    row["flags"] = [name for bit, name in FLAGS.items() if heard.flags & bit]
    port, row["port"] = _port_self(raw, values.get(PORT_SELF))
    row["carries_vf_ports"] = True if VF_PORTS in values else None
    return Link(
        name=heard.name,
        index=heard.ifindex,
        kind=kind,
        up=bool(heard.flags & UP),
        mac=mac or None,
        lower=None if peered or lower == heard.name else lower,
        master=master,
        mode=mode,
        port_self=port,
        carries_vf_ports=VF_PORTS in values,
        evidence=(Evidence(where, _json(row), "application/json"),),
    )


def _named(raw: bytes, span: Span | None, names: Mapping[int, str]) -> str | None:
    return None if span is None else names.get(number(raw, span))


def _kind_and_mode(raw: bytes, info: Span | None) -> tuple[str | None, str | None]:
    """A link's kind, None for a plain device, and the mode of a macvtap or macvlan."""
    if info is None:
        return None, None
    parts = chosen(raw, info.start, info.end, (INFO_KIND, INFO_DATA))
    kind = text(raw, parts[INFO_KIND]) if INFO_KIND in parts else None
    if kind not in ("macvtap", "macvlan") or INFO_DATA not in parts:
        return kind or None, None
    data = chosen(raw, parts[INFO_DATA].start, parts[INFO_DATA].end, (MACVLAN_MODE,))
    if MACVLAN_MODE not in data:
        return kind, None
    mode = number(raw, data[MACVLAN_MODE])
    return kind, MODES.get(mode, f"mode {mode}")


def _vf_entries(raw: bytes, values: Mapping[int, Span], held_in: int) -> Iterator[Span]:
    if held_in in values:
        for kind, start, end in attributes(raw, values[held_in].start, values[held_in].end):
            if kind == VF_ENTRY:
                yield Span(start, end)


def _vf_ports(
    raw: bytes, values: Mapping[int, Span]
) -> tuple[dict[int, PortState], list[dict[str, object]]]:
    ports: dict[int, PortState] = {}
    rows = []
    for entry in _vf_entries(raw, values, VF_PORTS):
        port, row = read_port(raw, entry)
        if port.vf is None:
            raise Malformed(entry.start, "a VF's port without the VF's number")
        if port.vf in ports:
            raise Malformed(entry.start, f"a second port of VF {port.vf}")
        ports[port.vf] = port
        rows.append(row)
    return ports, rows


def _port_self(raw: bytes, span: Span | None) -> tuple[PortState | None, dict[str, object] | None]:
    """A link's own port; None also where the kernel has put no port into the attribute."""
    if span is None or span.start == span.end:
        return None, None
    port, row = read_port(raw, span)
    return replace(port, vf=None), row


def _json(row: Mapping[str, object], **more: object) -> str:
    return ENCODER.encode(
        {key: value for key, value in {**row, **more}.items() if value not in (None, "", [])}
    )
