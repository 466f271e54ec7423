"""What UCS Manager adds to a host's inventory: port profiles, veths, fabric interconnects."""

from vmfex.checks.inventory.parts import Interconnect, Profile
from vmfex.checks.model.fabric import Fabric
from vmfex.checks.model.fact import Known
from vmfex.checks.model.scope import Scope
from vmfex.checks.rules.interconnect import interconnects
from vmfex.checks.rules.port_profile import PortProfile
from vmfex.checks.rules.profile_use import Demand
from vmfex.checks.rules.veth import Veths, veths_by_mac


def veth_numbers(fabric: Fabric) -> Veths:
    """The veths below each VM's vNIC; none where nobody told."""
    veths = veths_by_mac(fabric)
    return veths.value if isinstance(veths, Known) else {}


def profiles_of(scope: Scope) -> tuple[Profile, ...]:
    """The port profiles that VM-FEX interfaces of the host name."""
    told = scope.host.fabric.objects("vnicProfile")
    objects = told.value if isinstance(told, Known) else ()
    ports = {o.get("name", ""): o.get("maxPorts", "") for o in objects}
    demand = Demand(scope)
    ports_of = (i.virtualport for i in scope.interfaces.items)
    names = dict.fromkeys(port.profile for port in ports_of if port and port.profile)
    return tuple(
        Profile(name, PortProfile(name).label, demand.here(name), _number(ports.get(name, "")))
        for name in names
    )


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def interconnects_of(fabric: Fabric) -> tuple[Interconnect, ...]:
    """The fabric interconnects that UCS Manager names; none where nobody asked it."""
    told = interconnects(fabric)
    known = told.value if isinstance(told, Known) else ()
    return tuple(Interconnect(i.dn.rpartition("/")[2], i.label, i.model) for i in known)
