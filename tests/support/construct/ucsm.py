"""UCS Manager's answers, a class of objects each, with the names of its own model."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

from tests.support.construct.layout import running_nics
from tests.support.construct.raw import RawTree
from tests.support.construct.spec import Blade, Ucs

Objects = list[dict[str, str]]
HYPERVISOR = {"clInstType": "hv", "dvsName": "default", "hvType": "kvm", "vStatus": "online"}
HYPERVISOR |= {"model": "Linux", "vendor": "redhat"}


def write_ucsm(tree: RawTree, blade: Blade, ucs: Ucs) -> None:
    for class_id, objects in answers(blade, ucs).items():
        tree.put(f"ucsm/{class_id}.xml", answer(class_id, objects))


def answer(class_id: str, objects: Iterable[Mapping[str, str]]) -> str:
    """The document that answers a configResolveClass."""
    rows = "".join(f"{_element(class_id, properties)}\n" for properties in objects)
    head = f'<configResolveClass cookie="" response="yes" classId="{class_id}">'
    return f"{head}\n<outConfigs>\n{rows}</outConfigs>\n</configResolveClass>\n"


def _element(class_id: str, properties: Mapping[str, str]) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in properties.items())
    return f"<{class_id}{attributes}/>"


def answers(blade: Blade, ucs: Ucs) -> dict[str, Objects]:
    """Every class that the rules ask for, as ucsmsdk's `mometa` names classes and properties."""
    return {
        "topSystem": [{"dn": "sys", "name": "ucs-lab", "mode": "cluster", "address": "192.0.2.10"}],
        "networkElement": [_interconnect(ucs, side) for side in "AB"],
        "equipmentSwitchCap": [_capabilities(ucs)],
        "firmwareRunning": _firmware(ucs),
        "vmSwitch": [_switch()],
        "vmHv": _hypervisors(blade, ucs),
        "adaptorUnit": _adaptors(blade),
        "vnicProfile": [_profile(name) for name in ucs.profiles],
        "vmVnicProfCl": [_client(name) for name in ucs.profiles],
        "vmInstance": _instances(blade),
        **_interfaces(blade),
    }


def _interconnect(ucs: Ucs, side: str) -> dict[str, str]:
    number = "AB".index(side) + 1
    properties = {"dn": f"sys/switch-{side}", "id": side, "model": ucs.model}
    vendor = {"vendor": "Cisco Systems, Inc.", "operability": "operable"}
    return properties | vendor | {"serial": f"SSI0000000{number}"}


def _capabilities(ucs: Ucs) -> dict[str, str]:
    provider = f"manufacturer-Cisco Systems, Inc.-model-{ucs.model}-revision-0"
    told = {"dynamicVifsSupported": ucs.dynamic_vifs} if ucs.dynamic_vifs else {}
    return {"dn": f"capabilities/{provider}/switch-cap", "name": "", **told}


def _firmware(ucs: Ucs) -> Objects:
    system = {"dn": "sys/mgmt/fw-system", "deployment": "system", "type": "system"}
    adaptor = {"dn": "sys/chassis-1/blade-1/adaptor-1/mgmt/fw-system", "deployment": "system"}
    release = ucs.release
    return [system | {"version": release}, adaptor | {"type": "adaptor", "version": release}]


def _switch() -> dict[str, str]:
    dn = "sys/extvm-mgmt/virtual-switches/switch-default"
    return {"dn": dn, "name": "default", "adminState": "enable", "manager": "unmanaged"}


def _hypervisors(blade: Blade, ucs: Ucs) -> Objects:
    names = [(blade.uuid, blade.hostname)]
    names += [(ucs.neighbour, "blade-2")] if ucs.neighbour else []
    return [
        {"dn": f"vmm/hv-{uuid}", "uuid": uuid, "name": name, **HYPERVISOR} for uuid, name in names
    ]


def _adaptors(blade: Blade) -> Objects:
    if not blade.vic:
        return []
    place = {"dn": "sys/chassis-1/blade-1/adaptor-1", "id": "1", "chassisId": "1", "bladeId": "1"}
    vendor = {"model": blade.vic.pid, "vendor": "Cisco Systems Inc", "serial": "FCH00000001"}
    return [place | vendor]


def _profile(name: str) -> dict[str, str]:
    performance = "high-perf-reqd" if name == "db" else "none"
    dn = f"fabric/lan/profiles/vnic-{name}"
    return {"dn": dn, "name": name, "hostNwIOPerf": performance, "maxPorts": "64"}


def _client(profile: str) -> dict[str, str]:
    dn = f"fabric/lan/profiles/vnic-{profile}/cl-default"
    place = {"dcName": "default", "orgPath": "default", "swName": "default"}
    return {"dn": dn, "name": "default", **place}


def _instances(blade: Blade) -> Objects:
    hypervisor = {"hvDn": f"vmm/hv-{blade.uuid}", "hvUuid": blade.uuid}
    found = []
    for vm in blade.vms:
        names = {"dn": f"vmm/vm-{vm.uuid}", "uuid": vm.uuid, "name": vm.name}
        status = {"vStatus": "online" if vm.running else "offline"}
        found.append(names | HYPERVISOR | hypervisor | {"clInstType": "vm"} | status)
    return found


def _interfaces(blade: Blade) -> dict[str, Objects]:
    """The interfaces of running VMs, each with the virtual Ethernet port that it is on."""
    nics, vifs = [], []
    with_profile = [(vm, nic) for vm, nic in running_nics(blade) if nic.profile]
    for vif, (vm, nic) in enumerate(with_profile, 800):
        number = vm.nics.index(nic) + 1
        dn = f"vmm/vm-{vm.uuid}/nic-{number}"
        state = {"vStatus": "online", "vifId": str(vif), "phSwitchId": "A"}
        names = {"dn": dn, "name": str(number), "macAddr": nic.mac.upper(), "type": "ether"}
        nics.append(names | {"profileName": nic.profile or ""} | state)
        vif_dn = f"{dn}/sw-Avif-{vif}"
        vifs.append({"dn": vif_dn, "operState": "active", "linkState": "up", **state})
    return {"vmNic": nics, "vmVif": vifs}
