"""PFs and VFs in every state that sysfs and libvirt tell (rules SRV-01, 02 and 06)."""

import pytest

from tests.checks import stub
from tests.checks.interfaces import macvtap
from vmfex.checks.model.fact import Known, Missing
from vmfex.checks.model.host import Kernel
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import CISCO, VMFEX_VF, PciFunction, PciTree
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.rules.sriov import derives_from_pf, is_up, vfs_exist

COMPLIANT, VIOLATED = Verdict.COMPLIANT, Verdict.VIOLATED
PF = "0000:06:00.0"
NO_TREE = PciTree({})


def pf(
    vfs: int = 0,
    total: int | None = None,
    number: int | None = None,
    *,
    of_capability: bool = False,
    driver: str = "enic",
    netdevs: tuple[str, ...] = ("eth0",),
) -> PciFunction:
    return PciFunction(
        PF,
        CISCO,
        0x0043,
        driver=driver,
        netdevs=netdevs,
        virtfns=tuple(f"0000:06:00.{n}" for n in range(1, vfs + 1)),
        total_vfs=total,
        num_vfs=number,
        of_capability=of_capability,
    )


def srv_01(function: PciFunction, kernel: str = "3.10.0-1160.el7.x86_64") -> Finding | None:
    """None where it is undetermined."""
    try:
        return vfs_exist(function, stub.host(kernel=Known(Kernel(kernel, "x86_64", None))))
    except Missing:
        return None


def srv_02(
    *functions: PciFunction,
    tree: PciTree = NO_TREE,
    absent: tuple[str, ...] = (),
    network: str | None = None,
) -> Finding:
    written = {"network": network} if network else {}
    interface = macvtap(functions=Known(functions), absent=absent, written=written)
    return derives_from_pf(interface, stub.host(pci=Known(tree)))


@pytest.mark.parametrize(
    ("vfs", "total", "number", "verdict"),
    [
        (4, 4, 4, COMPLIANT),
        (4, 4, None, COMPLIANT),
        (4, None, None, COMPLIANT),
        (4, None, 4, COMPLIANT),
        (1, 1, 1, COMPLIANT),
        (4, 8, 4, VIOLATED),
        (4, 2, 4, VIOLATED),
        (4, 4, 2, VIOLATED),
        (4, 4, 8, VIOLATED),
        (0, 4, 0, VIOLATED),
        (0, 0, 0, VIOLATED),
        (0, None, None, VIOLATED),
    ],
)
def test_vfs_as_sysfs_tells_them(
    vfs: int, total: int | None, number: int | None, verdict: Verdict
) -> None:
    """All that the driver allows exist, and there are some; what is not told is no fault."""
    finding = srv_01(pf(vfs, total, number))
    assert finding
    assert finding.verdict is verdict


@pytest.mark.parametrize(
    ("vfs", "total", "verdict"),
    [(4, 4, COMPLIANT), (1, 2, None), (3, 4, None), (0, 4, VIOLATED), (5, 4, VIOLATED)],
)
def test_vfs_of_what_the_capability_allows(vfs: int, total: int, verdict: Verdict | None) -> None:
    """The driver may allow fewer: some of them, but not all, tell nothing."""
    finding = srv_01(pf(vfs, total, of_capability=True))
    assert (finding and finding.verdict) is verdict


@pytest.mark.parametrize(
    ("kernel", "shows"),
    [
        ("2.6.32-431.el6.x86_64", False),
        ("3.7.10", False),
        ("3.8.0", True),
        ("3.8-trunk-amd64", True),
    ],
)
def test_kernel_that_shows_the_capability(kernel: str, shows: bool) -> None:
    """sriov_totalvfs came with 3.8: before it, a PF without VFs may be capable of some."""
    finding = srv_01(pf(), kernel)
    assert (finding is not None) is shows
    with_vfs = srv_01(pf(2), kernel)
    assert with_vfs
    assert with_vfs.verdict is COMPLIANT


@pytest.mark.parametrize(
    ("function", "observed"),
    [
        (pf(2), "2 VFs of unknown"),
        (pf(2, 4), "2 VFs of 4"),
        (pf(2, 4, 3), "2 VFs of 4 (sriov_numvfs 3)"),
        (pf(), "no SR-IOV capability"),
    ],
)
def test_numbers_are_shown(function: PciFunction, observed: str) -> None:
    """As far as they are told."""
    finding = srv_01(function)
    assert finding
    assert finding.observed == observed


@pytest.mark.parametrize(
    ("function", "remedy"),
    [
        (pf(), "bind a dynamic vNIC connection policy to the vNIC that is eth0"),
        (pf(0, 4, driver="vfio-pci"), "Bind eth0 to enic"),
        (pf(0, 4), "restart the host"),
    ],
)
def test_what_makes_vfs(function: PciFunction, remedy: str) -> None:
    """A policy, enic, or a restart."""
    finding = srv_01(function)
    assert finding
    assert remedy in finding.remedy


@pytest.mark.parametrize(
    ("physfn", "device", "verdict", "observed"),
    [
        (PF, 0x0043, COMPLIANT, f"of PF {PF}"),
        (PF, VMFEX_VF, VIOLATED, f"physfn {PF}"),
        ("0000:66:00.0", 0x0043, VIOLATED, "physfn 0000:66:00.0"),
        (None, 0x0043, VIOLATED, "physfn not found"),
    ],
)
def test_vf_has_its_pf(physfn: str | None, device: int, verdict: Verdict, observed: str) -> None:
    """SRV-02: the PF is found, and is a static vNIC of a VIC."""
    vf = PciFunction("0000:06:00.1", CISCO, VMFEX_VF, physfn=physfn)
    functions = (PciFunction(PF, CISCO, device), vf)
    finding = srv_02(vf, tree=PciTree({f.address: f for f in functions}))
    assert finding.verdict is verdict
    assert observed in finding.observed


@pytest.mark.parametrize(
    ("network", "command"), [(None, "`virsh edit web01`"), ("net", "`virsh net-edit net`")]
)
def test_where_another_vf_is_named(network: str | None, command: str) -> None:
    """SRV-02: in the domain, or in the network that it is on."""
    finding = srv_02(absent=("eth9",), network=network)
    assert finding.verdict is VIOLATED
    assert command in finding.remedy


def test_function_that_is_no_vf_is_no_concern() -> None:
    """SRV-02 is about VFs; VIC-05 and the topologies judge the others."""
    assert srv_02(PciFunction(PF, CISCO, 0x0043)).verdict is COMPLIANT


@pytest.mark.parametrize(("up", "verdict"), [(True, COMPLIANT), (False, VIOLATED)])
def test_pf_is_up(up: bool, verdict: Verdict) -> None:
    """SRV-06, and what was seen."""
    finding = is_up(pf(), stub.host(links=Known({"eth0": Link("eth0", 2, up=up)})))
    assert finding.verdict is verdict
    assert finding.observed == f"eth0 is {'up' if up else 'down'}"


@pytest.mark.parametrize("function", [pf(), pf(netdevs=()), pf(netdevs=("eth1", "eth0"))])
def test_pf_whose_link_is_not_listed(function: PciFunction) -> None:
    """Each of its names is needed, and there has to be one."""
    links = Known({"eth1": Link("eth1", 3, up=True)})
    with pytest.raises(Missing):
        is_up(function, stub.host(links=links))
