"""Thens on VM-FEX interfaces and domains."""

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.host import Thing
from vmfex.checks.model.scope import Scope
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Selection, judge
from vmfex.checks.rules import (
    adapter,
    assigned_devices,
    handover,
    hostdev,
    hypervisor,
    lower_device,
    macvtap,
    migration,
    software_switch,
    sriov,
    startable,
    topology,
)
from vmfex.steps.vocabulary import Findings, Table, column, rows, then, version

Interfaces = Selection[VmInterface]
Domains = Selection[Domain]


@then("each runs as a domain of type kvm")
def _(selected: Domains) -> Findings:
    return judge(selected, hypervisor.runs_as_kvm)


@then("each uses a dynamic vNIC or a VF, not a static vNIC")
def _(scope: Scope, selected: Interfaces) -> Findings:
    return judge(selected, lambda i: adapter.is_no_static_vnic(i, scope.free_vfs))


@then("each VF derives from a PF of a VIC on this host")
def _(scope: Scope, selected: Interfaces) -> Findings:
    return judge(selected, lambda i: sriov.derives_from_pf(i, scope.host, scope.free_vfs))


@then("no interface of theirs is on a software switch")
def _(scope: Scope, selected: Domains) -> Findings:
    """Neither a bridge, a network of libvirt's that switches, nor macvtap in mode bridge."""

    def every_interface(domain: Domain) -> Findings:
        interfaces = Selection(domain.label, scope.interfaces_of(domain))
        judged = judge(interfaces, lambda i: software_switch.bypasses_the_host(i, scope.free_vfs))
        return judged + software_switch.qemu_arguments_show(domain)

    return judge(selected, every_interface)


@then("each interface of theirs that is on no software switch stands on a function of a VIC")
def _(scope: Scope, selected: Domains) -> Findings:
    """One that is attached to nothing is on no switch, and stands on nothing."""

    def every_interface(domain: Domain) -> Findings:
        mine = tuple(i for i in scope.interfaces_of(domain) if topology.concerns_the_vic(i))
        return judge(
            Selection(domain.label, mine), lambda i: topology.stands_on_vic(i, scope.free_vfs)
        )

    return judge(selected, every_interface)


@then("no PCI bus of theirs has more devices than slots")
def _(selected: Domains, datatable: Table) -> Findings:
    """Columns: bus, first slot, last slot."""
    ranges = {
        row["bus"]: (int(row["first slot"]), int(row["last slot"])) for row in rows(datatable)
    }
    return judge(selected, lambda domain: topology.fits_its_buses(domain, ranges))


@then("each is a valid document by libvirt's own schema")
def _(scope: Scope, selected: Domains) -> Findings:
    return judge(selected, lambda domain: topology.is_valid_xml(domain, scope.host))


@then("libvirt refuses nothing that is written of them")
def _(scope: Scope, selected: Interfaces, datatable: Table) -> Findings:
    """Columns: what is written, libvirt says."""
    words = {row["what is written"]: row["libvirt says"] for row in rows(datatable)}
    return judge(selected, lambda i: startable.is_started(i, scope.host, words))


@then("each has at most as many of them as the release allows")
def _(scope: Scope, selected: Domains, datatable: Table) -> Findings:
    """Columns: Red Hat Enterprise Linux, devices. The release is its major number."""
    table = rows(datatable)
    limits = {int(row["Red Hat Enterprise Linux"]): int(row["devices"]) for row in table}
    host = scope.host
    return judge(
        selected,
        lambda d: assigned_devices.are_allowed(d, scope.interfaces_of(d), host, limits),
    )


@then("the host has the driver that hands functions over")
def _(scope: Scope, selected: Interfaces) -> Findings:
    host = Selection(selected.what, (Thing("host"),), selected.unknown)
    return judge(host, lambda _: handover.driver_is_there(scope.host))


@then("other functions of their IOMMU groups have none but these drivers")
def _(scope: Scope, selected: Interfaces, datatable: Table) -> Findings:
    """Columns: driver."""
    whole = Selection(selected.what, (Thing("host"),), selected.unknown)
    drivers = column(datatable, "driver")
    return judge(whole, lambda _: handover.groups_are_free(selected.items, scope.host, drivers))


@then("UCS Manager is proven older than release {release}")
def _(scope: Scope, selected: Selection[VmInterface | Thing], release: str) -> Findings:
    """Violated where its release cannot be read."""
    return judge(
        selected,
        lambda i: macvtap.is_supported_by_release(i, scope.host, version(release), scope.free_vfs),
    )


@then("their VMs are at most as many as the VIC's ports")
def _(scope: Scope, selected: Interfaces) -> Findings:
    """Ports are the VIC's functions that a VM can have: not static vNICs."""
    whole = Selection(selected.what, (Thing("host"),), selected.unknown)
    return judge(whole, lambda _: macvtap.ports_suffice(selected.items, scope.host))


@then("each is a VirtIO interface on a PCIe port of the VIC")
def _(selected: Interfaces) -> Findings:
    return judge(selected, macvtap.is_virtio_on_vic)


@then("nothing of this table blocks their migration")
def _(scope: Scope, selected: Domains, datatable: Table) -> Findings:
    """Columns: what, libvirt or QEMU says."""
    words = {row["what"]: row["libvirt or QEMU says"] for row in rows(datatable)}
    host = scope.host
    return judge(
        selected, lambda d: migration.nothing_blocks(d, scope.interfaces_of(d), host, words)
    )


@then('the macvtap mode of each is "{mode}", as written and in effect')
def _(selected: Interfaces, mode: str) -> Findings:
    return judge(selected, lambda i: macvtap.mode_is(i, mode))


@then("each stands on a VF of a VIC, for itself alone")
def _(scope: Scope, selected: Interfaces) -> Findings:
    """For none of the VM's other interfaces, in hostdev mode either."""
    free = scope.free_vfs
    return judge(
        selected, lambda i: lower_device.stands_on_own_vf(i, scope.interfaces_of(i.domain), free)
    )


@then("the guest sees each as VirtIO")
def _(selected: Interfaces) -> Findings:
    return judge(selected, macvtap.is_virtio)


@then("the host has the macvtap driver")
def _(scope: Scope, selected: Interfaces) -> Findings:
    host = Selection(selected.what, (Thing("host"),), selected.unknown)
    return judge(host, lambda _: macvtap.has_driver(scope.host))


@then("each has its macvtap link")
def _(selected: Interfaces) -> Findings:
    return judge(selected, macvtap.has_live_link)


@then("each is configured through its PF by libvirt")
def _(selected: Interfaces) -> Findings:
    return judge(selected, hostdev.is_configured_through_pf)


@then("each is a VF of a VIC, never a PF")
def _(scope: Scope, selected: Interfaces) -> Findings:
    return judge(selected, lambda i: hostdev.is_vf_of_vic(i, scope.free_vfs))


@then("none uses MacVTap or VirtIO")
def _(scope: Scope, selected: Interfaces) -> Findings:
    live = macvtap.macvtaps(scope.host.links)
    return judge(selected, lambda i: hostdev.is_without_macvtap(i, live))


@then("none belongs to a VM that must live-migrate")
def _(scope: Scope, selected: Interfaces) -> Findings:
    plan = scope.plan
    return judge(selected, lambda i: hostdev.need_not_migrate(i, plan.must_move(i.domain.name)))


@then("the guest drives each with {driver}")
def _(scope: Scope, selected: Interfaces, driver: str) -> Findings:
    return judge(selected, lambda i: hostdev.guest_has_driver(i, driver, scope.host))


@then("the hypervisor itself refuses to migrate each")
def _(scope: Scope, selected: Domains) -> Findings:
    return judge(selected, lambda domain: hostdev.hypervisor_refuses(domain, scope.host))
