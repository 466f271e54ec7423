"""PFs with another number of VFs: which functions there are then, and what is known of them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.pci import CISCO, STATIC_VNIC, VMFEX_VF, PciFunction, PciTree
from vmfex.checks.what_if.change import EACH_PF
from vmfex.checks.what_if.vfs import with_vfs

PF, OTHER = "0000:06:00.0", "0000:07:00.0"


def pf(address: str = PF, name: str = "eth0", vfs: Iterable[int] = (), **more: Any) -> PciFunction:
    numbers = tuple(vfs)
    facts: dict[str, Any] = {
        "driver": "enic",
        "netdevs": (name,),
        "virtfns": tuple(f"{address[:-1]}{1 + n}" for n in numbers),
        "virtfn_numbers": () if numbers == tuple(range(len(numbers))) else numbers,
        "total_vfs": len(numbers) or None,
        "num_vfs": len(numbers) or None,
    }
    return replace(PciFunction(address, CISCO, STATIC_VNIC), **{**facts, **more})


def tree(*pfs: PciFunction) -> PciTree:
    vfs = [
        PciFunction(vf, CISCO, VMFEX_VF, driver="vfio-pci", physfn=pf.address, iommu_group="9")
        for pf in pfs
        for vf in pf.virtfns
    ]
    return PciTree({f.address: f for f in (*pfs, *vfs)})


def changed(before: PciTree, **vfs: int) -> PciTree:
    found = with_vfs(before, {EACH_PF if name == "each" else name: n for name, n in vfs.items()})
    assert isinstance(found, Known)
    return found.value


def test_more_vfs_are_like_those_there_and_nobody_has_seen_them() -> None:
    """Those that are there stay; the new ones have a network device and no IOMMU group."""
    after = changed(tree(pf(vfs=range(2))), each=4)
    first, second, third, fourth = (after.functions[vf] for vf in after.functions[PF].virtfns)
    assert (first.address, second.iommu_group, second.planned) == ("0000:06:00.1", "9", False)
    for new in (third, fourth):
        assert new.is_vmfex_vf
        assert (new.planned, new.iommu_group, new.physfn, new.driver) == (True, None, PF, "enic")
        assert len(new.netdevs) == 1
    assert (after.functions[PF].total_vfs, after.functions[PF].num_vfs) == (4, 4)
    assert after.functions[PF].vf_number(fourth.address) == 3


def test_two_numbers_for_one_pf_are_no_question() -> None:
    """By its name and by its address: neither is what is meant. The same number twice is one."""
    before = tree(pf(vfs=range(4)))
    found = with_vfs(before, {"eth0": 6, PF: 7})
    assert isinstance(found, Unknown)
    assert found.reason == f"eth0 and {PF} are one PF, with two numbers of VFs"
    assert changed(before, **{"eth0": 6, PF: 6}) == changed(before, eth0=6)


def test_fewer_vfs_are_the_first_ones() -> None:
    """The last are gone from the tree; none may be left."""
    after = changed(tree(pf(vfs=range(4))), eth0=1)
    assert after.functions[PF].virtfns == ("0000:06:00.1",)
    assert set(after.functions) == {PF, "0000:06:00.1"}
    assert set(changed(tree(pf(vfs=range(4))), eth0=0).functions) == {PF}


def test_numbers_count_and_not_places() -> None:
    """Where virtfn0 is missing, VF 0 is one that is to come."""
    after = changed(tree(pf(vfs=(1, 2))), each=2)
    first, second = after.functions[PF].virtfns
    assert (after.functions[first].planned, second) == (True, "0000:06:00.2")
    assert after.functions[PF].virtfn_numbers == ()


def test_which_pfs_are_meant() -> None:
    """Those that have VFs, or could; one that is named has its own number; a static vNIC without
    any is meant by its name or address alone."""
    before = tree(pf(vfs=range(2)), pf(OTHER, "eth1"))
    assert len(changed(before, each=3).functions[OTHER].virtfns) == 0
    after = changed(before, each=3, eth1=1)
    assert [len(after.functions[f].virtfns) for f in (PF, OTHER)] == [3, 1]
    assert len(changed(before, **{OTHER: 5}).functions[OTHER].virtfns) == 5
    assert len(changed(before, eth0=7, each=1).functions[PF].virtfns) == 7
    capable = tree(pf(total_vfs=16, num_vfs=0))
    assert len(changed(capable, each=16).functions[PF].virtfns) == 16


def test_a_kernel_that_tells_no_numbers_tells_none_then() -> None:
    """Before Linux 3.8 there is no sriov_totalvfs."""
    before = tree(pf(vfs=range(2), total_vfs=None, num_vfs=None))
    after = changed(before, each=3).functions[PF]
    assert (after.total_vfs, after.num_vfs) == (None, None)


@pytest.mark.parametrize(
    ("before", "name", "says"),
    [
        (tree(pf()), EACH_PF, "no PF of this host has VFs"),
        (tree(pf(vfs=range(2))), "eth7", "no static vNIC eth7"),
        (tree(pf(vfs=range(2))), "0000:06:00.1", "no static vNIC 0000:06:00.1"),
        (tree(pf(vfs=range(2), driver=None)), EACH_PF, "has no driver"),
        (PciTree({}), EACH_PF, "no PF of this host has VFs"),
    ],
)
def test_what_cannot_be_told_is_unknown(before: PciTree, name: str, says: str) -> None:
    """A PF that nobody means, a VF in its place, and one whose driver would make none."""
    found = with_vfs(before, {name: 4})
    assert isinstance(found, Unknown)
    assert says in found.reason


def test_a_pf_whose_vfs_are_not_listed_gets_vmfex_vfs() -> None:
    """A link to a VF whose own directory is missing: the new ones are VM-FEX VFs."""
    before = PciTree({PF: pf(vfs=range(1))})
    new = changed(before, each=2).functions[f"{PF} VF 1"]
    assert (new.ids, new.virtfns, new.total_vfs) == ("1137:0071", (), None)
