"""How an interface is attached: as the XML writes it and, while it runs, as it is in effect.

Through libvirt's networks it comes to a way of attachment, and through the PCI tree to the
functions that it uses or may be given. The live macvtap link counts over what is written.
"""

from dataclasses import dataclass, replace

from vmfex.checks.model.carrier import HOSTDEV, Carrier, Way, way_of
from vmfex.checks.model.domain import Definition, Domain, Interface, Network, Networks
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.given_by import kept
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.link import MACVTAP, Link
from vmfex.checks.model.live_link import LiveLinks
from vmfex.checks.model.lower_device import Below, Links, LowerDevices, Sources
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.model.virtual_port import merged
from vmfex.checks.model.vm_interface import VmInterface, other_network
from vmfex.checks.text import one_line

EITHER = ("ethernet", "network")  # types that may come to a macvtap link or to another


@dataclass(frozen=True)
class Attachments:
    """What the interfaces of a host can be attached to."""

    networks: Fact[Networks]
    pci: Fact[PciTree]
    links: Fact[Links]

    @lazy
    def devices(self) -> LowerDevices:
        return LowerDevices(self.pci, self.links)

    @lazy
    def live(self) -> LiveLinks:
        return LiveLinks(self.links)

    def resolve(
        self, domain: Domain, definition: Definition, written: Interface
    ) -> Fact[VmInterface]:
        """The interface as what it stands for; unknown where its network could not be read."""
        written = self._with_network(domain, definition, written)
        try:
            network = _network(written, self.networks)
        except Missing as missing:
            unread = missing.unknown
            mend = unread.remedy or other_network(domain.name, written.network or "")
            return Unknown(f"domain {domain.name}: {unread.reason}", written.evidence, mend)
        live = self.live.of(written, definition.state == "running")
        tap = _macvtap(live)
        carrier, way, mode = _in_effect(written, way_of(written, network), tap)
        sources = _sources(written, network)
        below, elsewhere = self.devices.below(sources), ""
        if tap is not None and carrier is Carrier.MACVTAP:
            said, below = below, self.below_link(tap)
            elsewhere = _elsewhere(tap, sources, said, below)
        port, contradiction = merged(written, network)
        pooled = network is not None and not (written.dev or written.address)
        return Known(
            VmInterface(
                domain=domain,
                definition=definition,
                written=written,
                carrier=carrier,
                way=way,
                mode=mode,
                virtualport=port,
                contradiction=contradiction,
                functions=below.functions,
                absent=below.absent,
                between=below.between,
                enslaved=below.enslaved,
                takers=below.takers,
                elsewhere=elsewhere,
                pooled=pooled and (tap is None or carrier is not Carrier.MACVTAP),
                live=live,
                evidence=(
                    *written.evidence,
                    *(network.evidence if network else ()),
                    *(tap.evidence if tap else ()),
                    *below.evidence,
                ),
            )
        )

    def _with_network(
        self, domain: Domain, definition: Definition, written: Interface
    ) -> Interface:
        """A running hostdev interface with the network that gave it its device, if one did."""
        if written.type != HOSTDEV or isinstance(self.networks, Unknown):
            return written
        of_network = kept(domain, definition, written)
        network = self.networks.value.get(of_network.network or "") if of_network else None
        if not isinstance(network, Known) or network.value.forward != HOSTDEV:
            return written
        given, _ = self.handed_out_by(network.value)
        if isinstance(given, Unknown) or all(f.address != written.address for f in given.value):
            return written
        return replace(written, network=network.value.name)

    def below_link(self, tap: Link) -> Below:
        """What a live macvtap stands on."""
        if tap.lower is None:
            reason = f"what {tap.name} stands on is not among the links that Netlink lists"
            see = f"`ip -d link show {one_line(tap.name)}` on the host shows it (after the @)."
            return Below(Unknown(reason, tap.evidence, see))
        return self.devices.below(Sources((tap.lower,)))

    def handed_out_by(
        self, network: Network
    ) -> tuple[Fact[tuple[PciFunction, ...]], tuple[str, ...]]:
        """The functions that a network hands out, and the devices of its list that are absent."""
        below = self.devices.below(Sources(network.devs, network.addresses, network.pfs))
        return below.functions, below.absent


def _network(written: Interface, networks: Fact[Networks]) -> Network | None:
    """The network that an interface is connected to. A running one whose device libvirt has chosen
    is written as what it became, with the virtual port that it started with."""
    if written.network is None or written.type != "network":
        return None
    known = networks.need()
    if written.network not in known:
        for unread in (network for network in known.values() if isinstance(network, Unknown)):
            name = f"libvirt network {written.network!r}"
            reason = f"{name} is not among those that can be read: {unread.reason}"
            raise Missing(Unknown(reason, unread.evidence, unread.remedy))
        raise Missing(Unknown(f"libvirt network {written.network!r} is not defined on this host"))
    return known[written.network].need()


def _macvtap(live: Fact[Link | None]) -> Link | None:
    link = live.value if isinstance(live, Known) else None
    return link if link is not None and link.kind == MACVTAP else None


def _in_effect(written: Interface, said: Way, tap: Link | None) -> Way:
    """An interface on a tap device made by another, or on a network that may have changed since,
    is what its live link is."""
    carrier, way, mode = said
    if tap is not None and carrier is not Carrier.MACVTAP and written.type in EITHER:
        return Carrier.MACVTAP, MACVTAP, None
    return carrier, way, mode


def _sources(written: Interface, network: Network | None) -> Sources:
    if written.dev or written.address or network is None:
        return Sources(
            (written.dev,) if written.dev else (),
            (written.address,) if written.address else (),
        )
    return Sources(network.devs, network.addresses, network.pfs)


def _elsewhere(tap: Link, sources: Sources, said: Below, below: Below) -> str:
    """Where a live macvtap stands, if it is not where the definition says; empty if it is."""
    named = [*sources.devs, *sources.addresses, *sources.pfs]
    if not named or tap.lower is None or tap.lower in sources.devs:
        return ""
    if not sources.devs:
        if isinstance(said.functions, Unknown) or isinstance(below.functions, Unknown):
            return ""
        meant = {function.address for function in said.functions.value}
        if below.functions.value and all(f.address in meant for f in below.functions.value):
            return ""
    return f"{tap.name} stands on {tap.lower}, not on {' or '.join(named)} as written"
