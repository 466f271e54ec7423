"""How many devices the PCI buses of a VM take, by the model of the bus."""

import pytest

from tests.rules.changes import WEB01, added_device
from tests.rules.table import COMPLIANT, REFERENCE, UNDETERMINED, VIOLATED
from tests.support.judging import judge_raw
from vmfex.checks.result.verdict import Verdict

PERSISTENT = f"{WEB01}/persistent.xml"
DEVICE = (
    "<watchdog model='i6300esb'>"
    "<address type='pci' domain='0x0000' bus='{}' slot='0x{:02x}' function='0x0'/></watchdog>"
)
EVERY = range(1, 32)
ALL_32 = range(32)


def verdict(bus: int, model: str, slots: list[int]) -> Verdict:
    controller = f"<controller type='pci' index='{bus}' model='{model}'/>" if bus else ""
    devices = "".join(DEVICE.format(bus, slot) for slot in slots)
    host = REFERENCE.but(added_device(PERSISTENT, controller + devices))
    return judge_raw(host.raw(), None, "TOP-03").verdicts["TOP-03"]


def test_root_bus_of_i440fx() -> None:
    """31 devices in slots 1 to 31 fit on pci-root, 32 do not."""
    assert verdict(0, "pci-root", [*EVERY]) == COMPLIANT
    assert verdict(0, "pci-root", [*ALL_32]) == VIOLATED


@pytest.mark.parametrize("model", ["pcie-root", "pci-bridge"])
def test_buses_of_31_slots(model: str) -> None:
    """31 devices fit, 32 do not."""
    assert verdict(1, model, [*EVERY]) == COMPLIANT
    assert verdict(1, model, [*ALL_32]) == VIOLATED


@pytest.mark.parametrize("model", ["dmi-to-pci-bridge", "pcie-switch-upstream-port"])
def test_buses_of_32_slots(model: str) -> None:
    """All 32 slots can be used; a 33rd is in no address."""
    assert verdict(1, model, [*ALL_32]) == COMPLIANT
    assert verdict(1, model, [*ALL_32, 32]) == UNDETERMINED


@pytest.mark.parametrize("model", ["pcie-root-port", "pcie-switch-downstream-port"])
def test_ports_of_one_slot(model: str) -> None:
    """One device, in slot 0."""
    assert verdict(1, model, []) == COMPLIANT
    assert verdict(1, model, [0]) == COMPLIANT
    assert verdict(1, model, [0, 1]) == VIOLATED
    assert verdict(1, model, [1]) == VIOLATED


def test_bus_without_a_controller() -> None:
    """A device on a bus that the definition does not have: nobody knows its slots."""
    xml = DEVICE.format(3, 1)
    host = REFERENCE.but(added_device(PERSISTENT, xml))
    assert host.judged().verdicts["TOP-03"] == UNDETERMINED
