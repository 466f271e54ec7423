"""Assigned VFs, and whether the host can hand them over (rules HDV)."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks import stub
from tests.checks.interfaces import VF, macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.carrier import HOSTDEV, Carrier
from vmfex.checks.model.domain import Definition, Domain, Interface
from vmfex.checks.model.fact import Fact, Known, Missing, Unknown
from vmfex.checks.model.host import Kernel
from vmfex.checks.model.pci import CISCO, OTHER_VF, PciFunction, PciTree
from vmfex.checks.model.vm_interface import BARE_HOSTDEV, VmInterface
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.rules.handover import driver_is_there, groups_are_free
from vmfex.checks.rules.hostdev import (
    guest_has_driver,
    hypervisor_refuses,
    is_configured_through_pf,
    is_vf_of_vic,
    is_without_macvtap,
    need_not_migrate,
)
from vmfex.checks.rules.macvtap import Taps

MAC = "52:54:00:5c:a1:01"
COMPLIANT, VIOLATED, UNDETERMINED = Verdict.COMPLIANT, Verdict.VIOLATED, Verdict.UNDETERMINED
LATER = PciFunction("0000:06:00.2", CISCO, OTHER_VF)
STATIC = PciFunction("0000:06:00.0", CISCO, 0x0043)
ON_IT = Known({"eth2": [(0, "macvtap0")]})
NO_TAPS: Fact[Taps] = Known({})
HARMLESS = ("vfio-pci", "pcieport")


def hostdev(*functions: PciFunction, **changes: Any) -> VmInterface:
    """A running interface of type hostdev on a VF."""
    written = Interface("hostdev", mac=MAC, address=VF.address, managed=True)
    written = replace(written, **changes.pop("written", {}))
    good = replace(
        macvtap(*functions), carrier=Carrier.DEVICE, way=HOSTDEV, mode=None, written=written
    )
    return replace(good, **changes)


@pytest.mark.parametrize(
    ("way", "verdict", "observed"),
    [(HOSTDEV, COMPLIANT, "<interface type"), (BARE_HOSTDEV, VIOLATED, "a bare <hostdev>")],
)
def test_hdv_01(way: str, verdict: Verdict, observed: str) -> None:
    """A bare <hostdev> has no port profile."""
    finding = is_configured_through_pf(hostdev(way=way))
    assert finding.verdict is verdict
    assert finding.observed.startswith(observed)


@pytest.mark.parametrize(
    ("interface", "verdict"),
    [
        (hostdev(), COMPLIANT),
        (hostdev(functions=Known(())), VIOLATED),
        (hostdev(absent=("0000:09:00.1",)), VIOLATED),
        (hostdev(absent=("0000:09:00.1",), functions=Known(())), VIOLATED),
        (hostdev(STATIC), VIOLATED),
        (hostdev(LATER), VIOLATED),
        (hostdev(VF, LATER), VIOLATED),
    ],
)
def test_hdv_02(interface: VmInterface, verdict: Verdict) -> None:
    """Every function that it may be given is a VM-FEX VF, and none is missing."""
    finding = is_vf_of_vic(interface)
    assert finding.verdict is verdict
    assert (VF.address in finding.observed) is (VF in interface.functions.need())


def test_hdv_02_on_nothing() -> None:
    """It stands on nothing at all."""
    assert is_vf_of_vic(hostdev(functions=Known(()))).observed == "no PCI function"


@pytest.mark.parametrize(
    ("model", "running", "tapped", "observed"),
    [
        (None, True, False, "neither VirtIO nor macvtap"),
        ("e1000", True, False, "neither VirtIO nor macvtap"),
        ("virtio", True, False, "model virtio"),
        (None, True, True, "macvtap link macvtap0 on it"),
        ("virtio", True, True, "model virtio, macvtap link macvtap0 on it"),
        (None, False, True, "neither VirtIO nor macvtap"),
        ("virtio", False, True, "model virtio"),
    ],
)
def test_hdv_03(model: str | None, running: bool, tapped: bool, observed: str) -> None:
    """A VirtIO model that somebody wrote, and a live macvtap on the VF of a VM that runs."""
    definition = Definition("running" if running else "persistent", "kvm")
    interface = hostdev(written={"model": model}, definition=definition)
    finding = is_without_macvtap(interface, ON_IT if tapped else NO_TAPS)
    assert finding.observed == observed
    assert (finding.verdict is COMPLIANT) is (observed == "neither VirtIO nor macvtap")
    assert ("<model type='virtio'/> out" in finding.remedy) is (model == "virtio")
    assert ("ip link delete macvtap0" in finding.remedy) is (tapped and running)


@pytest.mark.parametrize(
    ("written", "kept", "verdict"),
    [
        ({"network": "pool"}, (), COMPLIANT),
        ({}, (Interface("network", mac=MAC),), COMPLIANT),
        ({}, (Interface("hostdev", mac=MAC),), VIOLATED),
        ({}, (Interface("network", mac="52:54:00:5c:a1:02"),), VIOLATED),
        ({"mac": None}, (Interface("network"),), VIOLATED),
    ],
)
def test_hdv_03_model_that_libvirt_added(
    written: dict[str, Any], kept: tuple[Interface, ...], verdict: Verdict
) -> None:
    """libvirt adds one to an interface of type `network`, found by its MAC address in the
    definition that is kept."""
    running = Definition("running", "kvm", (Interface("network", mac=MAC),))
    persistent = Definition("persistent", "kvm", kept)
    interface = hostdev(
        written={"model": "virtio"} | written,
        domain=Domain("web01", "web01", (running, persistent)),
    )
    assert is_without_macvtap(interface, NO_TAPS).verdict is verdict


@pytest.mark.parametrize(("must", "verdict"), [(True, VIOLATED), (False, COMPLIANT)])
def test_hdv_04(must: bool, verdict: Verdict) -> None:
    """By the plan."""
    finding = need_not_migrate(hostdev(), must)
    assert finding.verdict is verdict
    assert finding.observed.endswith(f"the VM {'must' if must else 'need not'} live-migrate")


@pytest.mark.parametrize(
    ("drivers", "verdict", "observed"),
    [
        ({MAC: "enic"}, COMPLIANT, f"driver enic on {MAC}"),
        ({MAC: "e1000"}, VIOLATED, f"driver e1000 on {MAC}"),
        ({}, VIOLATED, f"no driver on a device with {MAC}"),
    ],
)
def test_hdv_05(drivers: dict[str, str], verdict: Verdict, observed: str) -> None:
    """By the guest's own capture."""
    host = stub.host(guest_drivers=lambda uuid: Known(drivers))
    finding = guest_has_driver(hostdev(written={"mac": MAC.upper()}), "enic", host)
    assert finding.verdict is verdict
    assert finding.observed == observed


def test_hdv_05_untold() -> None:
    """No capture, or no MAC address to look for."""
    host = stub.host(guest_drivers=lambda uuid: UNREAD)
    assert guest_has_driver(hostdev(), "enic", host).verdict is UNDETERMINED
    told = stub.host(guest_drivers=lambda uuid: Known({}))
    with pytest.raises(Missing):
        guest_has_driver(hostdev(written={"mac": None}), "enic", told)


@pytest.mark.parametrize(
    ("said", "verdict", "observed"),
    [
        ("cannot migrate a domain with hostdev", COMPLIANT, "refused: cannot migrate"),
        ("domain has assigned non-USB host devices", COMPLIANT, "refused: domain has assigned"),
        ("no space left on device", UNDETERMINED, "the attempt failed for another reason"),
        ("", VIOLATED, "the hypervisor would migrate it"),
    ],
)
def test_hdv_06(said: str, verdict: Verdict, observed: str) -> None:
    """libvirt's words for a refusal, and any other error."""
    host = stub.host(migration_answer=lambda uuid: Known(said))
    finding = hypervisor_refuses(hostdev().domain, host)
    assert finding.verdict is verdict
    assert finding.observed.startswith(observed)


def kernel(release: str) -> Known[Kernel]:
    return Known(Kernel(release, "x86_64", None))


@pytest.mark.parametrize(
    ("release", "driver", "state", "verdict", "observed"),
    [
        ("2.6.32-431.el6", None, None, COMPLIANT, "older than VFIO"),
        ("3.5.7", None, None, COMPLIANT, "older than VFIO"),
        ("3.6.0", None, None, VIOLATED, "no vfio-pci driver"),
        ("3.6-trunk-amd64", None, None, VIOLATED, "no vfio-pci driver"),
        ("3.10.0", None, "loaded", COMPLIANT, "vfio-pci is loaded"),
        ("3.10.0", "vfio-pci", None, COMPLIANT, f"vfio-pci has {VF.address}"),
        ("3.10.0", "enic", None, VIOLATED, "no vfio-pci driver"),
    ],
)
def test_hdv_07_driver(
    release: str, driver: str | None, state: str | None, verdict: Verdict, observed: str
) -> None:
    """VFIO came with Linux 3.6; a function that it has shows it, else the module."""
    tree = PciTree({VF.address: replace(VF, driver=driver)})
    host = stub.host(kernel=kernel(release), pci=Known(tree), vfio_driver=Known(state))
    finding = driver_is_there(host)
    assert finding.verdict is verdict
    assert observed in finding.observed


def test_hdv_07_driver_without_the_functions() -> None:
    """The module alone tells."""
    host = stub.host(kernel=kernel("3.10.0"), pci=UNREAD, vfio_driver=Known("loaded"))
    assert driver_is_there(host).verdict is COMPLIANT


ROOT = "0000:00:03.0"
MINE = replace(VF, iommu_group="7", upstream=(ROOT,), driver="enic")


def beside(number: int = 5, **changes: Any) -> PciFunction:
    """Another function in the group, which enic has."""
    other = replace(MINE, address=f"0000:06:00.{number}", netdevs=("eth9",))
    return replace(other, **changes)


def groups(
    *others: PciFunction,
    mine: PciFunction = MINE,
    beside: tuple[VmInterface, ...] = (),
    release: str = "3.10.0",
) -> list[Finding]:
    interface = hostdev(mine)
    tree = PciTree({f.address: f for f in (mine, *others)})
    host = stub.host(kernel=kernel(release), pci=Known(tree))
    return groups_are_free((interface, *beside), host, HARMLESS)


BRIDGE = PciFunction(ROOT, 0x8086, 0x3C08, iommu_group="7", driver="bridge-driver")
VIC_PORT = PciFunction("0000:04:01.0", CISCO, 0x0041, iommu_group="7", driver="bridge-driver")


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (beside(), VIOLATED),
        (beside(iommu_group="8"), COMPLIANT),
        (beside(driver="vfio-pci"), COMPLIANT),
        (beside(driver=None), VIOLATED),
        (beside(driver=None, netdevs=()), COMPLIANT),
        (BRIDGE, COMPLIANT),
        (VIC_PORT, COMPLIANT),
        (replace(VIC_PORT, vendor=0x8086), VIOLATED),
        (replace(VIC_PORT, upstream=(ROOT,), iommu_group=None), COMPLIANT),
        (beside(iommu_group=None), UNDETERMINED),
        (beside(iommu_group=None, upstream=("0000:00:04.0",)), COMPLIANT),
    ],
)
def test_hdv_07_what_else_is_in_the_group(other: PciFunction, verdict: Verdict) -> None:
    """A function that a driver of the host holds, bridges aside; one beside it of which no group
    was told may be in it."""
    [finding] = groups(other)
    assert finding.verdict is verdict
    assert (other.address in finding.observed) is (verdict is not COMPLIANT)


def test_hdv_07_group_that_is_not_told() -> None:
    """Of the function itself; before VFIO there are none."""
    untold = replace(MINE, iommu_group=None, upstream=())
    [finding] = groups(mine=untold)
    assert finding.verdict is UNDETERMINED
    assert MINE.address in finding.observed
    for release, verdict in (("3.5.7", COMPLIANT), ("3.6-trunk-amd64", UNDETERMINED)):
        [finding] = groups(mine=untold, release=release)
        assert finding.verdict is verdict, release


def going(changes: dict[str, Any]) -> VmInterface:
    """An interface that is handed the other function of the group."""
    return hostdev(beside(), **changes)


OTHER_VM = Domain("db01", "db01", (Definition("running", "kvm"),))


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, COMPLIANT),
        ({"domain": OTHER_VM}, VIOLATED),
        ({"pooled": True}, VIOLATED),
        ({"written": {"managed": False}}, VIOLATED),
    ],
)
def test_hdv_07_what_goes_to_the_same_vm(changes: dict[str, Any], verdict: Verdict) -> None:
    """libvirt detaches both from the host before the VM starts, where it is to manage them."""
    first, *_ = groups(beside(), beside=(going(changes),))
    assert first.verdict is verdict


def test_hdv_07_interface_on_unread_functions() -> None:
    """It is undetermined, beside those that are known; each function is judged once."""
    found = groups(beside=(hostdev(functions=UNREAD), hostdev(MINE)))
    assert [finding.verdict for finding in found] == [COMPLIANT, UNDETERMINED]


def test_hdv_06_unasked() -> None:
    """What would tell is said: by the evidence itself, else by a lab."""
    for remedy, said in (("Ask it so.", "Ask it so."), ("", "Only a lab asks")):
        unread = Unknown("nobody asked", (), remedy)
        with pytest.raises(Missing) as missing:
            hypervisor_refuses(hostdev().domain, stub.host(migration_answer=lambda _, u=unread: u))
        assert said in missing.value.unknown.remedy


def test_hdv_07_bridge_of_which_no_group_is_told() -> None:
    """Handed over itself, it is as unknown as any other function."""
    [finding] = groups(mine=replace(VIC_PORT, iommu_group=None))
    assert finding.verdict is UNDETERMINED
    assert VIC_PORT.address in finding.observed


def test_hdv_07_words() -> None:
    """Who holds another function of the group, and for which VM it matters first."""
    [finding] = groups(beside(driver=None))
    assert "0000:06:00.5 (with a network device)" in finding.observed
    [good] = groups()
    assert good.observed == "IOMMU group 7: nothing else is held"
    [finding] = groups(beside(), beside=(hostdev(MINE, domain=OTHER_VM),))
    assert "0000:06:00.5 (enic)" in finding.observed
    assert "virsh nodedev-detach pci_0000_06_00_5" in finding.remedy
    assert "which web01 is given" in finding.remedy
