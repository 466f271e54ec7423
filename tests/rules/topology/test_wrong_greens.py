"""VMs whose topology looks well at first (rules TOP, MTD, EMU, HDV)."""

from tests.rules.changes import (
    APP02,
    DB01,
    WEB01,
    WEB02,
    added_device,
    edit,
    function,
    put,
    remove,
    without_addresses,
)
from tests.rules.table import COMPLIANT, PRIVATE, REFERENCE, UNDETERMINED, VIOLATED, verdict
from tests.support.construct.hosts import POOL
from vmfex.checks.model.plan import Plan

PERSISTENT = f"{WEB01}/persistent.xml"
NETWORK = f"libvirt/networks/{POOL}.xml"


def test_pool_of_a_pf_without_vfs_is_still_on_the_vic() -> None:
    """A network that hands out the VFs of a PF that has none does not take its VMs off VM-FEX."""
    vfs = [remove(f"{function('07:00.0')}/virtfn{n}") for n in range(4)]
    pool = "<network><name>vmfex-pool</name><forward mode='hostdev'><pf dev='eth1'/></forward>"
    host = REFERENCE.but(*vfs, put(NETWORK, f"{pool}</network>"))
    assert verdict(host, "HDV-02") == VIOLATED
    assert verdict(host, "PRF-01") == VIOLATED


def test_devices_without_addresses_tell_no_layout() -> None:
    """A definition to which nobody has assigned slots yet does not show that it fits them."""
    host = REFERENCE.but(without_addresses(f"{WEB02}/persistent.xml"))
    assert verdict(host, "TOP-03") == UNDETERMINED


def test_usb_device_blocks_no_migration() -> None:
    """libvirt lets USB devices pass, and no other kind."""
    usb = (
        "<hostdev mode='subsystem' type='usb'><source><vendor id='0x0951'/>"
        "<product id='0x1625'/></source></hostdev>"
    )
    moving = REFERENCE.but(plan=Plan(must_migrate=("web01",), destinations=("blade-2",)))
    assert verdict(moving.but(added_device(PERSISTENT, usb)), "EMU-05") == COMPLIANT


def test_failed_attempt_is_not_a_refusal() -> None:
    """A command that could not reach the hypervisor says nothing of migration."""
    answer = f"libvirt/migration/{DB01.rpartition('/')[2]}.json"
    told = '{"command": "virsh save db01 x", "status": 1, "stderr": "error: failed to connect"}'
    assert verdict(REFERENCE.but(put(answer, told)), "HDV-06") == UNDETERMINED


def test_vm_on_two_topologies_that_both_migrate_is_judged() -> None:
    """A VM in passthrough mode with one interface in private mode must still be free to move."""
    card = (
        "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
        "<address domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></source></hostdev>"
    )
    both = PRIVATE.but(
        edit(f"{APP02}/persistent.xml", "mode='private'", "mode='passthrough'"),
        plan=Plan(must_migrate=("app*",), destinations=("blade-2",)),
    )
    assert verdict(both.but(added_device(f"{APP02}/persistent.xml", card)), "EMU-05") == VIOLATED
