"""Domains as libvirt prints them, from 0.8.7 to 8.0.0."""

from tests.support.construct.links import tap_names
from tests.support.construct.spec import Blade, Nic, Vm

QEMU = "/usr/libexec/qemu-kvm"
UNITS_SINCE, PCI_ROOT_SINCE, VFIO_SINCE = 9011, 1000005, 1001003
MEMORY = 4194304  # KiB


def domain(blade: Blade, vm: Vm, live: bool) -> str:
    """The definition that runs (`live`), with what libvirt adds to it, or the persistent one."""
    version = blade.system.libvirt
    units = " unit='KiB'" if version >= UNITS_SINCE else ""
    placement = " placement='static'" if version >= UNITS_SINCE else ""
    order = blade.vms.index(vm)
    number = f" id='{order + 1}'" if live else ""
    interfaces = "".join(_interface(blade, vm, nic, n, live) for n, nic in enumerate(vm.nics))
    disk_slot, balloon_slot = 3 + len(vm.nics), 4 + len(vm.nics)
    return f"""<domain type='kvm'{number}>
  <name>{vm.name}</name>
  <uuid>{vm.uuid}</uuid>
  <memory{units}>{MEMORY}</memory>
  <currentMemory{units}>{MEMORY}</currentMemory>
  <vcpu{placement}>2</vcpu>
  <os>
    <type arch='x86_64' machine='{blade.system.machine}'>hvm</type>
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>restart</on_crash>
  <devices>
    <emulator>{QEMU}</emulator>
    <disk type='block' device='disk'>
      <driver name='qemu' type='raw' cache='none'/>
      <source dev='/dev/vg_guests/{vm.name}'/>
      <target dev='vda' bus='virtio'/>
{_alias("virtio-disk0", live)}{_slot(disk_slot)}    </disk>
{_controllers(version, live)}{interfaces}    <input type='mouse' bus='ps2'/>
    <graphics type='vnc' port='{5900 + order if live else -1}' autoport='yes'/>
    <video>
      <model type='cirrus' vram='{16384 if version >= PCI_ROOT_SINCE else 9216}' heads='1'/>
{_alias("video0", live)}{_slot(2)}    </video>
    <memballoon model='virtio'>
{_alias("balloon0", live)}{_slot(balloon_slot)}    </memballoon>
  </devices>
</domain>
"""


def _interface(blade: Blade, vm: Vm, nic: Nic, number: int, live: bool) -> str:
    hostdev, tap = nic.kind == "hostdev", tap_names(blade).get((vm.name, nic.mac))
    kind = "direct" if nic.kind == "network" and live else nic.kind
    lines = [f"<mac address='{nic.mac}'/>"]
    if hostdev:
        bus, slot, function = _numbers(nic.source)
        lines += ["<driver name='vfio'/>"] if blade.system.libvirt >= VFIO_SINCE else []
        address = f"domain='0x0000' bus='{bus}' slot='{slot}' function='{function}'"
        lines += ["<source>", f"  <address type='pci' {address}/>", "</source>"]
    else:
        lines.append(f"<source {_source(nic, live)}/>")
    if nic.profile and not (nic.kind == "network" and not live):
        port = f"  <parameters profileid='{nic.profile}'/>"
        lines += ["<virtualport type='802.1Qbh'>", port, "</virtualport>"]
    if live and tap:
        lines.append(f"<target dev='{tap}'/>")
    lines += [] if hostdev else ["<model type='virtio'/>"]
    managed = " managed='yes'" if hostdev else ""
    body = "".join(f"      {line}\n" for line in lines)
    alias = _alias(f"{'hostdev' if hostdev else 'net'}{number}", live)
    close = f"{_slot(3 + number)}    </interface>\n"
    return f"    <interface type='{kind}'{managed}>\n{body}{alias}{close}"


def _source(nic: Nic, live: bool) -> str:
    match nic.kind:
        case "network":
            given = f" dev='{nic.device}' mode='{nic.mode}'" if live else ""
            return f"network='{nic.source}' portgroup='{nic.profile}'{given}"
        case "bridge":
            return f"bridge='{nic.source}'"
        case _:
            return f"dev='{nic.source}' mode='{nic.mode}'"


def _numbers(address: str) -> tuple[str, str, str]:
    """Bus, slot and function of 0000:07:00.1, as libvirt writes them."""
    _, bus, rest = address.split(":")
    slot, _, function = rest.partition(".")
    return f"0x{bus}", f"0x{slot}", f"0x{function}"


def _controllers(version: int, live: bool) -> str:
    if version < UNITS_SINCE:
        return ""
    modern = version >= PCI_ROOT_SINCE
    model = " model='piix3-uhci'" if modern else ""
    usb = f"""    <controller type='usb' index='0'{model}>
{_alias("usb" if modern else "usb0", live)}{_slot(1, 2)}    </controller>
"""
    root = f"""    <controller type='pci' index='0' model='pci-root'>
{_alias("pci.0", live)}    </controller>
"""
    if not live:
        root = "    <controller type='pci' index='0' model='pci-root'/>\n"
    return usb + root if modern else usb


def _alias(name: str, live: bool) -> str:
    return f"      <alias name='{name}'/>\n" if live else ""


def _slot(number: int, function: int = 0) -> str:
    where = f"domain='0x0000' bus='0x00' slot='0x{number:02x}' function='0x{function}'"
    return f"      <address type='pci' {where}/>\n"
