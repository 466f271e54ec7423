"""Givens that select libvirt networks."""

from vmfex.checks.model.connected_network import ConnectedNetwork, connected_networks
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.verdict import Selection
from vmfex.steps.vocabulary import given


@given("the libvirt networks that VM-FEX interfaces are connected to")
def _(scope: Scope) -> Selection[ConnectedNetwork]:
    return connected_networks(scope)
