"""What libvirt tells of a blade's PCI functions and their network devices, as its node devices.

Constructed: no dump from a host with VIC functions is public (docs/sources.md). The form is that of
libvirt's `nodedev.rng` and of the dumps in libvirt's own tests.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.support.construct.layout import Function, functions
from tests.support.construct.raw import RawTree
from tests.support.construct.spec import Blade
from tests.support.construct.sysfs import directory


def write_nodedev(tree: RawTree, blade: Blade) -> None:
    """One file a device, as `virsh nodedev-dumpxml` prints it."""
    grouped = blade.system.iommu == "groups"
    for number, function in enumerate(functions(blade)):
        tree.put(f"libvirt/nodedev/{_name(function.address)}.xml", pci(function, number, grouped))
        if function.netdev:
            name = f"net_{function.netdev}_{function.mac.replace(':', '_')}"
            tree.put(f"libvirt/nodedev/{name}.xml", netdev(function, name))


def pci(function: Function, group: int, grouped: bool = True) -> str:
    domain, bus, rest = function.address.split(":")
    slot, number = rest.split(".")
    parent = _name(function.parents[-1]) if function.parents else "computer"
    return f"""<device>
  <name>{_name(function.address)}</name>
  <path>/{directory(function)}</path>
  <parent>{parent}</parent>
  <driver>
    <name>{escape(function.driver)}</name>
  </driver>
  <capability type='pci'>
    <class>0x{function.pci_class:06x}</class>
    <domain>{int(domain, 16)}</domain>
    <bus>{int(bus, 16)}</bus>
    <slot>{int(slot, 16)}</slot>
    <function>{int(number, 16)}</function>
    <product id='0x{function.device:04x}'/>
    <vendor id='0x{function.vendor:04x}'/>
{_virtual(function)}{_group(function, group) if grouped else ""}  </capability>
</device>
"""


def netdev(function: Function, name: str) -> str:
    return f"""<device>
  <name>{name}</name>
  <path>/{directory(function)}/net/{function.netdev}</path>
  <parent>{_name(function.address)}</parent>
  <capability type='net'>
    <interface>{function.netdev}</interface>
    <address>{function.mac}</address>
    <link state='down'/>
    <capability type='80203'/>
  </capability>
</device>
"""


def _virtual(function: Function) -> str:
    if function.physfn:
        return _capability("phys_function", "", [function.physfn])
    if not function.virtfns:
        return ""
    return _capability("virt_functions", f" maxCount='{len(function.virtfns)}'", function.virtfns)


def _capability(kind: str, more: str, addresses: Sequence[str]) -> str:
    inside = "".join(f"      {_address(address)}\n" for address in addresses)
    return f"    <capability type='{kind}'{more}>\n{inside}    </capability>\n"


def _group(function: Function, number: int) -> str:
    inside = f"      {_address(function.address)}\n"
    return f"    <iommuGroup number='{number}'>\n{inside}    </iommuGroup>\n"


def _address(address: str) -> str:
    domain, bus, rest = address.split(":")
    slot, function = rest.split(".")
    return f"<address domain='0x{domain}' bus='0x{bus}' slot='0x{slot}' function='0x{function}'/>"


def _name(address: str) -> str:
    return f"pci_{address.replace(':', '_').replace('.', '_')}"
