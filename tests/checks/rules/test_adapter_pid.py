"""FAB-04: which of UCS Manager's adapters a VIC is, and whether the two ids tell one model."""

from typing import Any

import pytest

from tests.checks import stub
from tests.checks.stub import UNREAD
from vmfex.checks.model.fabric import Objects
from vmfex.checks.model.fact import Known, Missing, Unknown
from vmfex.checks.model.host import Host
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import CISCO, PciFunction, PciTree
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.adapter_pid import pid_agrees, pid_of

UUID, BLADE, PROFILE = (
    "5ca1ab1e-0000-4000-8000-00000000000a",
    "sys/chassis-1/blade-1",
    "org-root/ls-a",
)
SERVER: Objects = ({"dn": BLADE, "uuid": UUID, "serial": "", "assignedToDn": PROFILE},)
MAC, SECOND_MAC, OTHER_MAC = (f"00:25:b5:00:00:0{n}" for n in "abc")
MODELS, PIDS = {0x012C: "1340", 0x0137: "1380"}, {"PID-1340": "1340", "PID-1380": "1380"}


def unit(number: int, pid: str = "PID-1340", server: str = BLADE) -> dict[str, str]:
    return {"dn": f"{server}/adaptor-{number}", "model": pid}


def vnic_of(
    number: int, mac: str = MAC, profile: str = PROFILE, place: str | None = None
) -> dict[str, str]:
    """A vNIC of a service profile, on the adapter of that number."""
    on = f"{BLADE}/adaptor-{number}/host-eth-1" if place is None else place
    return {"dn": f"{profile}/ether-eth0", "addr": mac.upper(), "equipmentDn": on}


def vnic(slot: int, subsystem: tuple[int, int] | None = (CISCO, 0x012C)) -> PciFunction:
    return PciFunction(f"0000:0{slot}:00.0", CISCO, 0x0043, subsystem, netdevs=(f"eth{slot}",))


FIRST, SECOND = vnic(6), vnic(7)


def host(
    units: Objects,
    vnics: Objects | None = (),
    functions: tuple[PciFunction, ...] = (FIRST,),
    macs: tuple[str | None, ...] | None = (MAC, SECOND_MAC),
) -> Host:
    """A host whose first function has the first MAC, and so on; no links were read for None."""
    links = {f.netdevs[0]: Link(f.netdevs[0], n) for n, f in enumerate(functions)}
    if macs:
        links = {name: Link(name, 1, mac=mac) for name, mac in zip(links, macs, strict=False)}
    classes: dict[str, Any] = {"computeBlade": SERVER, "computeRackUnit": (), "adaptorUnit": units}
    if vnics is not None:
        classes |= {"vnicEther": vnics}
    return stub.host(
        uuid=Known(UUID),
        serial=UNREAD,
        pci=Known(PciTree({f.address: f for f in functions}, MODELS, PIDS)),
        links=UNREAD if macs is None else Known(links),
        fabric=stub.fabric(**classes),
    )


def pid(of: Host) -> str | None:
    """Of the first adapter; None where it is unknown."""
    said = pid_of(of.pci.need().adapters[0], of)
    return said.value if isinstance(said, Known) else None


BOTH = (FIRST, SECOND)
TWO: Objects = (unit(1), unit(2, "PID-1380"))


@pytest.mark.parametrize(
    ("units", "vnics", "functions", "expected"),
    [
        ((unit(1),), (), (FIRST,), "PID-1340"),
        ((unit(1), unit(9, server="sys/chassis-2/blade-1")), (), (FIRST,), "PID-1340"),
        ((unit(1, ""),), (), (FIRST,), None),
        ((), (), (FIRST,), None),
        (TWO, (), (FIRST,), None),
        ((unit(1),), (), BOTH, None),
        (TWO, (), BOTH, None),
        (TWO, (vnic_of(2),), (FIRST,), "PID-1380"),
        (TWO, (vnic_of(1), vnic_of(2, SECOND_MAC)), BOTH, "PID-1340"),
        (TWO, (vnic_of(2), vnic_of(1, SECOND_MAC)), BOTH, "PID-1380"),
        (TWO, (vnic_of(2), vnic_of(1, OTHER_MAC)), (FIRST,), "PID-1380"),
        (TWO, (vnic_of(2), vnic_of(1, profile="org-root/ls-b")), (FIRST,), "PID-1380"),
        (TWO, (vnic_of(1, profile="org-root/ls-b"),), (FIRST,), None),
        (TWO, (vnic_of(1), vnic_of(2)), (FIRST,), None),
        (TWO, (vnic_of(1, place=""),), (FIRST,), None),
        (TWO, (vnic_of(2), vnic_of(1, place="")), (FIRST,), "PID-1380"),
        (TWO, (vnic_of(9),), (FIRST,), None),
        (TWO, None, (FIRST,), None),
        ((unit(1),), None, (FIRST,), "PID-1340"),
    ],
)
def test_whose_pid(
    units: Objects, vnics: Objects | None, functions: tuple[PciFunction, ...], expected: str | None
) -> None:
    """The adapter on which the vNIC with this one's MAC is, in the host's own profile; else the
    only one of the server, where the host has one too."""
    assert pid(host(units, vnics, functions)) == expected


def test_mac_that_is_not_known() -> None:
    """Neither a vNIC without an address nor unread links tell which adapter it is."""
    nameless = vnic_of(2, mac="")
    assert pid(host(TWO, (nameless,), macs=("",))) is None
    assert pid(host(TWO, (vnic_of(2),), macs=None)) is None
    assert pid(host((unit(1),), (vnic_of(1),), macs=None)) == "PID-1340"


@pytest.mark.parametrize(
    ("subsystem", "told", "verdict", "observed"),
    [
        (0x012C, "PID-1340", Verdict.COMPLIANT, "VIC 1340; on the host: VIC 1340, subsystem id"),
        (0x012C, "PID-1380", Verdict.VIOLATED, "VIC 1380; on the host: VIC 1340, subsystem id"),
        (0x012C, "NEW", Verdict.UNDETERMINED, "not a known model; on the host: VIC 1340"),
        (0x0FFF, "PID-1340", Verdict.UNDETERMINED, "VIC 1340; on the host: subsystem id 1137:0fff"),
        (0x0FFF, "NEW", Verdict.UNDETERMINED, "not a known model; on the host: subsystem id"),
        (None, "PID-1340", Verdict.UNDETERMINED, "VIC 1340; on the host: libvirt does not report"),
    ],
)
def test_fab_04(subsystem: int | None, told: str, verdict: Verdict, observed: str) -> None:
    """One model by both ids; a number that nobody knows may be the same card."""
    card = vnic(6, (CISCO, subsystem) if subsystem else None)
    of = host((unit(1, told),), functions=(card,))
    finding = pid_agrees(of.pci.need().adapters[0], of)
    assert finding.verdict is verdict
    assert f"PID {told} in UCS Manager: {observed}" in finding.observed
    assert ("is not a known model" in finding.observed) is (subsystem == 0x0FFF)


def test_fab_04_without_a_pid() -> None:
    """Nothing to hold the card against."""
    of = host((unit(1, ""),))
    with pytest.raises(Missing) as missing:
        pid_agrees(of.pci.need().adapters[0], of)
    assert isinstance(missing.value.unknown, Unknown)
    assert "names no PID" in missing.value.unknown.reason
