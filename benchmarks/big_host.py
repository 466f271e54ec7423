"""A host as large as they come, in the recorded layout: 256 VFs, 200 domains."""

from dataclasses import replace
from pathlib import Path

from tests.support.construct import construct
from tests.support.construct.hosts import REFERENCE, UUID
from tests.support.construct.spec import Nic, Vm, Vnic

PFS, VFS_OF_EACH, DOMAINS = 8, 32, 200
FIRST_BUS = 6  # of the first PF, as the constructed VIC numbers them


def write_big_host(directory: Path) -> None:
    """Like reference, all of it certified: half of the domains on MacVTap, half in hostdev mode."""
    vms = tuple(_vm(number) for number in range(DOMAINS))
    assigned = tuple(vm.name for vm in vms if vm.nics[0].kind == "hostdev")
    blade = replace(
        REFERENCE,
        name="big",
        note="256 VFs and 200 domains, to measure on.",
        vnics=tuple(Vnic(f"eth{number}", vfs=VFS_OF_EACH) for number in range(PFS)),
        vms=vms,
        pools=(),
        guests=assigned,
        asked_to_migrate=assigned,
    )
    construct(blade).write(directory)


def _vm(number: int) -> Vm:
    """The domain that has VF `number`, one interface each."""
    mac = f"52:54:00:5c:a2:{number:02x}"
    if number % 2:
        slot, function = divmod(number % VFS_OF_EACH + 1, 8)
        source = f"0000:{FIRST_BUS + number // VFS_OF_EACH:02x}:{slot:02x}.{function}"
        nic = Nic("hostdev", source, mac, "db")
    else:
        nic = Nic("direct", f"eth{PFS + number}", mac, "web")
    return Vm(f"vm{number:03}", UUID.format(0x1000 + number), (nic,))
