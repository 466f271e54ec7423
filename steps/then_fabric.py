"""Thens on the fabric interconnects, port profiles and clusters."""

from vmfex.checks.model.domain import Domain
from vmfex.checks.model.pci import Adapter
from vmfex.checks.model.scope import Scope
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Selection, judge
from vmfex.checks.rules import (
    adapter_pid,
    cluster,
    interconnect,
    port_profile,
    server,
    veth,
    vnic_supply,
)
from vmfex.checks.rules.interconnect import Interconnect
from vmfex.checks.rules.port_profile import PortProfile
from vmfex.checks.rules.server import Server
from vmfex.checks.rules.vnic_supply import Supply
from vmfex.steps.vocabulary import Findings, Table, column, then

Interfaces = Selection[VmInterface]


@then("none is of a model without VM-FEX")
def _(selected: Selection[Interconnect], datatable: Table) -> Findings:
    """Columns: model, said by."""
    models = column(datatable, "model")
    return judge(selected, lambda item: interconnect.is_none_of(item, models))


@then("UCS Manager has no port profile and no distributed virtual switch")
def _(scope: Scope, selected: Selection[Interconnect]) -> Findings:
    fabric = scope.host.fabric
    return judge(selected, lambda item: interconnect.carries_no_port_profile(item, fabric))


@then("each says that it supports dynamic VIFs")
def _(scope: Scope, selected: Selection[Interconnect]) -> Findings:
    fabric = scope.host.fabric
    return judge(selected, lambda item: interconnect.supports_dynamic_vifs(item, fabric))


@then("the PID of each in UCS Manager is of the model of its PCI id")
def _(scope: Scope, selected: Selection[Adapter]) -> Findings:
    return judge(selected, lambda vic: adapter_pid.pid_agrees(vic, scope.host))


@then("the host has as many VFs and dynamic vNICs of each as its dynamic vNIC policy gives")
def _(selected: Selection[Supply]) -> Findings:
    return judge(selected, vnic_supply.agrees_with_policy)


@then("its BIOS settings enable VT and VT-d")
def _(scope: Scope, selected: Selection[Server]) -> Findings:
    return judge(selected, lambda item: server.bios_enables(item, scope.host))


@then("each is an 802.1Qbh virtual port that names a port profile")
def _(selected: Interfaces) -> Findings:
    return judge(selected, port_profile.names_port_profile)


@then("each exists in UCS Manager")
def _(scope: Scope, selected: Selection[PortProfile]) -> Findings:
    names = port_profile.names_of_profiles(scope.host.fabric)
    return judge(selected, lambda profile: port_profile.exists(profile, names))


@then('the only client of each is the cluster "{name}"')
def _(scope: Scope, selected: Selection[PortProfile], name: str) -> Findings:
    clients = port_profile.clients_by_profile(scope.host.fabric)
    return judge(selected, lambda profile: port_profile.only_client_is(profile, name, clients))


@then("the port profile of each is associated with success")
def _(scope: Scope, selected: Interfaces) -> Findings:
    return judge(selected, lambda i: port_profile.is_associated(i, scope.host))


@then("the fabric has a veth for each, on the port profile that it names")
def _(scope: Scope, selected: Interfaces) -> Findings:
    veths = veth.veths_by_mac(scope.host.fabric)
    return judge(selected, lambda i: veth.has_veth(i, veths))


@then('each is in the cluster "{name}" and no other')
def _(scope: Scope, selected: Selection[Domain], name: str) -> Findings:
    known = cluster.Clusters(scope.host.fabric)
    return judge(selected, lambda d: cluster.specifies_only(d, name, scope.vmfex_of(d), known))


@then("this host and each destination are in one cluster")
def _(scope: Scope, selected: Selection[Domain]) -> Findings:
    destinations = scope.plan.destinations
    return judge(selected, lambda d: cluster.stays_in_cluster(d, destinations, scope.host))
