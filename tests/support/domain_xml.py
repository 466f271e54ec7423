"""Definitions of domains as tests write them."""

from tests.support.tree import DictTree
from vmfex.checks.model.domain import Definition, Interface
from vmfex.checks.model.fact import Known
from vmfex.checks.model.host import LibvirtAnswer
from vmfex.evidence.parsers.domain import domain

UUID = "5ca1ab1e-0000-4000-8000-000000000101"
RUNNING = f"libvirt/domains/{UUID}/running.xml"
KEPT = f"libvirt/domains/{UUID}/persistent.xml"
CONNECTED = Known(LibvirtAnswer("qemu:///system", "connected"))


def xml(devices: str, head: str = "", attributes: str = "type='kvm'") -> str:
    return (
        f"<domain {attributes}><name>web01</name><uuid>{UUID}</uuid>{head}"
        f"<devices>{devices}</devices></domain>"
    )


def definition(devices: str, path: str = RUNNING, head: str = "") -> Definition:
    fact = domain(DictTree({path: xml(devices, head)}), UUID)
    assert isinstance(fact, Known), fact
    return fact.value.definitions[0]


def interface(element: str) -> Interface:
    (found,) = definition(element).interfaces
    return found


def slot(number: int, bus: int = 0, function: int = 0) -> str:
    return (
        f"<address type='pci' domain='0x0' bus='{bus}' slot='{number:#x}' function='{function}'/>"
    )
