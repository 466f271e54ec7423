"""What tests of every room share."""

from tests.support.libvirtd import libvirtd, libvirtd_cache

__all__ = ["libvirtd", "libvirtd_cache"]
