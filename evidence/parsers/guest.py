"""The drivers of a guest's network devices, from a capture of the guest's own sysfs."""

from collections.abc import Mapping
from posixpath import basename

from vmfex.checks.model.fact import Evidence, Fact, Known
from vmfex.checks.text import shown
from vmfex.evidence.parsers import UUID, fact, give_up
from vmfex.evidence.tree import Tree, text


@fact
def guest_drivers(tree: Tree, domain_uuid: str) -> Fact[Mapping[str, str]]:
    """Driver name by MAC address in lower case. Links that stand on no device, as bridges, have no
    driver and are left out."""
    if not UUID.fullmatch(domain_uuid):
        give_up(f"{shown(domain_uuid)} is not the UUID of a domain")
    directory = f"guests/{domain_uuid}/sys/class/net"
    names = tree.names(directory).need()
    if names is None:
        give_up(f"{directory} is missing: nobody captured this guest")
    drivers: dict[str, str] = {}
    evidence = []
    for name in names:
        target = tree.link(f"{directory}/{name}/device/driver").need()
        if target is None:
            continue
        address, driver = text(tree, f"{directory}/{name}/address").need(), basename(target)
        mac = (address or "").strip().lower()
        said = Evidence(f"{directory}/{name}", f"address: {mac}\ndevice/driver: {target}")
        evidence.append(said)
        if not mac or drivers.setdefault(mac, driver) != driver:
            reason = f"has no address of its own: {shown(mac)}"
            give_up(f"{directory}/{name}, driven by {shown(driver)}, {reason}", *evidence)
    return Known(drivers, tuple(evidence) or (Evidence(directory, "\n".join(names)),))
