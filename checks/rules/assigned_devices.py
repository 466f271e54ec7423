"""How many devices of the host a VM may have (rule TOP-08)."""

from collections.abc import Iterable, Mapping

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.by_name import virsh


def are_allowed(
    domain: Domain, interfaces: Iterable[VmInterface], host: Host, limits: Mapping[int, int]
) -> Finding:
    """TOP-08. `limits` has the most devices by the release's major number. Raises Missing."""
    release = host.release.need()
    most = limits.get(release.version[0]) if release.is_rhel else None
    if most is None:
        reason = f"no figure is known for {release.text}"
        remedy = f"{virsh('start', domain.name)} shows whether it takes all that it is given."
        raise Missing(Unknown(reason, host.release.evidence, remedy))
    counts = {d.state: 0 for d in domain.definitions}
    for interface in interfaces:
        counts[interface.definition.state] += interface.is_hostdev
    for definition in domain.definitions:  # of two that are alike, one stands for both
        assigned = sum(1 for device in definition.assigned if device.startswith("PCI device "))
        counts[definition.state] = max(counts[definition.state], assigned)
    count = max(counts.values())
    remedy = (
        f"{virsh('edit', domain.name)}: take out {count - most} of its {count} <hostdev> and"
        " <interface type='hostdev'> elements, or move them to another VM."
    )
    wanted = f"at most {most} on {release.text}"
    return found(domain, count <= most, f"{count} assigned PCI devices", wanted, remedy=remedy)
