"""Devices by the names that definitions have for them: where nobody read which PCI functions these
are, two that name one device have one function all the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.fact import Evidence
from vmfex.checks.model.handing_out import handed_out
from vmfex.checks.model.pool import Pool
from vmfex.checks.model.vm_interface import VmInterface


@dataclass(frozen=True, slots=True)
class NamedDevice:
    """`interfaces` of any domain name it, `pools` list it; of all these there are several."""

    name: str
    interfaces: tuple[VmInterface, ...]
    pools: tuple[Pool, ...]

    @property
    def label(self) -> str:
        return f"device {self.name}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Of the last that claims it, since it is the one too many."""
        claims: tuple[VmInterface | Pool, ...] = (*self.interfaces, *self.pools)
        return claims[-1].evidence


def shared_devices(
    vmfex: Iterable[VmInterface], interfaces: Iterable[VmInterface], pools: Iterable[Pool]
) -> tuple[NamedDevice, ...]:
    """What several claim, and a VM-FEX interface on an SR-IOV topology is to have for itself."""
    by_interface: dict[str, list[VmInterface]] = {}
    for interface in interfaces:
        if name := _name(interface):
            by_interface.setdefault(name, []).append(interface)
    by_pool: dict[str, list[Pool]] = {}
    for pool in pools:
        for name in _list(pool):
            by_pool.setdefault(name, []).append(pool)
    mine = [i for i in vmfex if i.is_hostdev or "passthrough" in i.modes]
    names = dict.fromkeys(filter(None, map(_name, mine)))
    networks = {i.written.network for i in mine if i.pooled}
    names |= dict.fromkeys(n for n, of in by_pool.items() for p in of if p.network.name in networks)
    devices = (
        NamedDevice(name, tuple(by_interface.get(name, ())), tuple(by_pool.get(name, ())))
        for name in names
    )
    return tuple(d for d in devices if len(d.interfaces) + len(d.pools) > 1)


def _name(interface: VmInterface) -> str:
    """What it names for itself; empty where it is given one of a pool, or is elsewhere."""
    if interface.pooled or interface.elsewhere:
        return ""
    if interface.carrier not in (Carrier.MACVTAP, Carrier.DEVICE):
        return ""
    return interface.written.dev or interface.written.address or ""


def _list(pool: Pool) -> Iterator[str]:
    sources = handed_out(pool.network)
    yield from (*sources.devs, *sources.addresses)
    yield from (f"{pf} (the VFs of it)" for pf in sources.pfs)
