"""How many more VM interfaces a host can serve on each topology, and which limit binds.

Every VM on the host counts as if it ran, also one that the plan leaves out. Its PCI slots bind a VM
alone (slots.py): another VM has its own. So do its assigned devices, which TOP-08 judges.
"""

from collections.abc import Iterator

from vmfex.checks.inventory.parts import Capacity, Limit
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.pci import Adapter, PciFunction, PciTree
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.scope import Scope
from vmfex.checks.rules.free_functions import Room, room_of
from vmfex.checks.rules.netlink_limit import Measurement, measure
from vmfex.checks.rules.profile_use import Demand

MOST_VNICS = 116  # of an adapter, as in VIC-03
PORTS = "ports of the profiles"
ALWAYS_CARRIED = 22  # VFs of a PF, as in SRV-03


def capacity_of(scope: Scope) -> tuple[Capacity, ...]:
    """A capacity for each topology of the guide."""
    tree, room = scope.host.pci, room_of(scope)
    if isinstance(tree, Unknown) or isinstance(room, Unknown):
        gap = tree if isinstance(tree, Unknown) else room
        limits = (Limit("functions", gap.reason if isinstance(gap, Unknown) else ""),)
        return tuple(Capacity(t, "functions", False, limits) for t in Topology)
    ports = tuple(_ports(scope))
    return tuple(
        _least(topology, [*_limits(topology, tree.value, room.value, scope), *ports], room.value)
        for topology in Topology
    )


def _least(topology: Topology, limits: list[Limit], room: Room) -> Capacity:
    known = [limit for limit in limits if limit.room is not None]
    least = min(known, key=lambda limit: limit.room or 0)
    sure = room.sure and len(known) == len(limits)
    return Capacity(topology, least.name, sure, tuple(limits), least.room)


def _limits(topology: Topology, tree: PciTree, room: Room, scope: Scope) -> Iterator[Limit]:
    direct = topology is Topology.PRIVATE
    free = room.by_topology[topology].kept
    name = "dynamic vNICs" if direct else "VFs"
    functions = [f for a in tree.adapters for f in a.functions if _serves(f, direct)]
    used = len(functions) - free
    yield Limit(name, f"{len(functions)} there, {used} taken", max(free, 0))
    yield _vnics(tree.adapters, used)
    if not direct:
        yield _netlink(tree, used, scope)


def _serves(function: PciFunction, direct: bool) -> bool:
    return function.is_dynamic_vnic if direct else function.is_vmfex_vf


def _vnics(adapters: tuple[Adapter, ...], used: int) -> Limit:
    static = sum(not (f.is_vf or f.is_dynamic_vnic) for a in adapters for f in a.functions)
    room = max(MOST_VNICS * len(adapters) - static - used, 0)
    how = f"{MOST_VNICS} on each VIC, less {static} static vNICs and {used} for VMs"
    return Limit("vNICs of the adapters", how, room)


def _netlink(tree: PciTree, used: int, scope: Scope) -> Limit:
    name, carried, said = "Netlink", 0, []
    for pf in (f for a in tree.adapters for f in a.functions if f.virtfns):
        limit = _carried(pf, scope)
        if isinstance(limit, Unknown):
            return Limit(name, f"{pf.address}: {limit.reason}")
        carried += min(limit.value, len(pf.virtfns))
        said.append(f"{pf.address} carries {min(limit.value, len(pf.virtfns))} VFs")
    return Limit(name, ", ".join(said) or "no PF has VFs", max(carried - used, 0))


def _carried(pf: PciFunction, scope: Scope) -> Fact[int]:
    measured = measure(pf, scope.host)
    if isinstance(measured, Measurement):
        return Known(measured.limit)
    return measured if len(pf.virtfns) > ALWAYS_CARRIED else Known(len(pf.virtfns))


def _ports(scope: Scope) -> Iterator[Limit]:
    """What is left of the port profiles that interfaces of the host name; none where none does."""
    told, demand = scope.host.fabric.objects("vnicProfile"), Demand(scope)
    ports_of = (i.virtualport for i in scope.interfaces.items)
    names = list(dict.fromkeys(port.profile for port in ports_of if port and port.profile))
    if not names:
        return
    if isinstance(told, Unknown):
        yield Limit(PORTS, told.reason)
        return
    left = 0
    for name in names:
        said = [o.get("maxPorts", "") for o in told.value if o.get("name") == name]
        elsewhere = demand.elsewhere(name)
        if len(said) != 1 or not said[0].isdecimal() or isinstance(elsewhere, Unknown):
            yield Limit(PORTS, f"maxPorts of {name} is not known")
            return
        left += max(int(said[0]) - demand.here(name) - elsewhere.value, 0)
    yield Limit(PORTS, f"maxPorts of {', '.join(names)}, less those in use", left)
