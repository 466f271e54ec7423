"""Givens that select VM-FEX interfaces and domains."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.fact import Unknown
from vmfex.checks.model.host import Thing
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.scope import Scope
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Selection, Subject
from vmfex.checks.rules.interconnect import ucs_release
from vmfex.steps.vocabulary import given, version

S = TypeVar("S", bound=Subject)
Interfaces = Selection[VmInterface]
Domains = Selection[Domain]

MODES: dict[str, Callable[[VmInterface], bool]] = {
    "private": lambda interface: interface.is_private,
    "passthrough": lambda interface: interface.is_emulation,
    "hostdev": lambda interface: interface.is_hostdev,
}


@given("the VM-FEX interfaces")
def _(scope: Scope) -> Interfaces:
    """VM interfaces that name an 802.1Qbh virtual port or stand on a function of a VIC."""
    return scope.interfaces


@given("the running VM-FEX interfaces")
def _(scope: Scope) -> Interfaces:
    return _narrowed(scope.interfaces, "running VM-FEX interface", lambda i: i.running)


@given("the VM-FEX interfaces in {mode} mode")
def _(scope: Scope, mode: str) -> Interfaces:
    """Mode is private, passthrough (macvtap in any other mode) or hostdev."""
    return _narrowed(scope.interfaces, f"VM-FEX interface in {mode} mode", MODES[mode])


@given("the VM-FEX interfaces on macvtap, private ones aside")
def _(scope: Scope) -> Interfaces:
    """Those held against the rules of SR-IOV with MacVTap passthrough."""
    return _narrowed(scope.interfaces, "VM-FEX interface on macvtap", lambda i: i.is_emulation)


@given("the running VM-FEX interfaces on macvtap, private ones aside")
def _(scope: Scope) -> Interfaces:
    what = "running VM-FEX interface on macvtap"
    return _narrowed(scope.interfaces, what, lambda i: i.running and i.is_emulation)


@given("the VM-FEX interfaces that use a VF")
def _(scope: Scope) -> Interfaces:
    return _narrowed(scope.interfaces, "VM-FEX interface that uses a VF", _uses_vf)


def _uses_vf(interface: VmInterface) -> bool:
    """Also where the device is not on this host, or its functions could not be read, unless it is
    meant for MacVTap direct."""
    functions = interface.functions
    if isinstance(functions, Unknown) or interface.absent:
        return not interface.is_private
    return any(f.is_vf for f in functions.value)


@given("the VM-FEX interfaces in private mode, running, defined or planned")
def _(scope: Scope) -> Selection[VmInterface | Thing]:
    """The plan's MacVTap direct is selected too, before any VM exists."""
    private = _narrowed(scope.interfaces, "interface in private mode", MODES["private"])
    planned = scope.plan.meant.get(Topology.PRIVATE)
    plan = (Thing(f"the plan: MacVTap direct for {planned} VM interfaces"),) if planned else ()
    return Selection(private.what, (*private.items, *plan), private.unknown, private.evidence)


@given("the VM-FEX domains")
def _(scope: Scope) -> Domains:
    """VMs with at least one VM-FEX interface, running or defined."""
    return scope.domains


@given("the VM-FEX domains that must live-migrate")
def _(scope: Scope) -> Domains:
    """Those that the plan names in must_migrate."""
    return _must_migrate(scope, "VM-FEX domain that must live-migrate", lambda d: True)


@given("the VM-FEX domains in {mode} mode, none in hostdev mode, that must live-migrate")
def _(scope: Scope, mode: str) -> Domains:
    what = f"VM-FEX domain in {mode} mode, and none in hostdev mode, that must live-migrate"
    return _must_migrate(scope, what, lambda d: _in_mode(scope, d, mode, but_not="hostdev"))


@given("the VM-FEX domains in {mode} mode")
def _(scope: Scope, mode: str) -> Domains:
    """Mode is private, passthrough or hostdev; a VM can be in several."""
    what = f"VM-FEX domain in {mode} mode"
    return _narrowed(scope.domains, what, lambda d: any(map(MODES[mode], scope.vmfex_of(d))))


@given("the VM-FEX domains with PCI devices of the host")
def _(scope: Scope) -> Domains:
    def has_some(domain: Domain) -> bool:
        assigned = (device for d in domain.definitions for device in d.assigned)
        own = scope.interfaces_of(domain)
        return any(i.is_hostdev for i in own) or any(a.startswith("PCI ") for a in assigned)

    what = "VM-FEX domain with PCI devices of the host"
    return _narrowed(scope.domains, what, has_some)


@given("UCS Manager is older than release {release}")
def _(scope: Scope, selected: Selection[Subject], release: str) -> Selection[Subject]:
    """After another Given: keeps what it selected, or nothing on a newer release."""
    what = f"{selected.what} on UCS Manager before {release}"
    if not selected.items and not selected.unknown:
        return replace(selected, what=what)
    running = ucs_release(scope.host.fabric)
    if isinstance(running, Unknown):
        return Selection(what, (), (*selected.unknown, running))
    older = running.value < version(release)
    return replace(
        selected,
        what=what,
        items=selected.items if older else (),
        unknown=selected.unknown if older else (),
        evidence=(*selected.evidence, *running.evidence),
    )


def _in_mode(scope: Scope, domain: Domain, mode: str, but_not: str) -> bool:
    interfaces = scope.vmfex_of(domain)
    return any(map(MODES[mode], interfaces)) and not any(map(MODES[but_not], interfaces))


def _must_migrate(scope: Scope, what: str, wanted: Callable[[Domain], bool]) -> Domains:
    """Without a VM that must migrate in the plan, none must: nothing needs to be read for that."""
    if not scope.plan.must_migrate:
        return Selection(what, ())
    return _narrowed(scope.domains, what, lambda d: scope.plan.must_move(d.name) and wanted(d))


def _narrowed(selection: Selection[S], what: str, wanted: Callable[[S], bool]) -> Selection[S]:
    chosen = tuple(item for item in selection.items if wanted(item))
    return Selection(what, chosen, selection.unknown, selection.evidence)
