"""The size of the kernel's reply about a PF for each number of VFs, with and without statistics."""

import socket
from typing import Any

from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg

from tests.lab.guest.adapters import netdev, physical_functions, set_vfs
from vmfex.evidence.parsers.links import parse_pf_reply
from vmfex.evidence.sources.netlink import exchange, request

WITH_VFS, SKIP_STATISTICS = 1, 8  # RTEXT_FILTER_VF, RTEXT_FILTER_SKIP_STATS: linux/rtnetlink.h
SECONDS = 5.0


def measure() -> list[dict[str, Any]]:
    """For 0 to all VFs: `reply` and `per_vf` bytes, as the certification asks, and without
    statistics. Leaves the PF with none."""
    function = physical_functions()[0]
    name, rows = netdev(function), []
    for vfs in range(int((function / "sriov_totalvfs").read_text()) + 1):
        set_vfs(function, vfs)
        for statistics, asked in ((True, request(1, 0, name)), (False, _without_statistics(name))):
            reply = parse_pf_reply(_ask(asked), "netlink").need()
            row = {"vfs": vfs, "statistics": statistics, "reply_bytes": reply.reply_bytes}
            rows.append(row | {"vf_entries": reply.vf_entries, "vf_bytes": reply.vf_bytes})
    set_vfs(function, 0)
    return rows


def _without_statistics(name: str) -> bytes:
    message = ifinfmsg()
    message["header"].update({"type": 18, "flags": 1, "sequence_number": 1})
    message["attrs"] = [("IFLA_EXT_MASK", WITH_VFS | SKIP_STATISTICS), ("IFLA_IFNAME", name)]
    message.encode()
    return bytes(message.data)


def _ask(asked: bytes) -> bytes:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as channel:
        channel.bind((0, 0))
        return exchange(channel, asked, 1, SECONDS)
