"""VFs per PF: what fits everywhere, what a measurement decides, and what only it can show."""

from dataclasses import replace

import pytest

from tests.rules.changes import put, unreadable, unreadable_for
from tests.rules.table import COMPLIANT, UNDETERMINED, VIOLATED, Host
from tests.support.construct.hosts import REFERENCE, mac, vm
from tests.support.construct.parts import RHEL_65, RHEL_79, RHEL_86
from tests.support.construct.spec import Nic, System, Vnic
from tests.support.judging import judge_raw

RHEL_64 = replace(RHEL_65, kernel="2.6.32-358.el6.x86_64", af_spec=0)
FIXED_65 = replace(RHEL_65, kernel="2.6.32-431.20.1.el6.x86_64", old_netlink=False)
FIXED_BARE = replace(FIXED_65, af_spec=0)
FIXED_NEW_LIBVIRT = replace(FIXED_65, libvirt=1001001)


def host(system: System, vfs: int, associated: int = 1) -> Host:
    """A host with one PF, of whose VFs so many belong to running VMs."""
    vms = tuple(
        vm(n, f"web{n:02}", Nic("direct", f"eth{n + 1}", mac(n), "web"))
        for n in range(1, associated + 1)
    )
    vnics = (Vnic("eth0", vfs=vfs), Vnic("eth1"))
    blade = replace(REFERENCE, system=system, vnics=vnics, vms=vms, pools=(), guests=())
    return Host(replace(blade, asked_to_migrate=()))


def verdict(system: System, vfs: int, associated: int = 1, readable: bool = True) -> str:
    """SRV-03 on such a host."""
    made = host(system, vfs, associated)
    raw = (made if readable else made.but(unreadable("netlink"))).raw()
    return judge_raw(raw, None, "SRV-03").verdicts["SRV-03"]


@pytest.mark.parametrize("system", [RHEL_65, RHEL_79, RHEL_86])
@pytest.mark.parametrize(
    ("vfs", "expected"),
    [(22, COMPLIANT), (23, UNDETERMINED), (32, UNDETERMINED), (33, UNDETERMINED)],
)
def test_without_a_measurement(system: System, vfs: int, expected: str) -> None:
    """22 fit everywhere; above that, what is not known is not violated."""
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
@pytest.mark.parametrize(
    ("vfs", "associated", "expected"),
    [
        (22, 1, COMPLIANT),
        (32, 1, COMPLIANT),
        (33, 1, UNDETERMINED),
        (200, 1, UNDETERMINED),
        (33, 2, COMPLIANT),
        (200, 2, COMPLIANT),
    ],
)
def test_measured_on_a_newer_system(
    system: System, vfs: int, associated: int, expected: str
) -> None:
    """Above 32, several associated VFs in the reply and none in the dump show that they fit; one
    does not."""
    assert verdict(system, vfs, associated) == expected


@pytest.mark.parametrize("system", [RHEL_65, RHEL_79, RHEL_86])
@pytest.mark.parametrize("vfs", [4, 22, 32, 64])
def test_the_kernels_own_refusal(system: System, vfs: int) -> None:
    """EMSGSIZE is a measurement: violated at any number."""
    said = "netlink/pf/eth0.bin: the kernel answers EMSGSIZE (Message too long)"
    refusing = host(system, vfs).but(unreadable_for(said, "netlink/pf/eth0.bin"))
    assert refusing.judged().verdicts["SRV-03"] == VIOLATED


@pytest.mark.parametrize("system", [RHEL_65, RHEL_79])
@pytest.mark.parametrize("vfs", [4, 22])
def test_the_kernels_refusal_to_list_the_links(system: System, vfs: int) -> None:
    """Old kernels put every VF into the list of all links: the same measurement, also where the
    reply about one link is there, or `ip` lists the links."""
    said = "netlink/links.bin: the kernel answers EMSGSIZE (Message too long)"
    refusing = host(system, vfs).but(unreadable_for(said, "netlink/links.bin"))
    assert refusing.judged().verdicts["SRV-03"] == VIOLATED
    listed = put("ip/link.json", '[{"ifname": "lo", "ifindex": 1, "flags": ["UP"]}]')
    assert refusing.but(listed).judged().verdicts["SRV-03"] == VIOLATED
    other = "netlink/links.bin: no answer from the kernel within 5 s"
    unread = host(system, vfs).but(unreadable_for(other, "netlink/links.bin"))
    assert unread.judged().verdicts["SRV-03"] != VIOLATED


def test_our_own_buffer_is_not_the_kernels_refusal() -> None:
    """A message that this program did not take says nothing of what the kernel would."""
    said = "netlink/pf/eth0.bin: a message above 1048576 bytes"
    unread = host(RHEL_79, 30).but(unreadable_for(said, "netlink/pf/eth0.bin"))
    assert unread.judged().verdicts["SRV-03"] == UNDETERMINED


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Only supply IFLA_VF_PORTS information when RTEXT_FILTER_VF is set",
            COMPLIANT,
        ),
        ("something else", UNDETERMINED),
    ],
)
def test_the_changelog_decides_for_rhel_7(line: str, expected: str) -> None:
    """Without a VF to look for, the kernel package's changelog tells what a dump holds."""
    log = f"* Tue Aug 18 2020 A Name <a@b> [3.10.0-1160.el7]\n- [net] rtnetlink: {line}\n\n"
    idle = host(RHEL_79, 30, associated=0).but(put("kernel-changelog", log))
    judged = idle.judged()
    assert judged.verdicts["SRV-03"] == expected
    assert expected == COMPLIANT or "start one VM and measure" in judged.of("SRV-03")


@pytest.mark.parametrize(
    ("vfs", "expected"),
    [(22, COMPLIANT), (23, COMPLIANT), (32, COMPLIANT), (33, UNDETERMINED)],
)
def test_computed_where_no_vf_is_associated(vfs: int, expected: str) -> None:
    """The kernel's version and the size of the reply decide up to 32; above, no VF was measured."""
    assert verdict(RHEL_86, vfs, associated=0) == expected


@pytest.mark.parametrize(
    ("vfs", "expected"),
    [(22, COMPLIANT), (23, UNDETERMINED), (32, UNDETERMINED), (33, UNDETERMINED)],
)
def test_kernel_of_which_nothing_is_known(vfs: int, expected: str) -> None:
    """RHEL 7's kernel, as long as no VF is associated: nobody read whether its dump holds VFs."""
    assert verdict(RHEL_79, vfs, associated=0) == expected


def test_finding_shows_the_numbers() -> None:
    """VFs, bytes per VF and of the reply, the buffer, the limit and the head-room."""
    judged = Host("rhel65-libvirt010").judged()
    said = judged.of("SRV-03")
    for part in ("30 VFs", "112 bytes per VF", "buffer 3712 bytes", "limit 24", "head-room -6"):
        assert part in said
