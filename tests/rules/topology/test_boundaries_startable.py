"""What libvirt starts, and from where on it refuses (rules TOP-05, TOP-08, HDV-03, HDV-07)."""

import pytest

from tests.rules.changes import DB01, WEB01, WEB02, added_device, edit, function, link, put, remove
from tests.rules.table import COMPLIANT, REFERENCE, UNDETERMINED, VIOLATED, Change, Host, verdict
from tests.rules.topology.macvtap_direct_rows import CARD
from tests.support.construct.hosts import POOL
from vmfex.checks.result.verdict import Verdict

PERSISTENT, RUNNING = f"{DB01}/persistent.xml", f"{DB01}/running.xml"
DRIVER = f"{function('07:00.1')}/driver"
ENIC = "../../../../../../../bus/pci/drivers/enic"
NETWORK = f"libvirt/networks/{POOL}.xml"
UNMANAGED = edit(PERSISTENT, "managed='yes'", "managed='no'")


def test_unmanaged_function_that_was_detached_by_hand() -> None:
    """libvirt starts a VM with managed='no' on what vfio-pci has; not on what enic has."""
    assert verdict(REFERENCE.but(UNMANAGED), "TOP-05") == COMPLIANT
    assert verdict(REFERENCE.but(UNMANAGED, link(DRIVER, ENIC)), "TOP-05") == VIOLATED
    assert verdict(REFERENCE.but(UNMANAGED, remove(DRIVER)), "TOP-05") == COMPLIANT


@pytest.mark.parametrize(("cards", "expected"), [(31, COMPLIANT), (32, VIOLATED)])
def test_devices_on_rhel_7(cards: int, expected: Verdict) -> None:
    """Red Hat's figure is 32, the VF among them."""
    host = REFERENCE.but(added_device(PERSISTENT, CARD * cards))
    assert verdict(host, "TOP-08") == expected


def test_release_without_a_figure() -> None:
    """Of RHEL 8 no figure is known."""
    host = REFERENCE.but(
        edit("etc/redhat-release", "7.9", "8.4"), edit("etc/os-release", "7.9", "8.4")
    )
    assert verdict(host, "TOP-08") == UNDETERMINED


def test_vf_beside_others_that_no_host_driver_has() -> None:
    """A group may be shared with functions that vfio-pci or no driver has."""
    other = function("07:00.2")
    group = link(f"{other}/iommu_group", "../../../../../../../kernel/iommu_groups/12")
    alone = remove(f"{other}/driver", f"{other}/net")
    assert verdict(REFERENCE.but(group), "HDV-07") == VIOLATED
    assert verdict(REFERENCE.but(group, alone), "HDV-07") == COMPLIANT


@pytest.mark.parametrize(("said", "expected"), [("YES", COMPLIANT), ("no", VIOLATED)])
def test_managed_network_in_any_case(said: str, expected: Verdict) -> None:
    """libvirt reads a network's `managed` without regard to case (virNetworkForwardDefParseXML)."""
    pool = f"<forward mode='hostdev' managed='{said}'><pf dev='eth0'/></forward>"
    port = "<virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport>"
    host = REFERENCE.but(
        put(NETWORK, f"<network><name>vmfex-pool</name>{pool}{port}</network>"),
    )
    assert verdict(host, "TOP-05") == expected


BANDWIDTH = "<bandwidth><inbound average='1000'/></bandwidth>"
QUEUES = "<driver name='vhost' queues='{}'/>"
ISOLATED = "<port isolated='yes'/>"
TAP = "<backend tap='/dev/mytap'/>"
HOSTDEV_POOL = (
    "<network><name>vmfex-pool</name><forward mode='hostdev' managed='yes'><pf dev='eth0'/>"
    "</forward><virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport></network>"
)


def on_libvirt_9(*changes: Change) -> Host:
    """The reference host, with the libvirt that the refusals were read in."""
    version = edit("libvirt/connection.json", '"version": 4005000', '"version": 9000000')
    return REFERENCE.but(version, *changes)


def with_option(domain: str, option: str) -> Change:
    """An element of the domain's interface on VirtIO, in its persistent definition."""
    model = "<model type='virtio'/>"
    return edit(f"{domain}/persistent.xml", model, f"{model}{option}")


@pytest.mark.parametrize(
    ("option", "on_macvtap", "on_hostdev"),
    [
        (BANDWIDTH, COMPLIANT, VIOLATED),
        ("<bandwidth/>", COMPLIANT, COMPLIANT),
        (QUEUES.format(4), COMPLIANT, VIOLATED),
        (QUEUES.format(1), COMPLIANT, COMPLIANT),
        (ISOLATED, VIOLATED, VIOLATED),
        ("<port isolated='no'/>", COMPLIANT, COMPLIANT),
        (TAP, VIOLATED, VIOLATED),
    ],
)
def test_options_that_libvirt_starts_in_some_ways_alone(
    option: str, on_macvtap: Verdict, on_hostdev: Verdict
) -> None:
    """What web02 may have on a bridge, or on macvtap, is refused when its network gives it macvtap
    or a VF. Of a libvirt older than the one that was read nobody knows."""
    written = with_option(WEB02, option)
    pool = put(NETWORK, HOSTDEV_POOL)
    assert verdict(on_libvirt_9(written), "TOP-05") == on_macvtap
    assert verdict(on_libvirt_9(written, pool), "TOP-05") == on_hostdev
    older = COMPLIANT if on_hostdev is COMPLIANT else UNDETERMINED
    assert verdict(REFERENCE.but(written, pool), "TOP-05") == older


def test_options_of_an_interface_that_names_its_device() -> None:
    """The same where no network is between; the remedy names the VM and the element."""
    tap = on_libvirt_9(with_option(WEB01, TAP))
    assert verdict(tap, "TOP-05") == VIOLATED
    [found] = [f for f in tap.judged().findings["TOP-05"] if f.verdict is VIOLATED]
    assert "virsh edit web01" in found.remedy
    assert "tap in <backend>" in found.remedy
    driver = "<driver name='vfio'/>"
    limited = edit(PERSISTENT, driver, f"{driver}{BANDWIDTH}")
    assert verdict(on_libvirt_9(limited), "TOP-05") == VIOLATED


def test_network_that_isolates_its_ports() -> None:
    """Its word counts where the interface has none of its own."""
    isolating = edit(NETWORK, "</network>", f"{ISOLATED}</network>")
    own = with_option(WEB02, "<port isolated='no'/>")
    assert verdict(on_libvirt_9(isolating), "TOP-05") == VIOLATED
    assert verdict(on_libvirt_9(isolating, own), "TOP-05") == COMPLIANT


def test_unknown_refusal_hides_no_known_one() -> None:
    """On an old libvirt a tap of its own is not known to be refused; a VLAN beside 802.1Qbh is."""
    host = REFERENCE.but(with_option(WEB02, f"<vlan><tag id='4'/></vlan>{TAP}"))
    assert verdict(host, "TOP-05") == VIOLATED


@pytest.mark.parametrize(
    ("libvirt", "expected"), [(5_006_000, UNDETERMINED), (5_007_000, VIOLATED)]
)
def test_kvm_s_own_assignment_where_the_kernel_may_have_it(libvirt: int, expected: Verdict) -> None:
    """libvirt's NEWS: 5.7.0 has no support for it, whatever the kernel."""
    host = REFERENCE.but(
        edit("etc/redhat-release", "Red Hat Enterprise Linux Server", "Other Linux"),
        edit("etc/os-release", 'ID="rhel"', 'ID="other"'),
        edit("libvirt/connection.json", "4005000", str(libvirt)),
        edit(PERSISTENT, "name='vfio'", "name='kvm'"),
    )
    assert verdict(host, "TOP-05") == expected
