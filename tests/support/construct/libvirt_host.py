"""What libvirt prints of the host: its capabilities, and its networks."""

from tests.support.construct.libvirt_xml import QEMU
from tests.support.construct.spec import Blade, Pool


def capabilities(blade: Blade) -> str:
    machine = blade.system.machine
    return f"""<capabilities>

  <host>
    <uuid>{blade.uuid}</uuid>
    <cpu>
      <arch>x86_64</arch>
      <model>SandyBridge</model>
      <vendor>Intel</vendor>
      <topology sockets='1' cores='2' threads='1'/>
    </cpu>
    <migration_features>
      <live/>
      <uri_transports>
        <uri_transport>tcp</uri_transport>
      </uri_transports>
    </migration_features>
  </host>

  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'>
      <wordsize>64</wordsize>
      <emulator>{QEMU}</emulator>
      <machine>{machine}</machine>
      <machine canonical='{machine}'>pc</machine>
      <domain type='qemu'/>
      <domain type='kvm'>
        <emulator>{QEMU}</emulator>
      </domain>
    </arch>
    <features>
      <acpi default='on' toggle='yes'/>
      <apic default='on' toggle='no'/>
    </features>
  </guest>

</capabilities>
"""


def network(pool: Pool) -> str:
    interfaces = "".join(f"    <interface dev='{dev}'/>\n" for dev in pool.devs)
    return f"""<network>
  <name>{pool.name}</name>
  <uuid>{pool.uuid}</uuid>
  <forward dev='{pool.devs[0]}' mode='passthrough'>
{interfaces}  </forward>
  <portgroup name='{pool.profile}' default='yes'>
    <virtualport type='802.1Qbh'>
      <parameters profileid='{pool.profile}'/>
    </virtualport>
  </portgroup>
</network>
"""
