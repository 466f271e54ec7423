"""VM-FEX interfaces: which of a domain's interfaces they are, and what they stand on."""

import shlex
from dataclasses import dataclass

from vmfex.checks.model.carrier import BARE_HOSTDEV as BARE_HOSTDEV
from vmfex.checks.model.carrier import HOSTDEV as HOSTDEV
from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.domain import Definition, Domain, Interface, VirtualPort
from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.link import MACVTAP as MACVTAP
from vmfex.checks.model.link import Link
from vmfex.checks.model.lower_device import LinkList
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.virtual_port import QBH as QBH
from vmfex.checks.text import one_line


@dataclass(frozen=True, slots=True)
class VmInterface:
    """A resolved interface. `way` is macvtap, hostdev, bare hostdev, or what else carries it.

    `functions` are the PCI functions that it stands on: one, or all of the pool that it is given
    one from; `absent` names the devices that this host does not have, `between` the links that
    separate it from its functions, `enslaved` those of its functions that are ports of another
    link, `takers` the host's own links that have one of its functions. A running macvtap interface
    stands on what its live link does; `elsewhere` says where that is, if it is not where the
    definition says. `live` is the link of a running interface, None where it has none.
    """

    domain: Domain
    definition: Definition
    written: Interface
    carrier: Carrier
    way: str
    mode: str | None
    virtualport: VirtualPort | None
    contradiction: str
    functions: Fact[tuple[PciFunction, ...]]
    absent: tuple[str, ...]
    between: LinkList
    enslaved: Fact[LinkList]
    takers: Fact[LinkList]
    elsewhere: str
    pooled: bool
    live: Fact[Link | None]
    evidence: tuple[Evidence, ...]

    @property
    def label(self) -> str:
        written = self.written
        names = (written.mac, written.address, written.dev, written.target)
        name = next((n for n in names if n), "")
        return f"domain {self.domain.name} ({self.definition.state}), interface {name}".rstrip(" ")

    @property
    def running(self) -> bool:
        return self.definition.state == "running"

    @property
    def live_mode(self) -> str | None:
        """The live macvtap's mode in libvirt's words; None where no such link was read."""
        link = self.live.value if isinstance(self.live, Known) else None
        return link.mode_in_words if link else None

    @property
    def modes(self) -> set[str]:
        return {mode for mode in (self.mode, self.live_mode) if mode}

    def mode_in_effect(self) -> str | None:
        """The live link's mode, or the one that is written where there is no link. Raises Missing
        for a running interface whose link could not be read."""
        if self.running:
            self.live.need()
        return self.live_mode or self.mode

    @property
    def is_private(self) -> bool:
        return self.way == MACVTAP and "private" in self.modes

    @property
    def is_emulation(self) -> bool:
        """Macvtap in any other mode: the rules of the topology say which one it has to be."""
        return self.way == MACVTAP and self.modes != {"private"}

    @property
    def is_hostdev(self) -> bool:
        return self.carrier is Carrier.DEVICE

    @property
    def names_qbh(self) -> bool:
        return self.virtualport is not None and self.virtualport.type == QBH

    def is_vmfex(self) -> bool:
        """Raises Missing where only unread PCI functions, a device that is gone, or the live link
        of a tap device can tell."""
        if self.names_qbh:
            return True
        if self.written.type == "ethernet" and self.way != MACVTAP:
            self._is_plain_tap()
        if self.way != MACVTAP and not self.is_hostdev:
            return False
        on_vic = any(function.is_vic_ethernet for function in self.functions.need())
        if self.absent and not on_vic:
            gone = f"{self.label} stands on {', '.join(self.absent)}, which this host lacks"
            edit = f"`virsh edit {shlex.quote(one_line(self.domain.name))}`"
            mend = f"{edit}: name a device that is there, or bring back {', '.join(self.absent)}."
            raise Missing(Unknown(f"{gone}: it may have been a VIC's", self.evidence, mend))
        return on_vic

    def _is_plain_tap(self) -> None:
        """Raises Missing unless the links show that a tap device is no macvtap."""
        link = self.live.need()
        if (self.running and link is None) or (link is not None and link.kind is None):
            name = self.written.target or "(not named)"
            reason = f"{self.label}: what its target device {name} is was not told"
            see = f"`ip -d link show {one_line(name)}` on the host shows it while the VM runs."
            raise Missing(Unknown(reason, self.written.evidence, see))

    def other_network(self) -> str:
        """What to do about a libvirt network that is not there."""
        return other_network(self.domain.name, self.written.network or "")

    def stands_on(self) -> str:
        """The functions (and missing devices) in words."""
        functions = self.functions.need()
        known = [f"{f.address} [{f.ids}]" for f in functions]
        return ", ".join([*known, *(f"{name}, which this host lacks" for name in self.absent)])


def other_network(domain: str, network: str) -> str:
    """What to do where a domain names a libvirt network that this host does not have."""
    edit = f"`virsh edit {shlex.quote(one_line(domain))}`"
    named = shlex.quote(one_line(network))
    return f"{edit}: name a network of `virsh net-list --all`, or define {named}."
