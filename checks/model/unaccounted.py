"""What may be a VM-FEX interface and is in no definition that libvirt showed: a live macvtap link
that no running VM has, and what QEMU's own arguments give a VM."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vmfex.checks.model.attachment import Attachments
from vmfex.checks.model.domain import Definition, Domain
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.qemu_arguments import may_be_on_a_function, network_arguments
from vmfex.checks.text import one_line, shorten

WAYS_IN = (
    "Run `virsh list` and see which process has the link's /dev/tap open; shut that VM down, or "
    "define it in this libvirt."
)


def unaccounted(domains: Sequence[Domain], attachments: Attachments) -> tuple[Unknown, ...]:
    """Why there may be more VM-FEX interfaces than the definitions of the domains show."""
    return (*_arguments(domains), *_stray_links(domains, attachments))


def _arguments(domains: Iterable[Domain]) -> Iterator[Unknown]:
    for domain in domains:
        mine = [d for d in domain.definitions if may_be_on_a_function(d)]
        for definition in mine:
            if definition is mine[0] or definition.qemu_arguments != mine[0].qemu_arguments:
                yield of_arguments(domain, definition)


def of_arguments(domain: Domain, definition: Definition) -> Unknown:
    """What is open where a VM has network or assigned devices that only QEMU knows."""
    said = shorten(one_line(" ".join(network_arguments(definition))), 200)
    name = one_line(domain.name)
    reason = (
        f"domain {name} ({definition.state}) has arguments for QEMU that libvirt does not "
        f"look into: {said}"
    )
    remedy = (
        f"In `virsh edit {shlex.quote(name)}`, take these arguments out of <qemu:commandline> (or "
        "<qemu:override>), and write what they give the VM as an <interface> with an 802.1Qbh "
        "virtual port."
    )
    return Unknown(reason, definition.evidence, remedy)


def _stray_links(domains: Sequence[Domain], attachments: Attachments) -> Iterator[Unknown]:
    """Live macvtap links on a VIC's function that are no running VM's."""
    pci = attachments.pci
    if isinstance(pci, Known) and not pci.value.adapters:
        return
    if isinstance(attachments.links, Unknown):
        unread = attachments.links
        reason = f"macvtap links that no VM here accounts for could not be seen: {unread.reason}"
        yield Unknown(reason, unread.evidence, unread.remedy)
        return
    owners = _not_running(domains)
    for link in _strays(domains, attachments):
        below = attachments.below_link(link).functions
        if isinstance(below, Unknown) or any(f.is_vic_ethernet for f in below.value):
            yield _stray(link, owners.get(link.mac or ""))


def taken_by_strays(domains: Sequence[Domain], attachments: Attachments) -> Mapping[str, Link]:
    """The functions, by address, that macvtap links stand on which are no VM's here, not even of
    one that seems to be shut off."""
    owners = _not_running(domains)
    return {
        function.address: link
        for link in _strays(domains, attachments)
        if link.mac not in owners
        for function in _known(attachments.below_link(link).functions)
    }


def _known(functions: Fact[tuple[PciFunction, ...]]) -> tuple[PciFunction, ...]:
    return functions.value if isinstance(functions, Known) else ()


def _not_running(domains: Iterable[Domain]) -> Mapping[str, Domain]:
    """The domains that are shut off, by the MAC addresses of their interfaces."""
    return {
        interface.mac: domain
        for domain in domains
        if not domain.running
        for definition in domain.definitions
        for interface in definition.interfaces
        if interface.mac
    }


def _strays(domains: Sequence[Domain], attachments: Attachments) -> Iterator[Link]:
    """Live macvtap links, on whatever they are, that are no running VM's."""
    targets, devices, macs = _accounted(domains)
    for link in attachments.live.macvtaps:
        accounted = link.name in targets or link.lower in devices or link.mac in macs
        if not accounted:
            yield link


def _accounted(domains: Iterable[Domain]) -> tuple[set[str], set[str], set[str]]:
    """The target devices that definitions name; and of running interfaces that name none, the
    devices that they stand on and their MAC addresses."""
    targets, devices, macs = set[str](), set[str](), set[str]()
    for domain in domains:
        for definition in domain.definitions:
            running = definition.state == "running"
            for interface in definition.interfaces:
                if interface.target is not None:
                    if running or interface.type == "ethernet":
                        targets.add(interface.target)
                elif running and interface.type in ("direct", "network"):
                    devices |= {interface.dev} if interface.dev else set()
                    macs |= {interface.mac} if interface.mac else set()
    return targets, devices, macs


def _stray(link: Link, owner: Domain | None) -> Unknown:
    where = f"macvtap link {link.name} (mode {link.mode_in_words}) on {link.lower or 'a device'}"
    if owner is None:
        reason = f"{where} belongs to no running domain that libvirt shows"
        return Unknown(reason, link.evidence, WAYS_IN)
    name = one_line(owner.name)
    reason = (
        f"{where} has the MAC address of domain {name}, which runs by that: its running "
        "definition is missing"
    )
    remedy = (
        f"Run `virsh dominfo {shlex.quote(name)}` on the host, and read or record the host anew."
    )
    return Unknown(reason, (*link.evidence, *owner.evidence), remedy)
