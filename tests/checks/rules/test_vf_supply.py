"""SRV-05 and SRV-07: VFs enough, of VM-FEX's kind, and what gives more of them."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks import stub
from tests.checks.interfaces import macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.claims import Claims
from vmfex.checks.model.domain import Network
from vmfex.checks.model.fact import Evidence, Known, Missing
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import CISCO, OTHER_VF, VMFEX_VF, PciFunction, PciTree
from vmfex.checks.model.pool import Pool
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.vf_supply import Demand, VfKinds, vfs_suffice

COMPLIANT, VIOLATED = Verdict.COMPLIANT, Verdict.VIOLATED
READ = (Evidence("sys/bus/pci", "of the function"),)
PF = PciFunction("0000:06:00.0", CISCO, 0x0043, netdevs=("eth0",))
WITH_VFS = replace(PF, total_vfs=4, virtfns=("0000:06:00.1",))
EMPTY_PF = replace(PF, address="0000:07:00.0", netdevs=("eth1",), total_vfs=4)
PLAIN = replace(PF, address="0000:08:00.0", netdevs=("eth8",))
DYNAMIC = PciFunction("0000:09:00.0", CISCO, 0x0044, netdevs=("eth9",))
VF = PciFunction("0000:06:00.1", CISCO, VMFEX_VF, physfn=PF.address, evidence=READ)
VF_2 = replace(VF, address="0000:06:00.2", netdevs=("eth3",))
LATER = replace(VF, address="0000:06:00.3", device=OTHER_VF, netdevs=("eth4",))
LATER_BELOW_PLAIN = replace(LATER, address="0000:08:00.1", physfn=PLAIN.address)


def host(*functions: PciFunction) -> Host:
    return stub.host(pci=Known(PciTree({f.address: f for f in functions}), READ))


def demand(mine: int, **others: Any) -> Demand:
    return Demand(mine, **{"out_of_scope": 0, "unread": 0} | others)


@pytest.mark.parametrize(
    ("needed", "functions", "verdict"),
    [
        (demand(2), (WITH_VFS, VF, VF_2), COMPLIANT),
        (demand(3), (WITH_VFS, VF, VF_2), VIOLATED),
        (demand(2), (WITH_VFS, VF, LATER), VIOLATED),
        (demand(1), (WITH_VFS, DYNAMIC), VIOLATED),
        (demand(1, out_of_scope=1), (WITH_VFS, VF, VF_2), COMPLIANT),
        (demand(2, out_of_scope=1), (WITH_VFS, VF, VF_2), VIOLATED),
        (demand(1, strays=("mt0",)), (WITH_VFS, VF, VF_2), COMPLIANT),
        (demand(2, strays=("mt0",)), (WITH_VFS, VF, VF_2), VIOLATED),
        (demand(1, unread=1), (WITH_VFS, VF, VF_2), COMPLIANT),
        (demand(2, unread=1), (WITH_VFS, VF, VF_2), None),
        (demand(3, unread=1), (WITH_VFS, VF, VF_2), VIOLATED),
        (demand(1), (), VIOLATED),
    ],
)
def test_srv_05(
    needed: Demand, functions: tuple[PciFunction, ...], verdict: Verdict | None
) -> None:
    """VM-FEX's VFs alone count, and whatever has one; None: unread interfaces may need more."""
    if verdict is None:
        with pytest.raises(Missing):
            vfs_suffice(needed, host(*functions))
    else:
        finding = vfs_suffice(needed, host(*functions))
        assert finding.verdict is verdict
        assert READ[0] in finding.evidence


@pytest.mark.parametrize(
    ("needed", "functions", "observed"),
    [
        (demand(1), (PF, VF), "1 VM interfaces on SR-IOV topologies, 1 VFs"),
        (
            demand(1),
            (PF, VF, LATER, DYNAMIC),
            "1 VM interfaces on SR-IOV topologies, 1 VFs of VM-FEX, beside 1 of another kind",
        ),
        (
            demand(0, out_of_scope=1),
            (PF, VF),
            "0 VM interfaces on SR-IOV topologies, 1 VFs, of which VMs out of scope take 1",
        ),
        (
            demand(0, strays=("mt0",)),
            (PF, VF),
            "0 VM interfaces on SR-IOV topologies, 1 VFs, of which macvtap links that are no VM's "
            "here take 1",
        ),
    ],
)
def test_srv_05_words(needed: Demand, functions: tuple[PciFunction, ...], observed: str) -> None:
    """What is there, what else, and who else takes some."""
    assert vfs_suffice(needed, host(*functions)).observed == observed


@pytest.mark.parametrize(
    ("functions", "remedy"),
    [
        ((WITH_VFS, VF), "Raise the number in the dynamic vNIC connection policy of eth0 by 4 "),
        ((WITH_VFS, EMPTY_PF, PLAIN, VF), "Have the VFs of eth1 made (SRV-01)."),
        ((PLAIN, DYNAMIC), "In UCS Manager, bind a dynamic vNIC connection policy to a static "),
        ((DYNAMIC,), "Give the server static vNICs on a VIC"),
        ((WITH_VFS, PLAIN, LATER), "In UCS Manager, replace the SR-IOV HPN connection policy of e"),
        ((WITH_VFS, EMPTY_PF, LATER), "In UCS Manager, replace the SR-IOV HPN connection policy o"),
    ],
)
def test_srv_05_remedy(functions: tuple[PciFunction, ...], remedy: str) -> None:
    """By what is there: VFs of the wrong kind, a PF without its VFs, a policy, a vNIC."""
    assert vfs_suffice(demand(5), host(*functions)).remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("functions", "named", "others"),
    [
        ((WITH_VFS, PLAIN, VF, LATER_BELOW_PLAIN), "policy of eth8 by", ("eth0", "eth9")),
        ((PLAIN, DYNAMIC), "(eth8)", ("eth9",)),
        ((WITH_VFS, PLAIN, VF), "policy of eth0 by", ("eth8",)),
    ],
)
def test_srv_05_remedy_names_those_concerned(
    functions: tuple[PciFunction, ...], named: str, others: tuple[str, ...]
) -> None:
    """And no other vNIC."""
    said = vfs_suffice(demand(5), host(*functions)).remedy
    assert named in said
    assert not any(name in said for name in others)


def test_srv_05_remedy_names_who_has_them() -> None:
    """VMs out of scope, and links that are no VM's, where there are any."""
    plain = vfs_suffice(demand(5), host(PF)).remedy
    assert " Or free" not in plain
    taken = demand(5, out_of_scope=1, names_out_of_scope=("db01",), strays=("mt0",))
    said = vfs_suffice(taken, host(PF)).remedy
    assert "Or free VFs of the VMs out of scope (db01)." in said
    assert "Or free the VFs under mt0, which no VM here has." in said


def kinds(**changes: Any) -> VfKinds:
    good = VfKinds((), False, (), Claims({}, {}), (), host(PF, VF, LATER))
    return replace(good, **changes)


@pytest.mark.parametrize(
    ("vf", "changes", "verdict"),
    [
        (VF, {"in_use": {VF.address}, "too_few": True, "gaps": (UNREAD,)}, COMPLIANT),
        (LATER, {}, COMPLIANT),
        (LATER, {"in_use": {VF.address}}, COMPLIANT),
        (LATER, {"in_use": {LATER.address}}, VIOLATED),
        (LATER, {"in_use": {LATER.address}, "gaps": (UNREAD,)}, VIOLATED),
        (LATER, {"too_few": True}, VIOLATED),
        (LATER, {"too_few": True, "gaps": (UNREAD,)}, VIOLATED),
        (LATER, {"gaps": (UNREAD,)}, None),
    ],
)
def test_srv_07(vf: PciFunction, changes: dict[str, Any], verdict: Verdict | None) -> None:
    """Of the later kind: violated where VM-FEX uses it or needs more; None: unread claims."""
    if verdict is None:
        with pytest.raises(Missing):
            kinds(**changes).is_vmfex_vf(vf)
    else:
        assert kinds(**changes).is_vmfex_vf(vf).verdict is verdict


USER = macvtap(LATER)
POOL = Pool(Network("net", "passthrough"), Known((LATER,)), (), (macvtap(vm="db01"),))
IDLE_POOL = Pool(Network("idle", "passthrough"), Known((LATER,)), ())


@pytest.mark.parametrize(
    ("claims", "free", "remedy"),
    [
        (
            Claims({LATER.address: [USER]}, {}),
            (VF_2,),
            "`virsh edit web01`: in place of eth4, a VM-FEX VF, say eth3. In UCS Manager, replace",
        ),
        (
            Claims({}, {LATER.address: [POOL]}),
            (VF_2,),
            "`virsh net-edit net`: in place of eth4, a VM-FEX VF, say eth3.",
        ),
        (Claims({}, {LATER.address: [IDLE_POOL]}), (VF_2,), "In UCS Manager, replace the SR-IOV"),
        (Claims({LATER.address: [USER]}, {}), (), "In UCS Manager, replace the SR-IOV HPN"),
        (
            Claims({}, {}),
            (VF_2,),
            "In UCS Manager, replace the SR-IOV HPN connection policy of eth0",
        ),
    ],
)
def test_srv_07_remedy(claims: Claims, free: tuple[PciFunction, ...], remedy: str) -> None:
    """Another VF where one is free, by who uses this one; else another policy."""
    finding = kinds(in_use={LATER.address}, claims=claims, free=free).is_vmfex_vf(LATER)
    assert finding.remedy.startswith(remedy)


@pytest.mark.parametrize("functions", [(LATER,), (replace(DYNAMIC, address=PF.address), LATER)])
def test_srv_07_without_its_pf(functions: tuple[PciFunction, ...]) -> None:
    """Nobody can say whose policy it is."""
    finding = kinds(too_few=True, host=host(*functions)).is_vmfex_vf(LATER)
    assert finding.remedy.startswith("Use VFs 1137:0071")
    told = kinds(too_few=True).is_vmfex_vf(replace(LATER, physfn=None))
    assert told.remedy.startswith("Use VFs 1137:0071")
