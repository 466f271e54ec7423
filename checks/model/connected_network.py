"""The libvirt networks that VM-FEX interfaces are connected to."""

from collections.abc import Mapping
from dataclasses import dataclass

from vmfex.checks.model.domain import Network
from vmfex.checks.model.fact import Evidence, Fact, Unknown
from vmfex.checks.model.scope import Scope
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Selection


@dataclass(frozen=True, slots=True)
class ConnectedNetwork:
    """A network by the name that interfaces write; `network` is None where libvirt has none of that
    name."""

    name: str
    network: Fact[Network] | None
    interfaces: tuple[VmInterface, ...]

    @property
    def label(self) -> str:
        return f"libvirt network {self.name}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        own = () if self.network is None else self.network.evidence
        return (*own, *self.interfaces[0].written.evidence)


def connected_networks(scope: Scope) -> Selection[ConnectedNetwork]:
    """Each once, in the order of the interfaces. A running interface counts too: it keeps its
    device while it runs, and libvirt gives it none again at its next start."""
    what = "libvirt network that a VM-FEX interface is connected to"
    interfaces = scope.interfaces
    by_name: dict[str, list[VmInterface]] = {}
    for interface in interfaces.items:
        if interface.written.network is not None:
            by_name.setdefault(interface.written.network, []).append(interface)
    networks = scope.host.networks if by_name else None
    items = tuple(
        ConnectedNetwork(name, _of_name(name, networks), tuple(connected))
        for name, connected in by_name.items()
    )
    return Selection(what, items, interfaces.unknown, interfaces.evidence)


def _of_name(name: str, networks: Fact[Mapping[str, Fact[Network]]] | None) -> Fact[Network] | None:
    if networks is None or isinstance(networks, Unknown):
        return networks
    return networks.value.get(name)
