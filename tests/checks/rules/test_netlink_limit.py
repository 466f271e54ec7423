"""How many VFs a PF's Netlink messages carry: sums done by hand."""

import pytest

from tests.checks.stub import measured_host, pf
from vmfex.checks.model.fact import Unknown
from vmfex.checks.model.link import PfReply, PortState
from vmfex.checks.rules.netlink_limit import Measurement, measure, stays_within

# A PF's message: 428 bytes, 8 for IFLA_NUM_VF, 568 for IFLA_AF_SPEC from RHEL 6.5 on, 4 for the
# header of the list; each VF with name and UUIDs takes 112 bytes, with its name alone 72.
BARE, AF_SPEC = 428 + 8, 568
OLD_64, OLD_65, FIXED = (f"2.6.32-{b}.el6.x86_64" for b in ("358", "431", "431.20.1"))
LIBVIRT_010, LIBVIRT_1 = 10002, 1001001
PORTS = {0: PortState(0, "web", "PORT_PROFILE_RESPONSE_SUCCESS")}


def reply(base: int, entries: int, per_vf: int = 112) -> PfReply:
    vf_bytes = entries * per_vf
    ports = PORTS if entries else {}
    return PfReply(base + (4 if entries else 0) + vf_bytes, entries, vf_bytes, ports)


@pytest.mark.parametrize(
    ("kernel", "libvirt", "base", "per_vf", "carries", "limit"),
    [
        (OLD_64, LIBVIRT_010, BARE, 112, True, 29),  # (3712 - 436 - 4) / 112 = 29.2
        (OLD_64, LIBVIRT_010, BARE, 72, True, 45),  # (3712 - 436 - 4) / 72 = 45.4
        (OLD_65, LIBVIRT_010, BARE + AF_SPEC, 112, True, 24),  # (3712 - 1004 - 4) / 112 = 24.1
        (OLD_65, LIBVIRT_010, BARE + AF_SPEC, 72, True, 37),  # (3712 - 1004 - 4) / 72 = 37.6
        (OLD_65, LIBVIRT_1, BARE + AF_SPEC, 112, True, 24),  # the kernel's dump stays small
        (FIXED, LIBVIRT_010, BARE, 112, False, 32),  # (4096 - 436 - 4) / 112 = 32.6
        (FIXED, LIBVIRT_010, BARE + AF_SPEC, 112, False, 27),  # (4096 - 1004 - 4) / 112 = 27.6
        (FIXED, LIBVIRT_1, BARE, 112, False, 581),  # (65535 - 436 - 4) / 112 = 581.2
    ],
)
def test_limit(
    kernel: str, libvirt: int, base: int, per_vf: int, carries: bool, limit: int
) -> None:
    """Each case of kernel and libvirt has the limit that follows from its buffer."""
    host = measured_host(kernel, libvirt, reply(base, 3, per_vf), dump_carries=carries)
    measured = measure(pf(8), host)
    assert isinstance(measured, Measurement)
    assert measured.limit == limit
    assert measured.per_vf == per_vf


@pytest.mark.parametrize(
    ("kernel", "buffer"),
    [
        ("2.6.32-279.el6.x86_64", 3712),
        ("2.6.32-431.el6.x86_64", 3712),
        ("2.6.32-431.20.el6.x86_64", 3712),
        ("2.6.32-431.20.1.el6.x86_64", 65535),
        ("2.6.32-504.el6.x86_64", 65535),
        ("3.15.0", 65535),
        ("4.18.0-372.9.1.el8.x86_64", 65535),
    ],
)
def test_kernel_version_decides_where_the_dump_tells_nothing(kernel: str, buffer: int) -> None:
    """Without an associated VF to look for, the kernel's version says what a dump carries."""
    host = measured_host(kernel, LIBVIRT_1, reply(BARE, 0), dump_carries=None)
    measured = measure(pf(8), host)
    assert isinstance(measured, Measurement)
    assert measured.buffer == buffer


@pytest.mark.parametrize("kernel", ["3.14.9", "3.10.0-123.el7.x86_64", "2.6.39"])
def test_kernel_that_nobody_looked_into_gives_no_limit(kernel: str) -> None:
    """A kernel in between, of which neither source nor dump tells: not measured."""
    host = measured_host(kernel, LIBVIRT_1, reply(BARE, 0), dump_carries=False)
    assert isinstance(measure(pf(8), host), Unknown)


def test_dump_says_more_than_the_version() -> None:
    """A dump with VF ports counts on a kernel that should not have them, and one without."""
    new, old = "4.18.0-372.el8.x86_64", "2.6.32-358.el6.x86_64"
    carries = measure(pf(8), measured_host(new, LIBVIRT_1, reply(BARE, 1), dump_carries=True))
    without = measure(pf(8), measured_host(old, LIBVIRT_1, reply(BARE, 1), dump_carries=False))
    assert isinstance(carries, Measurement)
    assert isinstance(without, Measurement)
    assert (carries.buffer, without.buffer) == (3712, 65535)


def test_bytes_per_vf_are_rounded_up() -> None:
    """VFs of different sizes: the mean, and never less."""
    mixed = PfReply(BARE + 4 + 112 + 72 + 72, 3, 112 + 72 + 72, PORTS)
    measured = measure(pf(8), measured_host(FIXED, LIBVIRT_1, mixed, dump_carries=False))
    assert isinstance(measured, Measurement)
    assert measured.per_vf == 86


def test_other_driver_without_vfs_in_its_reply_is_not_measured() -> None:
    """What a VF takes is known for enic alone."""
    host = measured_host(FIXED, LIBVIRT_1, reply(BARE, 0), dump_carries=False)
    assert isinstance(measure(pf(8, driver="vfio-pci"), host), Unknown)


def test_unknown_libvirt_version_is_no_measurement() -> None:
    """The reader's buffer is libvirt's: without its version there is no limit."""
    host = measured_host(FIXED, None, reply(BARE, 3), dump_carries=False)
    assert isinstance(measure(pf(8), host), Unknown)
    assert stays_within(pf(23), host, 22, 32).verdict == "undetermined"


@pytest.mark.parametrize(
    ("vfs", "verdict"), [(0, "compliant"), (22, "compliant"), (24, "compliant"), (25, "violated")]
)
def test_limit_is_inclusive(vfs: int, verdict: str) -> None:
    """As many VFs as the limit fit."""
    old = measured_host(OLD_65, LIBVIRT_010, reply(BARE + AF_SPEC, 1), dump_carries=True)
    assert stays_within(pf(vfs), old, 22, 32).verdict == verdict


def test_measured_limit_below_22_is_shown_but_the_guide_counts() -> None:
    """Up to 22 VFs are compliant by the guide; a smaller limit shows as head-room."""
    small = measured_host(OLD_65, LIBVIRT_010, reply(2000, 1), dump_carries=True)
    finding = stays_within(pf(22), small, 22, 32)
    assert finding.verdict == "compliant"
    assert "head-room -7" in finding.observed  # (3712 - 2004 - 4) / 112 = 15.2
