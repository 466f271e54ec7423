"""Network links and 802.1Qbh port states, as Netlink shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vmfex.checks.model.fact import Evidence, Unknown

MACVTAP = "macvtap"  # the kind of such a link
# Kinds of which one on a device has it for itself: no macvtap in mode passthrough gets it beside
# (drivers/net/macvlan.c, and netdev_is_rx_handler_busy of ipvlan and macsec)
TAKING = ("macvlan", "ipvlan", "ipvtap", "macsec")
LIVE_MODES = {"passthru": "passthrough"}  # Netlink's word: libvirt's word


@dataclass(frozen=True, slots=True)
class PortState:
    """One 802.1Qbh port: of VF number `vf`, or of the link itself (`vf` is None). `instance` is
    the UUID of the VM that it was asked for."""

    vf: int | None
    profile: str | None
    response: str | None
    instance: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the plain dump. `mode` is a macvtap's; `lower` and `master` are link names."""

    name: str
    index: int
    kind: str | None = None
    up: bool = False
    mac: str | None = None
    lower: str | None = None
    master: str | None = None
    mode: str | None = None
    port_self: PortState | None = None
    carries_vf_ports: bool = False
    evidence: tuple[Evidence, ...] = ()

    @property
    def label(self) -> str:
        return f"link {self.name}"

    @property
    def mode_in_words(self) -> str | None:
        """A macvtap's mode in libvirt's words."""
        return LIVE_MODES.get(self.mode, self.mode) if self.mode else None


@dataclass(frozen=True, slots=True)
class PfReply:
    """A link's RTM_GETLINK reply, asked with RTEXT_FILTER_VF. Sizes are in bytes.

    `vf_entries` counts the VFs that the reply carries, in IFLA_VF_PORTS (enic) or else in
    IFLA_VFINFO_LIST (other drivers), and `vf_bytes` is what these entries take together;
    `largest_vf` is the largest of them, 0 where nobody looked. `of_ports`: they are ports.
    """

    reply_bytes: int
    vf_entries: int
    vf_bytes: int
    ports: Mapping[int, PortState] = field(default_factory=dict)
    port_self: PortState | None = None
    evidence: tuple[Evidence, ...] = ()
    largest_vf: int = 0
    of_ports: bool = True

    @property
    def associated(self) -> int:
        """How many of the VFs have a port with a profile; other drivers' VFs have none."""
        if not self.of_ports:
            return self.vf_entries
        return sum(port.profile is not None for port in self.ports.values())


@dataclass(frozen=True, slots=True)
class TooLong(Unknown):
    """The kernel's refusal: its answer did not fit into its message (EMSGSIZE)."""
