"""802.1Qbh port states: the nested attributes that pyroute2 leaves undecoded, as tables.

Types, requests and responses: linux/if_link.h. They are read without pyroute2, whose import takes
longer than all else that a recorded host costs (docs/decisions/0007-netlink-attributes.md).
"""

import sys
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from vmfex.checks.model.link import PortState
from vmfex.evidence.parsers.netlink_messages import Malformed, Span, chosen, text

REQUESTS = {
    0: "PORT_REQUEST_PREASSOCIATE",
    1: "PORT_REQUEST_PREASSOCIATE_RR",
    2: "PORT_REQUEST_ASSOCIATE",
    3: "PORT_REQUEST_DISASSOCIATE",
}
RESPONSES = {
    0: "PORT_VDP_RESPONSE_SUCCESS",
    1: "PORT_VDP_RESPONSE_INVALID_FORMAT",
    2: "PORT_VDP_RESPONSE_INSUFFICIENT_RESOURCES",
    3: "PORT_VDP_RESPONSE_UNUSED_VTID",
    4: "PORT_VDP_RESPONSE_VTID_VIOLATION",
    5: "PORT_VDP_RESPONSE_VTID_VERSION_VIOALTION",  # spelled so in the kernel
    6: "PORT_VDP_RESPONSE_OUT_OF_SYNC",
    256: "PORT_PROFILE_RESPONSE_SUCCESS",
    257: "PORT_PROFILE_RESPONSE_INPROGRESS",
    258: "PORT_PROFILE_RESPONSE_INVALID",
    259: "PORT_PROFILE_RESPONSE_BADSTATE",
    260: "PORT_PROFILE_RESPONSE_INSUFFICIENT_RESOURCES",
    261: "PORT_PROFILE_RESPONSE_ERROR",
}


class Attribute(NamedTuple):
    """An attribute of a port: what it is called, the sizes that it may have, how it is read."""

    name: str
    sizes: tuple[int, ...]
    read: Callable[[bytes, Span], object]


def _unsigned(raw: bytes, span: Span) -> int:
    return int.from_bytes(span.of(raw), sys.byteorder)


def _uuid(raw: bytes, span: Span) -> str:
    return str(UUID(bytes=span.of(raw)))


def _request(raw: bytes, span: Span) -> str:
    number = _unsigned(raw, span)
    return REQUESTS.get(number, f"PORT_REQUEST_{number}")


def _response(raw: bytes, span: Span) -> str:
    number = _unsigned(raw, span)
    return RESPONSES.get(number, f"PORT_RESPONSE_{number}")


def _vsi_type(raw: bytes, span: Span) -> str:
    """struct ifla_port_vsi, for 802.1Qbg: manager, type of 24 bits, version."""
    manager, *kind, version = span.of(raw)[:5]
    return f"manager {manager}, type {bytes(kind).hex()}, version {version}"


# IFLA_PORT_*, in IFLA_PORT_SELF or an IFLA_VF_PORT. The header says 8 bits for the request, enic
# sends 16 (enic_get_vf_port in the kernel's drivers/net/ethernet/cisco/enic/enic_main.c).
PORT = {
    1: Attribute("vf", (4,), _unsigned),
    2: Attribute("profile", (), text),
    3: Attribute("vsi_type", (8,), _vsi_type),
    4: Attribute("instance", (16,), _uuid),
    5: Attribute("host", (16,), _uuid),
    6: Attribute("request", (1, 2), _request),
    7: Attribute("response", (2,), _response),
}


def read_port(raw: bytes, span: Span) -> tuple[PortState, dict[str, object]]:
    """The port in the value at `span`, and a row that shows all of it. Raises Malformed."""
    row: dict[str, object] = {}
    for kind, value in chosen(raw, span.start, span.end, PORT).items():
        attribute, size = PORT[kind], value.end - value.start
        if attribute.sizes and size not in attribute.sizes:
            raise Malformed(value.start, f"{size} bytes in a port's attribute of type {kind}")
        row[attribute.name] = attribute.read(raw, value)
    vf, profile, response = row.get("vf"), row.get("profile"), row.get("response")
    instance = row.get("instance")
    state = PortState(
        vf if isinstance(vf, int) else None,
        str(profile) if profile else None,
        str(response) if response else None,
        str(instance) if instance else None,
    )
    return state, row
