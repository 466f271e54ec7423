"""Which kernels take a port profile's name as libvirt sends it (rule PRF-05)."""

import pytest

from tests.checks.stub import UNREAD, host
from vmfex.checks.model.fact import Known
from vmfex.checks.model.host import Host, Kernel, KernelChangelog
from vmfex.checks.rules.port_profile_length import takes_profile_name

SILENT = "- net: fix something else\n"
NAMES_FIX = "- enic: Validate length of nl attributes in enic_set_vf_port (CVE-2024-38659)\n"
DEBIAN, RHEL_8 = "6.1.0-37-amd64", "4.18.0-553.8.1.el8_10.x86_64"


def with_kernel(release: str, built: tuple[int, int] | None, changelog: str | None) -> Host:
    told = UNREAD if changelog is None else Known(KernelChangelog(changelog, (2023, 1)))
    return host(
        kernel=Known(Kernel(release, "x86_64", built)), kernel_changelog=told, release=UNREAD
    )


@pytest.mark.parametrize(
    ("release", "built", "changelog", "verdict"),
    [
        (RHEL_8, (2024, 4), None, "compliant"),
        (RHEL_8, (2024, 4), NAMES_FIX, "compliant"),  # nothing in the changelog can be younger
        (RHEL_8, (2024, 5), None, "undetermined"),
        (RHEL_8, (2024, 5), SILENT, "compliant"),
        (RHEL_8, (2024, 5), NAMES_FIX, "violated"),
        (RHEL_8, (2024, 9), "- CVE-2024-38659\n", "violated"),
        (RHEL_8, None, SILENT, "compliant"),
        (RHEL_8, None, None, "undetermined"),
        (DEBIAN, (2025, 5), NAMES_FIX, "violated"),
        (DEBIAN, (2025, 5), SILENT, "compliant"),
        ("6.1.175", (2026, 1), None, "undetermined"),
        ("6.1.175", (2026, 1), SILENT, "compliant"),
        ("6.1.176", (2026, 1), None, "violated"),
        ("6.1.176", (2026, 1), SILENT, "violated"),
        ("6.1.200-1-custom", None, None, "violated"),
        ("6.12.106", (2026, 1), None, "undetermined"),
        ("6.12.107", (2026, 1), None, "violated"),
        ("6.9.0", (2024, 6), SILENT, "compliant"),
        ("6.10.0", (2024, 7), SILENT, "undetermined"),
        ("6.12.0-55.el10.x86_64", (2025, 3), SILENT, "undetermined"),
        ("6.12.0-55.el10.x86_64", (2025, 3), NAMES_FIX, "violated"),
        ("7.0.1", None, SILENT, "undetermined"),
    ],
)
def test_kernel(
    release: str, built: tuple[int, int] | None, changelog: str | None, verdict: str
) -> None:
    """By the build date, by the versions that were read, by the changelog, in this order."""
    finding = takes_profile_name(with_kernel(release, built, changelog))
    assert finding.verdict == verdict, finding.observed


def test_finding_says_that_nobody_tried() -> None:
    """It was read from sources and never run: whoever reads the finding learns that."""
    finding = takes_profile_name(with_kernel("6.1.176", None, None))
    assert "never tested on a VIC" in finding.observed
