"""Commands, elements and lists of names, as a remedy shows them for this very host."""

import shlex
from collections.abc import Iterable, Sequence
from html import escape

from vmfex.checks.model.fact import Known
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.text import one_line

LIST_VFS = "`lspci -nn -d 1137:0071` lists the VFs."


def virsh(command: str, name: str) -> str:
    """`virsh edit web01`, to be typed."""
    return f"`virsh {command} {shlex.quote(one_line(name))}`"


def some(names: Iterable[str], limit: int = 5) -> str:
    """The first of the names, sorted and each once, and how many more there are."""
    listed = sorted({one_line(name) for name in names})
    more = f" and {len(listed) - limit} more" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more


def device(function: PciFunction) -> str:
    """A function's network device, or its address where it has none."""
    return one_line(function.netdevs[0]) if function.netdevs else function.address


def _address(function: PciFunction) -> str:
    """As the definition of an assigned device names it."""
    return function.address


def pci_element(address: str) -> str:
    """The element by which libvirt names a PCI function."""
    domain, bus, rest = address.split(":")
    slot, _, function = rest.partition(".")
    return (
        f"<address type='pci' domain='0x{domain}' bus='0x{bus}' slot='0x{slot}' "
        f"function='0x{function}'/>"
    )


def no_link(function: PciFunction) -> str:
    """For a function without a link: another namespace, or a VM, may have it."""
    named = shlex.quote(device(function))
    return (
        f"See on the host where {named} is: `ls /sys/bus/pci/devices/{function.address}/net`, "
        f"`ip link show {named}`, and the other network namespaces (`ip netns`)."
    )


def element(tag: str, dev: str) -> str:
    """An element that names a network device: <interface dev='eth3'/>."""
    return f"<{tag} dev='{escape(one_line(dev))}'/>"


def a_free_vf(free: Sequence[PciFunction]) -> str | None:
    """The network device of a VM-FEX VF that no VM has; None where none is known."""
    return next((one_line(name) for vf in free for name in vf.netdevs), None)


def on_a_vf(free: Sequence[PciFunction]) -> str:
    """The <source> of an interface on a VF that is free here; in general words where none is
    known."""
    name = a_free_vf(free)
    source = f"<source dev='{escape(name or 'VF')}' mode='passthrough'/>"
    return f"{source} ({'a free VF' if name else 'VF: the network device of a free VF, 1137:0071'})"


def say_which(free: Sequence[PciFunction], hostdev: bool = False) -> str:
    """After `a VF of its own`: one that is free, or what lists them all."""
    if hostdev and free:
        return f"{free[0].address} is free. {LIST_VFS}"
    name = a_free_vf(free)
    return f"{name} is free. {LIST_VFS}" if name else LIST_VFS


def on_vmfex_vf(interface: VmInterface, free: Sequence[PciFunction] = ()) -> str:
    """What to do about an interface that does not stand on a VM-FEX VF of its own."""
    where = interface.written.network
    edit = virsh("net-edit", where) if where else virsh("edit", interface.domain.name)
    known = interface.functions.value if isinstance(interface.functions, Known) else ()
    others = [f for f in known if not f.is_vmfex_vf]
    named = _address if interface.is_hostdev else device
    if any(f.is_vf and f.is_vic_ethernet for f in others):
        return (
            f"{some(map(named, others))}: not VM-FEX. In UCS Manager, replace the SR-IOV HPN "
            "connection policy by a dynamic vNIC connection policy, restart the server, and "
            f"{edit} if the names change. {LIST_VFS}"
        )
    old = some([*map(named, others or known), *interface.absent]) or "its device"
    which = say_which(free, interface.is_hostdev)
    return f"{edit}: in place of {old}, a VM-FEX VF of its own. {which}"
