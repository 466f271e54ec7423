"""Thens on libvirt networks."""

from vmfex.checks.model.connected_network import ConnectedNetwork
from vmfex.checks.result.verdict import Selection, judge
from vmfex.checks.rules import networks
from vmfex.steps.vocabulary import Findings, then


@then("each is active")
def _(selected: Selection[ConnectedNetwork]) -> Findings:
    return judge(selected, networks.is_active)


@then("each starts with the host")
def _(selected: Selection[ConnectedNetwork]) -> Findings:
    return judge(selected, networks.starts_with_host)
