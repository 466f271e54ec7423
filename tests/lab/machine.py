"""The emulated machine: boots, runs one shell script as root, and powers off."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.lab.initramfs import initramfs
from tests.lab.parts import Parts

ADAPTERS = 2
MACHINE = "q35,kernel-irqchip=split,accel=tcg"
IOMMU = "intel-iommu,intremap=on,caching-mode=on"
BOOTS = 3  # at the most; an assertion of QEMU's fails now and then (iotlb_to_section)
# The kernel ends QEMU with the process that started it, however that one ends: else it would go on.
WITH_US = ("setpriv", "--pdeathsig", "KILL")
WORDS = 600  # characters of the last words that an error repeats
_POLL = 0.2  # seconds


class LabError(Exception):
    """The guest did not come to its end; the message has its last words."""


class Machine:
    """A PC of one processor (with two, that assertion fails more often), with nested
    virtualization, an IOMMU, and SR-IOV adapters of 7 VFs. Each is below a root port of its own:
    below one switch, which has no ACS in QEMU, their VFs would share an IOMMU group; with
    `shared_group` a third adapter is there just so. `share` is /lab in the guest, `iommu` tells if
    its kernel uses the IOMMU, `root` is the file system that it boots from."""

    def __init__(
        self,
        parts: Parts,
        share: Path,
        iommu: bool = True,
        root: Path = Path("/"),
        shared_group: bool = False,
    ) -> None:
        self._parts = parts
        self._share = share
        self._iommu = iommu
        self._root = root
        self._shared_group = shared_group

    def run(self, script: str, limit: float, watch: Callable[[], None] = lambda: None) -> None:
        """Returns when the guest has powered off; calls `watch` while it runs. Where QEMU itself
        fails, it boots again: the script is run from its start.

        Raises LabError where it needs more than `limit` seconds, or ends without reaching the end
        of the script. Nothing of it runs on after that."""
        end = self._share / "end"
        end.unlink(missing_ok=True)
        (self._share / "start").write_text(f"{script}\necho reached >/lab/end\n{POWER_OFF}")
        (self._share / "initramfs").write_bytes(initramfs(self._parts))
        deadline = time.monotonic() + limit
        for _ in range(BOOTS):
            status = self._boot(deadline, watch)
            if status == 0 and end.exists() and end.read_bytes():  # empty where the disk is full
                return
            if status is None:
                raise LabError(f"the guest did not end within {limit:g} s; {self._last_words()}")
            if status != -signal.SIGABRT:  # which is QEMU's own fault, and not the guest's
                break
        raise LabError(f"the guest ended before its script did; {self._last_words()}")

    def _boot(self, deadline: float, watch: Callable[[], None]) -> int | None:
        """QEMU's exit status; None where it had to be killed at the deadline."""
        with (self._share / "qemu.log").open("wb") as log:
            process = subprocess.Popen(
                self._command(),
                env=os.environ | {"QEMU_MODULE_DIR": str(self._parts.qemu_modules)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            while process.poll() is None:
                if time.monotonic() > deadline:
                    return None
                watch()
                time.sleep(_POLL)
            return process.returncode
        finally:
            process.kill()
            process.wait()

    def _last_words(self) -> str:
        said = [f"no space is left in {self._share}"] if not _has_space(self._share) else []
        for name in ("qemu.log", "console", "log"):
            file = self._share / name
            text = file.read_text("utf-8", "replace").strip() if file.exists() else ""
            if text:
                said.append(f"{name} said last: {text[-WORDS:]}")
        return "\n".join(said) or "nothing was said"

    def _command(self) -> list[str]:
        parts, share = self._parts, self._share
        # On a busy machine QEMU's timer comes too late for the kernel's check, which then panics.
        words = ["console=ttyS0", "quiet", "panic=-1", "no_timer_check"]
        words += ["intel_iommu=on", "iommu=on"] if self._iommu else ["intel_iommu=off"]
        command = [*WITH_US, str(parts.qemu), "-nodefaults", "-no-user-config", "-no-reboot"]
        command += [word for path in parts.firmware for word in ("-L", str(path))]
        command += ["-display", "none", "-serial", f"file:{_escaped(share / 'console')}"]
        command += ["-machine", MACHINE, "-cpu", "max", "-m", "3G", "-device", IOMMU]
        command += ["-kernel", str(parts.kernel), "-initrd", str(share / "initramfs")]
        command += ["-append", " ".join(words)]
        command += _folder("machine", self._root, ",readonly=on") + _folder("lab", share)
        if self._root != Path("/"):  # whose guest does not see the checkout
            command += _folder("modules", parts.modules.parent, ",readonly=on")
        for number in range(ADAPTERS):
            command += ["-device", _port(number), *_adapter(number, f"port{number}")]
        if self._shared_group:
            command += ["-device", _port(ADAPTERS)]
            command += ["-device", f"x3130-upstream,id=up,bus=port{ADAPTERS}"]
            command += ["-device", f"xio3130-downstream,id=below,bus=up,chassis={ADAPTERS + 2}"]
            command += _adapter(ADAPTERS, "below")
        return command


def _port(number: int) -> str:
    return f"pcie-root-port,id=port{number},chassis={number + 1}"


def _adapter(number: int, bus: str) -> list[str]:
    mac = f"02:00:00:00:{number:02x}:00"
    adapter = f"igb,bus={bus},netdev=net{number},mac={mac},romfile="
    return ["-netdev", f"user,id=net{number},restrict=on", "-device", adapter]


POWER_OFF = "sync\necho o >/proc/sysrq-trigger\nsleep 60\n"


def _folder(tag: str, path: Path, more: str = "") -> list[str]:
    backend = f"local,id={tag},path={_escaped(path)},security_model=none,multidevs=remap{more}"
    return ["-fsdev", backend, "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]


def _has_space(folder: Path) -> bool:
    return os.statvfs(folder).f_bavail > 0


def _escaped(path: Path) -> str:
    return str(path).replace(",", ",,")
