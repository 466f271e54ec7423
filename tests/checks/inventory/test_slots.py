"""How many more devices a VM's PCI buses take (libvirt 11.3.0, src/conf/domain_addr.c)."""

import pytest

from vmfex.checks.inventory.slots import free_slots
from vmfex.checks.model.domain import Definition, Domain, PciBus

ROOT = PciBus(0, "pci-root", (1, 2, 3))


def _domain(*definitions: tuple[PciBus, ...]) -> Domain:
    told = [Definition("running", "kvm", buses=buses) for buses in definitions]
    return Domain("web01", "uuid", tuple(told))


@pytest.mark.parametrize(
    ("buses", "free"),
    [
        ((ROOT,), 28),
        ((PciBus(0, "pci-root", tuple(range(1, 32))),), 0),
        ((ROOT, PciBus(1, "pci-bridge", ())), 28 + 31),
        ((PciBus(0, "pcie-root", (1, 2)), PciBus(1, "pcie-root-port", (0,))), 29),
        ((PciBus(0, "pcie-root", (1, 2)), PciBus(1, "pcie-root-port", ())), 30),
        ((ROOT, PciBus(1, "pcie-switch-upstream-port", ())), 28),
        ((ROOT, PciBus(1, "a-new-one", ())), None),
        ((PciBus(0, "pci-root", ()),), None),
        ((), None),
    ],
)
def test_slots_of_each_kind_of_bus(buses: tuple[PciBus, ...], free: int | None) -> None:
    """Whatever is not known is not room, and a bus on which no address is chosen yet tells none."""
    assert free_slots(_domain(buses)) == free


def test_the_definition_with_fewer_binds() -> None:
    """What runs may have less room than what is kept, and the other way round."""
    full = (PciBus(0, "pci-root", tuple(range(1, 31))),)
    assert free_slots(_domain((ROOT,), full)) == free_slots(_domain(full, (ROOT,))) == 1
    assert free_slots(_domain((ROOT,), ())) is None
