"""libvirt's domains, from the XML of their running and their persistent definitions."""

from collections.abc import Iterable, Iterator
from typing import Literal

from vmfex.checks.model.domain import Definition, Domain, Domains, Interface, PciBus, VirtualPort
from vmfex.checks.model.fact import Evidence, Fact, Known
from vmfex.checks.model.host import LibvirtAnswer
from vmfex.checks.text import shown
from vmfex.evidence.parsers import UUID, fact, give_up, limits
from vmfex.evidence.parsers.connection import need_connected
from vmfex.evidence.parsers.interface_options import options
from vmfex.evidence.parsers.migration_blockers import blockers
from vmfex.evidence.parsers.xml import Element, children, parse_xml, serialised
from vmfex.evidence.tree import Tree

State = Literal["running", "persistent"]
STATES: tuple[State, ...] = ("running", "persistent")
DIRECTORY = "libvirt/domains"
QEMU = "{http://libvirt.org/schemas/domain/qemu/1.0}"
WHAT = "network interfaces"  # and devices of the host, of which each may be one
MAX_MARKS = 100_000  # a VM of a thousand devices has about 30,000 tags and attributes


@fact
def domains(tree: Tree, connection: Fact[LibvirtAnswer]) -> Fact[Domains]:
    """Every domain that libvirt has; one whose XML is bad is unknown, and the rest are there."""
    need_connected(connection)
    uuids = tree.names(DIRECTORY).need()
    if uuids is None:  # a host without domains has a list that is empty
        give_up(f"{DIRECTORY} is missing: nobody asked libvirt for its domains")
    limits.within(uuids, limits.DOMAINS, f"{DIRECTORY} lists", "domains")
    evidence = Evidence(DIRECTORY, "\n".join(uuids) or "(no domain)")
    return Known(tuple(_bounded(tree, uuids)), (*connection.evidence, evidence))


def _bounded(tree: Tree, uuids: Iterable[str]) -> Iterator[Fact[Domain]]:
    """Each domain. Raises Missing where all together are more than is read."""
    size = interfaces = 0
    for uuid in uuids:
        found = domain(tree, uuid)
        told = found.value.definitions if isinstance(found, Known) else (found,)
        size += sum(len(evidence.raw) for each in told for evidence in each.evidence)
        if size > limits.DEFINITIONS:
            most = f"{limits.DEFINITIONS // 2**20} MiB"
            give_up(f"the definitions of all domains have more than {most}")
        if isinstance(found, Known):
            interfaces += sum(len(d.interfaces) for d in found.value.definitions)
        if interfaces > limits.ALL_INTERFACES:
            most = f"{limits.ALL_INTERFACES:,} network interfaces"
            give_up(f"the definitions of all domains have more than {most}")
        yield found


@fact
def domain(tree: Tree, uuid: str) -> Fact[Domain]:
    if not UUID.fullmatch(uuid):
        give_up(f"{DIRECTORY} has an entry {shown(uuid)}, which is not the UUID of a domain")
    names, definitions = [], []
    for state in STATES:
        path = f"{DIRECTORY}/{uuid}/{state}.xml"
        raw = tree.read(path).need()
        if raw is None:
            continue
        parsed = parse_xml(raw, path, "domain", MAX_MARKS)
        root, whole = parsed.need(), parsed.evidence[0]
        names.append(required(root, "name", whole))
        if (own := required(root, "uuid", whole).lower()) != uuid:
            give_up(f"{path} is the definition of another domain, {shown(own)}", whole)
        definitions.append(definition(root, state, whole))
    if not definitions:
        give_up(f"domain {uuid} has neither a running nor a persistent definition")
    return Known(Domain(names[0], uuid, tuple(definitions)))


def required(root: Element, tag: str, whole: Evidence) -> str:
    """The text of a child that libvirt always writes. Raises Missing without it."""
    text = (root.findtext(tag) or "").strip()
    return text or give_up(f"{whole.where} has no <{tag}>", whole)


def virtual_port(parent: Element) -> VirtualPort | None:
    port = parent.find("virtualport")
    if port is None:
        return None
    return VirtualPort(port.get("type"), attribute(port, "parameters", "profileid"))


def attribute(parent: Element, path: str, name: str) -> str | None:
    child = parent.find(path)
    return None if child is None else child.get(name)


def pci_address(element: Element, whole: Evidence) -> str:
    """`0000:0d:00.1`, from attributes that are numbers as C reads them: 0x0d, 13 or 015."""
    limits = {"domain": 0xFFFFFFFF, "bus": 0xFF, "slot": 0x1F, "function": 7}
    numbers = [number(element, name, limit, whole) for name, limit in limits.items()]
    return "{:04x}:{:02x}:{:02x}.{:x}".format(*numbers)


def number(element: Element, name: str, limit: int, whole: Evidence) -> int:
    """An attribute's value; 0 if it is not there, as libvirt has it for parts of an address."""
    written = (element.get(name) or "0").strip().lower()
    base = 16 if written.startswith("0x") else 8 if written.startswith("0") else 10
    try:
        value = int(written, base)
    except ValueError:
        value = -1
    if not 0 <= value <= limit or "_" in written:
        reason = f"{whole.where}: {shown(written)} is not a valid {name} from 0 to {limit}"
        give_up(reason, serialised(element, whole.where))
    return value


def definition(root: Element, state: State, whole: Evidence) -> Definition:
    """What a <domain> says. Raises Missing where that cannot be understood."""
    found = root.findall("devices")
    if len(found) != 1:  # libvirt writes one, and reads what is in all
        give_up(f"{whole.where} has {len(found) or 'no'} <devices>", whole)
    [devices] = found
    hostdevs = devices.findall("hostdev")
    written = devices.findall("interface")
    limits.within((*written, *hostdevs), limits.INTERFACES, f"{whole.where} has", WHAT)
    interfaces = [_interface(element, whole) for element in written]
    bare = [_bare(element, whole) for element in hostdevs if _is_pci(element)]
    return Definition(
        state=state,
        type=root.get("type") or "",
        interfaces=(*interfaces, *bare),
        blockers=blockers(root, devices),
        assigned=tuple(_assigned(element, whole) for element in hostdevs),
        qemu_arguments=tuple(_qemu_arguments(root)),
        buses=_buses(root, devices, whole),
        evidence=(whole,),
    )


def _qemu_arguments(root: Element) -> Iterator[str]:
    """What libvirt hands on and does not look into. An override changes a property of a device that
    libvirt gives the VM, as `-set device.ALIAS.PROPERTY=VALUE` does."""
    for argument in root.findall(f"{QEMU}commandline/{QEMU}arg"):
        yield argument.get("value") or ""
    for device in root.findall(f"{QEMU}override/{QEMU}device"):
        for changed in device.findall(f"{QEMU}frontend/{QEMU}property"):
            yield "-set"
            named = f"device.{device.get('alias')}.{changed.get('name')}"
            yield f"{named}={changed.get('value')}"


def _interface(element: Element, whole: Evidence) -> Interface:
    parts = children(element)

    def of(tag: str, name: str) -> str | None:
        return parts[tag].get(name) if tag in parts else None

    address = element.find("source/address[@type='pci']")
    mac = of("mac", "address")
    return Interface(
        type=element.get("type") or "user",  # libvirt's default
        mac=mac and mac.lower(),
        dev=of("source", "dev"),
        mode=of("source", "mode"),
        network=of("source", "network"),
        portgroup=of("source", "portgroup"),
        bridge=of("source", "bridge"),
        address=None if address is None else pci_address(address, whole),
        model=of("model", "type"),
        virtualport=virtual_port(element),
        target=of("target", "dev"),
        filterref=of("filterref", "filter"),
        vlan="vlan" in parts,
        driver=of("driver", "name"),
        managed=element.get("managed") == "yes",
        options=options(element),
        evidence=(serialised(element, whole.where),),
    )


def _bare(element: Element, whole: Evidence) -> Interface:
    evidence = (serialised(element, whole.where),)
    return Interface(
        type="bare hostdev",
        address=_source(element, whole),
        driver=attribute(element, "driver", "name"),
        managed=element.get("managed") == "yes",
        evidence=evidence,
    )


def _is_pci(hostdev: Element) -> bool:
    return hostdev.get("mode") != "capabilities" and hostdev.get("type") == "pci"


def _source(hostdev: Element, whole: Evidence) -> str:
    address = hostdev.find("source/address")
    if address is None:
        give_up(f"{whole.where} has a PCI <hostdev> without an address", whole)
    return pci_address(address, whole)


def _assigned(hostdev: Element, whole: Evidence) -> str:
    """An assigned device in words, as `USB device 0951:1625`."""
    kind, source = hostdev.get("type") or "unknown", hostdev.find("source")
    if _is_pci(hostdev):
        return f"PCI device {_source(hostdev, whole)}"
    if kind == "usb" and source is not None and source.find("vendor") is not None:
        ids = [(attribute(source, tag, "id") or "?") for tag in ("vendor", "product")]
        return f"USB device {':'.join(i.removeprefix('0x') for i in ids)}"
    names = {"usb": "USB", "mdev": "mediated", "scsi": "SCSI", "scsi_host": "SCSI host"}
    details = [] if source is None else [*source.items()]
    for child in source if source is not None else ():
        details += child.items()
    said = " ".join(f"{key!s}={value!s}" for key, value in details)
    return f"{names.get(kind, kind)} device {said}".rstrip()


def _buses(root: Element, devices: Element, whole: Evidence) -> tuple[PciBus, ...]:
    models = {}
    for controller in devices.findall("controller[@type='pci']"):
        index = number(controller, "index", 0xFF, whole)
        models[index] = controller.get("model") or "unknown"
    slots: dict[int, set[int]] = {index: set() for index in models}
    for address in _guest_addresses(devices):
        bus = number(address, "bus", 0xFF, whole)
        slots.setdefault(bus, set()).add(number(address, "slot", 0x1F, whole))
    # libvirt before 1.0.5 writes no PCI controllers: QEMU's i440fx has this bus of its own accord
    models.setdefault(0, "pci-root")
    return tuple(
        PciBus(bus, models.get(bus, "unknown"), tuple(sorted(used)))
        for bus, used in sorted(slots.items())
    )


def _guest_addresses(devices: Element) -> Iterator[Element]:
    """PCI addresses in the guest; below <source> they are the host's."""
    for address in devices.iter("address"):
        parent = address.getparent()
        given = address.get("bus") or address.get("slot")  # else libvirt is still to choose one
        if address.get("type") == "pci" and given and parent is not None and parent.tag != "source":
            yield address
