"""UCS Manager's answers, a class of objects each, with the names of its own model."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

from tests.support.construct.layout import functions, running_nics
from tests.support.construct.raw import RawTree
from tests.support.construct.spec import Blade, Ucs
from tests.support.construct.system import SERIAL

Objects = list[dict[str, str]]
SERVER, BIOS = "sys/chassis-1/blade-1", "bios/bios-settings"
PROFILE, POLICY = "org-root/ls-{}", "org-root/dynamic-con-vmfex-{}"
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
        **_servers(blade, ucs),
        **_bios(ucs),
        **_vnics(blade, ucs),
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


def _servers(blade: Blade, ucs: Ucs) -> dict[str, Objects]:
    """The blades with their service profiles. Dynamic vNICs, not VFs, follow from the profile's own
    policy."""
    known = [(blade.hostname, blade.uuid, SERIAL)]
    known += [("blade-2", ucs.neighbour, "FCH00000B02")] if ucs.neighbour else []
    dynamic = sum(vnic.dynamic for vnic in blade.vnics)
    blades, profiles = [], []
    for slot, (name, uuid, serial) in enumerate(known, 1):
        dn, profile = f"sys/chassis-1/blade-{slot}", PROFILE.format(name)
        place = {"dn": dn, "chassisId": "1", "slotId": str(slot), "model": "UCSB-B200-M4"}
        blades.append(place | {"uuid": uuid, "serial": serial, "assignedToDn": profile})
        policy = {"dynamicConPolicyName": "", "operDynamicConPolicyName": ""}
        if dynamic and slot == 1:
            oper = POLICY.format(dynamic)
            name_of_it = oper.rpartition("dynamic-con-")[2]
            policy = {"dynamicConPolicyName": name_of_it, "operDynamicConPolicyName": oper}
        state = {"type": "instance", "assignState": "assigned", "assocState": "associated"}
        profiles.append({"dn": profile, "name": name, "uuid": uuid, "pnDn": dn} | state | policy)
    return {"computeBlade": blades, "computeRackUnit": [], "lsServer": profiles}


def _bios(ucs: Ucs) -> dict[str, Objects]:
    vt, vtd = "vpIntelVirtualizationTechnology", "vpIntelVTForDirectedIO"
    remapping = "vpIntelVTDInterruptRemapping"
    slots = (1, 2) if ucs.neighbour else (1,)
    places = [f"sys/chassis-1/blade-{slot}/{BIOS}" for slot in slots]
    return {
        "biosVfIntelVirtualizationTechnology": [
            {"dn": f"{place}/Intel-Virtualization-Technology", vt: "enabled"} for place in places
        ],
        "biosVfIntelVTForDirectedIO": [
            {"dn": f"{place}/Intel-VT-for-directed-IO", vtd: "enabled", remapping: "enabled"}
            for place in places
        ],
    }


def _vnics(blade: Blade, ucs: Ucs) -> dict[str, Objects]:
    """The static vNICs of the blade's profile, and the policies that VFs and dynamic vNICs come
    from; the reference to a policy is a class since 2.1(1a)."""
    macs = {f.netdev: f.mac.upper() for f in functions(blade) if f.netdev}
    vnics, references, counts = [], [], {sum(v.dynamic for v in blade.vnics)} - {0}
    for number, vnic in enumerate((v for v in blade.vnics if not v.dynamic), 1):
        dn = f"{PROFILE.format(blade.hostname)}/ether-{vnic.name}"
        place = {"equipmentDn": f"{SERVER}/adaptor-1/host-eth-{number}", "instType": "manual"}
        vnics.append({"dn": dn, "name": vnic.name, "addr": macs[vnic.name]} | place)
        if vnic.vfs:
            policy = POLICY.format(vnic.vfs)
            name = policy.rpartition("dynamic-con-")[2]
            said = {"conPolicyName": name, "operConPolicyName": policy}
            references.append({"dn": f"{dn}/con-ref-{name}"} | said)
            counts.add(vnic.vfs)
    policies = [
        {"dn": POLICY.format(n), "name": f"vmfex-{n}", "dynamicEth": str(n), "protection": "none"}
        for n in sorted(counts)
    ]
    found = {"vnicEther": vnics, "vnicDynamicConPolicy": policies}
    since_2_1 = {"vnicDynamicConPolicyRef": references}
    return found if ucs.release.startswith("2.0") else found | since_2_1


def _adaptors(blade: Blade) -> Objects:
    if not blade.vic:
        return []
    place = {"dn": f"{SERVER}/adaptor-1", "id": "1", "chassisId": "1", "bladeId": "1"}
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
