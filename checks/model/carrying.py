"""Which VICs carry VM-FEX interfaces, or would."""

from collections.abc import Collection
from dataclasses import dataclass

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.checks.model.pci import Adapter, PciTree


@dataclass(frozen=True)
class Carrying:
    """`used` are the addresses of the functions that VM-FEX interfaces stand on or may be given,
    `gaps` says why there may be more."""

    tree: PciTree
    used: Collection[str]
    gaps: tuple[Unknown, ...]

    def known_of(self, adapter: Adapter) -> Fact[bool]:
        """A VIC carries none if it has no VF and no dynamic vNIC and nothing names it. Where that
        holds of all of them, each would carry what comes."""
        if self._is_meant(adapter):
            return Known(True)
        if self.gaps:
            return self.gaps[0]
        return Known(not self._anyone)

    @lazy
    def _anyone(self) -> bool:
        return any(map(self._is_meant, self.tree.adapters))

    def _is_meant(self, adapter: Adapter) -> bool:
        functions = adapter.functions
        if any(f.is_vmfex_vf or f.is_dynamic_vnic or f.address in self.used for f in functions):
            return True
        # VFs that the host does not list may be of either kind
        return any(vf not in self.tree.functions for f in functions for vf in f.virtfns)
