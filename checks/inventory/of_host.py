"""What a host has, taken from its facts: the part of the record that pages are drawn from."""

from collections.abc import Iterable, Iterator

from vmfex.checks.inventory.of_fabric import interconnects_of, profiles_of, veth_numbers
from vmfex.checks.inventory.parts import Adapter, Function, Interface, Inventory, Network, Vm
from vmfex.checks.inventory.slots import free_slots
from vmfex.checks.model.domain import Domain, VirtualPort
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.link import MACVTAP
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.model.pool import Pool
from vmfex.checks.model.scope import Scope, topology_of
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.rules.veth import Veths


def inventory_of(scope: Scope) -> Inventory:
    """Everything of the host that VM-FEX stands on; what could not be read is said in `unread`."""
    tree, veths = scope.host.pci, veth_numbers(scope.host.fabric)
    inside, outside = scope.every_domain
    vms = [_vm(domain, True, scope, veths) for domain in inside]
    vms += [_vm(domain, False, scope, veths) for domain in outside]
    gaps = [tree] if isinstance(tree, Unknown) else []
    gaps += [*scope.gaps, *scope.unread_pools]
    return Inventory(
        adapters=tuple(_adapters(tree)),
        functions=tuple(_functions(tree, scope)),
        vms=tuple(vms),
        networks=tuple(map(_network, scope.pools)),
        profiles=profiles_of(scope),
        interconnects=interconnects_of(scope.host.fabric),
        unread=tuple(dict.fromkeys(gap.reason for gap in gaps)),
    )


def _adapters(tree: Fact[PciTree]) -> Iterator[Adapter]:
    for adapter in tree.value.adapters if isinstance(tree, Known) else ():
        yield Adapter(adapter.address, adapter.label, adapter.model or "")


def _functions(tree: Fact[PciTree], scope: Scope) -> Iterator[Function]:
    if isinstance(tree, Unknown):
        return
    of_vics = [(a.address, f) for a in tree.value.adapters for f in a.functions]
    known = {function.address for _, function in of_vics}
    others = [("", f) for f in scope.functions_in_use() if f.address not in known]
    for adapter, f in (*of_vics, *others):
        pf = tree.value.functions.get(f.physfn or "")
        yield Function(
            address=f.address,
            label=f.label,
            kind=_kind(f),
            ids=f.ids,
            adapter=adapter,
            driver=f.driver or "",
            netdevs=f.netdevs,
            pf=f.physfn or "",
            number=pf.vf_number(f.address) if pf else None,
        )


def _kind(function: PciFunction) -> str:
    if function.is_vf:
        return "VF" if function.is_vmfex_vf else "VF of another kind"
    if function.is_dynamic_vnic:
        return "dynamic vNIC"
    if function.is_static_vnic:
        return "PF" if function.virtfns or function.total_vfs else "static vNIC"
    return "other"


def _vm(domain: Domain, in_scope: bool, scope: Scope, veths: Veths) -> Vm:
    interfaces = [_interface(i, veths) for i in scope.interfaces_of(domain)]
    return Vm(
        name=domain.name,
        label=domain.label,
        uuid=domain.uuid,
        running=domain.running,
        in_scope=in_scope,
        interfaces=tuple(interfaces),
        free_slots=free_slots(domain),
    )


def _interface(i: VmInterface, veths: Veths) -> Interface:
    live = i.live.value if isinstance(i.live, Known) else None
    mac = (i.written.mac or "").lower()
    functions = i.functions.value if isinstance(i.functions, Known) else ()
    mine = veths.get((i.domain.uuid.lower(), mac), []) if i.running and mac else []
    return Interface(
        label=i.label,
        state=i.definition.state,
        way=i.way,
        topology=topology_of(i) if _is_vmfex(i) else "",
        mac=mac,
        mode=i.live_mode or i.mode or "",
        model=i.written.model or "",
        macvtap=live.name if live is not None and live.kind == MACVTAP else "",
        network=i.written.network or "",
        profile=(i.virtualport.profile or "") if i.virtualport else "",
        pooled=i.pooled,
        functions=_addresses(functions),
        veths=tuple(veth.number for veth in mine if veth.present is not False),
    )


def _is_vmfex(interface: VmInterface) -> bool:
    try:
        return interface.is_vmfex()
    except Missing:
        return False


def _network(pool: Pool) -> Network:
    network = pool.network
    ports: tuple[VirtualPort | None, ...] = (network.virtualport, *network.portgroups.values())
    named = sorted({port.profile for port in ports if port and port.profile})
    return Network(
        name=network.name,
        label=pool.label,
        forward=network.forward or "",
        active=network.active.value if isinstance(network.active, Known) else None,
        profiles=tuple(named),
        functions=_addresses(pool.functions.value) if isinstance(pool.functions, Known) else (),
    )


def _addresses(functions: Iterable[PciFunction]) -> tuple[str, ...]:
    return tuple(function.address for function in functions)
