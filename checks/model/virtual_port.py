"""The virtual ports of an interface, its port group and its network, merged as libvirt merges them
(virNetDevVPortProfileMerge3, docs/sources.md)."""

from collections.abc import Iterable, Sequence

from vmfex.checks.model.domain import Interface, Network, VirtualPort

QBH = "802.1Qbh"
PROFILED = {QBH, "openvswitch"}  # the types of virtual port that have a profile

Said = tuple[str, str]  # whose virtual port, and what it names


def merged(written: Interface, network: Network | None) -> tuple[VirtualPort | None, str]:
    """The virtual port that libvirt would use, None where nothing has one, and what contradicts:
    two types or two port profiles, for which libvirt refuses to start the VM; empty if nothing.
    Where nothing names a type, or one without profiles, libvirt does not look at the profiles."""
    ports = [(whose, port) for whose, port in _sources(written, network) if port is not None]
    if not ports:
        return None, ""
    types = [(whose, port.type) for whose, port in ports if port.type]
    profiles = [(whose, port.profile) for whose, port in ports if port.profile]
    contradictions = [*_contradiction("types", types)]
    if PROFILED & {kind for _, kind in types}:
        contradictions += _contradiction("port profiles", profiles)
    # what names VM-FEX's type anywhere is held against the rules of VM-FEX
    types.sort(key=lambda said: said[1] != QBH)
    chosen = VirtualPort(
        types[0][1] if types else None,
        profiles[0][1] if profiles else None,
    )
    return chosen, "; ".join(contradictions)


def group_of(written: Interface, network: Network) -> str | None:
    """The port group that libvirt takes: the one that the interface names, or else the default. One
    that is named and not there, or by an empty name, gives nothing (virPortGroupFindByName)."""
    return network.default_portgroup if written.portgroup is None else written.portgroup


def _sources(
    written: Interface, network: Network | None
) -> Iterable[tuple[str, VirtualPort | None]]:
    yield "the interface", written.virtualport
    if network is None:
        return
    group = group_of(written, network)
    if group is not None:
        yield f"port group {group}", network.portgroups.get(group)
    yield f"network {network.name}", network.virtualport


def _contradiction(what: str, said: Sequence[Said]) -> Iterable[str]:
    if len({name for _, name in said}) > 1:
        yield f"two {what}: " + ", ".join(f"{name} in {whose}" for whose, name in said)
