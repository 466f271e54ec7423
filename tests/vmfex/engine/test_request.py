"""What a user wants certified is checked before any host is read."""

import pytest

from vmfex.engine.request import Sources
from vmfex.errors import UsageError


@pytest.mark.parametrize(
    "uri",
    ["foo:///system", "qemu", "", "/run/libvirt/libvirt-sock", "xen:///", "qemu+ext://h/system"],
)
def test_libvirt_that_cannot_be_asked(uri: str) -> None:
    """A URI of no driver that is supported is the user's mistake, and no finding about the host."""
    with pytest.raises(UsageError, match=r"^--libvirt-uri: "):
        Sources(uri)


@pytest.mark.parametrize("uri", ["qemu:///system", "qemu:///session", "test:///default"])
def test_libvirt_that_can_be_asked(uri: str) -> None:
    """QEMU's driver and libvirt's own test driver, here or elsewhere."""
    assert Sources(uri).libvirt_uri == uri
