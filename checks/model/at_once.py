"""How many interfaces can be in use at once: a domain runs one of its definitions, never both."""

from collections.abc import Callable, Iterable, Mapping
from itertools import product

from vmfex.checks.model.plan import Topology
from vmfex.checks.model.vm_interface import VmInterface


def most_at_once(interfaces: Iterable[VmInterface]) -> int:
    """Interfaces that can be in use together: of each domain, those of its larger definition."""
    per_state: dict[tuple[str, str], int] = {}
    for interface in interfaces:
        key = (interface.domain.uuid, interface.definition.state)
        per_state[key] = per_state.get(key, 0) + 1
    most: dict[str, int] = {}
    for (uuid, _), count in per_state.items():
        most[uuid] = max(most.get(uuid, 0), count)
    return sum(most.values())


def most_needed(
    interfaces: Iterable[VmInterface],
    topology_of: Callable[[VmInterface], Topology],
    planned: Mapping[Topology, int],
) -> int:
    """Interfaces on the planned topologies that can be in use together, where each topology serves
    as many as the plan says, or as there are, whichever is more.

    A domain that starts on another topology next time needs one of the two. So the sum is the
    largest over every choice of the topologies that are counted, where the plan's number stands
    for the others.
    """
    sorted_out: dict[Topology, list[VmInterface]] = {topology: [] for topology in planned}
    for interface in interfaces:
        if (topology := topology_of(interface)) in sorted_out:
            sorted_out[topology].append(interface)
    sums = []
    for choice in product((True, False), repeat=len(planned)):
        counted = [t for t, chosen in zip(planned, choice, strict=True) if chosen]
        there = most_at_once(i for topology in counted for i in sorted_out[topology])
        sums.append(there + sum(n for t, n in planned.items() if t not in counted))
    return max(sums)
