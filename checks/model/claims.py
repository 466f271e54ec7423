"""Who may have each PCI function: interfaces that name it or were given it, pools that have it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.model.pool import Pool
from vmfex.checks.model.vm_interface import VmInterface


@dataclass(frozen=True)
class Claims:
    """By a function's address. `unknown` says which claims could not be read; `strays` are the
    macvtap links on functions that are no VM's here."""

    interfaces: Mapping[str, Sequence[VmInterface]]
    pools: Mapping[str, Sequence[Pool]]
    unknown: tuple[Unknown, ...] = ()
    strays: Mapping[str, Link] = field(default_factory=dict)

    def free(self, tree: PciTree) -> tuple[PciFunction, ...]:
        """The VM-FEX VFs of the host's VICs that nobody claims."""
        claimed = {*self.interfaces, *self.pools, *self.strays}
        vfs = (f for adapter in tree.adapters for f in adapter.functions if f.is_vmfex_vf)
        return tuple(f for f in vfs if f.address not in claimed)


def claims(
    interfaces: Iterable[VmInterface],
    pools: Iterable[Pool],
    unread: Iterable[Unknown],
    strays: Mapping[str, Link],
) -> Claims:
    """The claims of every domain's interfaces, of every pool, and of links that are no VM's."""
    by_interface: dict[str, list[VmInterface]] = {}
    by_pool: dict[str, list[Pool]] = {}
    unknown = list(unread)
    for interface in interfaces:
        if isinstance(interface.functions, Unknown):
            unknown.append(interface.functions)
        elif has_its_own(interface):
            for function in interface.functions.value:
                by_interface.setdefault(function.address, []).append(interface)
    for pool in pools:
        if isinstance(pool.functions, Known):
            for function in pool.functions.value:
                by_pool.setdefault(function.address, []).append(pool)
    return Claims(by_interface, by_pool, tuple(dict.fromkeys(unknown)), strays)


def has_its_own(interface: VmInterface) -> bool:
    """Whether it names its function, or runs on the one that its network gave it, rather than
    being given any one of a pool."""
    if not interface.pooled:
        return True
    functions = interface.functions
    return interface.running and isinstance(functions, Known) and len(functions.value) == 1
