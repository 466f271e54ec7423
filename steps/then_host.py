"""Thens on the host, its VICs and its PCI functions."""

from vmfex.checks.model.host import Thing
from vmfex.checks.model.named_device import NamedDevice
from vmfex.checks.model.pci import Adapter, PciFunction
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.pool import Pool
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.verdict import Selection, judge
from vmfex.checks.rules import (
    adapter,
    hypervisor,
    netlink_limit,
    pool,
    port_profile_length,
    sriov,
    vf_owner,
    vf_supply,
)
from vmfex.steps.vocabulary import Findings, Table, column, rows, then, version

Host = Selection[Thing]
Vics = Selection[Adapter]
Functions = Selection[PciFunction]


@then("it runs Red Hat Enterprise Linux {release} or later")
def _(scope: Scope, selected: Host, release: str) -> Findings:
    return judge(selected, lambda _: hypervisor.runs_rhel(scope.host, version(release)))


@then("its release of Red Hat Enterprise Linux is later than each of them needs")
def _(scope: Scope, selected: Host, datatable: Table) -> Findings:
    """Columns: topology, later than."""
    floors = {row["topology"]: version(row["later than"]) for row in rows(datatable)}
    return judge(
        selected,
        lambda topology: hypervisor.runs_rhel_later_than(
            scope.host, Topology(topology.label), floors[topology.label]
        ),
    )


@then("it has an x86-64 processor with hardware virtualization")
def _(scope: Scope, selected: Host) -> Findings:
    return judge(selected, lambda _: hypervisor.has_hardware_virtualization(scope.host))


@then("the kernel offers KVM")
def _(scope: Scope, selected: Host) -> Findings:
    return judge(selected, lambda _: hypervisor.has_kvm_device(scope.host))


@then("libvirt offers KVM")
def _(scope: Scope, selected: Host) -> Findings:
    return judge(selected, lambda _: hypervisor.libvirt_offers_kvm(scope.host))


@then("libvirtd runs on it and answers")
def _(scope: Scope, selected: Host) -> Findings:
    return judge(selected, lambda _: hypervisor.libvirtd_answers(scope.host))


@then("an IOMMU is active")
def _(scope: Scope, selected: Host) -> Findings:
    return judge(selected, lambda _: hypervisor.iommu_is_active(scope.host))


@then("each stands in an IOMMU group")
def _(scope: Scope, selected: Functions) -> Findings:
    return judge(selected, lambda f: hypervisor.stands_in_iommu_group(f, scope.host))


@then("at least one Cisco VIC is installed")
def _(scope: Scope, selected: Host) -> Findings:
    return judge(selected, lambda _: adapter.has_vic(scope.host))


@then("each is one of the models that support SR-IOV with VM-FEX")
def _(scope: Scope, selected: Vics, datatable: Table) -> Findings:
    """Columns: model."""
    models = column(datatable, "model")
    carrying = scope.carrying.need() if selected.items else None
    return judge(
        selected,
        lambda vic: (
            adapter.is_one_of(vic, models, scope.host, carrying.known_of(vic)) if carrying else []
        ),
    )


@then("each has at most {limit} vNICs, static and dynamic")
def _(selected: Vics, limit: str) -> Findings:
    return judge(selected, lambda vic: adapter.has_at_most(vic, int(limit)))


@then("each is bound to enic and has a network device")
def _(selected: Functions) -> Findings:
    return judge(selected, adapter.is_visible)


@then("each has the SR-IOV capability, and its VFs exist")
def _(scope: Scope, selected: Functions) -> Findings:
    return judge(selected, lambda pf: sriov.vfs_exist(pf, scope.host))


@then("the VFs of each stay within what the host's Netlink carries")
def _(scope: Scope, selected: Functions, datatable: Table) -> Findings:
    """Columns: carried by, VFs per PF. Two rows: on every host, and where it is measured."""
    always, sometimes = (int(n) for n in column(datatable, "VFs per PF"))
    return judge(selected, lambda f: netlink_limit.stays_within(f, scope.host, always, sometimes))


@then("each belongs to one VM at a time")
def _(scope: Scope, selected: Selection[PciFunction | NamedDevice]) -> Findings:
    """By all domains, in scope or not, and by the libvirt networks that they use."""
    return judge(selected, lambda vf: vf_owner.one_vm_at_a_time(vf, scope.claims, scope.free_vfs))


@then("each has a VF for every interface that can be on it at once")
def _(scope: Scope, selected: Selection[Pool]) -> Findings:
    links = scope.host.links
    return judge(selected, lambda p: pool.has_enough(p, links, scope.claims, scope.free_vfs))


@then("the VFs of the VICs are at least as many as their VM interfaces")
def _(scope: Scope, selected: Host) -> Findings:
    """VM interfaces on SR-IOV topologies, planned or there, and what VMs out of scope take."""
    whole = Selection(selected.what, (Thing("host"),), selected.unknown)
    return judge(whole, lambda _: vf_supply.vfs_suffice(_demand(scope), scope.host))


@then("each is up")
def _(scope: Scope, selected: Functions) -> Findings:
    return judge(selected, lambda pf: sriov.is_up(pf, scope.host))


@then("those that VM-FEX uses or needs are VM-FEX VFs")
def _(scope: Scope, selected: Functions) -> Findings:
    """By their PCI device id: VICs also have SR-IOV VFs that are not VM-FEX's."""
    mine = sum(vf.is_vmfex_vf for vf in selected.items)
    kinds = vf_supply.VfKinds(
        in_use={f.address for f in scope.functions_in_use()},
        too_few=_demand(scope).known > mine,
        gaps=scope.gaps_in_use,
        claims=scope.claims,
        free=scope.free_vfs,
        host=scope.host,
    )
    return judge(selected, kinds.is_vmfex_vf)


def _demand(scope: Scope) -> vf_supply.Demand:
    needed = scope.vfs_needed if scope.sr_iov else 0
    by_strays = {a: link.name for a, link in scope.strays.items() if a in _vmfex_vfs(scope)}
    taken = scope.taken_out_of_scope
    return vf_supply.Demand(needed, *taken, scope.out_of_scope, tuple(by_strays.values()))


def _vmfex_vfs(scope: Scope) -> frozenset[str]:
    tree = scope.host.pci.need()
    return frozenset(f.address for f in tree.functions.values() if f.is_vmfex_vf)


@then("its kernel takes a port profile's name as libvirt sends it")
def _(scope: Scope, selected: Host) -> Findings:
    """Kernels with the fix of CVE-2024-38659 may refuse it."""
    return judge(selected, lambda _: port_profile_length.takes_profile_name(scope.host))
