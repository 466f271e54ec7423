"""Definitions of domains and networks for a real libvirt, one for each kind of topology."""

from pathlib import Path

INTERFACES = {
    "macvtap-private": """
    <interface type='direct'>
      <source dev='eth1' mode='private'/>
      <virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport>
      <model type='virtio'/>
    </interface>""",
    "macvtap-passthrough": """
    <interface type='direct'>
      <source dev='eth2' mode='passthrough'/>
      <virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport>
      <model type='virtio'/>
    </interface>""",
    "hostdev-interface": """
    <interface type='hostdev' managed='yes'>
      <source><address type='pci' domain='0x0000' bus='0x0a' slot='0x00' function='0x1'/></source>
      <virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport>
    </interface>""",
    "bare-hostdev": """
    <hostdev mode='subsystem' type='pci' managed='yes'>
      <source><address domain='0x0000' bus='0x0a' slot='0x00' function='0x2'/></source>
    </hostdev>""",
    "network": """
    <interface type='network'><source network='pool' portgroup='web'/></interface>
    <interface type='network'><source network='vfs'/></interface>""",
    "bridge": """
    <interface type='bridge'><source bridge='br0'/></interface>""",
}
NETWORKS = {
    "pool": """<forward mode='passthrough'><interface dev='eth4'/><interface dev='eth5'/></forward>
        <portgroup name='web' default='yes'>
          <virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport>
        </portgroup>
        <portgroup name='db'>
          <virtualport type='802.1Qbh'><parameters profileid='db'/></virtualport>
        </portgroup>""",
    "pf": "<forward mode='hostdev' managed='yes'><pf dev='eth6'/></forward>",
    "bridged": "<forward mode='bridge'/><bridge name='br0'/>",
    "nat": """<forward mode='nat'/><bridge name='virbr7'/>
        <ip address='192.0.2.1' netmask='255.255.255.0'/>""",
    "isolated": "<bridge name='virbr8'/>",
}
# Defined by libvirt's network driver only where the address is an SR-IOV VF.
VF_POOL = """
    <forward mode='hostdev' managed='yes'>
      <address type='pci' domain='0x0000' bus='0x0a' slot='0x00' function='0x3'/>
    </forward>
    <virtualport type='802.1Qbh'><parameters profileid='db'/></virtualport>"""
VNC_PASSWORD = "geheimes"
GRAPHICS = f"<graphics type='vnc' passwd='{VNC_PASSWORD}' listen='127.0.0.1'/>"


def accelerated() -> str:
    """The domain type that starts here."""
    return "kvm" if Path("/dev/kvm").exists() else "qemu"


def domain(name: str, devices: str = "", kind: str = "kvm", uuid: str | None = None) -> str:
    """A domain that needs no disk. `name` is taken as XML."""
    identity = f"<uuid>{uuid}</uuid>" if uuid else ""
    return f"""<domain type='{kind}'><name>{name}</name>{identity}
      <memory unit='MiB'>16</memory>
      <os><type arch='x86_64' machine='pc'>hvm</type></os>
      <devices><memballoon model='none'/>{devices}</devices></domain>"""


def network(name: str, content: str) -> str:
    return f"<network><name>{name}</name>{content}</network>"
