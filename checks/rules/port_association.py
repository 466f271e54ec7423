"""Whether a running VM's port is really associated (rule PRF-04, the host's part)."""

from vmfex.checks.model.fact import Evidence, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.link import PortState
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, found
from vmfex.checks.rules import remedy
from vmfex.checks.rules.by_name import no_link, on_vmfex_vf, some
from vmfex.checks.text import one_line

SUCCESS = "PORT_PROFILE_RESPONSE_SUCCESS"

Port = tuple[PortState | None, tuple[Evidence, ...]]


def is_associated(interface: VmInterface, host: Host) -> Finding:
    """PRF-04, the host's part: the response to the request for the port profile that it names, made
    for this VM: libvirt sends the VM's UUID as the port's instance, and takes no other's answer for
    its own (virNetDevVPortProfileGetStatus, docs/sources.md)."""
    function = _function_of(interface)
    state, evidence = _port(function, host)
    named = interface.virtualport.profile if interface.virtualport else None
    wanted = f"the virtual port's response is success, for port profile {named or 'of any name'}"
    wanted += f" and instance {interface.domain.uuid}"
    mend = _remedy(interface, function)
    if state is None:
        observed = f"no virtual port on {function.address}"
        return found(interface, False, observed, wanted, *evidence, remedy=mend)
    observed = f"response {state.response or 'none'} for port profile {state.profile}"
    observed += f" and instance {state.instance}" if state.instance else ""
    ok = state.response == SUCCESS and named in (None, state.profile)
    if ok and state.instance is None:
        reason = f"{observed}: the port does not name the VM that it was asked for"
        raise Missing(Unknown(reason, evidence, mend))
    ok = ok and state.instance == interface.domain.uuid
    return found(interface, ok, observed, wanted, *evidence, remedy=mend)


def _function_of(interface: VmInterface) -> PciFunction:
    """The one function that a running interface stands on. Raises Missing."""
    functions = interface.functions.need()
    if not functions:
        absent = f"this host has no {some(interface.absent) or 'such device'}"
        raise Missing(Unknown(absent, (), on_vmfex_vf(interface)))
    if len(functions) > 1:
        reason = "which function of the pool it runs on is not in the definition"
        how = (
            "A libvirt later than 0.10 names the function in the running definition: start the VM "
            f"anew with one, and see {remedy.virsh('dumpxml', interface.domain.name)}."
        )
        raise Missing(Unknown(reason, (), how))
    return functions[0]


def _port(function: PciFunction, host: Host) -> Port:
    """A VF's port is told by its PF, a dynamic vNIC's by its own link (enic: PORT_SELF)."""
    if function.physfn is None:
        return _own_port(function, host)
    pf = host.pci.need().functions.get(function.physfn)
    number = pf.vf_number(function.address) if pf else None
    if pf is None or not pf.netdevs or number is None:
        reason = f"the PF of {function.address} cannot be asked"
        how = f"Bind its PF {function.physfn} to enic (VIC-04): the network device of it is asked."
        raise Missing(Unknown(reason, function.evidence, how))
    reply = host.pf_reply(pf.netdevs[0]).need()
    return reply.ports.get(number), reply.evidence


def _own_port(function: PciFunction, host: Host) -> Port:
    """Kernels since 2.6.32-431.20.1 leave it out of the dump, and tell it when asked for VFs."""
    links = host.links.need()
    link = next((links[name] for name in function.netdevs if name in links), None)
    if link is None:
        reason = f"no link of {function.address} among those that Netlink lists"
        raise Missing(Unknown(reason, function.evidence, no_link(function)))
    if link.port_self is not None:
        return link.port_self, link.evidence
    reply = host.pf_reply(link.name).need()
    return reply.port_self, reply.evidence


def _remedy(interface: VmInterface, function: PciFunction) -> str:
    profile = interface.virtualport.profile if interface.virtualport else None
    name = interface.domain.name
    if not profile:
        return f"{one_line(name)} names no port profile here: give it one first (PRF-01)."
    return (
        f"Look in libvirtd's log for the association of port profile {one_line(profile)} on "
        f"{function.address}, and in UCS Manager's faults of the VM's virtual interface; when they "
        f"are mended, {remedy.virsh('destroy', name)} and {remedy.virsh('start', name)}."
    )
