"""What switches a VM's traffic in the hypervisor (rule TOP-01)."""

from collections.abc import Sequence
from typing import NoReturn

from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Known, Missing, Unknown
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.qemu_arguments import network_arguments
from vmfex.checks.model.unaccounted import of_arguments
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found, undetermined
from vmfex.checks.rules import remedy
from vmfex.checks.rules.by_name import on_a_vf

# kinds of links that switch between their ports, and the kind of Open vSwitch's own devices
SWITCHES = {"bridge": "Linux bridge", "openvswitch": "Open vSwitch", "macvlan": "macvlan"}
WANTED = (
    "no Linux bridge, Open vSwitch, or routed, NAT or isolated libvirt network, and no macvtap in "
    "mode bridge"
)


def bypasses_the_host(interface: VmInterface, free: Sequence[PciFunction] = ()) -> Finding:
    """TOP-01."""
    switch = switch_of(interface, free)
    if switch:
        return found(interface, False, f"on {switch}", WANTED, remedy=_remedy(interface, free))
    observed = f"{interface.way} interface"
    if interface.carrier is Carrier.NOTHING:
        observed = "attached to nothing"
    return found(interface, True, observed, WANTED)


def qemu_arguments_show(domain: Domain) -> list[Finding]:
    """TOP-01, for what only QEMU knows of: nobody can tell what switches it."""
    return [
        undetermined(f"{domain.label} ({definition.state})", of_arguments(domain, definition))
        for definition in domain.definitions
        if network_arguments(definition)
    ]


def switch_of(interface: VmInterface, free: Sequence[PciFunction] = ()) -> str:
    """The software switch that carries an interface, in words; empty if none does. Raises Missing
    where that cannot be told."""
    link = interface.live.value if isinstance(interface.live, Known) else None
    if link is not None and link.kind == "tun" and interface.carrier is not Carrier.SWITCH:
        return _of_tap(link, interface, free)
    match interface.carrier:
        case Carrier.MACVTAP:
            return _of_macvtap(interface)
        case Carrier.SWITCH:
            return interface.way
        case Carrier.UNTOLD:
            _give_up(interface, free)
        case Carrier.DEVICE | Carrier.NOTHING:
            return ""


def _of_macvtap(interface: VmInterface) -> str:
    """The kernel switches between macvtaps of one device in mode bridge; and a device that is a
    bridge's switches by itself."""
    if interface.mode_in_effect() == "bridge":
        return "macvtap in mode bridge, which the kernel switches"
    for link in interface.between:
        if link.kind in SWITCHES and (link.kind != "macvlan" or link.mode == "bridge"):
            return f"{SWITCHES[link.kind]} {link.name}, by macvtap"
    return ""


def _of_tap(link: Link, interface: VmInterface, free: Sequence[PciFunction]) -> str:
    """A tap device that something plugs in: only its live link tells where."""
    if link.master:
        return f"{link.name}, which is in bridge {link.master}"
    reason = f"{link.name} is in no bridge, and nobody can tell what its traffic takes"
    raise Missing(Unknown(reason, link.evidence, of_untold(interface, free)))


def _give_up(interface: VmInterface, free: Sequence[PciFunction]) -> NoReturn:
    if interface.written.type == "ethernet":
        interface.live.need()
        reason = "an interface of type 'ethernet' shows what it is plugged into only while it runs"
    else:
        reason = f"nobody can tell what switches {interface.way}"
    raise Missing(Unknown(reason, (), of_untold(interface, free)))


def of_untold(interface: VmInterface, free: Sequence[PciFunction] = ()) -> str:
    """For an interface of which nobody can tell what it is on."""
    change = (
        f"write <interface type='direct'> with {on_a_vf(free)} and an 802.1Qbh virtual port, or "
        "take the interface out"
    )
    return remedy.edit(interface, change)


def _remedy(interface: VmInterface, free: Sequence[PciFunction]) -> str:
    if interface.mode == "passthrough" and interface.live_mode == "bridge":
        return f"The definition says passthrough, the link bridge: {remedy.restart(interface)}"
    name = interface.domain.name
    change = (
        f"put {on_a_vf(free)} of an interface of type 'direct' and an "
        f"802.1Qbh virtual port in the place of {remedy.source(interface)}"
    )
    return (
        f"{remedy.edit(interface, change)} Or take the VM off VM-FEX, and name {name} "
        "in the plan's out_of_scope."
    )
