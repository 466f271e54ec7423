"""What the kept definition of a running interface tells that the running one does not.

libvirt shows what an interface has become: of one in hostdev mode the device that its network gave
it, and not the network; and the virtual port as it was merged (src/conf/domain_conf.c,
virDomainActualNetDefContentsFormat).
"""

from vmfex.checks.model.domain import Definition, Domain, Interface


def kept(domain: Domain, definition: Definition, running: Interface) -> Interface | None:
    """The interface of the same MAC address in the definition for the next start, where it is on a
    libvirt network there; None for one that does not run."""
    if definition.state != "running" or running.mac is None:
        return None
    persistent = (d for d in domain.definitions if d.state == "persistent")
    mine = (i for d in persistent for i in d.interfaces if i.mac == running.mac)
    return next((i for i in mine if i.type == "network" and i.network is not None), None)
