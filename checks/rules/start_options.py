"""What libvirt refuses when it starts an interface, by what the interface comes to (rule TOP-05).

Read in libvirt 9.0.0: qemuDomainValidateActualNetDef (src/qemu/qemu_domain.c),
virDomainActualNetDefValidate (src/conf/domain_validate.c).
"""

from collections.abc import Iterator

from vmfex.checks.model.domain import Network
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.link import MACVTAP
from vmfex.checks.model.vm_interface import HOSTDEV, VmInterface
from vmfex.checks.rules.by_name import virsh

READ_IN = 9_000_000
REFUSED_ON = {
    "bandwidth": (HOSTDEV,),
    "queues": (HOSTDEV,),
    "isolated port": (HOSTDEV, MACVTAP),
    "custom tap": (HOSTDEV, MACVTAP),
}
ELEMENT = {
    "bandwidth": "<bandwidth>",
    "queues": "queues in <driver>",
    "isolated port": "<port isolated='yes'/>",
    "custom tap": "tap in <backend>",
}
PORTS = {"isolated port", "shared port"}  # what an interface says itself counts

Refusals = list[tuple[str, str, str]]  # the table's key, what is written, and what to do


def refused_options(
    interface: VmInterface, network: Network | None, host: Host, where: str
) -> Fact[Refusals]:
    """Unknown where this libvirt is older than the one that was read. `where` begins a remedy."""
    found = list(_refused(interface, network, where))
    version = host.libvirt.need().version
    if not found or (version is not None and version >= READ_IN):
        return Known(found)
    said = ", ".join(what for _, what, _ in found)
    reason = f"whether this libvirt refuses {said} is not known"
    remedy = " ".join(dict.fromkeys(remedy for _, _, remedy in found))
    return Unknown(reason, (*interface.evidence, *host.libvirt.evidence), remedy)


def _refused(
    interface: VmInterface, network: Network | None, where: str
) -> Iterator[tuple[str, str, str]]:
    written, way = interface.written.options, interface.way
    for key, ways in REFUSED_ON.items():
        if key in written and way in ways:
            yield key, f"{ELEMENT[key]} on {way}", f"{where} take out {ELEMENT[key]}."
    isolates = network is not None and network.isolated and not written & PORTS
    if network is not None and isolates and way in REFUSED_ON["isolated port"]:
        what = f"{ELEMENT['isolated port']} in libvirt network {network.name}, on {way}"
        edit = f"{virsh('net-edit', network.name)}: take it out there, then start the network anew."
        yield "isolated port", what, edit
