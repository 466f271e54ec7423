"""VFs per PF: what fits everywhere, what a measurement decides, and what only it can show."""

from dataclasses import replace

import pytest

from tests.rules.changes import unreadable
from tests.rules.table import COMPLIANT, UNDETERMINED, VIOLATED, Host
from tests.support.construct.hosts import REFERENCE, mac, vm
from tests.support.construct.parts import RHEL_65, RHEL_79, RHEL_86
from tests.support.construct.spec import Nic, System, Vnic
from tests.support.judging import judge_raw

RHEL_64 = replace(RHEL_65, kernel="2.6.32-358.el6.x86_64", af_spec=0)
FIXED_65 = replace(RHEL_65, kernel="2.6.32-431.20.1.el6.x86_64", old_netlink=False)
FIXED_BARE = replace(FIXED_65, af_spec=0)
FIXED_NEW_LIBVIRT = replace(FIXED_65, libvirt=1001001)


def verdict(system: System, vfs: int, associated: bool = True, readable: bool = True) -> str:
    """SRV-03 on a host with one PF; with `associated`, a running VM has one of its VFs."""
    vms = (vm(1, "web01", Nic("direct", "eth2", mac(1), "web")),) if associated else ()
    vnics = (Vnic("eth0", vfs=vfs), Vnic("eth1"))
    blade = replace(REFERENCE, system=system, vnics=vnics, vms=vms, pools=(), guests=())
    host = Host(replace(blade, asked_to_migrate=()))
    raw = (host if readable else host.but(unreadable("netlink"))).raw()
    return judge_raw(raw, None, "SRV-03").verdicts["SRV-03"]


@pytest.mark.parametrize("system", [RHEL_65, RHEL_79, RHEL_86])
@pytest.mark.parametrize(
    ("vfs", "expected"),
    [(22, COMPLIANT), (23, UNDETERMINED), (32, UNDETERMINED), (33, VIOLATED)],
)
def test_without_a_measurement(system: System, vfs: int, expected: str) -> None:
    """22 fit everywhere, 32 on some, and above that nothing speaks for it."""
    assert verdict(system, vfs, readable=False) == expected


@pytest.mark.parametrize(
    ("system", "limit"),
    [(RHEL_65, 24), (RHEL_64, 29), (FIXED_65, 27), (FIXED_BARE, 32)],
    ids=["6.5 dump", "6.4 dump", "one page with AF_SPEC", "one page"],
)
def test_limit_of_old_systems(system: System, limit: int) -> None:
    """The limits worked out from the sources of RHEL 6's kernels and of libvirt 0.10."""
    assert verdict(system, 22) == COMPLIANT
    assert verdict(system, limit) == COMPLIANT
    assert verdict(system, limit + 1) == VIOLATED


@pytest.mark.parametrize("system", [RHEL_79, RHEL_86, FIXED_NEW_LIBVIRT])
@pytest.mark.parametrize("vfs", [22, 23, 32, 33, 200])
def test_measured_on_a_newer_system(system: System, vfs: int) -> None:
    """Where the host itself shows an associated VF and a dump without, more than 32 are carried."""
    assert verdict(system, vfs) == COMPLIANT


@pytest.mark.parametrize(
    ("vfs", "expected"),
    [(22, COMPLIANT), (23, COMPLIANT), (32, COMPLIANT), (33, VIOLATED)],
)
def test_computed_where_no_vf_is_associated(vfs: int, expected: str) -> None:
    """The kernel's version and the size of the reply decide up to 32; above, no VF was measured."""
    assert verdict(RHEL_86, vfs, associated=False) == expected


@pytest.mark.parametrize(
    ("vfs", "expected"),
    [(22, COMPLIANT), (23, UNDETERMINED), (32, UNDETERMINED), (33, VIOLATED)],
)
def test_kernel_of_which_nothing_is_known(vfs: int, expected: str) -> None:
    """RHEL 7's kernel, as long as no VF is associated: nobody read whether its dump holds VFs."""
    assert verdict(RHEL_79, vfs, associated=False) == expected


def test_finding_shows_the_numbers() -> None:
    """VFs, bytes per VF and of the reply, the buffer, the limit and the head-room."""
    judged = Host("rhel65-libvirt010").judged()
    said = judged.of("SRV-03")
    for part in ("30 VFs", "112 bytes per VF", "buffer 3712 bytes", "limit 24", "head-room -6"):
        assert part in said
