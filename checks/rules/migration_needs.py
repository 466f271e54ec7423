"""What a VM names that has to be where it moves to: networks, port groups, devices."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vmfex.checks.model.fact import Fact, Missing, Unknown
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.rules.free_functions import Offer, Room
from vmfex.checks.text import shown


@dataclass(frozen=True, slots=True)
class Need:
    """An interface's network with its port group and port profile, or the device that it names.
    `own` is the profile that the interface itself names, whatever the network says."""

    network: str | None = None
    group: str = ""
    profile: str | None = None
    own: str | None = None
    device: str | None = None
    mode: str | None = None


def needs_of(interfaces: Iterable[VmInterface]) -> tuple[Need, ...]:
    """One for each interface of the definition that has the most of its kind."""
    per_state: dict[str, Counter[Need]] = {}
    for i in interfaces:
        per_state.setdefault(i.definition.state, Counter())[_need(i)] += 1
    most: Counter[Need] = Counter()
    for counted in per_state.values():
        most |= counted
    return tuple(most.elements())


def _need(interface: VmInterface) -> Need:
    written = interface.written
    profile = interface.virtualport.profile if interface.virtualport else None
    if written.network is not None:
        own = (
            written.virtualport.profile
            if written.virtualport and written.type == "network"
            else None
        )
        group = written.portgroup or ""
        return Need(written.network, group, profile, own, mode=interface.mode)
    return Need(device=written.dev)


def lacking(needs: Iterable[Need], room: Room) -> list[str]:
    """What the destination lacks of it. Raises Missing where that is not known."""
    needs = list(needs)
    against: list[str] = []
    unknown: list[Unknown] = []
    by_network = Counter(need.network for need in needs if need.network is not None)
    for need in dict.fromkeys(needs):
        if need.device is not None and need.device not in room.devices:
            device = shown(need.device)[1:-1]
            against.append(f"the destination has no free function {device}, which the VM names")
        if need.network is None:
            continue
        try:
            offer = _offer(need.network, room.networks)
        except Missing as missing:
            unknown.append(missing.unknown)
            continue
        against += _against(need, offer, by_network[need.network])
        if offer is not None and offer.active is None:
            name = shown(need.network)[1:-1]
            untold = f"whether the destination's libvirt network {name} is active is not known"
            unknown.append(Unknown(untold))
        if offer is not None and offer.free.kept < by_network[need.network]:
            name = shown(need.network)[1:-1]
            reason = f"{offer.free.now} functions of {name} are free while other VMs are shut off"
            unknown.append(Unknown(reason))
    if not against and unknown:
        raise Missing(unknown[0])
    return list(dict.fromkeys(against))


def _offer(name: str, networks: Fact[Mapping[str, Fact[Offer]]]) -> Offer | None:
    """Raises Missing."""
    known = networks.need()
    return known[name].need() if name in known else None


def _against(need: Need, offer: Offer | None, count: int) -> list[str]:
    name = shown(need.network or "")[1:-1]
    if offer is None:
        return [f"the destination has no libvirt network {name}"]
    found = []
    if offer.active is False:
        found.append(f"the destination's libvirt network {name} is not active")
    if need.mode is not None and offer.mode != need.mode:
        found.append(f"the destination's libvirt network {name} is of mode {offer.mode}")
    if need.group and need.group not in offer.groups:
        group = shown(need.group)[1:-1]
        return [*found, f"the destination's libvirt network {name} has no port group {group}"]
    there = need.own or offer.profiles.get(need.group)
    if need.profile != there:
        profile = shown(there)[1:-1] if there else "no port profile"
        mine = shown(need.profile)[1:-1] if need.profile else "none"
        found.append(f"the destination's libvirt network {name} names {profile}, not {mine}")
    if offer.free.now < count:
        free = max(offer.free.now, 0)
        few = f"the destination's libvirt network {name} has {free} free functions"
        found.append(f"{few}, and the VM needs {count}")
    return found
