"""What holds in every topology: the VIC below, and the guest's buses (rules TOP-02 and TOP-03)."""

from typing import Any

import pytest

from tests.checks import stub
from tests.checks.interfaces import VF, macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.domain import Definition, Domain, PciBus
from vmfex.checks.model.fact import Evidence, Known, Missing
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import PciFunction
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.topology import (
    concerns_the_vic,
    fits_its_buses,
    is_valid_xml,
    stands_on_vic,
)

INTEL = PciFunction("0000:02:00.0", 0x8086, 0x1521)
COMPLIANT, VIOLATED, UNDETERMINED = Verdict.COMPLIANT, Verdict.VIOLATED, Verdict.UNDETERMINED
RANGES = {"pci-root": (0, 31), "pcie-root-port": (0, 0), "pci-bridge": (1, 31)}


@pytest.mark.parametrize(
    ("interface", "verdict", "observed", "absent"),
    [
        (macvtap(), COMPLIANT, VF.address, False),
        (macvtap(INTEL), VIOLATED, INTEL.address, False),
        (macvtap(VF, INTEL), VIOLATED, VF.address, False),
        (macvtap(functions=Known(())), VIOLATED, "no PCI function", False),
        (macvtap(absent=("eth42",)), VIOLATED, "eth42, which this host lacks", True),
        (macvtap(absent=("eth42",), functions=Known(())), VIOLATED, "eth42, which", True),
    ],
)
def test_top_02(interface: VmInterface, verdict: Verdict, observed: str, absent: bool) -> None:
    """Every function is a VIC's, and none is missing."""
    finding = stands_on_vic(interface)
    assert finding.verdict is verdict
    assert observed in finding.observed
    assert ("or bring back eth42" in finding.remedy) is absent


HOSTDEV = {"carrier": Carrier.DEVICE, "way": "hostdev"}


@pytest.mark.parametrize(
    ("changes", "free", "said"),
    [
        ({}, (), "name a VF of the VIC in"),
        ({}, (VF,), "name eth2, a free VF of the VIC, in"),
        (HOSTDEV, (), "name a VF of the VIC in"),
        (HOSTDEV, (VF,), f"name {VF.address}, a free VF of the VIC, in"),
    ],
)
def test_top_02_remedy(changes: dict[str, Any], free: tuple[PciFunction, ...], said: str) -> None:
    """A free VF as the interface names one: by its address, or its network device."""
    assert said in stands_on_vic(macvtap(INTEL, **changes), free).remedy


def test_top_02_untold() -> None:
    """Nobody can tell what an unknown kind of interface stands on."""
    with pytest.raises(Missing):
        stands_on_vic(macvtap(carrier=Carrier.UNTOLD, way="a new way"))


@pytest.mark.parametrize(
    ("changes", "concerned"),
    [
        ({}, True),
        ({"mode": "bridge", "live": Known(None)}, False),
        ({"carrier": Carrier.SWITCH, "way": "a bridge"}, False),
        ({"carrier": Carrier.NOTHING, "way": "nothing"}, False),
        ({"carrier": Carrier.UNTOLD, "way": "a new way", "live": Known(None)}, True),
        ({"carrier": Carrier.DEVICE, "way": "bare hostdev", "written": "bare hostdev"}, True),
        (
            {
                "carrier": Carrier.DEVICE,
                "way": "bare hostdev",
                "written": "bare hostdev",
                "functions": Known((INTEL,)),
            },
            False,
        ),
        (
            {
                "carrier": Carrier.DEVICE,
                "way": "bare hostdev",
                "written": "bare hostdev",
                "functions": UNREAD,
            },
            True,
        ),
        (
            {
                "carrier": Carrier.UNTOLD,
                "way": "an interface of type 'ethernet'",
                "written": "ethernet",
                "live": Known(Link("tap0", 9, kind="tun")),
            },
            False,
        ),
    ],
)
def test_interfaces_that_top_02_is_about(changes: dict[str, Any], concerned: bool) -> None:
    """Not what a switch or nothing has, nor a bare device or a tap that is known to be no VIC's."""
    written = {"type": changes["written"]} if "written" in changes else {}
    assert concerns_the_vic(macvtap(**changes | {"written": written})) is concerned


def domain(*buses: PciBus, interfaces: int = 1) -> Domain:
    mine = tuple(macvtap().written for _ in range(interfaces))
    return Domain("web01", "web01", (Definition("running", "kvm", mine, buses=buses),))


@pytest.mark.parametrize(
    ("bus", "verdict", "observed"),
    [
        (PciBus(0, "pci-root", (0, 31)), COMPLIANT, "2 slots used"),
        (PciBus(0, "pci-root", (32,)), VIOLATED, "1 slots used, outside the bus: 32"),
        (PciBus(1, "pcie-root-port", (0,)), COMPLIANT, "1 slots used"),
        (PciBus(1, "pcie-root-port", (0, 1)), VIOLATED, "2 slots used, outside the bus: 1"),
        (PciBus(1, "pci-bridge", (1,)), COMPLIANT, "1 slots used"),
        (PciBus(1, "pci-bridge", (0,)), VIOLATED, "1 slots used, outside the bus: 0"),
        (PciBus(1, "a-new-one", (0,)), UNDETERMINED, "the slots of a a-new-one controller"),
        (PciBus(1, "", (0,)), UNDETERMINED, "the slots of a missing controller"),
    ],
)
def test_top_03(bus: PciBus, verdict: Verdict, observed: str) -> None:
    """The slots of each bus by its controller's model."""
    [finding] = fits_its_buses(domain(bus), RANGES)
    assert finding.verdict is verdict
    assert finding.observed.startswith(observed)
    assert observed.endswith("used") is (finding.observed == observed and verdict is COMPLIANT)


def test_top_03_without_addresses() -> None:
    """Interfaces without any address tell no layout; a VM without devices and buses neither."""
    [finding] = fits_its_buses(domain(PciBus(0, "pci-root", ())), RANGES)
    assert finding.verdict is UNDETERMINED
    [empty] = fits_its_buses(domain(PciBus(0, "pci-root", ()), interfaces=0), RANGES)
    assert empty.verdict is COMPLIANT
    with pytest.raises(Missing):
        fits_its_buses(domain(interfaces=0), RANGES)


@pytest.mark.parametrize(
    ("errors", "verdict", "observed"),
    [
        (Known(""), COMPLIANT, "valid"),
        (Known("line 3: no"), VIOLATED, "line 3: no"),
        (UNREAD, UNDETERMINED, UNREAD.reason),
    ],
)
def test_top_04(errors: Any, verdict: Verdict, observed: str) -> None:
    """By what the schema says of each definition."""
    read = (Evidence("libvirt/domains/web01/running.xml", "<domain/>"),)
    valid = Domain("web01", "web01", (Definition("running", "kvm", evidence=read),))
    [finding] = is_valid_xml(valid, stub.host(schema_errors=lambda evidence: errors))
    assert finding.verdict is verdict
    assert finding.observed == observed
