"""What libvirt refuses to start (rule TOP-05)."""

from collections.abc import Callable, Iterable, Mapping

from vmfex.checks.model.domain import Network
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.virtual_port import group_of
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.by_name import virsh
from vmfex.checks.rules.start_options import Refusals, refused_options
from vmfex.checks.text import shown

Words = Mapping[str, str]  # by what is written: libvirt's own words when it refuses that

# RHEL 7.2's libvirt, of whose time the oldest known refusal is (docs/sources.md, 4)
FILTERREF_SINCE = 1_002_017
VFIO_SINCE = (3, 6)  # the first kernel with VFIO: before it, KVM itself assigned devices
# The first kernel without KVM's own device assignment, and the first libvirt without support for it
# (libvirt's NEWS, 5.7.0)
KVM_UNTIL, LIBVIRT_KVM_UNTIL = (4, 12), 5_007_000
HANDED_OVER = (None, "vfio-pci", "pci-stub")


def is_started(interface: VmInterface, host: Host, words: Words) -> Finding:
    """TOP-05, for all that is written of one interface. Raises Missing."""
    network = _network(interface, host.networks)
    parts = (
        lambda: Known(_filter(interface, host)),
        lambda: Known(_vlan(interface, network)),
        lambda: Known(_driver(interface, network, host)),
        lambda: Known(_managed(interface, network)),
        lambda: refused_options(interface, network, host, _where(interface)),
    )
    refused, gaps = _known(parts)
    if gaps and not refused:
        raise Missing(gaps[0])
    observed = "; ".join(f"{what}: {words[key]!r}" for key, what, _ in refused)
    remedy = " ".join(dict.fromkeys(remedy for _, _, remedy in refused))
    wanted = "an interface that libvirt starts as it is written"
    return found(
        interface, not refused, observed or "nothing that it refuses", wanted, remedy=remedy
    )


def _known(parts: Iterable[Callable[[], Fact[Refusals]]]) -> tuple[Refusals, list[Unknown]]:
    """What is refused, and why more may be: what is not known hides nothing that is."""
    refused: Refusals = []
    gaps: list[Unknown] = []
    for part in parts:
        try:
            refused += part().need()
        except Missing as missing:
            gaps.append(missing.unknown)
    return refused, gaps


def _network(interface: VmInterface, networks: Fact[Mapping[str, Fact[Network]]]) -> Network | None:
    """The network whose settings count too: a started definition has them itself."""
    name = interface.written.network
    if interface.written.type != "network" or name is None:
        return None
    known = networks.need().get(name)
    if known is None:
        reason = f"libvirt network {shown(name)} is not defined on this host"
        raise Missing(Unknown(reason, interface.evidence, interface.other_network()))
    return known.need()


def _where(interface: VmInterface) -> str:
    mac = interface.written.mac
    which = f"the interface with <mac address='{mac}'/>" if mac else "the device"
    return f"{virsh('edit', interface.domain.name)}, {which}:"


def _edits(network: Network) -> str:
    return virsh("net-edit", network.name)


def _filter(interface: VmInterface, host: Host) -> Refusals:
    name = interface.written.filterref
    if name is None:
        return []
    version = host.libvirt.need().version
    if version is None or version < FILTERREF_SINCE:
        reason = "whether this libvirt refuses <filterref> there is not known"
        out = f"{_where(interface)} take out <filterref> and what is in it: it has no effect there."
        raise Missing(Unknown(reason, (*interface.evidence, *host.libvirt.evidence), out))
    what = f"<filterref filter={shown(name)}> on {interface.way}"
    return [("filterref", what, f"{_where(interface)} take out <filterref> and what is in it.")]


def _vlan(interface: VmInterface, network: Network | None) -> Refusals:
    if not interface.names_qbh:
        return []
    if interface.written.vlan:
        remedy = f"{_where(interface)} take out <vlan>; the port profile says which VLAN it is."
        return [("vlan", "<vlan> beside 802.1Qbh", remedy)]
    if network is None:
        return []
    group = group_of(interface.written, network)
    if group in network.vlan_portgroups or network.vlan:
        where = f"port group {group}" if group in network.vlan_portgroups else "the network itself"
        remedy = f"{_edits(network)}: take <vlan> out of {where}, then start it anew."
        return [("vlan", f"<vlan> in {where} beside 802.1Qbh", remedy)]
    return []


def _driver(interface: VmInterface, network: Network | None, host: Host) -> Refusals:
    driver = interface.written.driver or (network.driver if network else None)
    if not interface.is_hostdev or driver != "kvm" or _kvm_assigns(host, interface).need():
        return []
    own = interface.written.driver is not None
    where = f"{_edits(network)}:" if network and not own else _where(interface)
    remedy = f"{where} write <driver name='vfio'/> in place of <driver name='kvm'/>."
    return [("driver kvm", "<driver name='kvm'/>", remedy)]


def _kvm_assigns(host: Host, interface: VmInterface) -> Fact[bool]:
    """Whether KVM's own device assignment is there; what lies between is not known."""
    kernel = host.kernel.need()
    if kernel.version < VFIO_SINCE:
        return Known(True)
    libvirt = host.libvirt.value.version if isinstance(host.libvirt, Known) else None
    if libvirt is not None and libvirt >= LIBVIRT_KVM_UNTIL:
        return Known(False)
    release = host.release
    modern = (
        isinstance(release, Known) and release.value.is_rhel and release.value.version >= (7, 0)
    )
    if kernel.version >= KVM_UNTIL or modern:
        return Known(False)
    reason = f"whether kernel {kernel.release} still has KVM's own device assignment is not known"
    vfio = f"{_where(interface)} <driver name='vfio'/> is right for every kernel since 3.6."
    return Unknown(reason, host.kernel.evidence, vfio)


def _managed(interface: VmInterface, network: Network | None) -> Refusals:
    managed = network.managed if network else interface.written.managed
    if not interface.is_hostdev or managed:
        return []
    held = [f for f in interface.functions.need() if is_held(f)]
    if not held:
        return []
    by = ", ".join(f"{f.address} by {f.driver or 'a driver'}" for f in held)
    element = "<forward mode='hostdev' managed='yes'>"
    if network:
        remedy = f"{_edits(network)}: write {element}."
    else:
        remedy = f"{_where(interface)} write managed='yes' in the element that begins it."
    return [("managed no", f"managed='no', and the host holds {by}", remedy)]


def is_held(function: PciFunction) -> bool:
    """Whether a driver of the host has it; one with a network device has a driver."""
    return function.driver not in HANDED_OVER or (not function.driver and bool(function.netdevs))
