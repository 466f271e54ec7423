"""Hosts that look as if they could run VM-FEX, and cannot, or were not read (rules HST)."""

import pytest

from tests.rules.changes import APP02, edit, unreadable
from tests.rules.table import COMPLIANT, PRIVATE, REFERENCE, UNDETERMINED, verdict


def test_unread_domain_may_need_the_iommu() -> None:
    """A host with a VM on MacVTap direct and another that nobody could read may need SR-IOV."""
    assert verdict(PRIVATE.but(unreadable(APP02)), "HST-06") == UNDETERMINED


@pytest.mark.parametrize("uri", ["qemu:///session", "qemu+ssh://root@other.example/system"])
def test_another_daemon_is_not_this_hosts_libvirtd(uri: str) -> None:
    """A user's own daemon, or another machine's, says nothing about libvirtd on this host."""
    host = REFERENCE.but(edit("libvirt/connection.json", "qemu:///system", uri))
    assert verdict(host, "HST-05") == UNDETERMINED


@pytest.mark.parametrize(
    "uri", ["qemu+unix:///system?socket=/run/libvirt/sock-ro", "qemu+tcp://localhost/system"]
)
def test_this_hosts_libvirtd_is_known_by_any_way_to_it(uri: str) -> None:
    """The transport and its parameters make no other daemon."""
    host = REFERENCE.but(edit("libvirt/connection.json", "qemu:///system", uri))
    assert verdict(host, "HST-05") == COMPLIANT


@pytest.mark.parametrize(
    ("old", "new"), [('"QEMU"', '"Test"'), ("qemu:///system", "qemu+ssh://blade-2/system")]
)
def test_another_libvirt_says_nothing_of_kvm_here(old: str, new: str) -> None:
    """Neither the test driver nor another machine's daemon knows what this host offers."""
    host = REFERENCE.but(edit("libvirt/connection.json", old, new))
    assert verdict(host, "HST-04") == UNDETERMINED
