"""Fabrics and port profiles that look well at first (rules FAB, PRF, CLU)."""

import pytest

from tests.rules.changes import edit, netlink, put
from tests.rules.table import REFERENCE, UNDETERMINED, VIOLATED, verdict
from tests.support.construct.netlink import PORT_PROFILE, attribute


def test_association_with_another_port_profile_is_none() -> None:
    """A VF that is associated with what the VM does not name is not associated for it."""
    names = [attribute(PORT_PROFILE, name.ljust(40, b"\0")) for name in (b"web", b"old")]
    host = REFERENCE.but(netlink("netlink/pf/eth0.bin", "eth0", *names))
    assert verdict(host, "PRF-04") == VIOLATED


@pytest.mark.parametrize("release", ["6.12.0-55.9.1.el10_0.x86_64", "6.14.0-63.fc42.x86_64"])
def test_silent_changelog_of_a_newer_kernel_tells_nothing(release: str) -> None:
    """A kernel that started from a source with the change need not name it in its changelog."""
    host = REFERENCE.but(
        edit("uname", "3.10.0-1160.el7.x86_64", release),
        edit("uname", "EDT 2020", "EDT 2025"),
        put("kernel-changelog", "* Mon Mar 10 2025\n- net: something else\n"),
    )
    assert verdict(host, "PRF-05") == UNDETERMINED


@pytest.mark.parametrize("model", ["UCS-FI-6454-U", "ucs-fi-6454", " UCS-FI-6454"])
def test_spelling_of_a_model_makes_no_other_model(model: str) -> None:
    """A 6454 is one however UCS Manager spells it."""
    old = '"A" model="UCS-FI-6332"'
    host = REFERENCE.but(edit("ucsm/networkElement.xml", old, f'"A" model="{model}"'))
    assert verdict(host, "FAB-01") == VIOLATED
    assert verdict(host, "FAB-02") == VIOLATED
