"""SR-IOV VF passthrough, which libvirt calls hostdev mode (rules HDV)."""

import shlex
from collections.abc import Sequence

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Fact, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import BARE_HOSTDEV, VmInterface
from vmfex.checks.result.verdict import Finding, found, undetermined
from vmfex.checks.rules.by_name import on_vmfex_vf, virsh
from vmfex.checks.rules.macvtap import VIRTIO, Taps, macvtaps_on
from vmfex.checks.rules.remedy import edit
from vmfex.checks.text import one_line

# libvirt's words: "cannot migrate a domain with ...", "domain has assigned non-USB host devices",
# "VFIO migration is not supported in kernel"
REFUSALS = ("migrat", "assigned")


def is_configured_through_pf(interface: VmInterface) -> Finding:
    """HDV-01."""
    ok = interface.way != BARE_HOSTDEV
    observed = "<interface type='hostdev'>" if ok else "a bare <hostdev>, without a port profile"
    wanted = "<interface type='hostdev'>, which libvirt configures through the PF"
    remedy = (
        f"{virsh('edit', interface.domain.name)}: in place of the <hostdev> of"
        f" {interface.written.address} write <interface type='hostdev' managed='yes'> with that"
        " <source>, a <mac> and <virtualport type='802.1Qbh'> with the port profile."
    )
    return found(interface, ok, observed, wanted, remedy=remedy)


def is_vf_of_vic(interface: VmInterface, free: Sequence[PciFunction] = ()) -> Finding:
    """HDV-02."""
    functions = interface.functions.need()
    ok = bool(functions) and not interface.absent and all(f.is_vmfex_vf for f in functions)
    observed = interface.stands_on() or "no PCI function"
    wanted = "a VM-FEX VF (1137:0071) of a VIC, never a PF"
    return found(interface, ok, observed, wanted, remedy=on_vmfex_vf(interface, free))


def is_without_macvtap(interface: VmInterface, live: Fact[Taps]) -> Finding:
    """HDV-03."""
    model = _model(interface)
    taps = macvtaps_on(interface, live) if interface.running else []
    observed = ", ".join(
        [*([f"model {model}"] if model else []), *(f"macvtap link {name} on it" for name in taps)]
    )
    wanted = "neither VirtIO nor macvtap on this interface"
    write = f"{virsh('edit', interface.domain.name)}: take <model type='{model}'/> out. " * bool(
        model
    )
    remedy = write + " ".join(f"`ip link delete {shlex.quote(one_line(name))}`." for name in taps)
    observed = observed or "neither VirtIO nor macvtap"
    return found(interface, not (model or taps), observed, wanted, remedy=remedy.strip())


def _model(interface: VmInterface) -> str | None:
    """A VirtIO model that somebody wrote. libvirt adds one by itself to an interface of type
    `network`, also where the network hands out a VF, on which it means nothing."""
    written = interface.written
    if written.model not in VIRTIO or written.network is not None:
        return None
    kept = (d for d in interface.domain.definitions if d.state == "persistent")
    of_network = {i.mac for d in kept for i in d.interfaces if i.type == "network" and i.mac}
    return None if written.mac in of_network else written.model


def need_not_migrate(interface: VmInterface, must_migrate: bool) -> Finding:
    """HDV-04."""
    observed = f"the plan says that the VM {'must' if must_migrate else 'need not'} live-migrate"
    name = interface.domain.name
    remedy = (
        f"Move {name} to macvtap passthrough, or take it from the plan's list of those that"
        " must live-migrate."
    )
    wanted = "no live migration in hostdev mode"
    return found(interface, not must_migrate, observed, wanted, remedy=remedy)


def guest_has_driver(interface: VmInterface, driver: str, host: Host) -> Finding:
    """HDV-05."""
    drivers = host.guest_drivers(interface.domain.uuid)
    mac = (interface.written.mac or "").lower()
    wanted = f"the guest's driver {driver} on the function with MAC address {mac}"
    if isinstance(drivers, Unknown):
        guest = shlex.quote(f"{one_line(interface.domain.name)}=FILE")
        remedy = drivers.remedy or (
            f"Run the script of `vmfex capture-script` inside {interface.domain.name}, and give "
            f"what it prints: `--guest {guest}`."
        )
        return undetermined(
            interface.label, Unknown(drivers.reason, drivers.evidence, remedy), wanted
        )
    if not mac:
        reason = "the definition names no MAC address to find inside the guest"
        change = "write the <mac address='...'/> that the guest shows for it"
        raise Missing(Unknown(reason, (), edit(interface, change)))
    bound = drivers.value.get(mac)
    observed = f"driver {bound} on {mac}" if bound else f"no driver on a device with {mac}"
    name = interface.domain.name
    remedy = f"In the guest of {name}: `modprobe {driver}` (install it first), and capture it anew."
    return found(interface, bound == driver, observed, wanted, *drivers.evidence, remedy=remedy)


def hypervisor_refuses(domain: Domain, host: Host) -> Finding:
    """HDV-06: the hypervisor's own answer agrees that a VM in hostdev mode does not migrate. An
    error that speaks of something else (no connection, no disk space) is no refusal."""
    answer = host.migration_answer(domain.uuid)
    if isinstance(answer, Unknown):
        ask = answer.remedy or _ask_in_lab(domain)
        raise Missing(Unknown(answer.reason, answer.evidence, ask))
    said = answer.need()
    observed = f"refused: {said}" if said else "the hypervisor would migrate it"
    wanted = "the hypervisor refuses to migrate the VM"
    if said and not any(word in said for word in REFUSALS):
        reason = f"the attempt failed for another reason: {said}"
        unknown = Unknown(reason, answer.evidence, _ask_in_lab(domain))
        return undetermined(domain.label, unknown, wanted)
    remedy = (
        f"Do not migrate {one_line(domain.name)} all the same, and keep it from tools that "
        f"evacuate this host: the guest would lose its VF ({virsh('dumpxml', domain.name)})."
    )
    return found(domain, bool(said), observed, wanted, *answer.evidence, remedy=remedy)


def _ask_in_lab(domain: Domain) -> str:
    return (
        f"Nothing needs doing for {one_line(domain.name)}: HDV-04 decides. Only a lab asks: what "
        "the hypervisor says there to saving such a VM goes to "
        f"libvirt/migration/{domain.uuid}.json of a recording (docs/recordings.md)."
    )
