"""Macvtap interfaces in every state that definition and live link can be in (MTD, EMU)."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks import stub
from tests.checks.interfaces import TAP, VF, macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.fact import Evidence, Known
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import CISCO, DYNAMIC_VNIC, OTHER_VF, PciFunction, PciTree
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.rules.lower_device import stands_on_own_vf
from vmfex.checks.rules.macvtap import (
    has_driver,
    has_live_link,
    is_supported_by_release,
    is_virtio,
    is_virtio_on_vic,
    macvtaps,
    macvtaps_on,
    mode_is,
    ports_suffice,
)

INTEL = PciFunction("0000:02:00.0", 0x8086, 0x1521, netdevs=("em1",))
INTEL_VF = PciFunction("0000:02:10.0", 0x8086, 0x1520, physfn=INTEL.address, netdevs=("em1v0",))
STATIC = PciFunction("0000:06:00.0", CISCO, 0x0043, netdevs=("eth0",))
DYNAMIC = PciFunction("0000:06:00.5", CISCO, DYNAMIC_VNIC, netdevs=("eth5",))
LATER = PciFunction("0000:06:00.2", CISCO, OTHER_VF, physfn=STATIC.address, netdevs=("eth3",))
NONE: dict[str, Any] = {"functions": Known(())}
BRIDGE = Link("br0", 7, kind="bridge")
PRIVATE_TAP = Link("macvtap0", 9, kind="macvtap", mode="private", lower="eth2")


def violated(finding: Finding) -> bool:
    assert finding.verdict in (Verdict.COMPLIANT, Verdict.VIOLATED)
    return finding.verdict is Verdict.VIOLATED


def emu_02(interface: VmInterface, *others: VmInterface) -> Finding:
    return stands_on_own_vf(interface, (interface, *others))


@pytest.mark.parametrize(
    ("interface", "bad"),
    [
        (macvtap(), False),
        (macvtap(**NONE), True),
        (macvtap(absent=("eth42",)), True),
        (macvtap(absent=("eth42",), **NONE), True),
        (macvtap(STATIC), True),
        (macvtap(DYNAMIC), True),
        (macvtap(LATER), True),
        (macvtap(INTEL_VF), True),
        (macvtap(VF, LATER), True),
        (macvtap(elsewhere="macvtap0 stands on eth3"), True),
        (macvtap(between=(BRIDGE,)), True),
        (macvtap(enslaved=Known((Link("eth2", 3, master="br0"),))), True),
    ],
)
def test_emu_02_is_a_vmfex_vf_itself(interface: VmInterface, bad: bool) -> None:
    """Each function that it may stand on is a VM-FEX VF, and none is missing."""
    assert violated(emu_02(interface)) is bad


@pytest.mark.parametrize(
    ("other", "bad"),
    [
        (macvtap(), True),
        (macvtap(LATER), False),
        (macvtap(state="persistent"), False),
        (macvtap(pooled=True), False),
    ],
)
def test_emu_02_is_for_one_interface_alone(other: VmInterface, bad: bool) -> None:
    """Another interface of the VM names the same VF in the same definition."""
    assert violated(emu_02(macvtap(), other)) is bad
    pooled = macvtap(pooled=True)
    assert not violated(emu_02(pooled, other))


@pytest.mark.parametrize(
    ("interface", "observed"),
    [
        (macvtap(), "0000:06:00.1 [1137:0071]"),
        (macvtap(**NONE), "no PCI function"),
        (macvtap(between=(BRIDGE,)), "through br0, which is a link of kind bridge"),
        (macvtap(between=(Link("x", 7),)), "through x, which is a link of kind (none)"),
    ],
)
def test_emu_02_shows_what_is_below(interface: VmInterface, observed: str) -> None:
    """The function, and what is between."""
    assert observed in emu_02(interface).observed


FREE_ONE = "<source dev='VF' mode='passthrough'/> (VF: the network device of"
TAKEN = Known((Link("mv0", 8, kind="macvlan", lower="eth2"),))
ENSLAVED = Known((Link("eth2", 3, master="br0"),))


@pytest.mark.parametrize(
    ("interface", "remedy"),
    [
        (macvtap(elsewhere="macvtap0 stands on eth3"), "libvirt makes the link as it is written"),
        (macvtap(enslaved=ENSLAVED), "Take the VF out of br0 on the host: `ip link set eth2 nomas"),
        (macvtap(enslaved=ENSLAVED, between=(BRIDGE,), written={"dev": "br0"}), "dev='eth2'"),
        (
            macvtap(LATER, written={"type": "network", "network": "net", "dev": None}),
            "In `virsh net-edit net`, list network devices of VFs",
        ),
        (macvtap(STATIC, written={"dev": "eth0"}), FREE_ONE),
        (macvtap(takers=TAKEN), "Take mv0 off the VF on the host: `ip link delete mv0`"),
        (macvtap(takers=TAKEN, between=(BRIDGE,), written={"dev": "br0"}), "dev='eth2'"),
        (macvtap(LATER, between=(BRIDGE,), written={"dev": "br0"}), FREE_ONE),
        (macvtap(written={"dev": "br0"}, between=(BRIDGE,)), "<source dev='eth2' mode='passth"),
        (macvtap(between=(BRIDGE,)), FREE_ONE),
        (macvtap(absent=("eth42",), written={"dev": "eth42"}), FREE_ONE),
    ],
)
def test_emu_02_remedy(interface: VmInterface, remedy: str) -> None:
    """The VF itself where a link stands on it; one that is free where there is none, or where the
    VF is named already."""
    said = emu_02(interface).remedy
    assert remedy in said
    assert (FREE_ONE in said) is (remedy == FREE_ONE)


@pytest.mark.parametrize(
    ("model", "functions", "bad"),
    [
        ("virtio", (DYNAMIC,), False),
        ("virtio-net-pci", (DYNAMIC,), False),
        ("e1000", (DYNAMIC,), True),
        (None, (DYNAMIC,), True),
        ("virtio", (INTEL,), True),
        ("virtio", (DYNAMIC, INTEL), True),
    ],
)
def test_mtd_03(model: str | None, functions: tuple[PciFunction, ...], bad: bool) -> None:
    """VirtIO, and on functions of a VIC alone."""
    finding = is_virtio_on_vic(macvtap(*functions, written={"model": model}))
    assert violated(finding) is bad
    assert functions[0].address in finding.observed
    wrong_model = model not in ("virtio", "virtio-net-pci")
    assert not bad or ("<model type='virtio'/>" in finding.remedy) is wrong_model


def test_mtd_03_on_nothing() -> None:
    """An interface without a function is on no VIC."""
    finding = is_virtio_on_vic(macvtap(**NONE))
    assert violated(finding)
    assert "macvtap on no PCI function" in finding.observed


@pytest.mark.parametrize(
    ("written", "observed", "remedy"),
    [
        ({"model": "e1000"}, "model e1000", "<model type='virtio'/> in place of <model type='e10"),
        (
            {"model": None},
            "no model named",
            "the interface with eth2: write <model type='virtio'/>,",
        ),
        (
            {"model": None, "mac": "52:54:00:00:00:01"},
            "no model",
            "<mac address='52:54:00:00:00:01",
        ),
    ],
)
def test_emu_03_words(written: dict[str, Any], observed: str, remedy: str) -> None:
    """The model as it is, and the interface as it can be found."""
    finding = is_virtio(macvtap(written=written))
    assert violated(finding)
    assert finding.observed.startswith(observed)
    assert remedy in finding.remedy


@pytest.mark.parametrize(
    ("interface", "observed", "bad"),
    [
        (macvtap(), "written passthrough, live passthrough", False),
        (macvtap(live=Known(PRIVATE_TAP)), "written passthrough, live private", True),
        (macvtap(live=Known(None)), "written passthrough, no live link", False),  # EMU-04's
        (macvtap(state="persistent"), "written passthrough", False),
        (macvtap(state="persistent", mode="vepa"), "written vepa", True),
        (macvtap(mode=None), "not written, live passthrough", False),
    ],
)
def test_emu_01(interface: VmInterface, observed: str, bad: bool) -> None:
    """As written, and as the live link has it."""
    finding = mode_is(interface, "passthrough")
    assert finding.observed == observed
    assert violated(finding) is bad


VEPA: dict[str, Any] = {"mode": "vepa", "live": Known(None)}


@pytest.mark.parametrize(
    ("interface", "remedy"),
    [
        (macvtap(live=Known(PRIVATE_TAP)), "The definition says passthrough already"),
        (
            macvtap(written={"type": "network", "network": "net"}, **VEPA),
            "In `virsh net-edit net`, write <forward mode='passthrough'>",
        ),
        (
            macvtap(written={"mode": "vepa"}, **VEPA),
            "write <source dev='eth2' mode='passthrough'/> in the place of <source dev='eth2' mode="
            "'vepa'/>",
        ),
        (
            macvtap(written={"type": "ethernet", "dev": None}, mode=None, live=Known(PRIVATE_TAP)),
            "of type 'direct' with <source dev='eth2' mode='passthrough'/>",
        ),
        (
            macvtap(written={"type": "ethernet", "dev": None}, **VEPA),
            "of type 'direct' with <source dev='VF' mode='passthrough'/>",
        ),
    ],
)
def test_emu_01_remedy(interface: VmInterface, remedy: str) -> None:
    """Where the mode is written: network, interface, or whoever made the link."""
    assert remedy in mode_is(interface, "passthrough").remedy


@pytest.mark.parametrize(
    ("state", "observed"), [("loaded", "macvtap is loaded"), (None, "no macvtap driver")]
)
def test_emu_04_driver(state: str | None, observed: str) -> None:
    """Loaded, built in, to be loaded, or not there."""
    finding = has_driver(stub.host(macvtap_driver=Known(state)))
    assert finding.observed == observed
    assert violated(finding) is (state is None)


@pytest.mark.parametrize(
    ("interface", "observed", "bad"),
    [
        (macvtap(), "link macvtap0 of kind macvtap", False),
        (macvtap(live=Known(None)), "no link", True),
        (macvtap(live=Known(Link("tap0", 9, kind="tun"))), "link tap0 of kind tun", True),
        (macvtap(elsewhere="macvtap0 stands on eth3"), "macvtap0 stands on eth3", True),
    ],
)
def test_emu_04_link(interface: VmInterface, observed: str, bad: bool) -> None:
    """It is there, is a macvtap, and stands where it is written."""
    finding = has_live_link(interface)
    assert finding.observed == observed
    assert violated(finding) is bad


@pytest.mark.parametrize(
    ("target", "wanted"),
    [(TAP.name, "a macvtap link macvtap0,"), (None, "a macvtap link its target device,")],
)
def test_emu_04_wants_the_link_that_is_named(target: str | None, wanted: str) -> None:
    """By its name where there is one."""
    assert has_live_link(macvtap(written={"target": target})).wanted.startswith(wanted)


READ = (Evidence("netlink/links.bin", "of the link"),)


def test_evidence_is_that_of_the_link() -> None:
    """EMU-01 and EMU-04 show what was read of it; without a link, where it was looked for."""
    there = macvtap(live=Known(replace(TAP, evidence=READ)))
    gone = macvtap(live=Known(None, READ))
    for interface in (there, gone):
        assert READ[0] in mode_is(interface, "passthrough").evidence
        assert READ[0] in has_live_link(interface).evidence


def release(version: str | None) -> Host:
    running = ({"dn": "sys/mgmt/fw-system", "version": version},) if version else None
    return stub.host(fabric=stub.fabric(firmwareRunning=running) if running else stub.fabric())


@pytest.mark.parametrize(
    ("version", "bad"), [("2.0(5c)", False), ("2.1(1a)", True), ("4.2(3b)", True), (None, True)]
)
def test_mtd_01(version: str | None, bad: bool) -> None:
    """Supported before 2.1 alone, and only where that is known."""
    finding = is_supported_by_release(macvtap(mode="private"), release(version), (2, 1))
    assert violated(finding) is bad
    assert ("--ucsm" in finding.remedy) is (version is None)
    assert ("is not known" in finding.observed) is (version is None)


@pytest.mark.parametrize(
    ("subject", "remedy"),
    [
        (Thing("plan"), "Plan SR-IOV with MacVTap passthrough"),
        (macvtap(live=Known(PRIVATE_TAP)), "The definition says passthrough already"),
        (
            macvtap(mode="private", written={"type": "network", "network": "net", "dev": None}),
            "In `virsh net-edit net`, write <forward mode='passthrough'>",
        ),
        (macvtap(mode="private"), "In `virsh edit web01`, at the interface eth2, write <interface"),
    ],
)
def test_mtd_01_remedy(subject: VmInterface | Thing, remedy: str) -> None:
    """By what is private: the plan, the live link, the network, the definition."""
    assert is_supported_by_release(subject, release("2.1(1a)"), (2, 1)).remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("functions", "ports", "bad"),
    [
        ((DYNAMIC, VF), 2, False),
        ((VF, replace(VF, address="0000:06:00.4")), 2, False),
        ((DYNAMIC,), 1, True),
        ((STATIC, LATER), 0, True),
        ((), 0, True),
    ],
)
def test_mtd_02(functions: tuple[PciFunction, ...], ports: int, bad: bool) -> None:
    """Two VMs, three interfaces: dynamic vNICs and VM-FEX VFs are ports, a static vNIC is none."""
    told = tuple(replace(f, evidence=READ) for f in functions)
    tree = Known(PciTree({f.address: f for f in told}), READ)
    finding = ports_suffice((macvtap(), macvtap(), macvtap(vm="db01")), stub.host(pci=tree))
    assert finding.observed == f"2 VMs (db01, web01), {ports} ports of the VIC for VMs"
    assert violated(finding) is bad
    assert READ[0] in finding.evidence


def test_live_macvtaps_on_a_function() -> None:
    """By the lower device, in the order of the dump; links of another kind, or on nothing that is
    listed, are none."""
    links = (
        Link("z0", 1, kind="macvtap", lower="eth2"),
        Link("a0", 2, kind="macvtap", lower="eth2"),
        Link("mv0", 3, kind="macvlan", lower="eth2"),
        Link("lost", 4, kind="macvtap"),
        Link("other", 5, kind="macvtap", lower="eth3"),
    )
    taps = macvtaps(Known({link.name: link for link in links}))
    assert macvtaps_on(macvtap(), taps) == ["z0", "a0"]
    assert taps.need().keys() == {"eth2", "eth3"}


def test_lower_device_of_an_unread_link() -> None:
    """EMU-01's remedy names a VF in general."""
    tap = macvtap(
        state="persistent", mode="vepa", written={"type": "ethernet", "dev": None}, live=UNREAD
    )
    assert "dev='VF'" in mode_is(tap, "passthrough").remedy
