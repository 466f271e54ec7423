"""TOP-08: how many PCI devices of the host a VM may have."""

import pytest

from tests.checks.interfaces import macvtap
from tests.checks.stub import host
from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.domain import Definition, Domain
from vmfex.checks.model.fact import Known
from vmfex.checks.model.host import Release
from vmfex.checks.rules.assigned_devices import are_allowed

RHEL = host(release=Known(Release("Red Hat Enterprise Linux", (6, 4), "RHEL 6.4")))
PCI, USB = "PCI device 0000:03:00.0", "USB device 0951:1625"


def verdict_of(assigned: tuple[str, ...], interfaces: int = 0) -> str:
    """Of a VM that may have two."""
    definition = Definition("running", "kvm", assigned=assigned)
    domain = Domain("web01", "u", (definition,))
    its = [macvtap(carrier=Carrier.DEVICE) for _ in range(interfaces)]
    return are_allowed(domain, its, RHEL, {6: 2}).verdict


@pytest.mark.parametrize(
    ("assigned", "interfaces", "verdict"),
    [
        ((PCI,) * 2, 0, "compliant"),
        ((PCI,) * 3, 0, "violated"),
        ((PCI, PCI, USB), 0, "compliant"),
        ((USB,) * 3, 0, "compliant"),
        ((), 3, "violated"),
        ((PCI,) * 2, 2, "compliant"),
    ],
)
def test_what_counts(assigned: tuple[str, ...], interfaces: int, verdict: str) -> None:
    """PCI devices, however they are written; an interface may be one of them."""
    assert verdict_of(assigned, interfaces) == verdict
