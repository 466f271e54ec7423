"""Remedies with the host's own names: what to type, and an element as it is and as it should be."""

import shlex
from xml.sax.saxutils import escape

from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.text import one_line, shorten

PORT = "<virtualport type='802.1Qbh'><parameters profileid='{profile}'/></virtualport>"


def virsh(command: str, name: str) -> str:
    """`virsh edit web01`, as a shell takes it."""
    return f"`virsh {command} {shlex.quote(shorten(one_line(name), 100))}`"


def element(tag: str, **attributes: str | None) -> str:
    """An empty element as libvirt writes it: <source dev='eth2' mode='passthrough'/>."""
    written = "".join(
        f" {name}='{value(said)}'" for name, said in attributes.items() if said is not None
    )
    return f"<{tag}{written}/>"


def value(text: str) -> str:
    """A value as it stands between an attribute's apostrophes."""
    return escape(shorten(one_line(text), 100), {"'": "&apos;"})


def source(interface: VmInterface) -> str:
    """The interface's <source>, as it is written."""
    i = interface.written
    if i.address:
        return f"<source> of PCI address {i.address}"
    if not any((i.network, i.bridge, i.dev, i.mode)):
        return element("interface", type=i.type)
    return element(
        "source",
        network=i.network,
        portgroup=i.portgroup,
        bridge=i.bridge,
        dev=i.dev,
        mode=i.mode,
    )


def which(interface: VmInterface) -> str:
    """The interface as a person finds it in the definition."""
    i = interface.written
    by = i.mac or i.address or i.dev or i.target
    return f"the interface {one_line(by)}" if by else "the interface"


def edit(interface: VmInterface, change: str) -> str:
    """Where to make a change of the definition, and how it takes effect."""
    then = f" {restart(interface, 'Then')}" if interface.domain.running else ""
    return f"In {virsh('edit', interface.domain.name)}, at {which(interface)}, {change}.{then}"


def restart(interface: VmInterface, begin: str = "") -> str:
    """How a running VM takes up its definition: a restart from inside the guest does not."""
    name = interface.domain.name
    said = f"{virsh('destroy', name)} (or shut it down) and {virsh('start', name)}."
    return f"{begin} {said}".strip()
