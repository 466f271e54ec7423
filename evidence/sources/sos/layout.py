"""Where sos 3 and 4 put what a recording has elsewhere, and who collects what is not there."""

import re
from collections.abc import Callable

from vmfex.checks.model.fact import Unknown
from vmfex.evidence.sources.captured import ELSEWHERE
from vmfex.evidence.tree import where

COMMANDS = "sos_commands"
VIRSH = f"{COMMANDS}/virsh/virsh_-r_"
QEMU, NETWORKS = "etc/libvirt/qemu", "etc/libvirt/qemu/networks"
UDEVADM = f"{COMMANDS}/devices/udevadm_info_--export-db"
WANTED = re.compile(
    r"(etc|usr/lib)/[^/]*release|etc/libvirt/qemu(/networks)?/[^/]+\.xml|proc/(cpuinfo|modules)|var/log/dmesg"
    r"|lib/modules/[^/]+/modules\.(dep|builtin)|sys/module/(macvtap|vfio_pci)/.*|sos_commands/virsh/[^/]+"
    r"|sos_commands/kernel/(uname_-a|dmesg|lsmod)|sos_commands/networking/ip_(-s_-d_link|-d_address)"
    r"|sos_commands/pci/lspci_-nnvv|sos_commands/devices/udevadm_info_--export-db"
    r"|sos_commands/libvirt/[^/]+|sos_commands/hardware/dmidecode|version\.txt"
    r"|etc/libvirt/qemu/networks/autostart/[^/]+\.xml|sos_commands/date/date(_--utc)?"
)
PLACES = {  # where a sosreport has what a recording has elsewhere
    "uname": (f"{COMMANDS}/kernel/uname_-a",),
    "kernel-log": (f"{COMMANDS}/kernel/dmesg",),
    "proc/modules": ("proc/modules", f"{COMMANDS}/kernel/lsmod"),
    "ip/link.txt": (
        f"{COMMANDS}/networking/ip_-s_-d_link",
        f"{COMMANDS}/networking/ip_-d_address",
    ),
    "pci/lspci.txt": (f"{COMMANDS}/pci/lspci_-nnvv",),
    "pci/udevadm.txt": (UDEVADM,),
    "hardware/dmidecode.txt": (f"{COMMANDS}/hardware/dmidecode",),
    "libvirt/version.txt": (f"{VIRSH}version",),
    "libvirt/capabilities.xml": (f"{VIRSH}capabilities",),
    "libvirt/net-list-all.txt": (f"{VIRSH}net-list_--all",),  # since sos 4.6.1
    "libvirt/net-list.txt": (f"{VIRSH}net-list",),
}
TOLD_BY = {  # which file tells of what it does not itself stand for
    "/dev/kvm": UDEVADM,
    "/sys/class/net": UDEVADM,
    "/sys/class/iommu": UDEVADM,
    "libvirt/connection.json": f"{VIRSH}version",
    "libvirt/domains": f"{VIRSH}list_--all",
}
PLUGINS = {
    "etc/": "release",
    "uname": "kernel",
    "kernel-log": "kernel",
    "var/log/dmesg": "kernel",
    "proc/modules": "kernel",
    "sys/module": "kernel",
    "sys/class/iommu": "devices",
    "sys/class/dmi/id/product_serial": "hardware",
    "hardware/": "hardware",
    "proc/cpuinfo": "processor",
    "netlink/links.bin": "networking",
    "pci/udevadm.txt": "devices",
    "dev/kvm": "devices",
    "libvirt/connection.json": "virsh",
    "libvirt/capabilities.xml": "virsh",
    "libvirt/domains": "virsh",
    "libvirt/networks": "virsh",
    "libvirt/net": "virsh",
}
OTHER_WAYS = "Or read the host itself: ssh://HOST, or the capture script, which root should run."
DEEPEST = 4  # folders that may be above a report
FUNCTIONS, LINKS = "sys/bus/pci/devices", "sys/class/net"


def top_of_report(path: str) -> str | None:
    """The folders above a report's own (with a slash at their end, or nothing), by a name in it
    that only reports have; None where the name is none of those."""
    if COMMANDS not in path:  # as of nearly all
        return None
    above, found, below = f"/{path}".partition(f"/{COMMANDS}/")
    if not found or not below or above.count("/") > DEEPEST:
        return None
    return f"{above[1:]}/" if above else ""


def wanted_below(top: str) -> Callable[[str], bool]:
    """Which names are wanted of a tar in which the report stands at `top`."""
    return lambda path: path.startswith(top) and WANTED.fullmatch(path[len(top) :]) is not None


def lacking(path: str) -> Unknown:
    """That a sosreport does not have a path, and who would have it."""
    if path.startswith(FUNCTIONS):
        remedy = f"Make a report with both: `sos report -o pci,devices`. {OTHER_WAYS}"
        same = "lspci and udevadm show the same, which its plugins `pci` and `devices` collect"
        return Unknown(
            f"{where(path)} is not in the sosreport: {same} (sos report -o pci,devices)",
            remedy=remedy,
        )
    for elsewhere in ("ucsm", "guests", "libvirt/migration"):
        if path.startswith(f"{elsewhere}/"):
            return Unknown(ELSEWHERE[elsewhere])
    if path.endswith("/modules.dep"):
        return uncollected(path, "kernel")
    if path == LINKS:
        return uncollected(path, "devices")
    for start, plugin in PLUGINS.items():
        if path.startswith(start):
            return uncollected(path, plugin)
    reason = "no plugin of sos collects it: capture the host (docs/captures.md)"
    return Unknown(f"{where(path)} is not in the sosreport, and {reason}", remedy=OTHER_WAYS)


def uncollected(path: str, plugin: str) -> Unknown:
    """That what a plugin collects is not there: it did not run, or found nothing."""
    collects = f"its plugin `{plugin}` collects it (sos report -o {plugin})"
    remedy = (
        f"Make a report with it: `sos report -o {plugin}`, and what else is wanted. {OTHER_WAYS}"
    )
    return Unknown(f"{where(path)} is not in the sosreport: {collects}", remedy=remedy)
