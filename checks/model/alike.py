"""Do two definitions of a domain say the same? Then one of them is judged for both."""

from collections.abc import Sequence

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.vm_interface import VmInterface


def alike(running: Sequence[Fact[VmInterface]], kept: Sequence[Fact[VmInterface]]) -> bool:
    """Whether two definitions say the same. A pool's choice of device is no difference, unless the
    pool holds devices of another kind, or of other PFs."""
    return [_essence(i) for i in running] == [_essence(i) for i in kept]


def _essence(interface: Fact[VmInterface]) -> object:
    if isinstance(interface, Unknown):
        return interface.reason
    i = interface.value
    chosen = i.written.network or (i.written.dev, i.written.address)
    functions = i.functions.value if isinstance(i.functions, Known) else ()
    kinds = frozenset((f.ids, f.is_vf, f.physfn) for f in functions)
    said = (i.way, i.mode, i.virtualport, i.contradiction, i.written.model, i.written.mac)
    between = tuple(link.name for link in i.between)
    unmanaged = i.written.type == "hostdev" and not i.written.managed
    refused = (i.written.filterref, i.written.vlan, i.written.driver == "kvm", unmanaged)
    return (*said, *refused, i.written.options, chosen, kinds, bool(i.absent), between, i.elsewhere)
