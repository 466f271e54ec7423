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
    port_association,
    port_profile,
    profile_client,
    profile_use,
    server,
    veth,
    virtual_port,
    vnic_supply,
)
from vmfex.checks.rules.interconnect import Interconnect
from vmfex.checks.rules.port_profile import PortProfile
from vmfex.checks.rules.server import Server
from vmfex.checks.rules.vnic_supply import Supply
from vmfex.steps.fabric_models import models_in
from vmfex.steps.vocabulary import Findings, Table, rows, then, version

Interfaces = Selection[VmInterface]


@then("each is of a model with VM-FEX, or says so itself")
def _(scope: Scope, selected: Selection[Interconnect], datatable: Table) -> Findings:
    """Columns: model, VM-FEX, said by. VM-FEX is yes or no."""
    models, fabric = models_in(datatable), scope.host.fabric
    return judge(selected, lambda item: interconnect.has_vmfex(item, models, fabric))


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


@then("its BIOS settings enable VT, VT-d, and interrupt remapping from RHEL {release} on")
def _(scope: Scope, selected: Selection[Server], release: str) -> Findings:
    since = version(release)
    return judge(selected, lambda item: server.bios_enables(item, scope.host, since))


@then("each is an 802.1Qbh virtual port that names a port profile")
def _(selected: Interfaces) -> Findings:
    return judge(selected, virtual_port.names_port_profile)


@then("each exists in UCS Manager")
def _(scope: Scope, selected: Selection[PortProfile]) -> Findings:
    names = port_profile.names_of_profiles(scope.host.fabric)
    return judge(selected, lambda profile: port_profile.exists(profile, names))


@then('the only client of each is the cluster "{name}"')
def _(scope: Scope, selected: Selection[PortProfile], name: str) -> Findings:
    clients = profile_client.clients_by_profile(scope.host.fabric)
    clusters = profile_client.clusters_there(scope.host.fabric, name)
    return judge(selected, lambda p: profile_client.only_client_is(p, name, clients, clusters))


@then("each has ports enough for the interfaces that name it")
def _(scope: Scope, selected: Selection[PortProfile]) -> Findings:
    """Those of this host, in use at once, and those of others that UCS Manager sees."""
    demand = profile_use.Demand(scope)
    return judge(selected, lambda profile: profile_use.has_ports_enough(profile, demand))


@then("the network performance of each fits the interfaces that name it")
def _(scope: Scope, selected: Selection[PortProfile], datatable: Table) -> Findings:
    """Columns: interface, hostNwIOPerf. An interface is hostdev or macvtap."""
    fitting = {row["interface"]: row["hostNwIOPerf"] for row in rows(datatable)}
    return judge(selected, lambda profile: profile_use.performance_fits(profile, fitting, scope))


@then("the port profile of each is associated with success")
def _(scope: Scope, selected: Interfaces) -> Findings:
    return judge(selected, lambda i: port_association.is_associated(i, scope.host))


@then("the fabric has a veth for each, on the port profile that it names")
def _(scope: Scope, selected: Interfaces) -> Findings:
    veths = veth.veths_by_mac(scope.host.fabric)
    return judge(selected, lambda i: veth.has_veth(i, veths))


@then('each is in the cluster "{name}" and no other')
def _(scope: Scope, selected: Selection[Domain], name: str) -> Findings:
    known = cluster.Clusters(scope.host.fabric)
    return judge(selected, lambda d: cluster.specifies_only(d, name, known))


@then("this host and each destination are in one cluster")
def _(scope: Scope, selected: Selection[Domain]) -> Findings:
    destinations = scope.plan.destinations
    return judge(selected, lambda d: cluster.stays_in_cluster(d, destinations, scope.host))
