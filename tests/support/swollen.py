"""Recorded hosts that are small to send and large to read: the reference host, and much more."""

import gzip
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.evidence.test_recorded_bombs import header
from vmfex.evidence.archive.manifest import MANIFEST, encode
from vmfex.evidence.embedded import load_embedded

UUID = "5ca1ab1e-0000-4000-8000-{:012x}"
DOMAIN = UUID.format(0x101)
ON_NETWORK = UUID.format(0x102)
NETWORK = UUID.format(0x200)
LEFT_OUT = ("libvirt/domains/", "libvirt/migration/", "guests/")
Files = Iterator[tuple[str, bytes]]


@cache
def reference() -> Mapping[str, bytes]:
    """The reference host's files. It is constructed, so that no digest tells of what is added."""
    host = load_embedded("reference")
    return {**host.files, MANIFEST: encode(host.manifest)}


def write(path: Path, more: Files) -> None:
    """A packed tar of the reference host with other domains, and whatever else there is more of."""
    links = load_embedded("reference").links
    held = {p: raw for p, raw in reference().items() if not p.startswith(LEFT_OUT)} | dict(more)
    with gzip.open(path, "wb", compresslevel=6) as tar:
        for name, raw in held.items():
            tar.write(header(name, len(raw)) + raw + bytes(-len(raw) % 512))
        for name, target in links.items():
            tar.write(header(name, 0, b"2", target))
        tar.write(bytes(1024))


def domain(number: int, interfaces: int = 1, padding: int = 0) -> tuple[str, bytes]:
    """A domain with that many interfaces, as web01 has one."""
    uuid = UUID.format(0x10000 + number)
    raw = reference()[f"libvirt/domains/{DOMAIN}/persistent.xml"]
    raw = raw.replace(DOMAIN.encode(), uuid.encode()).replace(b"web01", b"vm%d" % number)
    found = re.search(rb"<interface.*?</interface>", raw, re.DOTALL)
    assert found
    raw = raw.replace(found[0], found[0] * interfaces).replace(b"</domain>", b" " * padding)
    return f"libvirt/domains/{uuid}/persistent.xml", raw + b"</domain>"


def on_the_network() -> tuple[str, bytes]:
    """A domain whose interface is on the reference host's network."""
    path = f"libvirt/domains/{ON_NETWORK}/persistent.xml"
    return path, reference()[path]


def domains(count: int, interfaces: int = 1, padding: int = 0) -> Files:
    return (domain(number, interfaces, padding) for number in range(count))


def unreadable_domains(count: int) -> Files:
    return ((path, b"<domain/>") for path, _ in domains(count))


def domains_without_definition(count: int) -> Files:
    return ((f"libvirt/domains/{UUID.format(n)}/x", b"") for n in range(count))


def networks(count: int) -> Files:
    raw = reference()[f"libvirt/networks/{NETWORK}.xml"]
    yield on_the_network()
    for number in range(count):
        named = raw.replace(b"<name>", b"<name>n%d-" % number)
        yield f"libvirt/networks/{UUID.format(number)}.xml", named


def functions_of_a_network(count: int) -> Files:
    rows = b"<address type='pci' domain='0' bus='6' slot='0' function='1'/>" * count
    forward = b"<forward mode='hostdev' managed='yes'>" + rows + b"</forward>"
    yield on_the_network()
    path = f"libvirt/networks/{NETWORK}.xml"
    yield path, re.sub(rb"<forward.*</forward>", forward, reference()[path], flags=re.DOTALL)


def objects(count: int, *classes: str) -> Files:
    """Answers of UCS Manager with that many objects of each class."""
    yield domain(0)
    for class_id in classes:
        path = f"ucsm/{class_id}.xml"
        rows = (f'<{class_id} dn="a/{n}" name="x" uuid="{n}"/>' for n in range(count))
        head = f'<configResolveClass cookie="" response="yes" classId="{class_id}">'
        whole = f"{head}<outConfigs>{''.join(rows)}</outConfigs></configResolveClass>"
        yield path, whole.encode()


def functions(count: int) -> Files:
    """As many PCI functions on other buses, of which sysfs has no more than this."""
    yield domain(0)
    for number in range(count):
        address = f"1000:{number >> 8:02x}:{number >> 3 & 31:02x}.{number & 7}"
        yield f"sys/bus/pci/devices/{address}/vendor", b"0x8086\n"
