"""Givens that select the host, its VICs and its PCI functions."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.host import Thing
from vmfex.checks.model.named_device import NamedDevice
from vmfex.checks.model.pci import Adapter, PciFunction
from vmfex.checks.model.plan import SR_IOV
from vmfex.checks.model.pool import Pool
from vmfex.checks.model.scope import Scope
from vmfex.checks.model.vm_interface import MACVTAP
from vmfex.checks.result.verdict import Selection
from vmfex.steps.vocabulary import given

Functions = Selection[PciFunction]


@given("the host")
def _(scope: Scope) -> Selection[Thing]:
    return Selection("host", (Thing("host"),))


@given("the host, unless it is meant for MacVTap direct alone")
def _(scope: Scope) -> Selection[Thing]:
    what = "host meant for SR-IOV topologies"
    if scope.topologies and not scope.sr_iov:
        return Selection(what, (), scope.gaps, scope.read_from)
    return Selection(what, (Thing("host"),), evidence=scope.read_from)


@given("the SR-IOV topologies that the host is meant for")
def _(scope: Scope) -> Selection[Thing]:
    topologies = tuple(Thing(topology) for topology in SR_IOV if topology in scope.topologies)
    return Selection("SR-IOV topology", topologies, scope.gaps, scope.read_from)


@given("the VICs")
def _(scope: Scope) -> Selection[Adapter]:
    pci = scope.host.pci
    if isinstance(pci, Unknown):
        return Selection("VIC", (), (pci,))
    return Selection("VIC", pci.value.adapters, evidence=pci.evidence)


@given("the VICs that carry VM-FEX interfaces, or would")
def _(scope: Scope) -> Selection[Adapter]:
    """Those with a VM-FEX VF or a dynamic vNIC, or that something names; every VIC if none has."""
    pci = scope.host.pci
    if isinstance(pci, Unknown):
        return Selection("VIC", (), (pci,))
    carrying = scope.carrying.need()
    mine = tuple(a for a in pci.value.adapters if carrying.known_of(a) != Known(False))
    return Selection("VIC", mine, evidence=pci.evidence)


@given("the static vNICs")
def _(scope: Scope) -> Functions:
    """A VIC's Ethernet functions that are neither dynamic vNICs nor VFs."""
    return _functions(scope, "static vNIC", lambda f: f.is_static_vnic)


@given("the SR-IOV functions of the VICs")
def _(scope: Scope) -> Functions:
    """VFs, and PFs that have VFs; none on a host that is meant for MacVTap direct alone."""
    if scope.topologies and not scope.sr_iov:
        return Selection("SR-IOV function in use", (), scope.gaps, scope.read_from)
    return _functions(scope, "SR-IOV function of a VIC", lambda f: f.is_vf or bool(f.virtfns))


@given("the VFs of the VICs")
def _(scope: Scope) -> Functions:
    return _functions(scope, "VF of a VIC", lambda f: f.is_vf)


@given("the PFs that have VFs")
def _(scope: Scope) -> Functions:
    return _functions(scope, "PF with VFs", lambda f: bool(f.virtfns))


@given("the PFs that are to serve SR-IOV topologies")
def _(scope: Scope) -> Functions:
    """Functions with the SR-IOV capability for VM-FEX's VFs; without any, the static vNICs."""
    if not scope.sr_iov:
        return Selection("PF for SR-IOV topologies", (), scope.gaps, scope.read_from)
    capable = _functions(scope, "PF", lambda f: bool(f.total_vfs or f.virtfns))
    tree = scope.host.pci.value.functions if isinstance(scope.host.pci, Known) else {}
    mine = tuple(pf for pf in capable.items if not _has_others_vfs(pf, tree))
    if mine or capable.items:
        return replace(capable, items=mine or capable.items)
    return _functions(scope, "PF", lambda f: f.is_static_vnic)


def _has_others_vfs(pf: PciFunction, functions: Mapping[str, PciFunction]) -> bool:
    vfs = [functions[address] for address in pf.virtfns if address in functions]
    return bool(vfs) and not any(vf.is_vmfex_vf for vf in vfs)


@given("the VFs in use")
def _(scope: Scope) -> Selection[PciFunction | NamedDevice]:
    """VFs that VM-FEX interfaces are on or may be given; unread ones where several name them."""
    pci = scope.host.pci
    if isinstance(pci, Unknown):
        return Selection("VF in use", scope.shared_devices, (pci,))
    vfs = tuple(f for f in scope.functions_in_use() if f.is_vf)
    return Selection("VF in use", vfs, scope.gaps_in_use, scope.read_from)


@given("the PFs of the VFs under macvtap")
def _(scope: Scope) -> Functions:
    """Of the VFs that VM-FEX interfaces on macvtap stand on, or may be given."""
    pci = scope.host.pci
    if isinstance(pci, Unknown):
        return Selection("PF of a VF under macvtap", (), (pci,))
    names = {f.physfn for f in scope.functions_in_use(MACVTAP)}
    pfs = tuple(f for f in pci.value.functions.values() if f.address in names)
    return Selection("PF of a VF under macvtap", pfs, scope.gaps_in_use, scope.read_from)


@given("the libvirt networks that give VM-FEX interfaces a device of their own")
def _(scope: Scope) -> Selection[Pool]:
    """In forward mode hostdev or passthrough, or private with 802.1Qbh."""
    vmfex = {i.written.network for i in scope.interfaces.items}
    mine = tuple(p for p in scope.pools if p.network.name in vmfex and p.is_exclusive)
    unknown = (*scope.gaps, *scope.unread_pools)
    return Selection("libvirt network with a pool", mine, unknown, scope.read_from)


def _functions(scope: Scope, what: str, wanted: Callable[[PciFunction], bool]) -> Functions:
    """Functions of the host's VICs."""
    pci = scope.host.pci
    if isinstance(pci, Unknown):
        return Selection(what, (), (pci,))
    mine = tuple(f for a in pci.value.adapters for f in a.functions if wanted(f))
    return Selection(what, mine, evidence=pci.evidence)
