"""PCI functions as a tree, and the VICs in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vmfex.checks.model.fact import Evidence
from vmfex.checks.model.lazy import lazy

# Ids: pci.ids (pciutils, 2026.08.22) and the enic driver's table.
CISCO = 0x1137
UPSTREAM_SWITCHES = {0x0023, 0x004E, 0x007A, 0x0131, 0x025F}
BRIDGES = UPSTREAM_SWITCHES | {0x0040, 0x0041}
STATIC_VNIC = 0x0043
DYNAMIC_VNIC = 0x0044
VMFEX_VF = 0x0071
OTHER_VF = 0x02B7  # the later SR-IOV kind, which is not VM-FEX
ETHERNET = {STATIC_VNIC, DYNAMIC_VNIC, VMFEX_VF, OTHER_VF}


@dataclass(frozen=True, slots=True)
class PciFunction:
    """One function. `upstream` is the chain of bridge addresses from the root down to it;
    `subsystem` is None where nobody told. `total_vfs` is how many the driver allows; where
    `of_capability`, what the SR-IOV capability allows: the driver may allow fewer.
    `virtfn_numbers` are the N of the `virtfnN` links, unless they are just 0, 1, 2 and so on. One
    that is `planned` is nowhere yet (checks/what_if/)."""

    address: str
    vendor: int
    device: int
    subsystem: tuple[int, int] | None = (0, 0)
    driver: str | None = None
    netdevs: tuple[str, ...] = ()
    physfn: str | None = None
    virtfns: tuple[str, ...] = ()
    virtfn_numbers: tuple[int, ...] = ()
    total_vfs: int | None = None
    of_capability: bool = False
    num_vfs: int | None = None
    iommu_group: str | None = None
    upstream: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    planned: bool = False

    @property
    def label(self) -> str:
        names = f" ({', '.join(self.netdevs)})" if self.netdevs else ""
        return f"PCI function {self.address}{names}"

    @property
    def ids(self) -> str:
        return f"{self.vendor:04x}:{self.device:04x}"

    @property
    def is_vic_ethernet(self) -> bool:
        return self.vendor == CISCO and self.device in ETHERNET

    @property
    def is_vf(self) -> bool:
        """By its link to a PF, or by the ids that only VFs of a VIC have."""
        vf_ids = self.vendor == CISCO and self.device in {VMFEX_VF, OTHER_VF}
        return self.physfn is not None or vf_ids

    @property
    def is_vmfex_vf(self) -> bool:
        """By its ids: 1137:0071. VICs also have SR-IOV VFs that are not VM-FEX's."""
        return self.vendor == CISCO and self.device == VMFEX_VF

    @property
    def is_static_vnic(self) -> bool:
        return self.vendor == CISCO and self.device == STATIC_VNIC and not self.is_vf

    def vf_number(self, address: str) -> int | None:
        """The number by which driver and Netlink know one of the VFs; None for another function."""
        if address not in self.virtfns:
            return None
        place = self.virtfns.index(address)
        return self.virtfn_numbers[place] if self.virtfn_numbers else place

    @property
    def is_dynamic_vnic(self) -> bool:
        return self.vendor == CISCO and self.device == DYNAMIC_VNIC


@dataclass(frozen=True, slots=True)
class Adapter:
    """A VIC: every Ethernet function below one VIC PCIe switch, named by the switch's address."""

    address: str
    functions: tuple[PciFunction, ...]
    subsystem: tuple[int, int] | None
    model: str | None

    @property
    def label(self) -> str:
        return f"VIC {self.model or 'of unknown model'} at {self.address}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return self.functions[0].evidence


@dataclass(frozen=True)
class PciTree:
    """Every function by address; `models` names a VIC's model by its subsystem device id, `pids`
    by the product id that UCS Manager has for it."""

    functions: Mapping[str, PciFunction]
    models: Mapping[int, str] = field(default_factory=dict)
    pids: Mapping[str, str] = field(default_factory=dict)

    @lazy
    def by_netdev(self) -> Mapping[str, PciFunction]:
        return {name: f for f in self.functions.values() for name in f.netdevs}

    @lazy
    def adapters(self) -> tuple[Adapter, ...]:
        below: dict[str, list[PciFunction]] = {}
        for function in self.functions.values():
            if function.is_vic_ethernet:
                below.setdefault(self._switch(function), []).append(function)
        return tuple(self._adapter(address, group) for address, group in sorted(below.items()))

    def adapter_of(self, function: PciFunction) -> Adapter | None:
        return self._adapters_by_function.get(function.address)

    @lazy
    def _adapters_by_function(self) -> Mapping[str, Adapter]:
        return {f.address: adapter for adapter in self.adapters for f in adapter.functions}

    def _switch(self, function: PciFunction) -> str:
        """The VIC's topmost switch port above a function, else its slot on the root's bus."""
        for address in function.upstream:
            bridge = self.functions.get(address)
            if bridge and bridge.vendor == CISCO and bridge.device in BRIDGES:
                return address
        return function.upstream[0] if function.upstream else function.address.rpartition(".")[0]

    def _adapter(self, address: str, group: list[PciFunction]) -> Adapter:
        group.sort(key=lambda f: (not f.is_static_vnic, f.address))
        vendor, device = group[0].subsystem or (0, 0)
        model = self.models.get(device) if vendor == CISCO else None
        return Adapter(address, tuple(group), group[0].subsystem, model)
