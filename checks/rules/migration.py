"""Can a VM that must live-migrate? (rules MTD-04, EMU-05)"""

from collections.abc import Iterable

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found


def nothing_blocks(domain: Domain, interfaces: Iterable[VmInterface]) -> Finding:
    """libvirt refuses to migrate a domain with devices of the host assigned to it, other than USB
    devices (src/qemu/qemu_migration.c, qemuMigrationSrcIsAllowedHostdev)."""
    assigned = [device for d in domain.definitions for device in d.assigned]
    blockers = [device for device in assigned if not device.startswith("USB ")]
    blockers += [i.label for i in interfaces if i.is_hostdev]
    observed = ", ".join(sorted(set(blockers))) or "no device of the host but USB is assigned"
    return found(domain, not blockers, observed, "nothing that blocks live migration")
