"""Givens that select what UCS Manager knows."""

from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.scope import Scope
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Selection
from vmfex.checks.rules.interconnect import Interconnect, carries_vmfex, interconnects
from vmfex.checks.rules.port_profile import PortProfile, where_it_is_named
from vmfex.checks.rules.server import Server, server_of
from vmfex.checks.rules.vnic_supply import Supply, supplies
from vmfex.steps.fabric_models import models_in
from vmfex.steps.vocabulary import Table, given


@given("the fabric interconnects")
def _(scope: Scope) -> Selection[Interconnect]:
    return _interconnects(scope)


@given("the fabric interconnects without VM-FEX")
def _(scope: Scope, datatable: Table) -> Selection[Interconnect]:
    """By the table, else by what they say of themselves. Columns: model, VM-FEX, said by."""
    everyone, models = _interconnects(scope), models_in(datatable)
    gaps, chosen = [*everyone.unknown], []
    for item in everyone.items:
        carries = carries_vmfex(item, models, scope.host.fabric)
        gaps += [carries] if isinstance(carries, Unknown) else []
        chosen += [item] if carries == Known(False, carries.evidence) else []
    what = "fabric interconnect without VM-FEX"
    evidence = tuple(e for item in everyone.items[:1] for e in item.evidence)
    return Selection(what, tuple(chosen), tuple(gaps), evidence)


@given("the port profiles that VM-FEX interfaces name")
def _(scope: Scope) -> Selection[PortProfile]:
    return Selection("port profile in use", _named(scope), scope.gaps, scope.read_from)


@given("the port profiles of UCS Manager that VM-FEX interfaces name")
def _(scope: Scope) -> Selection[PortProfile]:
    """Those of them that UCS Manager knows."""
    what, named = "port profile of UCS Manager in use", _named(scope)
    if not named:
        return Selection(what, (), scope.gaps, scope.read_from)
    answer = scope.host.fabric.objects("vnicProfile")
    if isinstance(answer, Unknown):
        return Selection(what, (), (*scope.gaps, answer))
    there = {o.get("name") for o in answer.value}
    chosen = tuple(profile for profile in named if profile.name in there)
    return Selection(what, chosen, scope.gaps, (*scope.read_from, *answer.evidence))


@given("the server that this host is in UCS Manager")
def _(scope: Scope) -> Selection[Server]:
    found = server_of(scope.host)
    if isinstance(found, Unknown):
        return Selection("server in UCS Manager", (), (found,))
    return Selection("server in UCS Manager", (found.value,))


@given("the vNICs of its service profile from which VM interfaces come")
def _(scope: Scope) -> Selection[Supply]:
    """Each vNIC with VFs or a dynamic vNIC policy, and the dynamic vNICs together."""
    return supplies(scope.host)


def _interconnects(scope: Scope) -> Selection[Interconnect]:
    found = interconnects(scope.host.fabric)
    if isinstance(found, Unknown):
        return Selection("fabric interconnect", (), (found,))
    return Selection("fabric interconnect", found.value)


def _named(scope: Scope) -> tuple[PortProfile, ...]:
    users: dict[str, list[VmInterface]] = {}
    for interface in scope.interfaces.items:
        name = interface.virtualport.profile if interface.virtualport else None
        if name:
            users.setdefault(name, []).append(interface)
    return tuple(
        PortProfile(name, mine[0].evidence, tuple(dict.fromkeys(map(where_it_is_named, mine))))
        for name, mine in users.items()
    )
