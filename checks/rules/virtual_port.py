"""The virtual port of a VM-FEX interface (rule PRF-01)."""

from vmfex.checks.model.vm_interface import QBH, VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules import remedy

WANTED = f"an {QBH} virtual port that names a port profile"


def names_port_profile(interface: VmInterface) -> Finding:
    """PRF-01: of interface, port group and network as libvirt merges them."""
    if interface.contradiction:
        observed = f"{interface.contradiction}; libvirt refuses to start the VM"
        wanted = f"{WANTED}, the same wherever it is written"
        return found(interface, False, observed, wanted, remedy=_agree(interface))
    port = interface.virtualport
    observed = "no virtual port"
    if port is not None:
        profile = f"port profile {port.profile}" if port.profile else "no port profile"
        observed = f"virtual port of type {port.type or 'none'}, {profile}"
    ok = port is not None and port.type == QBH and bool(port.profile)
    return found(interface, ok, observed, WANTED, remedy=_name_one(interface))


def _agree(interface: VmInterface) -> str:
    written = interface.written
    change = "take its <virtualport> out, so that the network's counts, or write the same in both"
    if written.virtualport is None:
        return (
            f"In {remedy.virsh('net-edit', written.network or '')}, leave one <virtualport>: "
            "that of the port group, or that of the network."
        )
    return remedy.edit(interface, change)


def _name_one(interface: VmInterface) -> str:
    port = interface.virtualport
    profile = port.profile if port and port.profile else "PROFILE"
    element = remedy.PORT.format(profile=remedy.value(profile))
    if profile == "PROFILE":
        element += " (PROFILE: one of UCS Manager's, tab VM)"
    if interface.written.type == "network":
        return f"{remedy.edit(interface, f'add {element}')} Or add it to the network's port group."
    if port is None:
        return remedy.edit(interface, f"add {element}")
    return remedy.edit(interface, f"write {element} in the place of its <virtualport>")
