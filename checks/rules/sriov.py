"""Physical and virtual functions: there, sound, enough, each used once (rules SRV)."""

from collections.abc import Mapping, Sequence

from vmfex.checks.model.fact import Fact, Missing, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.pci import VMFEX_VF, PciFunction
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found

NamedBy = Mapping[str, Sequence[VmInterface]]  # by a function's address
SYSFS_SRIOV = (3, 8)  # the first kernel with sriov_totalvfs and sriov_numvfs


def vfs_exist(pf: PciFunction, host: Host) -> Finding:
    """SRV-01. enic makes every VF at probe, so a sound PF has all that it is capable of
    (docs/sources.md, 2)."""
    count = len(pf.virtfns)
    wanted = "the SR-IOV capability, and all of its VFs"
    if pf.total_vfs is None and not count:
        if host.kernel.need().version < SYSFS_SRIOV:
            reason = "a kernel before 3.8 shows no SR-IOV capability, and there are no VFs"
            raise Missing(Unknown(reason, host.kernel.evidence))
        return found(pf, False, "no SR-IOV capability", wanted)
    total = "unknown" if pf.total_vfs is None else pf.total_vfs
    observed = f"{count} VFs of {total}"
    observed += "" if pf.num_vfs is None else f" (sriov_numvfs {pf.num_vfs})"
    if pf.of_capability and 0 < count < (pf.total_vfs or 0):
        reason = f"{observed} in the SR-IOV capability: only sysfs shows how many its driver allows"
        raise Missing(Unknown(reason, pf.evidence))
    ok = count > 0 and pf.total_vfs in (None, count) and pf.num_vfs in (None, count)
    return found(pf, ok, observed, wanted)


def derives_from_pf(interface: VmInterface, host: Host) -> Finding:
    """SRV-02."""
    tree = host.pci.need()
    wanted = "a VF whose PF is a VIC's on this host"
    if interface.absent:
        return found(interface, False, interface.stands_on(), wanted)
    vfs = [f for f in interface.functions.need() if f.is_vf]
    astray = [f for f in vfs if not _is_vic_pf(tree.functions.get(f.physfn or ""))]
    if astray:
        observed = ", ".join(f"{f.address}: physfn {f.physfn or 'not found'}" for f in astray)
        return found(interface, False, observed, wanted)
    observed = ", ".join(f"{f.address} of PF {f.physfn}" for f in vfs)
    return found(interface, True, observed, wanted)


def _is_vic_pf(function: PciFunction | None) -> bool:
    return function is not None and function.is_static_vnic


def belongs_to_one_vm(vf: PciFunction, named: Fact[NamedBy]) -> Finding:
    """SRV-04. A pool hands each VF to one VM at a time; an interface that names one keeps it."""
    interfaces = named.need().get(vf.address, ())
    owners = {interface.domain.name for interface in interfaces}
    evidence = [e for interface in interfaces for e in interface.evidence]
    observed = f"named by {', '.join(sorted(owners))}" if owners else "handed out by a pool"
    return found(vf, len(owners) <= 1, observed, "one VM at a time", *evidence[:4])


def vfs_suffice(topologies: Mapping[Topology, int], taken: int, host: Host) -> Finding:
    """SRV-05. `taken` VFs serve VMs that are out of scope."""
    vfs = [f for a in host.pci.need().adapters for f in a.functions if f.is_vf]
    needed = sum(topologies.values())
    observed = f"{needed} VM interfaces on SR-IOV topologies, {len(vfs)} VFs"
    observed += f", of which VMs out of scope take {taken}" if taken else ""
    evidence = vfs[0].evidence if vfs else host.pci.evidence
    wanted = "at most as many VM interfaces as VFs"
    return found(Thing("host"), needed + taken <= len(vfs), observed, wanted, *evidence)


def is_up(pf: PciFunction, host: Host) -> Finding:
    """SRV-06 (libvirt refuses to configure a VF whose PF is not online)."""
    links = host.links.need()
    missing = [name for name in pf.netdevs if name not in links]
    if missing or not pf.netdevs:
        raise Missing(Unknown(f"no link of {pf.address} among those that Netlink lists"))
    link = links[pf.netdevs[0]]
    observed = f"{link.name} is {'up' if link.up else 'down'}"
    return found(pf, link.up, observed, "the PF is up", *link.evidence)


def is_vmfex_vf(vf: PciFunction) -> Finding:
    """SRV-07: 1137:0071 is VM-FEX's, 1137:02b7 the later SR-IOV kind (docs/sources.md, 1)."""
    return found(vf, vf.device == VMFEX_VF, vf.ids, "a VM-FEX VF, 1137:0071")
