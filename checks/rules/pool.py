"""Has a libvirt network a VF for each interface that can be on it at once? (rule SRV-08)"""

from collections.abc import Mapping, Sequence
from math import inf

from vmfex.checks.model.claims import Claims
from vmfex.checks.model.fact import Fact, Missing, Unknown
from vmfex.checks.model.handing_out import handed_out, is_listed
from vmfex.checks.model.link import TAKING, Link
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.pool import Pool
from vmfex.checks.model.same import of_the_same
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.by_name import device, element, pci_element, some, virsh

Links = Fact[Mapping[str, Link]]


def has_enough(pool: Pool, links: Links, claims: Claims, free: Sequence[PciFunction]) -> Finding:
    """SRV-08. libvirt refuses the one too many ("requires exclusive access to interfaces, but none
    are available"; src/network/bridge_driver.c). `free` are the VFs that nobody claims."""
    if isinstance(pool.functions, Unknown) and (listed := _list_of(pool)) < pool.at_once:
        return _too_short(pool, listed)
    functions = pool.functions.need()
    lost = {device(f): why for f in functions if (why := _why_not(f, pool, links))}
    lost |= {
        device(f): f"is under macvtap link {claims.strays[f.address].name}, which is no VM's here"
        for f in functions
        if f.address in claims.strays
    }
    lost |= dict.fromkeys(pool.absent, "is not on this host")
    usable = [f for f in functions if device(f) not in lost]
    names = some(interface.domain.name for interface in pool.users)
    observed = (
        f"{pool.at_once} VM interfaces can be on it at once ({names}), and it has {len(usable)} "
        f"VFs for them" + (f": {some(map(device, usable))}" if usable else "")
    )
    observed += "".join(f"; {name} {why}" for name, why in list(lost.items())[:5])
    ok = pool.at_once <= len(usable)
    if ok and not pool.is_hostdev and isinstance(links, Unknown):
        raise Missing(links)  # one of them may be a port of another link
    wanted = "a VF for each VM interface that can be on it at once"
    short = pool.at_once - len(usable)
    return found(pool, ok, observed, wanted, remedy=_remedy(pool, short, free))


def _list_of(pool: Pool) -> float:
    """The most devices that its own list can hand out, whatever they are; an active network of a PF
    lists the VFs that the PF had when it started, and makes the list anew."""
    sources = handed_out(pool.network)
    return inf if pool.network.pfs else len(sources.devs) + len(sources.addresses)


def _too_short(pool: Pool, listed: float) -> Finding:
    names = some(interface.domain.name for interface in pool.users)
    observed = (
        f"{pool.at_once} VM interfaces can be on it at once ({names}), and its list has {listed} "
        "devices for them, whatever they are"
    )
    wanted = "a VF for each VM interface that can be on it at once"
    short = pool.at_once - int(listed)
    mend = (
        f"{virsh('net-edit', pool.network.name)}: add {short} VFs to <forward>, or take {short} of "
        f"the VM interfaces off {pool.label}."
    )
    return found(pool, False, observed, wanted, remedy=mend)


def _why_not(function: PciFunction, pool: Pool, links: Links) -> str:
    """Why no interface can be given a function of the pool; empty where one can."""
    network = pool.network
    if network.pfs and (network.devs or network.addresses) and not is_listed(function, network):
        return "is not listed by the network, which has its list since it started"
    if pool.is_hostdev:
        return "" if function.is_vmfex_vf else f"is {function.ids}, not a VM-FEX VF"
    if not (function.is_vmfex_vf or function.is_dynamic_vnic):
        return f"is {function.ids}, not a VM-FEX VF"
    if not function.netdevs:
        return f"has no network device (driver {function.driver or 'none'})"
    return taken_by_host(function, {} if isinstance(links, Unknown) else links.value)


def taken_by_host(function: PciFunction, links: Mapping[str, Link]) -> str:
    """Which link of the host's own has a function, in words; empty where none has."""
    masters = [links[name].master for name in function.netdevs if name in links]
    if master := next((name for name in masters if name), None):
        return f"is a port of {master} on the host"
    taker = next((n for n in _takers(links) if n.lower in function.netdevs), None)
    return f"is under {taker.name} of the host, a {taker.kind}" if taker else ""


@of_the_same
def _takers(links: Mapping[str, Link]) -> Sequence[Link]:
    return [link for link in links.values() if link.kind in TAKING]


def _remedy(pool: Pool, short: int, free: Sequence[PciFunction]) -> str:
    network = pool.network
    fewer = f"take {short} of the VM interfaces off {pool.label}."
    usable = [f for f in free if pool.is_hostdev or f.netdevs][:short]
    again = f"{virsh('net-destroy', network.name)} and {virsh('net-start', network.name)}"
    if network.pfs:
        pfs = ", ".join(network.pfs)
        listed = network.devs or network.addresses
        anew = f"If {pfs} has VFs that the network has not listed since it started: {again}. "
        return (
            f"{anew if listed else ''}Raise the number in the dynamic vNIC connection policy of "
            f"{pfs} by {short} in UCS Manager, and restart the server. Or {fewer}"
        )
    if not usable:
        return f"No other VM-FEX VF is free on this host: {fewer}"
    more = " ".join(
        pci_element(f.address) if pool.is_hostdev else element("interface", f.netdevs[0])
        for f in usable
    )
    edit = virsh("net-edit", network.name)
    return f"{edit}: add {more} to <forward>. Then {again}. Or {fewer}"
