"""Whether an IOMMU is in effect: what the kernel shows in sysfs, not what its command line asks.

Linux has /sys/kernel/iommu_groups since 3.6 and /sys/class/iommu since 3.17; vt-d enters its units
in the class only if it is enabled. Before that, RHEL 6's drivers/pci/intel-iommu.c creates
/sys/devices/system/iommu once translation is on (if built with CONFIG_PM), and the log tells.
"""

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.host import Iommu, Kernel
from vmfex.checks.model.pci import PciTree
from vmfex.evidence.parsers import fact, give_up
from vmfex.evidence.tree import Tree, text, where

CLASS, GROUPS = "sys/class/iommu", "sys/kernel/iommu_groups"
OLD_SYSFS, DMAR, IVRS = (
    "sys/devices/system/iommu",
    "sys/firmware/acpi/tables/DMAR",
    "sys/firmware/acpi/tables/IVRS",
)
LOG = "var/log/dmesg"
RING = "kernel-log"  # lines of `dmesg`, which may have lost the boot's beginning
ENABLED = "Intel-IOMMU: enabled"  # the kernel's answer to intel_iommu=on
IN_EFFECT = "PCI-DMA: Intel(R) Virtualization Technology for Directed I/O"
FAILED = ("IOMMU: dmar init failed", "parse DMAR table failure")

SHARED_BY_NOBODY = "vfio-pci"  # without an IOMMU it makes groups for what is bound to it alone


@fact
def iommu(tree: Tree, kernel: Fact[Kernel]) -> Fact[Iommu]:
    units, grouped = tree.names(CLASS).need(), tree.names(GROUPS)
    if units and isinstance(grouped, Unknown):  # a kernel that has the class has groups too
        how = f"{where(CLASS)} lists {', '.join(units)}"
        return Known(Iommu(True, how, True), (_listing(CLASS, units),))
    groups = grouped.need()
    evidence = (_listing(CLASS, units), _listing(GROUPS, groups))
    if units is not None:
        how = f"{where(CLASS)} lists {', '.join(units) or 'no IOMMU'}"
        return Known(Iommu(bool(units), how, groups is not None), evidence)
    if groups is not None:
        how = f"IOMMU groups in {where(GROUPS)}: {len(groups)}"
        return Known(Iommu(bool(groups), how, True), evidence)
    version = kernel.need().version
    if version >= (3, 6):
        how = f"this kernel shows neither {where(CLASS)} nor {where(GROUPS)}"
        return Known(Iommu(False, how, False), (*evidence, *kernel.evidence))
    return _before_groups(tree)


def iommu_of(pci: Fact[PciTree]) -> Fact[Iommu]:
    """What the functions' IOMMU groups tell. Where none is shown, nothing: neither libvirt nor an
    lspci before 3.7 need tell."""
    if isinstance(pci, Unknown):
        return pci
    functions = pci.value.functions.values()
    grouped = [f for f in functions if f.iommu_group and f.driver != SHARED_BY_NOBODY]
    if not grouped:
        return Unknown("no IOMMU group is shown, but there may still be some")
    how = f"{len(grouped)} PCI functions are shown in IOMMU groups"
    return Known(Iommu(True, how, True), grouped[0].evidence)


def _listing(path: str, names: tuple[str, ...] | None) -> Evidence:
    if names is None:
        return Evidence(where(path), "(no such directory)")
    return Evidence(where(path), "\n".join(names) or "(empty)")


def _before_groups(tree: Tree) -> Fact[Iommu]:
    if tree.exists(OLD_SYSFS).need():
        evidence = Evidence(where(OLD_SYSFS), "(is there)")
        return Known(Iommu(True, f"{where(OLD_SYSFS)} is there", False), (evidence,))
    if not tree.exists(DMAR).need():
        evidence = Evidence(where(DMAR), "(no such file)")
        if tree.exists(IVRS).need():
            return Unknown(
                "a kernel this old does not show whether AMD's IOMMU is active", (evidence,)
            )
        return Known(Iommu(False, "the firmware has no ACPI DMAR table", False), (evidence,))
    return _logged(tree)


def _logged(tree: Tree) -> Fact[Iommu]:
    log, path = text(tree, LOG), LOG
    if isinstance(log, Unknown) or log.value is None:
        ring = text(tree, RING)
        if isinstance(ring, Known) and ring.value is not None:
            log, path = ring, RING
    content = log.need()
    if content is None:
        give_up(
            f"{where(LOG)} is missing, and only it shows whether the IOMMU is active", *log.evidence
        )
    signs = ("IOMMU", "DMAR", IN_EFFECT)
    telling = [line for line in content.splitlines() if any(sign in line for sign in signs)]
    evidence = (Evidence(where(DMAR), "(is there)"), Evidence(where(path), "\n".join(telling)))
    for sign in FAILED:
        if sign in content:
            return Known(Iommu(False, f"the kernel log says {sign!r}", False), evidence)
    for sign in (IN_EFFECT, ENABLED):
        if sign in content:
            how = f"ACPI DMAR table, and the kernel log says {sign!r}"
            return Known(Iommu(True, how, False), evidence)
    if "Linux version" not in content:
        give_up(
            f"{where(path)} no longer has the beginning of the boot, which would show it", *evidence
        )
    return Known(Iommu(False, f"the kernel log never says {ENABLED!r}", False), evidence)
