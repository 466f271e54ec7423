"""Macvtap topologies: MacVTap direct, and SR-IOV with MacVTap passthrough (rules MTD, EMU)."""

from collections.abc import Iterable, Mapping, Sequence

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import MACVTAP, VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules import remedy
from vmfex.checks.rules.by_name import on_a_vf
from vmfex.checks.rules.interconnect import ucs_release

Taps = Mapping[str, list[tuple[int, str]]]  # by lower device: where the dump has it, its name
# libvirt's names (src/conf/domain_conf.c, virDomainNetModel), and QEMU's for the same device, which
# libvirt hands on as they are written
VIRTIO = {
    *("virtio", "virtio-transitional", "virtio-non-transitional"),
    *("virtio-net", "virtio-net-pci", "virtio-net-device"),
    *("virtio-net-pci-transitional", "virtio-net-pci-non-transitional"),
}


def is_supported_by_release(
    subject: VmInterface | Thing,
    host: Host,
    last: tuple[int, int],
    free: Sequence[PciFunction] = (),
) -> Finding:
    """MTD-01: supported only where UCS Manager is proven to be older than `last`."""
    release = ucs_release(host.fabric)
    wanted = f"UCS Manager proven older than release {last[0]}.{last[1]}"
    if isinstance(release, Unknown):
        observed = f"MacVTap direct, and the UCS release is not known ({release.reason})"
        ask = release.remedy or "`--ucsm https://ADDRESS` asks UCS Manager for its release."
        mend = f"{ask} If that is {last[0]}.{last[1]} or later: {_off_private(subject, free)}"
        return found(subject, False, observed, wanted, *release.evidence, remedy=mend)
    observed = f"MacVTap direct on UCS release {release.value[0]}.{release.value[1]}"
    mend, evidence = _off_private(subject, free), release.evidence
    return found(subject, release.value < last, observed, wanted, *evidence, remedy=mend)


def _off_private(subject: VmInterface | Thing, free: Sequence[PciFunction]) -> str:
    """How a VM comes from MacVTap direct to SR-IOV with MacVTap passthrough, which migrates too."""
    if isinstance(subject, Thing):
        return "Plan SR-IOV with MacVTap passthrough in its place, which live-migrates too."
    if subject.mode == "passthrough":
        return (
            f"The definition says passthrough already, the link private: {remedy.restart(subject)}"
        )
    if subject.written.type == "network":
        name = remedy.virsh("net-edit", subject.written.network or "")
        return f"In {name}, write <forward mode='passthrough'>, over the VFs of a PF."
    change = (
        f"write <interface type='direct'> with {on_a_vf(free)} in the place of "
        f"{remedy.source(subject)}"
    )
    return remedy.edit(subject, change)


def ports_suffice(interfaces: Iterable[VmInterface], host: Host) -> Finding:
    """MTD-02: a VM needs a port of the VIC of its own; a static vNIC is none (VIC-05)."""
    vms = {interface.domain.name for interface in interfaces}
    functions = (f for a in host.pci.need().adapters for f in a.functions)
    ports = [f for f in functions if f.is_dynamic_vnic or f.is_vmfex_vf]
    observed = f"{len(vms)} VMs ({', '.join(sorted(vms))}), {len(ports)} ports of the VIC for VMs"
    evidence = ports[0].evidence if ports else host.pci.evidence
    wanted = "at most as many VMs as VIC ports"
    remedy = (
        f"Raise the number of dynamic vNICs to {len(vms)}, or move {len(vms) - len(ports)} of"
        f" {', '.join(sorted(vms))} to another host."
    )
    ok = len(vms) <= len(ports)
    return found(Thing("host"), ok, observed, wanted, *evidence, remedy=remedy)


def is_virtio(interface: VmInterface) -> Finding:
    """EMU-03."""
    model = interface.written.model
    observed = f"model {model}" if model else "no model named: the emulator's default, not VirtIO"
    remedy = _write_virtio(interface)
    return found(interface, model in VIRTIO, observed, "a VirtIO interface", remedy=remedy)


def _write_virtio(interface: VmInterface) -> str:
    mac, model = interface.written.mac, interface.written.model
    old = f" in place of <model type='{model}'/>" if model else ""
    which = f"<mac address='{mac}'/>" if mac else interface.written.dev
    return (
        f"{remedy.virsh('edit', interface.domain.name)}, the interface with {which}: write"
        f" <model type='virtio'/>{old}, and start the VM again."
    )


def is_virtio_on_vic(interface: VmInterface) -> Finding:
    """MTD-03."""
    model = interface.written.model
    on_vic = bool(interface.functions.need()) and all(
        f.is_vic_ethernet for f in interface.functions.need()
    )
    observed = f"model {model}, macvtap on {interface.stands_on() or 'no PCI function'}"
    wanted = "a VirtIO interface on a PCIe port of the VIC, through macvtap"
    source = (
        f"{remedy.virsh('edit', interface.domain.name)}: point <source dev> at a dynamic vNIC of "
        "the VIC."
    )
    mend = _write_virtio(interface) if model not in VIRTIO else source
    return found(interface, model in VIRTIO and on_vic, observed, wanted, remedy=mend)


def mode_is(interface: VmInterface, mode: str) -> Finding:
    """EMU-01: as written, and as the live link of a running interface has it."""
    wanted = f"macvtap mode {mode}, as written and in effect"
    observed = f"written {interface.mode}" if interface.mode else "not written"
    evidence = interface.live.evidence
    if interface.running:
        link = interface.live.need()
        observed += f", live {interface.live_mode}" if link else ", no live link"
        evidence = link.evidence if link else evidence
    ok = interface.modes == {mode}
    return found(interface, ok, observed, wanted, *evidence, remedy=_into_mode(interface, mode))


def _into_mode(interface: VmInterface, mode: str) -> str:
    written = interface.written
    if interface.mode == mode:
        return f"The definition says {mode} already, the link does not: {remedy.restart(interface)}"
    if written.type == "network":
        name = remedy.virsh("net-edit", written.network or "")
        return f"In {name}, write <forward mode='{mode}'> in the place of the mode that is there."
    if written.type == "ethernet":
        made = remedy.element("source", dev=_lower(interface), mode=mode)
        change = f"let libvirt make the link: an interface of type 'direct' with {made}"
        return remedy.edit(interface, change)
    now = remedy.element("source", dev=written.dev, mode=written.mode)
    then = remedy.element("source", dev=written.dev, mode=mode)
    return remedy.edit(interface, f"write {then} in the place of {now}")


def _lower(interface: VmInterface) -> str:
    link = interface.live.value if isinstance(interface.live, Known) else None
    return (link.lower if link else None) or "VF"


def has_driver(host: Host) -> Finding:
    """EMU-04, the host's part."""
    state = host.macvtap_driver.need()
    observed = f"macvtap is {state}" if state else "no macvtap driver"
    evidence = host.macvtap_driver.evidence
    wanted = "the macvtap driver"
    mend = "Run `modprobe macvtap` as root; if there is no such module, install the kernel's own."
    return found(Thing("kernel"), state is not None, observed, wanted, *evidence, remedy=mend)


def has_live_link(interface: VmInterface) -> Finding:
    """EMU-04, each running interface's part: the link is there, and on the device as written."""
    link = interface.live.need()
    observed = interface.elsewhere or (
        f"link {link.name} of kind {link.kind}" if link else "no link"
    )
    name = interface.written.target or "its target device"
    evidence = link.evidence if link else interface.live.evidence
    ok = link is not None and link.kind == MACVTAP and not interface.elsewhere
    mend = f"libvirt makes the link when the VM starts: {remedy.restart(interface)}"
    wanted = f"a macvtap link {name}, on the device that is written"
    return found(interface, ok, observed, wanted, *evidence, remedy=mend)


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
