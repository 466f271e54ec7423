"""Network and assigned devices on QEMU's own command line (`<qemu:commandline>`), which libvirt
does not look into. The options are QEMU's (docs/system/invocation, qemu-options.hx)."""

import re
from collections.abc import Iterator

from vmfex.checks.model.domain import Definition

NETWORK = {"netdev", "net", "nic"}
DEVICES = {
    "device",
    "pcidevice",
    "set",
}  # pcidevice in RHEL 5 and 6; -set changes what libvirt gives
# Assigned by VFIO, or by KVM itself in old releases; a VF by way of vDPA.
ASSIGNED = re.compile(r"\bvfio|\bpci-assign|\bkvm-pci-assign|\bvhost-vdpa|\bhost=")
OF_A_NETDEV = re.compile(r"\bnetdev\b")
# What QEMU connects by itself, and can be no port of a VIC.
ITS_OWN = re.compile(r"^(type=)?(user|socket|stream|dgram|l2tpv3|vde|hubport|vhost-user|passt)\b")
NOTHING = re.compile(r"^(type=)?none$")
FRONT_END = re.compile(r"^(type=)?nic\b")  # of -net: the guest's half


def network_arguments(definition: Definition) -> tuple[str, ...]:
    """The arguments that give the VM a network or an assigned device, as `-netdev tap,id=n0`."""
    return tuple(f"-{option} {value}".rstrip() for option, value in _chosen(definition))


def may_be_on_a_function(definition: Definition) -> bool:
    """Whether one of them may put the VM on a PCI function, or on a link of the host's."""
    return any(
        ASSIGNED.search(value)
        if option in DEVICES
        else not ITS_OWN.search(value) and not (option == "net" and FRONT_END.search(value))
        for option, value in _chosen(definition)
    )


def _chosen(definition: Definition) -> Iterator[tuple[str, str]]:
    arguments = definition.qemu_arguments
    for option, value in zip(arguments, (*arguments[1:], ""), strict=False):
        name = option.lstrip("-") if option.startswith("-") else ""
        is_network = name in NETWORK and not NOTHING.search(value)
        is_device = name in DEVICES and (ASSIGNED.search(value) or OF_A_NETDEV.search(value))
        if is_network or is_device or name == "readconfig":
            yield name, value
