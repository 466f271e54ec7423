"""The lower device of a macvtap interface (rule EMU-02)."""

import shlex
from collections.abc import Iterable, Iterator, Sequence

from vmfex.checks.model.fact import Unknown
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import MACVTAP, VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules import remedy
from vmfex.checks.rules.by_name import on_a_vf
from vmfex.checks.text import one_line

WANTED = "the network device of a VF (1137:0071) of an SR-IOV-capable VIC, for this interface alone"


def stands_on_own_vf(
    interface: VmInterface, of_vm: Iterable[VmInterface], free: Sequence[PciFunction] = ()
) -> Finding:
    """EMU-02: the lower device is a VM-FEX VF itself, the one that is written, no port of another
    link and under none of the host's own, and no other interface of the VM has it."""
    twice = [other for other in of_vm if _names_the_same(interface, other)]
    if isinstance(interface.functions, Unknown) and twice:
        observed = f"{interface.written.dev}; {twice[0].label} names it too"
        return found(interface, False, observed, WANTED, remedy=_remedy_by_name(interface))
    functions = interface.functions.need()
    enslaved = interface.enslaved.need()
    on_vf = bool(functions) and not interface.absent
    on_vf = on_vf and all(f.is_vmfex_vf for f in functions)
    around = (*interface.between, *enslaved, *interface.takers.need())
    evidence = [e for link in around for e in link.evidence]
    problems = list(_problems(interface, of_vm))
    observed = "; ".join([interface.stands_on() or "no PCI function", *problems])
    ok = on_vf and not problems
    mend = _remedy(interface, free)
    return found(interface, ok, observed, WANTED, *evidence, remedy=mend)


def _problems(interface: VmInterface, of_vm: Iterable[VmInterface]) -> Iterator[str]:
    if interface.elsewhere:
        yield interface.elsewhere
    for link in interface.between:
        yield f"through {link.name}, which is a link of kind {link.kind or '(none)'}"
    for link in interface.enslaved.need():
        yield f"{link.name} is a port of {link.master}, so that libvirt cannot take it"
    for link in interface.takers.need():
        yield f"{link.name} of the host, a {link.kind}, has {link.lower}: libvirt cannot take it"
    for other in of_vm:
        if _stands_on_the_same(interface, other):
            yield f"{other.label} stands on it too"


def _names_the_same(one: VmInterface, other: VmInterface) -> bool:
    """Whether two interfaces of one definition name the same device, whichever that is."""
    if one is other or one.definition.state != other.definition.state:
        return False
    if one.elsewhere or other.elsewhere or other.way != MACVTAP:
        return False
    return bool(one.written.dev) and one.written.dev == other.written.dev


def _remedy_by_name(interface: VmInterface) -> str:
    return remedy.edit(interface, f"write {on_a_vf(())} in the place of {remedy.source(interface)}")


def _stands_on_the_same(one: VmInterface, other: VmInterface) -> bool:
    """Whether two of a VM's interfaces, both of which name their function, name the same."""
    if one is other or one.definition.state != other.definition.state:
        return False
    if one.pooled or other.pooled:
        return False
    return not {f.address for f in one.functions.need()}.isdisjoint(
        f.address for f in other.functions.need()
    )


def _remedy(interface: VmInterface, free: Sequence[PciFunction]) -> str:
    if interface.elsewhere:
        return f"libvirt makes the link as it is written: {remedy.restart(interface)}"
    enslaved = interface.enslaved.need()
    if enslaved and not interface.between:
        out = " ".join(
            f"`ip link set {shlex.quote(one_line(link.name))} nomaster`" for link in enslaved[:3]
        )
        return (
            f"Take the VF out of {enslaved[0].master} on the host: {out}, and out of the network "
            "configuration that put it there."
        )
    takers = interface.takers.need()
    if takers and not interface.between:
        delete = " ".join(
            f"`ip link delete {shlex.quote(one_line(link.name))}`" for link in takers[:3]
        )
        return (
            f"Take {takers[0].name} off the VF on the host: {delete}, and out of the network "
            "configuration that made it."
        )
    written = interface.written
    if written.type == "network":
        name = remedy.virsh("net-edit", written.network or "")
        return f"In {name}, list network devices of VFs (1137:0071) of the VIC, and nothing else."
    vf = next((n for f in interface.functions.need() if f.is_vmfex_vf for n in f.netdevs), "VF")
    own = bool(interface.between) and vf not in ("VF", written.dev)
    then = remedy.element("source", dev=vf, mode="passthrough") if own else on_a_vf(free)
    if written.type != "direct":
        then = f"<interface type='direct'> with {then}"
    return remedy.edit(interface, f"write {then} in the place of {remedy.source(interface)}")
