"""SR-IOV VF passthrough, which libvirt calls hostdev mode (rules HDV)."""

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Fact, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.vm_interface import BARE_HOSTDEV, VmInterface
from vmfex.checks.result.verdict import Finding, found, undetermined
from vmfex.checks.rules.by_name import on_vmfex_vf
from vmfex.checks.rules.macvtap import Taps, macvtaps_on

# libvirt's words: "cannot migrate a domain with ...", "domain has assigned non-USB host devices",
# "VFIO migration is not supported in kernel"
REFUSALS = ("migrat", "assigned")


def is_configured_through_pf(interface: VmInterface) -> Finding:
    """HDV-01."""
    ok = interface.way != BARE_HOSTDEV
    observed = "<interface type='hostdev'>" if ok else "a bare <hostdev>, without a port profile"
    wanted = "<interface type='hostdev'>, which libvirt configures through the PF"
    return found(interface, ok, observed, wanted)


def is_vf_of_vic(interface: VmInterface) -> Finding:
    """HDV-02."""
    functions = interface.functions.need()
    ok = bool(functions) and not interface.absent and all(f.is_vmfex_vf for f in functions)
    observed = interface.stands_on() or "no PCI function"
    wanted = "a VM-FEX VF (1137:0071) of a VIC, never a PF"
    return found(interface, ok, observed, wanted, remedy=on_vmfex_vf(interface))


def is_without_macvtap(interface: VmInterface, live: Fact[Taps]) -> Finding:
    """HDV-03."""
    model = interface.written.model
    taps = macvtaps_on(interface, live) if interface.running else []
    observed = ", ".join(
        [*([f"model {model}"] if model else []), *(f"macvtap link {name} on it" for name in taps)]
    )
    wanted = "neither VirtIO nor macvtap on this interface"
    return found(interface, not observed, observed or "neither VirtIO nor macvtap", wanted)


def need_not_migrate(interface: VmInterface, must_migrate: bool) -> Finding:
    """HDV-04."""
    observed = f"the plan says that the VM {'must' if must_migrate else 'need not'} live-migrate"
    return found(interface, not must_migrate, observed, "no live migration in hostdev mode")


def guest_has_driver(interface: VmInterface, driver: str, host: Host) -> Finding:
    """HDV-05."""
    drivers = host.guest_drivers(interface.domain.uuid)
    mac = (interface.written.mac or "").lower()
    wanted = f"the guest's driver {driver} on the function with MAC address {mac}"
    if isinstance(drivers, Unknown):
        return undetermined(interface.label, drivers, wanted)
    if not mac:
        raise Missing(Unknown("the definition names no MAC address to find inside the guest"))
    bound = drivers.value.get(mac)
    observed = f"driver {bound} on {mac}" if bound else f"no driver on a device with {mac}"
    return found(interface, bound == driver, observed, wanted, *drivers.evidence)


def hypervisor_refuses(domain: Domain, host: Host) -> Finding:
    """HDV-06: the hypervisor's own answer agrees that a VM in hostdev mode does not migrate. An
    error that speaks of something else (no connection, no disk space) is no refusal."""
    answer = host.migration_answer(domain.uuid)
    said = answer.need()
    observed = f"refused: {said}" if said else "the hypervisor would migrate it"
    wanted = "the hypervisor refuses to migrate the VM"
    if said and not any(word in said for word in REFUSALS):
        reason = f"the attempt failed for another reason: {said}"
        return undetermined(domain.label, Unknown(reason, answer.evidence), wanted)
    return found(domain, bool(said), observed, wanted, *answer.evidence)
