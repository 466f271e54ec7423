"""The fabrics: what each of them is. `python -m tests.support.ucsm.fabrics` writes them anew.

Each has one server that is the constructed host of its base, and what a real answer has besides:
states, descriptions, labels that name people, keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ucsmsdk.ucscoreutils import load_class

from tests.support.construct.hosts import BLADES, REFERENCE
from tests.support.construct.spec import Blade, Nic, Ucs, Vm, Vnic
from tests.support.construct.ucsm import answers
from tests.support.ucsm.domain import FABRICS, Domain, dump

Change = Callable[[Domain], Domain]
BASES = {blade.name: blade for blade in BLADES}
SWITCHES = "sys/extvm-mgmt/virtual-switches/switch-{}"
# What must not get out, and is in the answers all the same.
PEOPLE, KEYS = "jdoe", "k3y-of-the-switch"


def of_blade(blade: Blade, *changes: Change) -> Domain:
    """The domain that a constructed host belongs to."""
    assert blade.ucs is not None
    found = answers(blade, blade.ucs)
    domain = Domain({name: tuple(objects) for name, objects in found.items()})
    for change in (with_people, *changes):
        domain = change(domain)
    return domain


def with_people(domain: Domain) -> Domain:
    """The properties that name people, hold keys, or are free text."""
    return domain.but(
        computeBlade=_each(domain, "computeBlade", usrLbl=f"{PEOPLE}s", descr=f"ask {PEOPLE}"),
        lsServer=_each(domain, "lsServer", usrLbl=PEOPLE, descr=f"made by {PEOPLE}"),
        vmSwitch=_each(domain, "vmSwitch", extKey=KEYS, keyInst="1"),
        vmVif=_each(domain, "vmVif", cookie="4711"),
        vnicProfile=_each(domain, "vnicProfile", descr=f"of {PEOPLE}"),
    )


def _each(domain: Domain, class_id: str, **more: str) -> list[Mapping[str, str]]:
    return [{**o, **more} for o in domain.classes.get(class_id, ())]


def with_clusters(domain: Domain) -> Domain:
    """Clusters beside the default one: allowed, and used by nobody."""
    more = [
        {"dn": SWITCHES.format(name), "name": name, "adminState": "enable", "manager": "unmanaged"}
        for name in ("lab", "test")
    ]
    return domain.but(vmSwitch=[*domain.classes["vmSwitch"], *more])


def without_client(domain: Domain) -> Domain:
    """The profile `db` has no client."""
    clients = domain.classes["vmVnicProfCl"]
    return domain.but(vmVnicProfCl=[o for o in clients if "/vnic-db/" not in o["dn"]])


def other_client(domain: Domain) -> Domain:
    """The client of the profile `db` is the cluster `lab`."""
    clients = domain.classes["vmVnicProfCl"]
    return with_clusters(domain).but(
        vmVnicProfCl=[{**o, "swName": "lab"} if "/vnic-db/" in o["dn"] else o for o in clients]
    )


def without_profiles(domain: Domain) -> Domain:
    """Nothing of VM-FEX is left."""
    gone = ("vnicProfile", "vmVnicProfCl", "vmSwitch", "vmNic", "vmVif", "vmInstance", "vmHv")
    return domain.but(**dict.fromkeys(gone, ()))


def switched_off(domain: Domain) -> Domain:
    """The dynamic vNIC policy gives none any more."""
    return domain.but(vnicDynamicConPolicy=_each(domain, "vnicDynamicConPolicy", dynamicEth="off"))


DESCRIBED: Mapping[str, Callable[[], Domain]] = {
    "6332-release-3.1": lambda: of_blade(REFERENCE),
    "6454-release-4.0": lambda: of_blade(BASES["fabric-6454"], without_profiles, switched_off),
    "6454-with-profiles": lambda: of_blade(BASES["fabric-6454"]),
    "release-2.0": lambda: of_blade(BASES["rhel61-private-ucs20"]),
    "release-2.1": lambda: of_blade(BASES["rhel61-private-ucs21"]),
    "extra-clusters": lambda: of_blade(REFERENCE, with_clusters),
    "profile-without-client": lambda: of_blade(REFERENCE, without_client),
    "client-not-default": lambda: of_blade(REFERENCE, other_client),
    "dynamic-vnics-off": lambda: of_blade(REFERENCE, switched_off),
}


# Classes of which a domain has objects once, however many blades it has.
_ONCE = (
    *("topSystem", "networkElement", "equipmentSwitchCap", "vmSwitch", "vnicProfile"),
    *("vmVnicProfCl", "vnicDynamicConPolicy"),
)


def large(blades: int, vms: int) -> Domain:
    """A domain of so many blades and VMs, each VM with two interfaces, and each object with every
    property of its class. The first blade is the host that `REFERENCE` describes."""
    assert REFERENCE.ucs is not None
    first = replace(REFERENCE, ucs=replace(REFERENCE.ucs, neighbour=None))
    domain = of_blade(first)
    classes = {name: list(objects) for name, objects in domain.classes.items()}
    left = vms - len(first.vms)
    for number in range(1, blades):
        share = left * number // (blades - 1) - left * (number - 1) // (blades - 1)
        for name, objects in _one(number, share).items():
            classes[name] += objects
    return domain.but(**{name: _whole(name, objects) for name, objects in classes.items()})


def _one(number: int, vms: int) -> dict[str, list[dict[str, str]]]:
    """The objects of one more blade with its VMs."""
    uuid = f"5ca1ab1e-0000-4000-8001-{number:04x}{{:08x}}"
    nics = [
        [Nic("direct", f"eth{n}", f"52:54:01:{number:02x}:{n:02x}:{i:02x}", "web") for i in (0, 1)]
        for n in range(vms)
    ]
    blade = replace(
        REFERENCE,
        uuid=uuid.format(0),
        hostname=f"node-{number}",
        vnics=tuple(Vnic(f"eth{n}", vfs=8) for n in range(4)),
        vms=tuple(Vm(f"vm{number}-{n}", uuid.format(n + 1), tuple(nics[n])) for n in range(vms)),
        ucs=(ucs := Ucs("UCS-FI-6332", "3.1(3k)", "yes", ())),
    )
    place = f"sys/chassis-{number // 8 + 2}/blade-{number % 8 + 1}"
    return {
        name: [_moved(o, place, number) for o in objects if o["dn"] != "sys/mgmt/fw-system"]
        for name, objects in answers(blade, ucs).items()
        if name not in _ONCE
    }


def _moved(o: Mapping[str, str], place: str, number: int) -> dict[str, str]:
    """An object of the constructed blade, as one of another place, serial number and MAC."""
    moved = {name: value.replace("sys/chassis-1/blade-1", place) for name, value in o.items()}
    if "serial" in moved:
        moved["serial"] = f"FCH{number:08}"
    if "addr" in moved:
        moved["addr"] = f"00:25:B5:{number:02X}:00:{moved['addr'][-2:]}"
    return moved


def _whole(class_id: str, objects: list[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Objects with every property of their class, empty where nothing is said of it."""
    names = load_class(class_id).prop_map
    return [dict.fromkeys(names, "") | dict(o) for o in objects]


def main() -> None:
    for name, describe in DESCRIBED.items():
        (FABRICS / f"{name}.xml").write_text(dump(describe()), "utf-8")
        print(FABRICS / f"{name}.xml")


if __name__ == "__main__":
    main()
