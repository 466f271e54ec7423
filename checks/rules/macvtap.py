"""Macvtap topologies: MacVTap direct, and SR-IOV with MacVTap passthrough (rules MTD, EMU)."""

from collections.abc import Iterable, Mapping

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.link import Link
from vmfex.checks.model.vm_interface import MACVTAP, VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.interconnect import ucs_release

Taps = Mapping[str, list[tuple[int, str]]]  # by lower device: where the dump has it, its name
VIRTIO = {"virtio", "virtio-transitional", "virtio-non-transitional"}


def is_supported_by_release(
    subject: VmInterface | Thing, host: Host, last: tuple[int, int]
) -> Finding:
    """MTD-01: supported only where UCS Manager is proven to be older than `last`."""
    release = ucs_release(host.fabric)
    wanted = f"UCS Manager proven older than release {last[0]}.{last[1]}"
    if isinstance(release, Unknown):
        observed = f"MacVTap direct, and the UCS release is not known ({release.reason})"
        return found(subject, False, observed, wanted, *release.evidence)
    observed = f"MacVTap direct on UCS release {release.value[0]}.{release.value[1]}"
    return found(subject, release.value < last, observed, wanted, *release.evidence)


def ports_suffice(interfaces: Iterable[VmInterface], host: Host) -> Finding:
    """MTD-02: a VM needs a port of the VIC of its own; a static vNIC is none (VIC-05)."""
    vms = {interface.domain.name for interface in interfaces}
    ports = [f for a in host.pci.need().adapters for f in a.functions if not f.is_static_vnic]
    observed = f"{len(vms)} VMs ({', '.join(sorted(vms))}), {len(ports)} ports of the VIC for VMs"
    evidence = ports[0].evidence if ports else host.pci.evidence
    wanted = "at most as many VMs as VIC ports"
    return found(Thing("host"), len(vms) <= len(ports), observed, wanted, *evidence)


def is_virtio(interface: VmInterface) -> Finding:
    """EMU-03."""
    model = interface.written.model
    observed = f"model {model}" if model else "no model named: the emulator's default, not VirtIO"
    return found(interface, model in VIRTIO, observed, "a VirtIO interface")


def is_virtio_on_vic(interface: VmInterface) -> Finding:
    """MTD-03."""
    model = interface.written.model
    on_vic = bool(interface.functions.need()) and all(
        f.is_vic_ethernet for f in interface.functions.need()
    )
    observed = f"model {model}, macvtap on {interface.stands_on() or 'no PCI function'}"
    wanted = "a VirtIO interface on a PCIe port of the VIC, through macvtap"
    return found(interface, model in VIRTIO and on_vic, observed, wanted)


def mode_is(interface: VmInterface, mode: str) -> Finding:
    """EMU-01: as written, and as the live link of a running interface has it."""
    wanted = f"macvtap mode {mode}, as written and in effect"
    observed = f"written {interface.mode}"
    evidence = interface.live.evidence
    if interface.running:
        link = interface.live.need()
        observed += f", live {interface.live_mode}" if link else ", no live link"
        evidence = link.evidence if link else evidence
    return found(interface, interface.modes == {mode}, observed, wanted, *evidence)


def stands_on_own_vf(interface: VmInterface, of_vm: Iterable[VmInterface]) -> Finding:
    """EMU-02: the lower device is a VF of a VIC, and no other interface of the VM has it."""
    functions = interface.functions.need()
    wanted = "a VF of an SR-IOV-capable VIC, for this interface alone"
    on_vf = bool(functions) and all(f.is_vic_ethernet and f.is_vf for f in functions)
    siblings = [
        o
        for o in of_vm
        if o is not interface and o.definition.state == interface.definition.state and not o.pooled
    ]
    shared = [s for s in siblings if not interface.pooled and _share(s, interface)]
    observed = interface.stands_on() or "no PCI function"
    if shared:
        observed += f", which {shared[0].label} stands on too"
    return found(interface, on_vf and not interface.absent and not shared, observed, wanted)


def _share(one: VmInterface, other: VmInterface) -> bool:
    return not {f.address for f in one.functions.need()}.isdisjoint(
        f.address for f in other.functions.need()
    )


def has_driver(host: Host) -> Finding:
    """EMU-04, the host's part."""
    state = host.macvtap_driver.need()
    observed = f"macvtap is {state}" if state else "no macvtap driver"
    evidence = host.macvtap_driver.evidence
    return found(Thing("kernel"), state is not None, observed, "the macvtap driver", *evidence)


def has_live_link(interface: VmInterface) -> Finding:
    """EMU-04, each running interface's part."""
    link = interface.live.need()
    observed = f"link {link.name} of kind {link.kind}" if link else "no link"
    name = interface.written.target or "its target device"
    evidence = link.evidence if link else interface.live.evidence
    ok = link is not None and link.kind == MACVTAP
    return found(interface, ok, observed, f"a macvtap link {name}", *evidence)


def macvtaps(links: Fact[Mapping[str, Link]]) -> Fact[Taps]:
    """The live macvtap links on each network device."""
    if isinstance(links, Unknown):
        return links
    taps: dict[str, list[tuple[int, str]]] = {}
    for place, link in enumerate(links.value.values()):
        if link.kind == MACVTAP and link.lower:
            taps.setdefault(link.lower, []).append((place, link.name))
    return Known(taps, links.evidence)


def macvtaps_on(interface: VmInterface, taps: Fact[Taps]) -> list[str]:
    """The names of live macvtap links on the function of an interface. Raises Missing."""
    names = {name for f in interface.functions.need() for name in f.netdevs}
    return [tap for _, tap in sorted(t for name in names for t in taps.need().get(name, ()))]
