"""What carries an interface: macvtap, an assigned device, a software switch, or nothing.

The types are libvirt's (docs/formatdomain.rst, "Network interfaces"), the forward modes those of
its networks.
"""

from enum import StrEnum

from vmfex.checks.model.domain import Interface, Network
from vmfex.checks.model.link import MACVTAP

HOSTDEV, BARE_HOSTDEV = "hostdev", "bare hostdev"


class Carrier(StrEnum):
    """`SWITCH`: the hypervisor carries or switches the traffic. `UNTOLD`: nobody can tell from
    the definition, as for a tap device that something else plugs in."""

    MACVTAP = "macvtap"
    DEVICE = "an assigned device"
    SWITCH = "a software switch"
    NOTHING = "nothing"
    UNTOLD = "not told"


SWITCHES = {
    "vhostuser": "a vhost-user switch",
    "user": "QEMU's user-mode network",
    "internal": "an internal network",
    "vds": "a distributed virtual switch",
    "server": "a socket of QEMU's",
    "client": "a socket of QEMU's",
    "mcast": "a socket of QEMU's",
    "udp": "a socket of QEMU's",
}
SWITCHING_NETWORKS = {"nat": "NAT", "route": "routed", "open": "open", None: "isolated"}

Way = tuple[Carrier, str, str | None]  # what carries it, the way in words, the macvtap mode


def way_of(written: Interface, network: Network | None) -> Way:
    """How an interface is attached, as it is written."""
    match written.type:
        case "direct":
            return Carrier.MACVTAP, MACVTAP, written.mode or "vepa"  # libvirt's default
        case "hostdev" | "bare hostdev":
            return Carrier.DEVICE, written.type, None
        case "network" if network is not None:
            return _network_way(network)
        case "bridge":
            ovs = written.virtualport and written.virtualport.type == "openvswitch"
            kind = "Open vSwitch" if ovs else "Linux"
            return Carrier.SWITCH, f"{kind} bridge {written.bridge}", None
        case "null":
            return Carrier.NOTHING, "nothing", None
        case other if other in SWITCHES:
            return Carrier.SWITCH, SWITCHES[other], None
        case other:
            return Carrier.UNTOLD, f"an interface of type {other!r}", None


def _network_way(network: Network) -> Way:
    if network.forward == "hostdev":
        return Carrier.DEVICE, HOSTDEV, None
    if network.forward in ("passthrough", "private", "vepa"):
        return Carrier.MACVTAP, MACVTAP, network.forward
    if network.forward == "bridge":
        if network.bridge is None:
            return Carrier.MACVTAP, MACVTAP, "bridge"
        way = f"bridge {network.bridge} of libvirt network {network.name}"
        return Carrier.SWITCH, way, None
    if network.forward in SWITCHING_NETWORKS:
        kind = SWITCHING_NETWORKS[network.forward]
        return Carrier.SWITCH, f"the {kind} libvirt network {network.name}", None
    way = f"the libvirt network {network.name} of forward mode {network.forward!r}"
    return Carrier.UNTOLD, way, None
