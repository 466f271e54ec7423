"""What holds in every topology (rules TOP)."""

from collections.abc import Mapping, Sequence

from vmfex.checks.model.domain import Definition, Domain
from vmfex.checks.model.fact import Missing, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.link import Link
from vmfex.checks.model.vm_interface import MACVTAP, VmInterface
from vmfex.checks.result.verdict import Finding, found, undetermined

SlotRange = tuple[int, int]


def bypasses_the_host(interface: VmInterface) -> Finding:
    """TOP-01."""
    wanted = "no Linux bridge, Open vSwitch, or routed, NAT or isolated libvirt network"
    if interface.way == MACVTAP or interface.is_hostdev:
        return found(interface, True, f"{interface.way} interface", wanted)
    if interface.written.type == "ethernet":
        return _plain_tap(interface, interface.live.need(), wanted)
    return found(interface, False, f"on {interface.way}", wanted)


def _plain_tap(interface: VmInterface, link: Link | None, wanted: str) -> Finding:
    """A tap device that something else plugs in: only its live link tells where."""
    if link is None:
        reason = "an interface of type 'ethernet' shows what it is plugged into only while it runs"
        raise Missing(Unknown(reason))
    observed = (
        f"{link.name} is in bridge {link.master}" if link.master else f"{link.name} is in no bridge"
    )
    return found(interface, link.master is None, observed, wanted, *link.evidence)


def stands_on_vic(interface: VmInterface) -> Finding:
    """TOP-02."""
    functions = interface.functions.need()
    ok = bool(functions) and not interface.absent and all(f.is_vic_ethernet for f in functions)
    observed = interface.stands_on() or "no PCI function"
    return found(interface, ok, observed, "a function of a VIC on this host")


def fits_its_buses(domain: Domain, ranges: Mapping[str, SlotRange]) -> list[Finding]:
    """TOP-03, per bus. `ranges` has the first and last usable slot of each bus model."""
    findings = []
    for definition in domain.definitions:
        if definition.interfaces and not any(bus.slots for bus in definition.buses):
            reason = "no device of the definition has a PCI address yet"
            label = f"{domain.label} ({definition.state})"
            findings.append(undetermined(label, Unknown(reason, definition.evidence)))
            continue
        for bus in definition.buses:
            subject = Thing(
                f"{domain.label} ({definition.state}), bus {bus.index} ({bus.model})",
                definition.evidence,
            )
            if bus.model not in ranges:
                reason = f"the slots of a {bus.model or 'missing'} controller are not known"
                findings.append(undetermined(subject.label, Unknown(reason, definition.evidence)))
                continue
            first, last = ranges[bus.model]
            outside = [slot for slot in bus.slots if not first <= slot <= last]
            observed = f"{len(bus.slots)} slots used" + (
                f", outside the bus: {_listed(outside)}" if outside else ""
            )
            wanted = f"at most {last - first + 1} devices, in slots {first} to {last}"
            findings.append(found(subject, not outside, observed, wanted))
    if not findings:
        raise Missing(Unknown("the definition shows no PCI bus"))
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
    return found(subject, not errors.value, errors.value or "valid", wanted)
