"""Does each VF belong to one VM at a time? (rule SRV-04)

libvirt counts the uses of a device per network only: it hands out what another VM names, or
another network has handed out, and the start fails (docs/sources.md, 4).
"""

from collections.abc import Sequence
from itertools import combinations, permutations

from vmfex.checks.model.claims import Claims
from vmfex.checks.model.fact import Missing, Unknown
from vmfex.checks.model.named_device import NamedDevice
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.pool import Pool
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.by_name import device, element, pci_element, some, virsh
from vmfex.checks.rules.remedy import restart

WANTED = "one VM at a time"


def belongs_to_one_vm(vf: PciFunction, claims: Claims, free: Sequence[PciFunction]) -> Finding:
    """SRV-04. A network that no VM uses hands out nothing: it is shown. `free` are the VFs that
    nobody claims."""
    owners = claims.interfaces.get(vf.address, ())
    pools = claims.pools.get(vf.address, ())
    remedy = _remedy(vf, owners, pools, free)
    if not remedy and claims.unknown:
        raise Missing(claims.unknown[0])
    if not owners and not pools:
        reason = "a network lists it whose forward mode hands out no device to a VM"
        see = (
            f"`virsh net-list --all` and `virsh net-dumpxml NETWORK` show which lists "
            f"{device(vf)}: take it out there, or set <forward mode='passthrough'> or 'hostdev'."
        )
        raise Missing(Unknown(f"who uses {device(vf)} is not told: {reason}", vf.evidence, see))
    evidence = [e for interface in owners for e in interface.evidence][:3]
    evidence += [e for pool in pools for e in pool.evidence]
    observed = _in_words(owners, pools)
    return found(vf, not remedy, observed, WANTED, *evidence[:4], remedy=remedy)


def one_vm_at_a_time(
    vf: PciFunction | NamedDevice, claims: Claims, free: Sequence[PciFunction]
) -> Finding:
    """SRV-04, of a function or of a name that several have for one."""
    return _by_name(vf) if isinstance(vf, NamedDevice) else belongs_to_one_vm(vf, claims, free)


def _by_name(device: NamedDevice) -> Finding:
    """What is wrong by name is wrong whichever function it is; what is not may be all the same."""
    clash = _clash(device.interfaces, device.pools)
    if clash is None:
        raise Missing(Unknown(f"which PCI function {device.name} is was not read", device.evidence))
    _, last = clash
    if isinstance(last, Pool):
        mend = f"{virsh('net-edit', last.network.name)}: take {device.name} out of its list."
    else:
        mend = f"{virsh('edit', last.domain.name)}: in place of {device.name}, another VF."
    observed = _in_words(device.interfaces, device.pools)
    return found(device, False, observed, WANTED, remedy=mend)


def _in_words(owners: Sequence[VmInterface], pools: Sequence[Pool]) -> str:
    twice = "twice " if _twice_in_one(owners) else ""
    said = [f"named {twice}by {some(i.domain.name for i in owners)}"] if owners else []
    for pool in pools:
        users = {interface.domain.name for interface in pool.users}
        said.append(
            f"handed out by {pool.label} to {some(users)}"
            if users
            else f"also in {pool.label}, which no VM uses"
        )
    return "; ".join(said)


def _clash(
    owners: Sequence[VmInterface], pools: Sequence[Pool]
) -> tuple[VmInterface | Pool, VmInterface | Pool] | None:
    """The first two that may have the VF at once; one interface twice, where its own VM has the VF
    in another way too."""
    if len({interface.domain.uuid for interface in owners}) > 1:
        last = [i for i in owners if i.written.network is None] or owners
        return owners[0], last[-1]
    if twice := _twice_in_one(owners):
        return twice, twice
    for interface in owners:
        for pool in pools:
            if interface.written.network != pool.network.name and pool.serves_beside(interface):
                return interface, pool
    return next(
        ((one, other) for one, other in combinations(pools, 2) if one.runs_beside(other)), None
    )


def _remedy(
    vf: PciFunction,
    owners: Sequence[VmInterface],
    pools: Sequence[Pool],
    free: Sequence[PciFunction],
) -> str:
    """What to do about the first two that may have the VF at once; empty where none do."""
    if clash := _clash(owners, pools):
        one, other = clash
        if isinstance(other, Pool):
            if isinstance(one, Pool):
                return f"Leave the VF to one of the two. {_take_out(other, vf)}"
            return f"{_take_out(other, vf)} Or: {_name_another(one, vf, free)}"
        another = _name_another(other, vf, free)
        if one is other:
            return f"Give each interface of {other.domain.name} a VF of its own. {another}"
        return f"Give all but one of the VMs another VF. {another}"
    for pool in pools:
        if not pool.is_exclusive and pool.at_once > len(pool.functions.need()):
            return (
                f"{pool.label} gives one device to several VMs in forward mode "
                f"{pool.network.forward}. {virsh('net-edit', pool.network.name)}: set "
                "<forward mode='passthrough'>, with a VF for each VM interface."
            )
    return ""


def _twice_in_one(owners: Sequence[VmInterface]) -> VmInterface | None:
    """The assigned device of a definition that has the VF in another way too; what is twice on
    macvtap is EMU-02's."""
    for one, other in permutations(owners, 2):
        same_vm = one.domain.uuid == other.domain.uuid
        if same_vm and one.definition.state == other.definition.state and one.is_hostdev:
            return one
    return None


def _name_another(interface: VmInterface, vf: PciFunction, free: Sequence[PciFunction]) -> str:
    """The interface on a VF that nobody else has; on that which its definition names, where the
    live link is elsewhere."""
    if interface.elsewhere:
        return f"{interface.elsewhere}: {restart(interface)}"
    if interface.is_hostdev:
        old, news = pci_element(vf.address), [pci_element(f.address) for f in free]
    else:
        old = element("source", device(vf))
        news = [element("source", f.netdevs[0]) for f in free if f.netdevs]
    new = f"{news[0]}, say" if news else "a VF that is free (there is none now)"
    return f"{virsh('edit', interface.domain.name)}: in place of {old}, {new}."


def _take_out(pool: Pool, vf: PciFunction) -> str:
    """The pool without the VF; libvirt takes a network's change when it is started again."""
    network = pool.network
    edit = virsh("net-edit", network.name)
    again = f"Then {virsh('net-destroy', network.name)} and {virsh('net-start', network.name)}."
    listed = [element("interface", name) for name in vf.netdevs if name in network.devs]
    listed += [pci_element(vf.address)] if vf.address in network.addresses else []
    if listed and not network.pfs:  # a PF's are listed by libvirt itself, while it is active
        return f"{edit}: remove {listed[0]}. {again}"
    pfs = " ".join(element("pf", pf) for pf in network.pfs)
    return f"{edit}: in place of {pfs or 'its device'}, list its VFs without {device(vf)}. {again}"
