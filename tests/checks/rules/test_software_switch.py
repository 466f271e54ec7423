"""TOP-01: what switches a VM's traffic in the hypervisor."""

from typing import Any

import pytest

from tests.checks.interfaces import VF, macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.fact import Known, Missing
from vmfex.checks.model.link import Link
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.software_switch import bypasses_the_host

TUN = Link("vnet0", 9, kind="tun")
PLUGGED = Link("vnet0", 9, kind="tun", master="br0")


def carried(carrier: Carrier, way: str, type_: str, live: Any = None) -> VmInterface:
    return macvtap(carrier=carrier, way=way, written={"type": type_}, live=Known(live))


def between(kind: str, mode: str | None = None) -> VmInterface:
    return macvtap(between=(Link("x0", 7, kind=kind, mode=mode),))


@pytest.mark.parametrize(
    ("interface", "observed", "verdict"),
    [
        (macvtap(), "macvtap interface", Verdict.COMPLIANT),
        (macvtap(live=Known(None), mode="bridge"), "on macvtap in mode bridge", Verdict.VIOLATED),
        (
            macvtap(live=Known(Link("macvtap0", 9, kind="macvtap", mode="bridge"))),
            "on macvtap in mode bridge",
            Verdict.VIOLATED,
        ),
        (between("bridge"), "on Linux bridge x0, by macvtap", Verdict.VIOLATED),
        (between("openvswitch"), "on Open vSwitch x0, by macvtap", Verdict.VIOLATED),
        (between("macvlan", "bridge"), "on macvlan x0, by macvtap", Verdict.VIOLATED),
        (between("macvlan", "private"), "macvtap interface", Verdict.COMPLIANT),
        (between("bond"), "macvtap interface", Verdict.COMPLIANT),
        (carried(Carrier.DEVICE, "hostdev", "hostdev"), "hostdev interface", Verdict.COMPLIANT),
        (carried(Carrier.NOTHING, "nothing", "null"), "attached to nothing", Verdict.COMPLIANT),
        (
            carried(Carrier.SWITCH, "Linux bridge br1", "bridge", PLUGGED),
            "on Linux bridge br1",
            Verdict.VIOLATED,
        ),
        (
            carried(Carrier.SWITCH, "Open vSwitch bridge ovs0", "bridge", TUN),
            "on Open vSwitch bridge ovs0",
            Verdict.VIOLATED,
        ),
        (
            carried(Carrier.UNTOLD, "an interface of type 'ethernet'", "ethernet", PLUGGED),
            "on vnet0, which is in bridge br0",
            Verdict.VIOLATED,
        ),
    ],
)
def test_switch(interface: VmInterface, observed: str, verdict: Verdict) -> None:
    """Bridges, Open vSwitch and the kernel's macvlan in mode bridge; nothing else switches."""
    finding = bypasses_the_host(interface)
    assert finding.verdict is verdict
    assert finding.observed.startswith(observed)
    assert bool(finding.remedy) is (verdict is Verdict.VIOLATED)


@pytest.mark.parametrize(
    ("interface", "reason"),
    [
        (carried(Carrier.UNTOLD, "x", "ethernet", TUN), "vnet0 is in no bridge"),
        (carried(Carrier.UNTOLD, "x", "ethernet"), "shows what it is plugged into only while it"),
        (carried(Carrier.UNTOLD, "a new way", "vdpa"), "nobody can tell what switches a new way"),
        (macvtap(live=UNREAD), UNREAD.reason),
        (macvtap(carrier=Carrier.UNTOLD, written={"type": "ethernet"}, live=UNREAD), UNREAD.reason),
    ],
)
def test_switch_that_cannot_be_told(interface: VmInterface, reason: str) -> None:
    """A plain tap that is plugged in nowhere, one that does not run, an unread link."""
    assert interface.functions.need() == (VF,)
    with pytest.raises(Missing) as missing:
        bypasses_the_host(interface)
    assert reason in missing.value.unknown.reason
