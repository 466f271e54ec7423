"""Can a VM that must live-migrate? (rules MTD-04, EMU-05)"""

import shlex
from collections.abc import Iterable, Mapping

from vmfex.checks.model.domain import Blocker, Domain
from vmfex.checks.model.fact import Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules.by_name import virsh
from vmfex.checks.text import one_line

Words = Mapping[str, str]  # by the kind of blocker: libvirt's or QEMU's own words

ASSIGNED, CACHE, FILE = "assigned device", "disk cache", "disk in a file"
DROPS_CACHE = (4_000_000, 5_007_000)  # QEMU and libvirt from which on any cache is safe
TAKE_OUT = {
    "virtiofs": "<filesystem>",
    "9p": "<filesystem>",
    "transient disk": "<transient/>",
    "nvme disk": "the <disk type='nvme'>",
}


def nothing_blocks(
    domain: Domain, interfaces: Iterable[VmInterface], host: Host, words: Words
) -> Finding:
    """libvirt refuses to migrate a domain with devices of the host other than USB assigned to it,
    and others of the table (src/qemu/qemu_migration.c). Raises Missing."""
    cached = _cache_counts(host)
    certain, gaps = _blockers(domain, interfaces, cached)
    if gaps and not certain:
        raise Missing(_not_told(domain, gaps, cached))
    observed = "; ".join(f"{_named(b)}: {words[b.kind]!r}" for b in certain)
    remedy = f"{virsh('edit', domain.name)}: {' '.join(dict.fromkeys(map(_remedy, certain)))}"
    return found(
        domain,
        not certain,
        observed or "nothing that libvirt or QEMU refuses to migrate",
        "nothing that blocks live migration",
        remedy=f"{remedy} Or take {domain.name} from the plan's list of those that must migrate.",
    )


def what_blocks(domain: Domain, interfaces: Iterable[VmInterface], host: Host) -> str:
    """What is known to block a VM's migration, in words; empty if nothing is."""
    certain, _ = _blockers(domain, interfaces, _cache_counts(host))
    return ", ".join(map(_named, certain))


def _blockers(
    domain: Domain, interfaces: Iterable[VmInterface], cached: bool | Unknown
) -> tuple[list[Blocker], list[Blocker]]:
    """What blocks, and what may."""
    assigned = [device for d in domain.definitions for device in d.assigned]
    devices = [device for device in assigned if not device.startswith("USB ")]
    bare = {device for device in devices if device.startswith("PCI device ")}
    mine = [i for i in interfaces if i.is_hostdev]
    devices += [i.label for i in mine if f"PCI device {i.written.address}" not in bare]
    certain = [Blocker(ASSIGNED, device) for device in sorted(set(devices))]
    gaps = []
    for blocker in dict.fromkeys(b for d in domain.definitions for b in d.blockers):
        if blocker.kind == FILE or (blocker.kind == CACHE and isinstance(cached, Unknown)):
            gaps.append(blocker)
        elif blocker.kind != CACHE or cached is True:
            certain.append(blocker)
    return certain, gaps


def _named(blocker: Blocker) -> str:
    return f"{blocker.kind} {blocker.name}".rstrip()


def _remedy(blocker: Blocker) -> str:
    if blocker.kind == ASSIGNED:
        return f"take out {blocker.name}."
    if blocker.kind == CACHE:
        return f"write <driver cache='none'/> for disk {blocker.name}."
    if blocker.kind == "invtsc":
        return "take out <feature name='invtsc'/>, or give <timer name='tsc'> its frequency."
    if blocker.kind == "migratable off":
        return "write migratable='on' in the <cpu> element, or give <timer name='tsc'> a frequency."
    if blocker.kind == "shmem":
        other = "or give it role='master' and another model than ivshmem"
        return f"take out <shmem> {blocker.name}, {other}."
    return f"take out {TAKE_OUT[blocker.kind]} {blocker.name}".rstrip() + "."


def _cache_counts(host: Host) -> bool | Unknown:
    """Whether libvirt still calls a disk's cache unsafe: not from QEMU 4.0 on, whose files drop
    their cache, as libvirt knows since 5.7 (its NEWS)."""
    answer = host.libvirt
    if isinstance(answer, Unknown):
        return answer
    qemu, libvirt = answer.value.hypervisor_version, answer.value.version
    if qemu is None or libvirt is None:
        see = "`virsh version` on the host tells both; then certify it anew."
        return Unknown("the versions of libvirt and QEMU are not known", answer.evidence, see)
    return qemu < DROPS_CACHE[0] or libvirt < DROPS_CACHE[1]


def _not_told(domain: Domain, gaps: list[Blocker], cached: bool | Unknown) -> Unknown:
    files = [b.name for b in gaps if b.kind == FILE]
    if files:
        reason = f"whether this is on shared storage is not known: disk {', '.join(files)}"
        place = files[0].partition("(")[2].removesuffix(")") or "FILE"
        see = f"`findmnt -T {shlex.quote(one_line(place))}` on the host shows it"
        remedy = f"{see}; libvirt refuses a disk on a local one,"
        return Unknown(reason, domain.evidence, f"{remedy} unless its storage is copied too.")
    reason = cached.reason if isinstance(cached, Unknown) else ""
    disks = ", ".join(b.name for b in gaps)
    write = f"<driver cache='none'/> of {disks} is safe in any version."
    safe = f"{virsh('edit', domain.name)}: {write}"
    ask = f"{safe} {cached.remedy}" if isinstance(cached, Unknown) else safe
    return Unknown(f"whether the cache of {disks} matters: {reason}", domain.evidence, ask.strip())
