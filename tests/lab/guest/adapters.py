"""The SR-IOV adapters: how many VFs they have, and as which VIC they pose.

The ids are small files, bind-mounted over those of sysfs: whoever reads sysfs sees a VIC. Its
driver stays what it is, and so do the config space and uevent.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.lab.guest.commands import must

DEVICES = Path("/sys/bus/pci/devices")
POSES = Path("/run/poses")
CISCO, STATIC_VNIC, VMFEX_VF = "0x1137", "0x0043", "0x0071"


def physical_functions() -> list[Path]:
    """The PFs, by address."""
    return sorted(path.parent for path in DEVICES.glob("*/sriov_totalvfs"))


def netdev(function: Path) -> str:
    return next((function / "net").iterdir()).name


def address(where: str) -> str:
    """The PCI address of `pf0` or `vf0.2`. Raises OSError where there is no such function."""
    kind, numbers = where[:2], where[2:].split(".")
    function = physical_functions()[int(numbers[0])]
    return (
        (function if kind == "pf" else function / f"virtfn{numbers[1]}").resolve(strict=True).name
    )


def set_vfs(function: Path, number: int) -> None:
    """Also brings the PF up, as igb wants it for its VFs."""
    must("ip", "link", "set", netdev(function), "up")
    control = function / "sriov_numvfs"
    if int(control.read_text()):
        control.write_text("0")
    if number:
        control.write_text(str(number))
    must("udevadm", "settle", "--timeout=30")


def pose(function: Path, model: str) -> None:
    """Makes a PF and its VFs look like those of a VIC of this subsystem device id."""
    _show(function, STATIC_VNIC, model)
    for vf in function.glob("virtfn*"):
        _show(vf, VMFEX_VF, model)


def unpose() -> None:
    for mounted in reversed(list(_posing())):
        must("umount", mounted)


def _posing() -> Iterator[str]:
    for line in Path("/proc/self/mounts").read_text().splitlines():
        place = line.split()[1]
        if place.startswith("/sys/devices/pci"):
            yield place


def _show(function: Path, device: str, model: str) -> None:
    ids = {"vendor": CISCO, "device": device, "subsystem_vendor": CISCO, "subsystem_device": model}
    POSES.mkdir(exist_ok=True)
    for name, id_ in ids.items():
        file = POSES / id_
        file.write_text(f"{id_}\n")
        must("mount", "--bind", str(file), str(function.resolve() / name))
