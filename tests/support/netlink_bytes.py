"""Writes Netlink messages as the kernel does, with struct alone, so that it shares nothing with
the parsers under test. Numbers: linux/netlink.h, linux/rtnetlink.h, linux/if_link.h."""

import uuid
from struct import pack

RTM_NEWLINK = 16
IFF_UP = 1
MODES = {"private": 1, "vepa": 2, "bridge": 4, "passthru": 8, "source": 16}


def attribute(kind: int, value: bytes) -> bytes:
    return pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def u32(kind: int, value: int) -> bytes:
    return attribute(kind, pack("=I", value & 0xFFFFFFFF))


def text(kind: int, value: str) -> bytes:
    return attribute(kind, value.encode() + b"\0")


def message(body: bytes, kind: int = RTM_NEWLINK, flags: int = 2, sequence: int = 1) -> bytes:
    return pack("=IHHII", 16 + len(body), kind, flags, sequence, 0) + body


def link(
    name: str,
    index: int,
    *,
    kind: str | None = None,
    mode: str | None = None,
    up: bool = True,
    mac: str | None = None,
    lower: int | None = None,
    lower_namespace: int | None = None,
    master: int | None = None,
    more: bytes = b"",
) -> bytes:
    """A whole RTM_NEWLINK message, `more` being further attributes."""
    body = pack("=BxHiII", 0, 1, index, IFF_UP if up else 0, 0)
    body += text(3, name) + u32(4, 1500)
    if mac is not None:
        body += attribute(1, bytes.fromhex(mac.replace(":", "")))
    if lower is not None:
        body += u32(5, lower)
    if master is not None:
        body += u32(10, master)
    if kind is not None:
        data = attribute(2, u32(1, MODES[mode]) + attribute(2, b"\0\0")) if mode else b""
        body += attribute(18, text(1, kind) + data)
    if lower_namespace is not None:
        body += u32(37, lower_namespace)
    return message(body + more)


def port(
    vf: int | None = None,
    profile: str | None = None,
    *,
    response: int | None = 256,
    request: bytes = pack("=H", 2),
    instance: uuid.UUID | None = None,
    host: uuid.UUID | None = None,
) -> bytes:
    """The content of IFLA_PORT_SELF or IFLA_VF_PORT, in enic's order and sizes."""
    body = u32(1, vf) if vf is not None else b""
    body += attribute(6, request)
    if response is not None:
        body += attribute(7, pack("=H", response))
    if profile is not None:
        body += attribute(2, profile.encode().ljust(40, b"\0"))
    if instance is not None:
        body += attribute(4, instance.bytes)
    if host is not None:
        body += attribute(5, host.bytes)
    return body


def vf_ports(*ports: bytes) -> bytes:
    """IFLA_VF_PORTS around these."""
    return attribute(24, b"".join(attribute(1, one) for one in ports))


def vf_infos(*infos: bytes) -> bytes:
    """IFLA_VFINFO_LIST around these."""
    return attribute(22, b"".join(attribute(1, one) for one in infos))
