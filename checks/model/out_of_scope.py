"""What the domains that the plan leaves out take from those in scope, and what of it is unread."""

from collections.abc import Iterable, Iterator

from vmfex.checks.model.at_once import most_at_once
from vmfex.checks.model.attachment import Attachments
from vmfex.checks.model.domain import Domain, Interface
from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.vm_interface import MACVTAP, VmInterface


def vfs_taken(interfaces: Iterable[VmInterface]) -> int:
    """How many VM-FEX VFs these interfaces stand on, or are given, at once."""
    return most_at_once(i for i in interfaces if _is_on_vmfex_vf(i))


def _is_on_vmfex_vf(interface: VmInterface) -> bool:
    functions = interface.functions
    known = functions.value if isinstance(functions, Known) else ()
    return any(f.is_vmfex_vf for f in known)


def unread(left_out: Iterable[Domain], attachments: Attachments) -> Iterator[Unknown]:
    """The reason, for each interface of these domains that may stand on any function. One on a
    network that is not defined stands on none."""
    for domain in left_out:
        for definition in domain.definitions:
            for written in definition.interfaces:
                if _is_undefined(written, attachments):
                    continue
                resolved = attachments.resolve(domain, definition, written)
                if isinstance(resolved, Unknown):
                    yield resolved
                    continue
                interface = resolved.value
                takes_one = interface.way == MACVTAP or interface.is_hostdev
                if takes_one and isinstance(interface.functions, Unknown):
                    yield interface.functions


def _is_undefined(written: Interface, attachments: Attachments) -> bool:
    networks = attachments.networks
    if isinstance(networks, Unknown) or written.network is None:
        return False
    unread = any(isinstance(fact, Unknown) for fact in networks.value.values())
    return written.network not in networks.value and not unread
