"""Port profiles, their clients, and whether ports are really associated (rules PRF)."""

from dataclasses import dataclass

from vmfex.checks.model.fabric import Fabric
from vmfex.checks.model.fact import Evidence, Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.link import PortState
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import QBH, VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.text import shown

MOST_NAMED = 10
SUCCESS = "PORT_PROFILE_RESPONSE_SUCCESS"


@dataclass(frozen=True, slots=True)
class PortProfile:
    """A port profile by the name that VM-FEX interfaces use."""

    name: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def label(self) -> str:
        return f"port profile {self.name}"


def names_port_profile(interface: VmInterface) -> Finding:
    """PRF-01."""
    port = interface.virtualport
    observed = "no virtual port"
    if port is not None:
        profile = f"port profile {port.profile}" if port.profile else "no port profile"
        observed = f"virtual port of type {port.type or 'none'}, {profile}"
    ok = port is not None and port.type == QBH and bool(port.profile)
    return found(interface, ok, observed, f"an {QBH} virtual port that names a port profile")


def names_of_profiles(fabric: Fabric) -> Fact[frozenset[str]]:
    """The port profiles that UCS Manager has."""
    answer = fabric.objects("vnicProfile")
    if isinstance(answer, Unknown):
        return answer
    return Known(frozenset(o.get("name", "") for o in answer.value), answer.evidence)


def exists(profile: PortProfile, names: Fact[frozenset[str]]) -> Finding:
    """PRF-02."""
    there = profile.name in names.need()
    name = shown(profile.name)[1:-1]
    observed = f"UCS Manager {'has' if there else 'does not have'} port profile {name}"
    remedy = f"Create the port profile {name} in UCS Manager (tab VM), or correct the name: "
    remedy += "virsh edit VM, or virsh net-edit NETWORK, <parameters profileid='...'/>; "
    known = ", ".join(sorted(shown(n)[1:-1] for n in names.need())[:MOST_NAMED])
    remedy += f"there are {known}." if known else "UCS Manager has none yet."
    return found(
        profile, there, observed, "a port profile of that name", *names.evidence, remedy=remedy
    )


def is_associated(interface: VmInterface, host: Host) -> Finding:
    """PRF-04, the host's part: the response to the request for the port profile that it names."""
    named = interface.virtualport.profile if interface.virtualport else None
    wanted = f"the virtual port's response is success, for port profile {named or 'of any name'}"
    functions = interface.functions.need()
    if not functions:
        raise Missing(Unknown(f"this host has no {', '.join(interface.absent)}"))
    if interface.pooled and len(functions) > 1:
        raise Missing(Unknown("which function of the pool it runs on is not in the definition"))
    state, evidence = _port(functions[0], host)
    if state is None:
        observed = f"no virtual port on {functions[0].address}"
        return found(interface, False, observed, wanted, *evidence)
    observed = f"response {state.response or 'none'} for port profile {state.profile}"
    ok = state.response == SUCCESS and named in (None, state.profile)
    return found(interface, ok, observed, wanted, *evidence)


def _port(function: PciFunction, host: Host) -> tuple[PortState | None, tuple[Evidence, ...]]:
    """A VF's port is told by its PF, a dynamic vNIC's by its own link (enic: PORT_SELF)."""
    if function.physfn is None:
        return _own_port(function, host)
    pf = host.pci.need().functions.get(function.physfn)
    if pf is None or not pf.netdevs or function.address not in pf.virtfns:
        raise Missing(Unknown(f"the PF of {function.address} cannot be asked"))
    reply = host.pf_reply(pf.netdevs[0]).need()
    return reply.ports.get(pf.virtfns.index(function.address)), reply.evidence


def _own_port(function: PciFunction, host: Host) -> tuple[PortState | None, tuple[Evidence, ...]]:
    """Kernels since 2.6.32-431.20.1 leave it out of the dump, and tell it when asked for VFs."""
    links = host.links.need()
    link = next((links[name] for name in function.netdevs if name in links), None)
    if link is None:
        raise Missing(Unknown(f"no link of {function.address} among those that Netlink lists"))
    if link.port_self is not None:
        return link.port_self, link.evidence
    reply = host.pf_reply(link.name).need()
    return reply.port_self, reply.evidence
