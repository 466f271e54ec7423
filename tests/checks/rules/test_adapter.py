"""The VICs, where what a real host tells of them is hard to come by in every combination."""

from dataclasses import replace

import pytest

from tests.checks import stub
from tests.checks.interfaces import VF, macvtap
from tests.checks.stub import UNREAD
from tests.rules.adapter.vic_rows import NEW_CARD, PID
from tests.rules.changes import edit
from vmfex.checks.model.fact import Evidence, Fact, Known, Missing
from vmfex.checks.model.host import Host
from vmfex.checks.model.pci import CISCO, PciFunction, PciTree
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.rules.adapter import (
    has_at_most,
    has_vic,
    is_no_static_vnic,
    is_one_of,
    is_visible,
)

LISTED, M81KR, NEW, OF_INTEL = (CISCO, 0x012C), (CISCO, 0x0048), (CISCO, 0x0FFF), (0x8086, 0x012C)
MODELS = {0x012C: "1340", 0x0048: "M81KR"}
SWITCH_PORT = PciFunction("0000:05:00.0", CISCO, 0x0041)
INTEL = PciFunction("0000:02:00.0", 0x8086, 0x1521)
CARRIES: Fact[bool] = Known(True)
COMPLIANT, VIOLATED, UNDETERMINED = Verdict.COMPLIANT, Verdict.VIOLATED, Verdict.UNDETERMINED


def vnic(
    subsystem: tuple[int, int] | None = LISTED,
    slot: int = 6,
    driver: str | None = "enic",
    netdevs: tuple[str, ...] = ("eth0",),
    virtfns: tuple[str, ...] = (),
) -> PciFunction:
    """A static vNIC, alone on its adapter."""
    return PciFunction(
        f"0000:{slot:02}:00.0", CISCO, 0x0043, subsystem, driver, netdevs, virtfns=virtfns
    )


def host(*functions: PciFunction, asked: bool = False) -> Host:
    """A host with these functions, and a UCS Manager that told nothing of it, or nobody asked."""
    fabric = stub.fabric(computeBlade=()) if asked else stub.fabric()
    tree = PciTree({f.address: f for f in functions}, MODELS)
    unread = dict.fromkeys(("uuid", "serial", "links"), UNREAD)
    return stub.host(pci=Known(tree), fabric=fabric, **unread)


def vic_02(
    *subsystems: tuple[int, int] | None, carries: Fact[bool] = CARRIES, asked: bool = False
) -> Finding:
    """VIC-02 on the first of the adapters."""
    here = host(*(vnic(s, slot) for slot, s in enumerate(subsystems, 6)), asked=asked)
    adapter = here.pci.need().adapters[0]
    return is_one_of(adapter, ("1340",), here, carries)


@pytest.mark.parametrize(
    ("subsystem", "carries", "asked", "verdict"),
    [
        (LISTED, Known(True), False, COMPLIANT),
        (LISTED, UNREAD, False, COMPLIANT),
        (LISTED, Known(True), True, UNDETERMINED),
        (M81KR, Known(True), False, VIOLATED),
        (M81KR, Known(True), True, VIOLATED),
        (M81KR, UNREAD, False, UNDETERMINED),
        (NEW, Known(True), False, UNDETERMINED),
        (NEW, Known(True), True, UNDETERMINED),
        (OF_INTEL, Known(True), False, UNDETERMINED),
        (None, Known(True), False, UNDETERMINED),
    ],
)
def test_card_by_its_id_alone(
    subsystem: tuple[int, int] | None, carries: Fact[bool], asked: bool, verdict: Verdict
) -> None:
    """A listed card is compliant, whatever it carries, unless UCS Manager was asked for its PID
    and did not tell; another is violated where it is known to carry VM-FEX interfaces."""
    assert vic_02(subsystem, carries=carries, asked=asked).verdict is verdict


def test_what_would_tell_the_card() -> None:
    """The subsystem id where nobody told it, else UCS Manager's PID, which nobody asked for."""
    assert "both read the subsystem id" in vic_02(None).remedy
    assert "`--ucsm`" in vic_02(NEW).remedy
    assert "its PID in UCS Manager is not known" in vic_02(NEW, asked=True).observed
    assert "PID" not in vic_02(LISTED).observed


def test_remedy_names_a_listed_card_that_is_there() -> None:
    """VMs move to a listed card of this host; one that is not listed is no help."""
    assert "Move the VMs to VFs of VIC 1340 at 0000:07" in vic_02(M81KR, LISTED).remedy
    assert "Replace VIC M81KR at 0000:06" in vic_02(M81KR, M81KR).remedy


@pytest.mark.parametrize(
    ("functions", "observed", "remedy"),
    [
        ((), "no Ethernet function", "Install one of the VICs"),
        ((INTEL,), "no Ethernet function", "Install one of the VICs"),
        ((INTEL, SWITCH_PORT), "no Ethernet function", "A VIC is there (0000:05:00.0)"),
        ((INTEL, vnic()), "VIC 1340 at 0000:06", ""),
    ],
)
def test_whether_a_vic_is_there(
    functions: tuple[PciFunction, ...], observed: str, remedy: str
) -> None:
    """Other functions of Cisco's show that one is installed; those of other vendors do not."""
    finding = has_vic(stub.host(pci=Known(PciTree({f.address: f for f in functions}, MODELS))))
    assert observed in finding.observed
    assert finding.remedy.startswith(remedy)
    assert bool(finding.remedy) is bool(remedy)


@pytest.mark.parametrize(
    ("driver", "netdevs", "observed", "remedy"),
    [
        ("enic", (), "driver enic, no network device", "dmesg | grep 0000:06:00.0"),
        (None, (), "driver none, no network device", "`modprobe enic`"),
        ("vfio-pci", (), "driver vfio-pci, no network", "nodedev-reattach pci_0000_06_00_0"),
        ("vfio-pci", ("eth0",), "network device eth0", "nodedev-reattach pci_0000_06_00_0"),
        ("uio", (), "driver uio, no network", "drivers/uio/unbind"),
    ],
)
def test_vnic_that_is_not_visible(
    driver: str | None, netdevs: tuple[str, ...], observed: str, remedy: str
) -> None:
    """VIC-04: what is bound and what is there, and the way back by what has it."""
    finding = is_visible(vnic(driver=driver, netdevs=netdevs))
    assert finding.verdict is VIOLATED
    assert observed in finding.observed
    assert remedy in finding.remedy


@pytest.mark.parametrize(("virtfns", "said"), [((), False), (("0000:06:00.1",), True)])
def test_policy_is_that_of_vnics_with_vfs(virtfns: tuple[str, ...], said: bool) -> None:
    """VIC-03: the number of VFs is lowered where there are any."""
    [adapter] = host(vnic(virtfns=virtfns)).pci.need().adapters
    assert ("policy of eth0" in has_at_most(adapter, 0).remedy) is said


READ = (Evidence("sys/bus/pci/devices/0000:06:00.0", "of the vNIC"),)


def test_evidence_of_the_card() -> None:
    """VIC-01 shows what was read of the adapter."""
    shown = replace(vnic(), evidence=READ)
    finding = has_vic(stub.host(pci=Known(PciTree({shown.address: shown}, MODELS))))
    assert READ[0] in finding.evidence


@pytest.mark.parametrize(
    ("pid", "said"),
    [
        ("UCSB-MLOM-40G-03", "PID UCSB-MLOM-40G-03 in UCS Manager: VIC 1340"),
        ("UCSB-MLOM-40G-99", "PID UCSB-MLOM-40G-99 in UCS Manager: unknown too"),
    ],
)
def test_pid_is_shown(pid: str, said: str) -> None:
    """VIC-02, with UCS Manager's answer; the card is looked up by it where nobody knows it."""
    told = NEW_CARD.but(edit("ucsm/adaptorUnit.xml", PID, f'model="{pid}"'))
    [finding] = told.judged().findings["VIC-02"]
    assert said in finding.observed
    assert any("adaptorUnit" in evidence.where for evidence in finding.evidence)
    assert ("Look up the card UCSB-MLOM-40G-99" in finding.remedy) is ("99" in pid)


@pytest.mark.parametrize(
    ("absent", "reason"),
    [(("eth42",), "this host has no eth42"), ((), "this host has no such device")],
)
def test_interface_on_nothing_is_on_no_static_vnic(absent: tuple[str, ...], reason: str) -> None:
    """VIC-05: nobody can say what the device was."""
    with pytest.raises(Missing) as missing:
        is_no_static_vnic(macvtap(functions=Known(()), absent=absent))
    assert reason in missing.value.unknown.reason


@pytest.mark.parametrize(
    ("function", "verdict"),
    [
        (vnic(), VIOLATED),
        (PciFunction("0000:06:00.0", CISCO, 0x0999, total_vfs=8), VIOLATED),
        (PciFunction("0000:06:00.0", CISCO, 0x0999), COMPLIANT),
        (PciFunction("0000:02:00.0", 0x8086, 0x1521, total_vfs=8), COMPLIANT),
        (VF, COMPLIANT),
    ],
)
def test_static_vnic(function: PciFunction, verdict: Verdict) -> None:
    """VIC-05: a vNIC by its id, or a PF of Cisco's by its VFs; others are TOP-02's."""
    assert is_no_static_vnic(macvtap(function)).verdict is verdict


def test_policy_of_no_vnic() -> None:
    """VIC-03 names none where none has VFs."""
    [adapter] = host(vnic()).pci.need().adapters
    assert "connection policy by 1" in has_at_most(adapter, 0).remedy
