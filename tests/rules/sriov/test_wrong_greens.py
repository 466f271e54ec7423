"""VFs that look as if they were there, free or enough (rules SRV)."""

from tests.rules.changes import APP02, WEB01, edit, unreadable
from tests.rules.table import (
    COMPLIANT,
    NOT_APPLICABLE,
    PRIVATE,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    verdict,
)
from vmfex.checks.model.plan import Plan, Topology

PERSISTENT = f"{WEB01}/persistent.xml"


def test_unknown_functions_of_a_vmfex_interface_may_be_any_vf() -> None:
    """A virtual port on a device that cannot be resolved may be the VF of another VM."""
    host = REFERENCE.but(edit(PERSISTENT, "'eth2'", "'eth2.100'"), unreadable("netlink"))
    for rule in ("SRV-04", "SRV-06", "SRV-02", "EMU-02"):
        assert verdict(host, rule) == UNDETERMINED, rule


def test_vm_out_of_scope_takes_its_vfs_all_the_same() -> None:
    """8 VFs, one of them a VM's that is out of scope, serve 7 VM interfaces and not 8."""
    for planned, expected in ((7, COMPLIANT), (8, VIOLATED)):
        plan = Plan({Topology.EMULATION: planned}, out_of_scope=("db01",))
        assert verdict(REFERENCE.but(plan=plan), "SRV-05") == expected


def test_private_interface_on_a_missing_device_asks_for_no_vf() -> None:
    """MacVTap direct has no VFs: what is missing there is TOP-02's."""
    gone = PRIVATE.but(edit(f"{APP02}/persistent.xml", "dev='eth", "dev='none"))
    assert verdict(gone, "SRV-02") == NOT_APPLICABLE
    assert verdict(gone, "TOP-02") == VIOLATED


def test_network_of_an_odd_forward_mode_hands_out_what_nobody_knows() -> None:
    """Its VFs are no VM's by any pool: who has them is not told, and nothing breaks. libvirt's
    modes for pools are bridge, private, vepa, passthrough and hostdev (formatnetwork)."""
    pool = "libvirt/networks/5ca1ab1e-0000-4000-8000-000000000200.xml"
    odd = REFERENCE.but(edit(pool, "mode='", "m0de='"))
    assert verdict(odd, "SRV-04") == UNDETERMINED
