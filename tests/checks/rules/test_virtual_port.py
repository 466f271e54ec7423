"""Virtual ports as they are written, and as they are in effect (rules PRF-01, 02 and 04)."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks import stub
from tests.checks.interfaces import VF, macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.domain import VirtualPort
from vmfex.checks.model.fact import Known, Missing
from vmfex.checks.model.host import Host
from vmfex.checks.model.link import Link, PfReply, PortState
from vmfex.checks.model.pci import CISCO, DYNAMIC_VNIC, PciFunction, PciTree
from vmfex.checks.model.vm_interface import QBH, VmInterface
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.rules.port_association import SUCCESS, is_associated
from vmfex.checks.rules.port_profile import PortProfile, exists, where_it_is_named
from vmfex.checks.rules.virtual_port import names_port_profile

COMPLIANT, VIOLATED = Verdict.COMPLIANT, Verdict.VIOLATED
WEB = VirtualPort(QBH, "web")


@pytest.mark.parametrize(
    ("port", "verdict", "observed"),
    [
        (WEB, COMPLIANT, "virtual port of type 802.1Qbh, port profile web"),
        (VirtualPort(QBH), VIOLATED, "virtual port of type 802.1Qbh, no port profile"),
        (VirtualPort(QBH, ""), VIOLATED, "virtual port of type 802.1Qbh, no port profile"),
        (VirtualPort("802.1Qbg", "web"), VIOLATED, "virtual port of type 802.1Qbg, port profile"),
        (VirtualPort(None, "web"), VIOLATED, "virtual port of type none, port profile web"),
        (None, VIOLATED, "no virtual port"),
    ],
)
def test_prf_01(port: VirtualPort | None, verdict: Verdict, observed: str) -> None:
    """802.1Qbh, and a port profile by name."""
    finding = names_port_profile(macvtap(virtualport=port))
    assert finding.verdict is verdict
    assert finding.observed.startswith(observed)


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ({"virtualport": WEB, "network": "net"}, "take its <virtualport> out"),
        ({"network": "net"}, "In `virsh net-edit net`, leave one <virtualport>"),
    ],
)
def test_prf_01_contradiction(written: dict[str, Any], remedy: str) -> None:
    """Violated whatever the merged port is; mended where the two are written."""
    port = macvtap(virtualport=WEB, contradiction="two types", written=written)
    finding = names_port_profile(port)
    assert finding.verdict is VIOLATED
    assert finding.observed == "two types; libvirt refuses to start the VM"
    assert remedy in finding.remedy


@pytest.mark.parametrize(
    ("port", "written", "remedy", "profile"),
    [
        (None, {}, ", add <virtualport type='802.1Qbh'>", "PROFILE"),
        (VirtualPort(QBH), {}, ", write <virtualport type='802.1Qbh'>", "PROFILE"),
        (VirtualPort("802.1Qbg", "web"), {}, "in the place of its <virtualport>", "web"),
        (None, {"type": "network"}, "Or add it to the network's port group.", "PROFILE"),
    ],
)
def test_prf_01_remedy(
    port: VirtualPort | None, written: dict[str, Any], remedy: str, profile: str
) -> None:
    """One is added or written anew, with the profile that is named."""
    said = names_port_profile(macvtap(virtualport=port, written=written)).remedy
    assert remedy in said
    assert f"profileid='{profile}'" in said
    assert ("network's port group" in said) is ("type" in written)


@pytest.mark.parametrize(
    ("there", "verdict", "observed", "remedy"),
    [
        (("web", "db"), COMPLIANT, "UCS Manager has port profile web", ""),
        (("db",), VIOLATED, "UCS Manager does not have port profile web", "there are db."),
        ((), VIOLATED, "UCS Manager does not have port profile web", "UCS Manager has none yet."),
    ],
)
def test_prf_02(there: tuple[str, ...], verdict: Verdict, observed: str, remedy: str) -> None:
    """By its name; those that are there are named."""
    finding = exists(PortProfile("web"), Known(frozenset(there)))
    assert finding.verdict is verdict
    assert finding.observed == observed
    assert finding.remedy.endswith(remedy)


@pytest.mark.parametrize(
    ("own", "network", "command"),
    [
        (None, None, "`virsh edit web01`"),
        (WEB, None, "`virsh edit web01`"),
        (None, "net", "`virsh net-edit net`"),
        (VirtualPort(QBH), "net", "`virsh net-edit net`"),
        (WEB, "net", "`virsh edit web01`"),
    ],
)
def test_where_a_profile_is_named(
    own: VirtualPort | None, network: str | None, command: str
) -> None:
    """In the interface, where it names one; else in its network."""
    interface = macvtap(written={"virtualport": own, "network": network})
    assert where_it_is_named(interface) == command


@pytest.mark.parametrize(
    ("named_in", "said"), [(("`virsh edit a`",), "in `virsh edit a`:"), ((), "`virsh edit` of the")]
)
def test_prf_02_says_where(named_in: tuple[str, ...], said: str) -> None:
    """The commands that edit the name."""
    assert said in exists(PortProfile("web", named_in=named_in), Known(frozenset())).remedy


PF = PciFunction(
    "0000:06:00.0",
    CISCO,
    0x0043,
    netdevs=("eth0",),
    virtfns=("0000:06:00.9", VF.address),
    virtfn_numbers=(0, 3),
)
PORT = PortState(3, "web", SUCCESS, "web01")  # web01 is the VM's UUID too
DYNAMIC = PciFunction("0000:06:00.5", CISCO, DYNAMIC_VNIC, netdevs=("eth5",))


def host(*ports: PortState, pf: PciFunction | None = PF, asked: str = "eth0") -> Host:
    """A host whose PF tells these ports, when it is asked by its name."""
    tree = PciTree({f.address: f for f in (pf, VF) if f})
    reply = PfReply(0, 0, 0, {p.vf: p for p in ports if p.vf is not None})
    return stub.host(
        pci=Known(tree), pf_reply=lambda name: Known(reply) if name == asked else UNREAD
    )


def prf_04(*ports: PortState, interface: VmInterface | None = None) -> Finding:
    return is_associated(interface or macvtap(virtualport=WEB), host(*ports))


@pytest.mark.parametrize(
    ("port", "verdict", "observed"),
    [
        (PORT, COMPLIANT, f"response {SUCCESS} for port profile web and instance web01"),
        (replace(PORT, response="INPROGRESS"), VIOLATED, "response INPROGRESS"),
        (replace(PORT, response=None), VIOLATED, "response none"),
        (replace(PORT, response=None, instance=None), VIOLATED, "response none"),
        (replace(PORT, profile="db"), VIOLATED, f"response {SUCCESS} for port profile db"),
        (replace(PORT, profile="db", instance=None), VIOLATED, "response"),
        (replace(PORT, instance="db01"), VIOLATED, "response"),
        (replace(PORT, vf=1), VIOLATED, f"no virtual port on {VF.address}"),
    ],
)
def test_prf_04(port: PortState, verdict: Verdict, observed: str) -> None:
    """Success for its profile and for this VM, on the VF's own number (virtfn3, not second)."""
    finding = prf_04(port)
    assert finding.verdict is verdict
    assert finding.observed.startswith(observed)
    assert ("instance" in finding.observed) is (port.instance is not None and port.vf == 3)
    assert "port profile web and instance web01" in finding.wanted


def test_prf_04_port_that_names_no_vm() -> None:
    """It may be another VM's."""
    with pytest.raises(Missing):
        prf_04(replace(PORT, instance=None))


@pytest.mark.parametrize("port", [None, VirtualPort(QBH)])
def test_prf_04_of_any_profile(port: VirtualPort | None) -> None:
    """Without a profile (PRF-01) any that is associated will do."""
    finding = prf_04(replace(PORT, profile="db"), interface=macvtap(virtualport=port))
    assert finding.verdict is COMPLIANT
    assert "for port profile of any name" in finding.wanted
    assert "(PRF-01)" in prf_04(interface=macvtap(virtualport=port)).remedy
    assert "port profile web" in prf_04().remedy


@pytest.mark.parametrize(
    ("interface", "reason"),
    [
        (macvtap(functions=Known(())), "this host has no such device"),
        (macvtap(functions=Known(()), absent=("eth42",)), "this host has no eth42"),
        (macvtap(VF, DYNAMIC), "which function of the pool"),
        (macvtap(functions=UNREAD), UNREAD.reason),
    ],
)
def test_prf_04_needs_one_function(interface: VmInterface, reason: str) -> None:
    """The one that the VM runs on."""
    with pytest.raises(Missing) as missing:
        prf_04(PORT, interface=interface)
    assert reason in missing.value.unknown.reason


@pytest.mark.parametrize(
    "pf", [None, replace(PF, netdevs=()), replace(PF, virtfns=(), virtfn_numbers=())]
)
def test_prf_04_pf_that_cannot_be_asked(pf: PciFunction | None) -> None:
    """Not found, without a name, or one that does not list the VF."""
    with pytest.raises(Missing) as missing:
        is_associated(macvtap(virtualport=WEB), host(PORT, pf=pf))
    assert "cannot be asked" in missing.value.unknown.reason


OWN = replace(PORT, vf=None)


@pytest.mark.parametrize(
    ("links", "by_reply", "verdict"),
    [
        ({"eth5": Link("eth5", 5, port_self=OWN)}, None, COMPLIANT),
        ({"eth5": Link("eth5", 5, port_self=replace(OWN, instance="x"))}, OWN, VIOLATED),
        ({"eth5": Link("eth5", 5)}, OWN, COMPLIANT),
        ({"eth5": Link("eth5", 5)}, None, VIOLATED),
        ({"eth0": Link("eth0", 5, port_self=OWN)}, OWN, None),
    ],
)
def test_prf_04_dynamic_vnic(
    links: dict[str, Link], by_reply: PortState | None, verdict: Verdict | None
) -> None:
    """Its own link tells, in the dump or when it is asked; None: it is not listed."""
    reply = PfReply(0, 0, 0, port_self=by_reply)
    told = stub.host(links=Known(links), pf_reply=lambda name: Known(reply))
    interface = macvtap(DYNAMIC, virtualport=WEB)
    if verdict is None:
        with pytest.raises(Missing):
            is_associated(interface, told)
    else:
        assert is_associated(interface, told).verdict is verdict
