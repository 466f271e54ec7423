"""What holds in every topology (rules TOP)."""

from collections.abc import Mapping, Sequence

from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.domain import Definition, Domain
from vmfex.checks.model.fact import Missing, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found, undetermined
from vmfex.checks.rules import remedy
from vmfex.checks.rules.by_name import a_free_vf, virsh
from vmfex.checks.rules.software_switch import of_untold, switch_of

SlotRange = tuple[int, int]


def stands_on_vic(interface: VmInterface, free: Sequence[PciFunction] = ()) -> Finding:
    """TOP-02."""
    if interface.carrier is Carrier.UNTOLD:
        reason = f"nobody can tell what {interface.way} stands on"
        raise Missing(Unknown(reason, (), of_untold(interface, free)))
    functions = interface.functions.need()
    ok = bool(functions) and not interface.absent and all(f.is_vic_ethernet for f in functions)
    observed = interface.stands_on() or "no PCI function"
    wanted = "a function of a VIC on this host"
    return found(interface, ok, observed, wanted, remedy=_onto_the_vic(interface, free))


def _onto_the_vic(interface: VmInterface, free: Sequence[PciFunction]) -> str:
    name = free[0].address if interface.is_hostdev and free else a_free_vf(free)
    vf = f"{name}, a free VF of the VIC," if name else "a VF of the VIC"
    change = f"name {vf} in the place of {remedy.source(interface)}"
    if interface.absent:
        change += f", or bring back {', '.join(interface.absent)}"
    return remedy.edit(interface, change)


def concerns_the_vic(interface: VmInterface) -> bool:
    """Whether TOP-02 is about an interface: not where a software switch or nothing has it (TOP-01),
    and of bare devices only a VIC's, for others need not be network cards."""
    if interface.carrier in (Carrier.SWITCH, Carrier.NOTHING):
        return False
    if interface.written.type in ("bare hostdev", "ethernet"):
        try:
            return interface.is_vmfex()
        except Missing:
            return True
    try:
        return not switch_of(interface)
    except Missing:
        return True


def fits_its_buses(domain: Domain, ranges: Mapping[str, SlotRange]) -> list[Finding]:
    """TOP-03, per bus. `ranges` has the first and last usable slot of each bus model."""
    findings = []
    for definition in domain.definitions:
        if definition.interfaces and not any(bus.slots for bus in definition.buses):
            reason = "no device of the definition has a PCI address yet"
            label = f"{domain.label} ({definition.state})"
            save = (
                f"libvirt writes them when it defines the VM: {virsh('edit', domain.name)}, save."
            )
            findings.append(undetermined(label, Unknown(reason, definition.evidence, save)))
            continue
        for bus in definition.buses:
            subject = Thing(
                f"{domain.label} ({definition.state}), bus {bus.index} ({bus.model})",
                definition.evidence,
            )
            if bus.model not in ranges:
                reason = f"the slots of a {bus.model or 'missing'} controller are not known"
                known = (
                    f"{virsh('start', domain.name)} shows whether QEMU takes it; on a "
                    "pcie-root-port or a pci-bridge its devices can be counted."
                )
                unknown = Unknown(reason, definition.evidence, known)
                findings.append(undetermined(subject.label, unknown))
                continue
            first, last = ranges[bus.model]
            outside = [slot for slot in bus.slots if not first <= slot <= last]
            observed = f"{len(bus.slots)} slots used" + (
                f", outside the bus: {_listed(outside)}" if outside else ""
            )
            wanted = f"at most {last - first + 1} devices, in slots {first} to {last}"
            remedy = (
                f"{virsh('edit', domain.name)}: give the devices in slot {_listed(outside)} of bus"
                f" {bus.index} another <address>, on a bus with room (a pci-bridge, or a"
                " pcie-root-port for each)."
            )
            findings.append(found(subject, not outside, observed, wanted, remedy=remedy))
    if not findings:
        see = f"{virsh('dumpxml', domain.name)} shows its <controller type='pci'> elements."
        raise Missing(Unknown("the definition shows no PCI bus", domain.evidence, see))
    return findings


def _listed(slots: Sequence[int]) -> str:
    return ", ".join(map(str, slots))


def is_valid_xml(domain: Domain, host: Host) -> list[Finding]:
    """TOP-04, per definition."""
    return [_valid(domain, definition, host) for definition in domain.definitions]


def _valid(domain: Domain, definition: Definition, host: Host) -> Finding:
    subject = Thing(f"{domain.label} ({definition.state})", definition.evidence)
    wanted = "a valid document by libvirt's domain.rng"
    errors = host.schema_errors(definition.evidence[0])
    if isinstance(errors, Unknown):
        return undetermined(subject.label, errors, wanted)
    edit = virsh("edit", domain.name)
    remedy = f"{edit}, which checks it when you save, and mend what it refuses."
    return found(subject, not errors.value, errors.value or "valid", wanted, remedy=remedy)
