"""PRF-04, the fabric's part: the veth that UCS Manager has for a VM's interface."""

from typing import Any

import pytest

from tests.checks import stub
from tests.checks.interfaces import macvtap
from vmfex.checks.model.domain import VirtualPort
from vmfex.checks.model.fact import Missing
from vmfex.checks.model.vm_interface import QBH, VmInterface
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.rules.veth import has_veth, veths_by_mac

MAC, OTHER_MAC = "52:54:00:5c:a1:01", "52:54:00:5c:a1:02"
LONG = "a-profile-of-24-letters-"  # UCS Manager keeps its first sixteen: a-profile-of-24-
GOOD = {"vStatus": "online", "operState": "active", "linkState": "up", "vifId": "7"}


def interface(profile: str | None = "web", mac: str | None = MAC) -> VmInterface:
    port = VirtualPort(QBH, profile) if profile else None
    return macvtap(virtualport=port, written={"mac": mac})


def veth(
    vm: str = "WEB01", mac: str = MAC.upper(), profile: str = "web", nic: str = "1", **vif: str
) -> tuple[dict[str, str], dict[str, str]]:
    """A VM's vNIC and the veth below it. The VM's UUID is web01."""
    dn = f"vmmEp/vm-mgmt/vm-{vm}/vnic-{nic}"
    status = vif.pop("nic_status", "online")
    return (
        {"dn": dn, "macAddr": mac, "profileName": profile, "vStatus": status},
        {"dn": f"{dn}/vif-1"} | GOOD | vif,
    )


def prf_04(*veths: tuple[dict[str, str], dict[str, str]], of: VmInterface | None = None) -> Finding:
    nics, vifs = tuple(nic for nic, _ in veths), tuple(vif for _, vif in veths)
    fabric = stub.fabric(vmNic=nics, vmVif=vifs)
    return has_veth(of or interface(), veths_by_mac(fabric))


def verdict(*veths: Any, of: VmInterface | None = None) -> str:
    try:
        return prf_04(*veths, of=of).verdict
    except Missing:
        return Verdict.UNDETERMINED


GOOD_ONE = veth()
RETAINED = veth(nic="2", vStatus="offline")
UNTOLD = veth(nic="3", linkState="")
OTHER_PROFILE = veth(nic="4", profile="db")
DOWN = veth(nic="5", linkState="down")


@pytest.mark.parametrize(
    ("veths", "expected"),
    [
        ((), Verdict.VIOLATED),
        ((GOOD_ONE,), Verdict.COMPLIANT),
        ((veth(vm="db01"),), Verdict.VIOLATED),
        ((veth(mac=OTHER_MAC),), Verdict.VIOLATED),
        ((RETAINED,), Verdict.VIOLATED),
        ((veth(nic_status="offline"),), Verdict.VIOLATED),
        ((veth(vStatus=""),), Verdict.UNDETERMINED),
        ((veth(nic_status="", vStatus=""),), Verdict.UNDETERMINED),
        ((DOWN,), Verdict.VIOLATED),
        ((veth(operState="failed"),), Verdict.VIOLATED),
        ((veth(operState="", linkState="up"),), Verdict.UNDETERMINED),
        ((veth(operState="unknown", linkState="down"),), Verdict.UNDETERMINED),
        ((veth(operState="active", linkState=""),), Verdict.UNDETERMINED),
        ((veth(operState="active", linkState="unknown"),), Verdict.UNDETERMINED),
        ((OTHER_PROFILE,), Verdict.VIOLATED),
        ((veth(profile=""),), Verdict.UNDETERMINED),
        ((veth(profile="", linkState="down"),), Verdict.UNDETERMINED),
        ((GOOD_ONE, RETAINED), Verdict.COMPLIANT),
        ((GOOD_ONE, DOWN), Verdict.COMPLIANT),
        ((GOOD_ONE, UNTOLD), Verdict.COMPLIANT),
        ((GOOD_ONE, OTHER_PROFILE), Verdict.VIOLATED),
        ((GOOD_ONE, veth(nic="4", profile="db", vStatus="offline")), Verdict.COMPLIANT),
        ((GOOD_ONE, veth(nic="4", profile="db", linkState="down")), Verdict.COMPLIANT),
        ((RETAINED, veth(nic="6", vStatus="offline", linkState="")), Verdict.VIOLATED),
        ((RETAINED, UNTOLD), Verdict.UNDETERMINED),
    ],
)
def test_veth_of_this_vm_is_up(veths: tuple[Any, ...], expected: Verdict) -> None:
    """Of its UUID and MAC address, online and up, on its profile; one that is only retained counts
    for nothing, and what UCS Manager does not tell is no veth that is up."""
    assert verdict(*veths) == expected


@pytest.mark.parametrize(
    ("named", "kept", "expected"),
    [
        ("web", "web", Verdict.COMPLIANT),
        ("web-front", "web", Verdict.VIOLATED),
        ("web", "web-front", Verdict.VIOLATED),
        (LONG, LONG[:16], Verdict.COMPLIANT),
        (LONG, LONG, Verdict.COMPLIANT),
        (LONG, LONG[:15], Verdict.VIOLATED),
        (LONG, LONG[:17], Verdict.VIOLATED),
        (LONG, "another-profile-", Verdict.VIOLATED),
        (None, "db", Verdict.COMPLIANT),
    ],
)
def test_name_as_far_as_it_is_kept(named: str | None, kept: str, expected: Verdict) -> None:
    """Sixteen characters; a shorter name is the whole of one. Without a profile (PRF-01) any will
    do."""
    assert verdict(veth(profile=kept), of=interface(named)) == expected


@pytest.mark.parametrize("mac", [None, ""])
def test_interface_without_an_address(mac: str | None) -> None:
    """Nothing finds it in UCS Manager, not even a vNIC without one."""
    with pytest.raises(Missing):
        prf_04(veth(mac=""), of=interface(mac=mac))


def test_unread_classes() -> None:
    """Both are needed."""
    nic, vif = GOOD_ONE
    for fabric in (stub.fabric(vmNic=(nic,)), stub.fabric(vmVif=(vif,))):
        with pytest.raises(Missing):
            has_veth(interface(), veths_by_mac(fabric))


@pytest.mark.parametrize(
    ("veths", "observed"),
    [
        ((), f"no veth for {MAC} of this VM"),
        ((GOOD_ONE,), "veth 7 on port profile web, online, active, link up"),
        (
            (DOWN, veth(vm="db01", mac=OTHER_MAC)),
            "veth 7 on port profile web, online, active, link",
        ),
        ((RETAINED,), "veth 7 on port profile web, only retained (vStatus offline), active, link"),
        ((veth(profile="", linkState="down", vStatus="x"),), None),
        (
            (veth(operState="", linkState="down", vm="db01"), DOWN),
            f"veth 7 on port profile web, online, active, link down; {MAC} is also that of VM db01",
        ),
    ],
)
def test_words(veths: tuple[Any, ...], observed: str | None) -> None:
    """Each veth of the VM, and whose else the address is."""
    if observed is None:
        with pytest.raises(Missing) as missing:
            prf_04(*veths)
        said = "veth 7 on port profile (not told), vStatus not told, active, link down"
        assert said in missing.value.unknown.reason
    else:
        assert prf_04(*veths).observed.startswith(observed)
        assert ("is also" in prf_04(*veths).observed) is ("is also" in observed)


def test_words_for_what_is_not_told() -> None:
    """Neither state nor link."""
    with pytest.raises(Missing) as missing:
        prf_04(veth(operState="", linkState=""))
    assert "online, no operState, link not told" in missing.value.unknown.reason


@pytest.mark.parametrize(
    ("veths", "why"),
    [
        ((), "Look in UCS Manager, tab VM"),
        ((DOWN,), "Look in UCS Manager, tab VM"),
        ((RETAINED,), "is left from an earlier run"),
        ((RETAINED, DOWN), "Look in UCS Manager, tab VM"),
        ((OTHER_PROFILE,), "started with another port profile than web"),
        ((DOWN, OTHER_PROFILE), "started with another port profile than web"),
    ],
)
def test_remedy(veths: tuple[Any, ...], why: str) -> None:
    """By why there is none."""
    assert why in prf_04(*veths).remedy
