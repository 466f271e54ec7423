"""What in a domain's XML may keep it from live migration (libvirt, src/qemu/qemu_migration.c:
qemuMigrationSrcIsAllowed and qemuMigrationSrcIsSafe; the features' tables say with what words)."""

from collections.abc import Iterator

from vmfex.checks.model.domain import Blocker
from vmfex.evidence.parsers.xml import Element, children

SAFE_CACHES = ("none", "directsync")
TAKEN = ("require", "force")  # a CPU feature's policies that give it to the guest


def blockers(root: Element, devices: Element) -> tuple[Blocker, ...]:
    """In the order in which they are judged; assigned devices are not among them."""
    return (*_shared_folders(devices), *_memory(devices), *_clock(root), *_disks(devices))


def _shared_folders(devices: Element) -> Iterator[Blocker]:
    for folder in devices.findall("filesystem"):
        target = folder.find("target")
        name = "" if target is None else target.get("dir") or ""
        driver = folder.find("driver")
        virtiofs = driver is not None and driver.get("type") == "virtiofs"
        yield Blocker("virtiofs" if virtiofs else "9p", name)


def _memory(devices: Element) -> Iterator[Blocker]:
    for shmem in devices.findall("shmem"):
        model = shmem.find("model")
        legacy = model is not None and model.get("type") == "ivshmem"
        if legacy or shmem.get("role") != "master":
            yield Blocker("shmem", shmem.get("name") or "")


def _clock(root: Element) -> Iterator[Blocker]:
    timers = root.findall("clock/timer[@name='tsc']")
    if any((timer.get("frequency") or "0") != "0" for timer in timers):
        return
    policies = [f.get("policy") or "require" for f in root.findall("cpu/feature[@name='invtsc']")]
    for policy in policies:
        if policy in TAKEN:
            yield Blocker("invtsc", "")
    cpu = root.find("cpu")
    if cpu is not None and cpu.get("migratable") == "off" and not policies:
        yield Blocker("migratable off", "")


def _disks(devices: Element) -> Iterator[Blocker]:
    for disk in devices.findall("disk"):
        parts = children(disk)
        source, driver, target = map(parts.get, ("source", "driver", "target"))
        name = "" if target is None else target.get("dev") or ""
        if "transient" in parts:
            yield Blocker("transient disk", name)
        if source is None or not (source.attrib or len(source)):
            continue
        if "readonly" in parts or disk.get("device") == "cdrom":
            continue
        kind = disk.get("type") or "file"
        if kind == "network":
            continue
        if kind == "nvme":
            yield Blocker("nvme disk", name)
        elif kind == "file":
            yield Blocker("disk in a file", f"{name} ({source.get('file') or 'no file'})")
        cache = None if driver is None else driver.get("cache")
        if "shareable" not in parts and cache not in SAFE_CACHES:
            yield Blocker("disk cache", f"{name} (cache {cache or 'not named'})")
