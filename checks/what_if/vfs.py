"""The PCI functions of a host whose PFs have another number of VFs.

The first VFs stay what they are. Those that come are like the last one, and nobody has seen them:
their IOMMU group is not known. enic makes VFs when it binds to their PF (docs/sources.md, 2).
"""

from collections.abc import Mapping
from dataclasses import replace

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.pci import VMFEX_VF, PciFunction, PciTree
from vmfex.checks.what_if.change import EACH_PF, LABEL


def with_vfs(tree: PciTree, vfs: Mapping[str, int]) -> Fact[PciTree]:
    """The tree with that many VFs on each PF, by its name or address; unknown where no PF is meant,
    or where it has no driver that would make them."""
    functions = dict(tree.functions)
    if twice := _named_twice(tree, vfs):
        return Unknown(f"{' and '.join(twice)} are one PF, with two numbers of VFs")
    for address, number in _by_address(tree, vfs).items():
        if number is None:
            return Unknown(
                _no_pf(address), remedy="`--vfs NAME=N` names a static vNIC that it has."
            )
        pf = functions[address]
        if not pf.driver:
            return Unknown(f"{pf.label} has no driver, which would make its VFs", pf.evidence)
        kept = _numbered(pf)
        for number_gone in [n for n in kept if n >= number]:
            functions.pop(kept.pop(number_gone), None)
        for new in (n for n in range(number) if n not in kept):
            vf = _planned(pf, new, tree)
            kept[new] = vf.address
            functions[vf.address] = vf
        functions[address] = replace(
            pf,
            virtfns=tuple(kept[n] for n in sorted(kept)),
            virtfn_numbers=(),
            total_vfs=None if pf.total_vfs is None else number,
            num_vfs=None if pf.num_vfs is None else number,
        )
    return Known(replace(tree, functions=functions))


def _named_twice(tree: PciTree, vfs: Mapping[str, int]) -> list[str]:
    """The names of a PF that have different numbers; empty where there is none."""
    for pf in tree.functions.values():
        names = [name for name in vfs if name in (pf.address, *pf.netdevs)]
        if len({vfs[name] for name in names}) > 1:
            return names
    return []


def _by_address(tree: PciTree, vfs: Mapping[str, int]) -> dict[str, int | None]:
    """The number for each PF that is meant; None for a name that means none. A PF that is named
    has its own number, whatever each has."""
    static = [f for adapter in tree.adapters for f in adapter.functions if f.is_static_vnic]
    found: dict[str, int | None] = {}
    for name, number in sorted(vfs.items(), key=lambda each: each[0] != EACH_PF):
        if name == EACH_PF:
            pfs = [f for f in static if f.virtfns or f.total_vfs]
        else:
            pfs = [f for f in static if name in (f.address, *f.netdevs)]
        found.update({f.address: number for f in pfs} if pfs else {name: None})
    return found


def _no_pf(name: str) -> str:
    if name == EACH_PF:
        return "no PF of this host has VFs: which static vNIC is to have them is not said"
    return f"this host has no static vNIC {name} that could have VFs"


def _numbered(pf: PciFunction) -> dict[int, str]:
    """The VFs of a PF by their numbers."""
    return dict(zip(pf.virtfn_numbers or range(len(pf.virtfns)), pf.virtfns, strict=True))


def _planned(pf: PciFunction, number: int, tree: PciTree) -> PciFunction:
    like = tree.functions.get(pf.virtfns[-1]) if pf.virtfns else None
    if like is None:
        like = replace(pf, device=VMFEX_VF, virtfns=(), total_vfs=None, num_vfs=None)
    name = f"VF {number} of {(*pf.netdevs, pf.address)[0]}, planned"
    return replace(
        like,
        address=f"{pf.address} VF {number}",
        netdevs=(name,),
        driver=pf.driver,
        physfn=pf.address,
        iommu_group=None,
        planned=True,
        evidence=(Evidence(LABEL, name), *pf.evidence),
    )
