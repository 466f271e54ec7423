"""Virtual ports as libvirt merges them, for the second reader: nothing of the program's is in it.

docs/formatnetwork.rst, "Portgroups": "any parameter that is specified in more than one virtualport,
and is not identical, will be considered an error, and will prevent the interface from starting".
Which parameters a type has, and in which order they are merged: libvirt's source 9.0.0,
src/util/virnetdevvportprofile.c (virNetDevVPortProfileMerge3), and what it generates by itself:
src/conf/netdev_vport_profile_conf.c (virNetDevVPortProfileParse).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from xml.etree.ElementTree import Element

Port = Mapping[str, str]  # the type, as "type", and the parameters

PARAMETERS = {
    "802.1Qbg": {"managerid", "typeid", "typeidversion", "instanceid"},
    "802.1Qbh": {"profileid"},
    "openvswitch": {"profileid", "interfaceid"},
    "midonet": set[str](),
}
EVERY = set[str]().union(*PARAMETERS.values())
GENERATED = {"instanceid": {"", "802.1Qbg"}, "interfaceid": {"", "openvswitch"}}


@dataclass(frozen=True)
class Refused:
    """`what` differs: "type", or the name of a parameter."""

    what: str


def port_of(parent: Element, *, generates: bool = False) -> Port | None:
    """The virtual port of an interface, a port group or a network. libvirt `generates` an
    interface's UUIDs that are missing; no other's value is equal to one."""
    element = parent.find("virtualport")
    if element is None:
        return None
    kind = element.get("type", "")
    parameters = element.find("parameters")
    given = {} if parameters is None else dict(parameters.attrib)
    port = {name: _comparable(name, value) for name, value in given.items() if name in EVERY}
    if generates:
        for name, kinds in GENERATED.items():
            if kind in kinds:
                port.setdefault(name, "generated")
    return {"type": kind, **{name: value for name, value in port.items() if value}}


def merge(
    interface: Port | None, network: Port | None, group: Port | None
) -> tuple[str, str | None] | Refused | None:
    """The type and the profile (of a type that has one) of what results; None where no one names a
    type."""
    if not any(port is not None and port["type"] for port in (interface, network, group)):
        return None
    merged = dict(interface or {"type": ""})
    for more in (network, group):
        if more is None:
            continue
        if more["type"] and merged["type"] and more["type"] != merged["type"]:
            return Refused("type")
        merged["type"] = merged["type"] or more["type"]
        for name in sorted(PARAMETERS.get(merged["type"], EVERY) & set(more)):
            if merged.setdefault(name, more[name]) != more[name]:
                return Refused(name)
    has_profile = "profileid" in PARAMETERS.get(merged["type"], EVERY)
    return merged["type"], merged.get("profileid") if has_profile else None


def _comparable(name: str, value: str) -> str:
    """UUIDs and numbers are compared as such, names as they are written."""
    if name in ("instanceid", "interfaceid"):
        return UUID(value).hex
    return value if name == "profileid" else str(int(value, 0))
