"""VM-FEX interfaces: which of a domain's interfaces they are, and what they stand on."""

from dataclasses import dataclass

from vmfex.checks.model.domain import Definition, Domain, Interface, VirtualPort
from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction

QBH = "802.1Qbh"
MACVTAP, HOSTDEV, BARE_HOSTDEV = "macvtap", "hostdev", "bare hostdev"
LIVE_MODES = {"passthru": "passthrough"}  # Netlink's word: libvirt's word


@dataclass(frozen=True, slots=True)
class VmInterface:
    """A resolved interface. `way` is macvtap, hostdev, bare hostdev, or what else carries it.

    `functions` are the PCI functions that it stands on: one, or all of the pool that it is given
    one from; `absent` names the devices that this host does not have. `live` is the link
    of a running interface, None where it has none.
    """

    domain: Domain
    definition: Definition
    written: Interface
    way: str
    mode: str | None
    virtualport: VirtualPort | None
    functions: Fact[tuple[PciFunction, ...]]
    absent: tuple[str, ...]
    pooled: bool
    live: Fact[Link | None]
    evidence: tuple[Evidence, ...]

    @property
    def label(self) -> str:
        names = (self.written.mac, self.written.address, self.written.dev)
        name = next((n for n in names if n), "")
        return f"domain {self.domain.name} ({self.definition.state}), interface {name}".rstrip(" ")

    @property
    def running(self) -> bool:
        return self.definition.state == "running"

    @property
    def live_mode(self) -> str | None:
        """The live macvtap's mode in libvirt's words; None where no such link was read."""
        link = self.live.value if isinstance(self.live, Known) else None
        return LIVE_MODES.get(link.mode, link.mode) if link and link.mode else None

    @property
    def modes(self) -> set[str]:
        return {mode for mode in (self.mode, self.live_mode) if mode}

    @property
    def is_private(self) -> bool:
        return self.way == MACVTAP and "private" in self.modes

    @property
    def is_emulation(self) -> bool:
        """Macvtap in any other mode: the rules of the topology say which one it has to be."""
        return self.way == MACVTAP and self.modes != {"private"}

    @property
    def is_hostdev(self) -> bool:
        return self.way in (HOSTDEV, BARE_HOSTDEV)

    @property
    def names_qbh(self) -> bool:
        return self.virtualport is not None and self.virtualport.type == QBH

    def is_vmfex(self) -> bool:
        """Raises Missing where only unread PCI functions, or a device that is gone, can tell."""
        if self.names_qbh:
            return True
        if self.way != MACVTAP and not self.is_hostdev:
            return False
        on_vic = any(function.is_vic_ethernet for function in self.functions.need())
        if self.absent and not on_vic:
            gone = f"{self.label} stands on {', '.join(self.absent)}, which this host lacks"
            raise Missing(Unknown(f"{gone}: it may have been a VIC's", self.evidence))
        return on_vic

    def stands_on(self) -> str:
        """The functions (and missing devices) in words."""
        functions = self.functions.need()
        known = [f"{f.address} [{f.ids}]" for f in functions]
        return ", ".join([*known, *(f"{name}, which this host lacks" for name in self.absent)])
