"""Hosts of any size, in the recorded layout: like reference, with more VFs and domains."""

import sys
from dataclasses import replace
from pathlib import Path

from tests.support.construct import RawTree, construct
from tests.support.construct.hosts import REFERENCE, UUID
from tests.support.construct.layout import virtual_function
from tests.support.construct.spec import Nic, Vm, Vnic

PFS = 8
FIRST_BUS = 6  # of the first PF, as the constructed VIC numbers them


def write_big_host(directory: Path, vfs: int, domains: int) -> None:
    """Writes it as a directory. Raises as `big_host` does."""
    big_host(vfs, domains).write(directory)


def big_host(vfs: int, domains: int) -> RawTree:
    """Half of the domains on MacVTap, half in hostdev mode, each on a VF of its own. Raises
    ValueError for VFs that cannot be shared out over the PFs, or are fewer than the domains."""
    if vfs % PFS or domains > vfs:
        raise ValueError(f"{domains} domains on {vfs} VFs of {PFS} PFs")
    vms = tuple(_vm(number, vfs // PFS) for number in range(domains))
    assigned = tuple(vm.name for vm in vms if vm.nics[0].kind == "hostdev")
    blade = replace(
        REFERENCE,
        name=f"{vfs}-vfs-{domains}-domains",
        note=f"{vfs} VFs and {domains} domains, to measure on.",
        vnics=tuple(Vnic(f"eth{number}", vfs=vfs // PFS) for number in range(PFS)),
        vms=vms,
        pools=(),
        guests=assigned,
        asked_to_migrate=assigned,
    )
    return construct(blade)


def _vm(number: int, vfs_of_each: int) -> Vm:
    """The domain that has VF `number`, with one interface."""
    mac = f"52:54:00:5c:{0xA2 + number // 256:02x}:{number % 256:02x}"
    if number % 2:
        pf, vf = divmod(number, vfs_of_each)
        nic = Nic("hostdev", virtual_function(FIRST_BUS + pf, vf), mac, "db")
    else:
        nic = Nic("direct", f"eth{PFS + number}", mac, "web")
    return Vm(f"vm{number:04}", UUID.format(0x1000 + number), (nic,))


if __name__ == "__main__":
    write_big_host(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
