"""Reading all that any rule may ask of a host, for a recording."""

from vmfex.checks.model.fact import Known
from vmfex.checks.model.plan import Plan
from vmfex.checks.model.scope import Scope
from vmfex.evidence.host import ReadHost
from vmfex.evidence.sources.ucsm.classes import CLASSES


def read_everything(host: ReadHost) -> None:
    """Asks for every fact once, whether or not the host's VMs would make a rule ask for it."""
    _ = (host.release, host.kernel, host.kernel_changelog, host.cpu_flags, host.kvm_device)
    _ = (
        host.uuid,
        host.serial,
        host.iommu,
        host.macvtap_driver,
        host.vfio_driver,
        host.links,
        host.libvirt,
        host.offers_kvm,
    )
    _ = Scope(host, Plan()).interfaces
    if isinstance(host.pci, Known):
        for function in host.pci.value.functions.values():
            if function.netdevs and (function.virtfns or function.is_dynamic_vnic):
                host.pf_reply(function.netdevs[0])
    if isinstance(host.domains, Known):
        for domain in host.domains.value:
            if isinstance(domain, Known):
                host.guest_drivers(domain.value.uuid)
                host.migration_answer(domain.value.uuid)
    for class_id in CLASSES:
        host.fabric.objects(class_id)
    host.fabric.notes()
