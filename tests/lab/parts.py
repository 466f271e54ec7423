"""What the lab boots, as tools/lab.sh has fetched it, and what else it needs of the machine."""

import shutil
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT = CHECKOUT / ".setup" / "lab" / "root"
# `setpriv` starts QEMU; the others are run in the guest.
PROGRAMS = ("busybox", "libvirtd", "lspci", "modprobe", "setpriv", "sos", "udevadm", "virsh")


@dataclass(frozen=True, slots=True)
class Parts:
    """`modules` is the directory of the kernel's version, `firmware` where QEMU looks for it."""

    qemu: Path
    qemu_modules: Path
    firmware: tuple[Path, ...]
    kernel: Path
    modules: Path
    busybox: Path


def find() -> Parts | str:
    """Everything, or in words what is missing."""
    kernels = sorted((ROOT / "boot").glob("vmlinuz-*"))
    if not kernels:
        return "the lab's kernel and QEMU"
    found = {name: shutil.which(name) for name in PROGRAMS}
    lacking = [name for name, path in found.items() if path is None]
    if lacking:
        return f"the lab's {', '.join(lacking)}"
    busybox = Path(str(found["busybox"]))
    if b"/ld-linux" in busybox.read_bytes():
        return "a busybox that is linked statically (the package busybox-static), for the lab"
    kernel = kernels[-1]
    return Parts(
        qemu=ROOT / "usr/bin/qemu-system-x86_64",
        qemu_modules=ROOT / "usr/lib/x86_64-linux-gnu/qemu",
        firmware=(ROOT / "usr/share/qemu", Path("/usr/share/seabios")),
        kernel=kernel,
        modules=ROOT / "lib/modules" / kernel.name.removeprefix("vmlinuz-"),
        busybox=busybox,
    )
