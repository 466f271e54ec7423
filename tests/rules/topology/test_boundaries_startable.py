"""What libvirt starts, and from where on it refuses (rules TOP-05, TOP-08, HDV-03, HDV-07)."""

import pytest

from tests.rules.changes import DB01, added_device, edit, function, link, put, remove
from tests.rules.table import COMPLIANT, REFERENCE, UNDETERMINED, VIOLATED, verdict
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
