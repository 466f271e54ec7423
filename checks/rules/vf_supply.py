"""Are there VFs enough, and VM-FEX VFs at that? (rules SRV-05 and SRV-07)

1137:0071 is VM-FEX's VF; 1137:02b7, the later SR-IOV kind, counts nowhere (docs/sources.md, 1).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vmfex.checks.model.claims import Claims
from vmfex.checks.model.fact import Evidence, Missing, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.by_name import device, some, virsh


@dataclass(frozen=True, slots=True)
class Demand:
    """VFs that are needed at once: by VM interfaces in scope, planned or there, and by VMs out of
    scope; `unread` is how many more these may take, as far as could not be read; `strays` are the
    macvtap links on VFs that are no VM's here."""

    mine: int
    out_of_scope: int
    unread: int
    names_out_of_scope: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        return self.mine + self.out_of_scope + len(self.strays)


def vfs_suffice(demand: Demand, host: Host) -> Finding:
    """SRV-05."""
    vfs = _vfs(host)
    mine = [f for f in vfs if f.is_vmfex_vf]
    others = len(vfs) - len(mine)
    observed = f"{demand.mine} VM interfaces on SR-IOV topologies, {len(mine)} VFs"
    observed += f" of VM-FEX, beside {others} of another kind" if others else ""
    if demand.out_of_scope:
        observed += f", of which VMs out of scope take {demand.out_of_scope}"
    if demand.strays:
        observed += f", of which macvtap links that are no VM's here take {len(demand.strays)}"
    enough = demand.known <= len(mine)
    if enough and demand.known + demand.unread > len(mine):
        reason = f"{observed}; {demand.unread} interfaces of VMs out of scope may take more"
        see = f"Let the interfaces of {some(demand.names_out_of_scope)} be read: as root, and each "
        see += "network that they name (`virsh net-list --all`)."
        raise Missing(Unknown(reason, host.pci.evidence, see))
    evidence = mine[0].evidence if mine else host.pci.evidence
    wanted = "at most as many VM interfaces as VM-FEX VFs (1137:0071)"
    remedy = _more(demand.known - len(mine), demand, vfs, host)
    return found(Thing("host"), enough, observed, wanted, *evidence, remedy=remedy)


def _more(short: int, demand: Demand, vfs: Collection[PciFunction], host: Host) -> str:
    """By what is there: VFs of the wrong kind, PFs with a policy, or static vNICs without one."""
    tree = host.pci.need()
    static = [f for a in tree.adapters for f in a.functions if f.is_static_vnic]
    wrong = {f.physfn for f in vfs if not f.is_vmfex_vf}
    without = [f for f in static if f.total_vfs and not f.virtfns]
    pfs = [f for f in static if f.virtfns and f.address not in wrong]
    if any(f.address in wrong for f in static):
        said = _other_policy(some(device(f) for f in static if f.address in wrong))
    elif without:
        said = f"Have the VFs of {some(map(device, without))} made (SRV-01)."
    elif pfs:
        said = (
            f"Raise the number in the dynamic vNIC connection policy of {some(map(device, pfs))} "
            f"by {short} in UCS Manager, and restart the server."
        )
    elif static:
        said = (
            f"In UCS Manager, bind a dynamic vNIC connection policy to a static vNIC "
            f"({some(map(device, static))}) in the server's service profile, and restart it."
        )
    else:
        said = (
            "Give the server static vNICs on a VIC in UCS Manager, with a dynamic vNIC connection "
            "policy; `lspci -nn -d 1137:0071` lists the VFs then."
        )
    if demand.out_of_scope:
        said += f" Or free VFs of the VMs out of scope ({some(demand.names_out_of_scope)})."
    if demand.strays:
        said += f" Or free the VFs under {some(demand.strays)}, which no VM here has."
    return said


def _other_policy(vnics: str) -> str:
    return (
        f"In UCS Manager, replace the SR-IOV HPN connection policy of {vnics} by a dynamic vNIC "
        "connection policy in the server's service profile, and restart the server."
    )


def _vfs(host: Host) -> list[PciFunction]:
    return [f for a in host.pci.need().adapters for f in a.functions if f.is_vf]


@dataclass(frozen=True)
class VfKinds:
    """What decides whether a VF has to be VM-FEX's: the addresses in use, whether there are too
    few of VM-FEX's without the others, why more may be in use, who uses each, and
    the VM-FEX VFs that nobody claims."""

    in_use: Collection[str]
    too_few: bool
    gaps: tuple[Unknown, ...]
    claims: Claims
    free: Sequence[PciFunction]
    host: Host

    def is_vmfex_vf(self, vf: PciFunction) -> Finding:
        """SRV-07."""
        wanted = "a VM-FEX VF, 1137:0071, where VM-FEX uses or needs it"
        if vf.is_vmfex_vf:
            return found(vf, True, vf.ids, wanted)
        if vf.address in self.in_use:
            users, evidence = self._users(vf)
            return found(
                vf, False, f"{vf.ids}, for {users}", wanted, *evidence, remedy=self._instead(vf)
            )
        if self.too_few:
            observed = f"{vf.ids}, and there are too few of 1137:0071 without it"
            return found(vf, False, observed, wanted, remedy=self._instead(vf))
        if self.gaps:
            reason = f"{vf.ids}: whether VM-FEX uses it is not known ({self.gaps[0].reason})"
            raise Missing(Unknown(reason, self.gaps[0].evidence, self.gaps[0].remedy))
        return found(vf, True, f"{vf.ids}, not VM-FEX's; no VM-FEX interface uses it", wanted)

    def _users(self, vf: PciFunction) -> tuple[str, tuple[Evidence, ...]]:
        interfaces = self.claims.interfaces.get(vf.address, ())
        pools = self.claims.pools.get(vf.address, ())
        users = [i.domain.name for i in interfaces]
        users += [i.domain.name for pool in pools for i in pool.users]
        evidence = [e for i in interfaces for e in i.evidence]
        evidence += [e for pool in pools for e in pool.evidence]
        return some(users), tuple(evidence[:2])

    def _instead(self, vf: PciFunction) -> str:
        pf = self.host.pci.need().functions.get(vf.physfn or "")
        other = _other_policy(device(pf)) if pf and pf.is_static_vnic else ""
        names = {i.domain.name for i in self.claims.interfaces.get(vf.address, ())}
        nets = {pool.network.name for pool in self.claims.pools.get(vf.address, ()) if pool.users}
        edits = [virsh("edit", name) for name in sorted(names)]
        edits += [virsh("net-edit", name) for name in sorted(nets)]
        if not edits or not self.free:
            return other or "Use VFs 1137:0071; `lspci -nn -d 1137:0071` lists them."
        new = f"a VM-FEX VF, say {device(self.free[0])}"
        return f"{edits[0]}: in place of {device(vf)}, {new}. {other}".rstrip()
